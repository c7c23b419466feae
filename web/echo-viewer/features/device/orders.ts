/** What a person can tell the device. Each press sends one order; nothing is sent by itself. */
import { html, nothing, type TemplateResult } from "lit";
import {
  type DeviceControl,
  isSondeError,
  type LiveSource,
  type Order,
  SondeError,
} from "../../../../host/index.ts";
import { isLinked } from "../../controllers/link.ts";
import type { Viewer } from "../feature.ts";
import type { english } from "./texts.ts";

type Words = typeof english;

function control(one: DeviceControl, words: Words, give: (order: Order) => void): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).querySelector<
      HTMLInputElement | HTMLSelectElement
    >("input, select")!;
    give({ kind: "set", control: one.id, value: one.kind === "number" ? Number(field.value) : field.value });
  };
  const field =
    one.kind === "number"
      ? html`<input type="number" min=${one.min} max=${one.max} step=${one.step} value=${one.default} required />`
      : html`<select>
          ${one.choices.map((choice) => html`<option ?selected=${choice === one.default}>${choice}</option>`)}
        </select>`;
  const name = one.kind === "number" && one.unit ? `${one.id} (${one.unit})` : one.id;
  return html`<form class="device-control device-form" @submit=${submit}>
    <label>${name} ${field}</label>
    <button type="submit" part="button" class="plain">${words.apply}</button>
  </form>`;
}

/** Sends an order; what goes wrong is shown. */
export function send(source: LiveSource, order: Order, viewer: Viewer): void {
  if (order.kind !== "set") viewer.store.updateFeature("device", { started: order.kind === "start" });
  source.order(order).catch((error: unknown) => {
    viewer.session.fail(
      isSondeError(error) ? error : new SondeError("internal", String(error), { cause: error }),
    );
  });
}

/**
 * What a person started is stopped when they freeze the picture, and started again when they let it run: nobody looks at what a
 * transmitting probe hears meanwhile.
 */
export function followFreeze(viewer: Viewer): void {
  viewer.store.subscribe((state, previous) => {
    const source = state.session?.source;
    // A new plan of the same device changes nothing about what it does.
    if (source !== previous.session?.source) {
      // Unless it was started while it was being connected.
      if (source === undefined || source !== previous.waiting)
        viewer.store.updateFeature("device", { started: false });
      return;
    }
    // A device that was lost does not go on by itself where it was.
    if (
      state.link !== previous.link &&
      (state.link?.state === "reconnecting" || state.link?.state === "lost")
    )
      viewer.store.updateFeature("device", { started: false });
    if (state.frozen === previous.frozen) return;
    const started = state.features.device?.started;
    if (!isLinked(source) || !started) return;
    send(source, { kind: state.frozen ? "stop" : "start" }, viewer);
    // Frozen: it is to be started again.
    viewer.store.updateFeature("device", { started });
  });
}

export function orders(source: LiveSource, viewer: Viewer, words: Words): TemplateResult | typeof nothing {
  if (!source.obeys) return nothing;
  return html`<h3>${words.controls}</h3>
    <div class="device-buttons">
      <button type="button" part="button" class="plain start" @click=${() => send(source, { kind: "start" }, viewer)}>${words.start}</button>
      <button type="button" part="button" class="plain stop" @click=${() => send(source, { kind: "stop" }, viewer)}>${words.stop}</button>
    </div>
    ${source.controls.map((one) => control(one, words, (order) => send(source, order, viewer)))}
    <p class="hint">${words.sends}</p>`;
}

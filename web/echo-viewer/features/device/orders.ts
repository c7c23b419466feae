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

/** Sends an order; what goes wrong is shown. What a frozen picture's device is set going by lets it run: somebody is to look. */
function send(source: LiveSource, order: Order, viewer: Viewer): void {
  source.order(order).then(
    () => {
      const frozen = () => viewer.store.state.frozen && viewer.store.state.session?.source === source;
      if (!frozen() || !source.going.includes(order)) return;
      viewer.commands.setFrozen(false);
      // The page objects to that.
      if (frozen()) send(source, { kind: "stop" }, viewer);
    },
    (error: unknown) => {
      viewer.session.fail(
        isSondeError(error) ? error : new SondeError("internal", String(error), { cause: error }),
      );
    },
  );
}

/** Tells whether a person's press of a key or button is being answered: what a page does by itself must start no device. */
function presses({ host }: Viewer): () => boolean {
  let pressed = false;
  const press = (event: Event): void => {
    if (!event.isTrusted) return;
    pressed = true;
    setTimeout(() => {
      pressed = false;
    });
  };
  const types = ["keydown", "pointerup", "click"];
  // Captured at the window: a page's own button may let the picture run, too.
  const hostConnected = (): void => {
    for (const type of types) window.addEventListener(type, press, { capture: true });
  };
  host.addController({
    hostConnected,
    hostDisconnected: () => {
      for (const type of types) window.removeEventListener(type, press, { capture: true });
    },
  });
  return () => pressed;
}

/**
 * What a person started is stopped when they freeze the picture: nobody looks at what a transmitting probe hears meanwhile. A
 * press that lets it run again gives the orders again that had set it going.
 */
export function followFreeze(viewer: Viewer): void {
  let stopped: readonly Order[] = [];
  const pressed = presses(viewer);
  viewer.store.subscribe((state, previous) => {
    const source = state.session?.source;
    const way = state.link?.state;
    // A device that was lost does not go on by itself where it was.
    if (source !== previous.session?.source || way === "reconnecting" || way === "lost") stopped = [];
    if (state.frozen === previous.frozen || !isLinked(source)) return;
    if (state.frozen) {
      stopped = source.going;
      if (stopped.length) send(source, { kind: "stop" }, viewer);
      return;
    }
    if (pressed() && !source.going.length) for (const order of stopped) send(source, order, viewer);
    stopped = [];
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

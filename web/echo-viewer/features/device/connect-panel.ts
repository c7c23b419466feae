/** Where a person chooses a device. The browser's own chooser opens after a press, never by itself. */
import { html, nothing, type TemplateResult } from "lit";
import type { SerialLike, UsbDeviceLike } from "../../../../host/index.ts";
import { PROTOCOLS, SondeError } from "../../../../host/index.ts";
import type { Viewer } from "../feature.ts";
import type { english } from "./texts.ts";

interface Choosers {
  usb?: { requestDevice(options: { filters: object[] }): Promise<UsbDeviceLike> };
  serial?: { requestPort(): Promise<SerialLike> };
}

/** A person who closes the browser's chooser has not failed. */
async function chosen<Device>(choose: Promise<Device>): Promise<Device | undefined> {
  try {
    return await choose;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "AbortError"))
      return undefined;
    throw error;
  }
}

export function connectPanel(viewer: Viewer, words: typeof english): TemplateResult {
  const { commands, session } = viewer;
  const { usb, serial } = navigator as unknown as Choosers;
  const protocolIn = (event: Event): string =>
    (event.currentTarget as HTMLElement).closest("form")!.querySelector("select")!.value;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      session.fail(new SondeError("not-found", why, { cause: error }));
    }
  };
  const pickUsb = (event: Event): void => {
    const protocol = protocolIn(event);
    void attempt(async () => {
      const device = await chosen(usb!.requestDevice({ filters: [] }));
      if (device) commands.connectDevice(device, protocol, device.productName ?? words.usb);
    });
  };
  const pickSerial = (event: Event): void => {
    const protocol = protocolIn(event);
    void attempt(async () => {
      const port = await chosen(serial!.requestPort());
      if (port) commands.connectDevice(port, protocol, words.serial);
    });
  };
  const dial = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const address = form.querySelector("input")!.value.trim();
    if (address) commands.connectDevice(address, form.querySelector("select")!.value);
  };
  return html`<form class="device-form" @submit=${dial}>
    <h3>${words.choose}</h3>
    <label
      >${words.protocol}
      <select name="protocol">
        ${PROTOCOLS.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
      </select></label
    >
    <div class="device-buttons">
      <button type="button" part="button" class="plain usb" ?disabled=${!usb} @click=${pickUsb}>${words.usb}</button>
      <button type="button" part="button" class="plain serial" ?disabled=${!serial} @click=${pickSerial}>
        ${words.serial}
      </button>
    </div>
    ${usb ? nothing : html`<p class="hint">${words.noUsb}</p>`}
    ${serial ? nothing : html`<p class="hint">${words.noSerial}</p>`}
    <label>${words.address} <input type="text" inputmode="url" name="address" placeholder=${words.addressHint} /></label>
    <button type="submit" part="button" class="plain dial">${words.connect}</button>
    <p class="hint">${words.passive}</p>
    <p class="hint">${words.bridge} <code>sonde serve --probe tcp://HOST:PORT --protocol NAME</code></p>
  </form>`;
}

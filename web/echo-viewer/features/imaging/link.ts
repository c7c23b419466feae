/** Presets on their way out: as a file, and in a link's fragment, which no server is sent. */
import type { Preset } from "./presets.ts";

/** The page's address with the preset in its fragment, as `#preset=...`. */
export function linkTo(preset: Preset, page: string): string {
  const address = new URL(page);
  address.hash = `preset=${encodeURIComponent(JSON.stringify(preset))}`;
  return address.href;
}

/** Has the browser save a preset as a file. */
export function download(preset: Preset): void {
  const text = `${JSON.stringify(preset, null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = `${preset.name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase() || "preset"}.json`;
  anchor.click();
  // The browser has read the address by the next task.
  setTimeout(() => URL.revokeObjectURL(address));
}

/** Ways out of the viewer: a file, the clipboard, the printer; and what files are called. */
import { sourceOf } from "../../patient.ts";
import type { ViewerState } from "../../store.ts";
import { type ExportKind, FILES } from "./kinds.ts";

/** How long a saved file's address stays valid (ms): browsers read it after the click. */
const KEEP_MS = 60_000;

/** `source-20261129-130501.png`: letters, digits and hyphens of the source's name, and the time on this device. */
export function fileNameOf(state: ViewerState, kind: ExportKind, when: Date): string {
  const source = sourceOf(state)
    .replace(/^.*[/\\]/, "")
    .replace(/\.[\w]{1,5}$/, "")
    .normalize("NFKC")
    .replace(/[^\p{L}\p{M}\p{N}]+\p{M}*/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${when.getFullYear()}${two(when.getMonth() + 1)}${two(when.getDate())}`;
  const time = `${two(when.getHours())}${two(when.getMinutes())}${two(when.getSeconds())}`;
  return `${source || "ultrasound"}-${day}-${time}.${FILES[kind][0]}`;
}

/** Lets the browser save a file as it saves downloads. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

/**
 * Puts a picture that is being made on the clipboard. Called at once, not after the picture is made: browsers allow it only while a
 * key or click is being answered.
 */
export async function copy(picture: Promise<Blob>): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}

/** On paper there is the picture and nothing else of the page. */
const PRINT_STYLE = `
.echo-print { display: none }
@media print {
  body > :not(.echo-print) { display: none !important }
  .echo-print { display: block; margin: 0; color: #000; background: #fff; font: 10pt system-ui, sans-serif }
  .echo-print img { display: block; inline-size: 100%; max-block-size: 85vh; object-fit: contain }
  .echo-print p { margin: 4mm 0 0 }
}
@page { margin: 12mm }`;

/**
 * Prints a picture, on a page of its own. Its words are in it; `notes` stand below it as text, and `alternative` is what those are told who
 * do not see it.
 * Style sheets made here are no inline styles: `style-src 'self'` allows them. `img-src` must allow `blob:`.
 */
export async function print(
  picture: Blob,
  alternative: { text: string; lang: string },
  notes: readonly string[],
): Promise<void> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PRINT_STYLE);
  const paper = document.createElement("div");
  paper.className = "echo-print";
  const address = URL.createObjectURL(picture);
  const image = document.createElement("img");
  image.src = address;
  image.alt = alternative.text;
  image.lang = alternative.lang;
  paper.append(image);
  for (const note of notes) {
    const line = document.createElement("p");
    line.textContent = note;
    paper.append(line);
  }
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.body.append(paper);
  try {
    await image.decode();
    // Returns when the dialog is closed, where there is one.
    window.print();
  } finally {
    paper.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    URL.revokeObjectURL(address);
  }
}

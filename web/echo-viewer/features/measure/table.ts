/** Measurements as a table for spreadsheets: one row a value (RFC 4180). */
import type { MeasureTexts } from "./english.ts";
import type { Item } from "./item.ts";
import type { Result } from "./values.ts";

/** Quoted where it must be. What a spreadsheet would take for a formula is kept from being one. */
function cell(text: string): string {
  const formula = /^[=+@\t\r]/.test(text) || (text.startsWith("-") && !Number.isFinite(Number(text)));
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(
  rows: readonly { item: Item; result: Result }[],
  texts: MeasureTexts,
  frameText: (item: Item) => string,
): string {
  const lines: (readonly string[])[] = [texts.columns];
  for (const { item, result } of rows) {
    const start = [String(item.id), item.name, texts.kinds[item.kind]];
    const end = [frameText(item), result.why ? texts.why[result.why] : ""];
    for (const value of result.values)
      lines.push([...start, texts.quantities[value.quantity], ...texts.cell(value), ...end]);
    if (!result.values.length) lines.push([...start, "", "", "", ...end]);
  }
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

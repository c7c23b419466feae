/** A refused value as part of a sentence: on one line, short, and NaN is NaN. */
export function show(value: unknown, limit = 100): string {
  let text: string | undefined;
  try {
    text = typeof value === "number" ? String(value) : JSON.stringify(value);
  } catch {
    // Circular, or a bigint: its type says enough.
    text = typeof value;
  }
  text ??= value === undefined ? "undefined" : `a ${typeof value}`;
  return text.length > limit ? `${text.slice(0, limit)}...` : text;
}

/** Foreign text inside error messages: one line, short, no control characters, whatever the file says. */

export function quote(text: string, limit = 60): string {
  const clean = text.replace(/[\p{Cc}\u2028\u2029]/gu, "?");
  return `"${clean.length > limit ? `${clean.slice(0, limit)}...` : clean}"`;
}

/** Names in a list, at most `limit` of them. */
export function quoteList(names: readonly string[], limit = 12): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, limit).map((name) => quote(name, 40));
  return names.length > limit ? `${shown.join(", ")} and ${names.length - limit} more` : shown.join(", ");
}

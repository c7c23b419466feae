/** Numbers and days in the form of a language. */

/** Decimals with so many places. */
export function decimalsWith(tag: string): (value: number, places: number) => string {
  const formats = new Map<number, Intl.NumberFormat>();
  return (value, places) => {
    let format = formats.get(places);
    if (!format) {
      format = new Intl.NumberFormat(tag, {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
        useGrouping: false,
      });
      formats.set(places, format);
    }
    return format.format(value).replace("-", "−");
  };
}

/** As many decimals as the number has. */
export function placesOf(value: number): number {
  return String(value).split(".")[1]?.length ?? 0;
}

/** Days given as 2026-11-29; other texts stay as they are. */
export function dayWith(tag: string): (text: string) => string {
  return (text) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
    if (!day || Number.isNaN(day.getTime())) return text;
    return new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(day);
  };
}

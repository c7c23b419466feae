/**
 * Numbers and days in the form of a language, in the digits 0 to 9 for all: browsers differ in the digits of some, the units beside
 * them are Latin, pictures are read elsewhere, and the Arabic zero is a dot.
 */

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
        numberingSystem: "latn",
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

/** Days given as 2026-11-29, in the calendar that records are kept in; other texts stay as they are. */
export function dayWith(tag: string): (text: string) => string {
  return (text) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
    if (!day || Number.isNaN(day.getTime())) return text;
    return new Intl.DateTimeFormat(tag, {
      dateStyle: "medium",
      timeZone: "UTC",
      numberingSystem: "latn",
      calendar: "gregory",
    }).format(day);
  };
}

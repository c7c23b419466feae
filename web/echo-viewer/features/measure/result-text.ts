/** What items measured, in words. */
import { nameOf } from "./drawer.ts";
import type { MeasureTexts } from "./english.ts";
import type { Item } from "./item.ts";
import type { Result, Value } from "./values.ts";

/** For those who hear it. */
export function spokenResult({ values, why }: Result, texts: MeasureTexts): string {
  return `${[...values.map(texts.valueSpoken), ...(why ? [texts.why[why]] : [])].join(", ")}.`;
}

/** As it stands on the picture: a name, and behind it what was measured. */
export function shownResult(
  item: Item,
  { values, why }: Result,
  texts: MeasureTexts,
): { name: string; value: string } {
  const several = values.length > 1;
  const parts = values.map((value: Value) =>
    several ? `${texts.short[value.quantity]} ${texts.value(value)}` : texts.value(value),
  );
  const name = item.name || (item.kind === "distance" ? texts.short.distance : nameOf(item, texts));
  const value = [...(parts.length ? parts : ["–"]), ...(why ? [`(${texts.whyShort[why]})`] : [])].join(" ");
  return { name, value };
}

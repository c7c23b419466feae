/** What of a tab means something for the data that are open. */
import { html, nothing, type TemplateResult } from "lit";
import type { Adjustable, Adjustment } from "../../../../../host/index.ts";
import type { Imaging } from "../imaging.ts";

export type Adjustments = Readonly<Record<Adjustable, Adjustment>>;

/** Why some parts are not offered, one sentence a reason. */
export function absent(
  imaging: Imaging,
  adjustments: Adjustments,
  names: readonly Adjustable[],
): TemplateResult | typeof nothing {
  const { texts } = imaging;
  const byReason = new Map<string, string[]>();
  for (const name of names) {
    const adjustment = adjustments[name];
    if (adjustment.applies) continue;
    const why = texts.obstacles[adjustment.obstacle];
    byReason.set(why, [...(byReason.get(why) ?? []), texts.adjustables[name] ?? name]);
  }
  if (!byReason.size) return nothing;
  return html`<div class="hint imaging-absent">
    ${[...byReason].map(([why, parts]) => html`<div>${texts.because(parts.join(", "), why)}</div>`)}
  </div>`;
}

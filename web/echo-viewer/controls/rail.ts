/** The buttons that open the features' drawers, and the open drawer. */
import { html, nothing, type TemplateResult } from "lit";
import type { Commands } from "../commands.ts";
import type { Features } from "../controllers/features.ts";
import type { ViewerState } from "../store.ts";
import { button } from "./button.ts";
import { CLOSE } from "./icons.ts";

export function rail(
  state: ViewerState,
  commands: Commands,
  features: Features,
): TemplateResult | typeof nothing {
  if (!features.entries.length) return nothing;
  // No landmark: a page may have many viewers, and their landmarks would have the same name.
  return html`<div part="rail" class="rail" role="group" aria-label=${state.language.messages.tools}>
    ${features.entries.map((entry) =>
      button({
        label: entry.label(state),
        icon: entry.icon,
        onClick: () => commands.toggleDrawer(entry.id),
        part: `rail-${entry.id}`,
        expanded: state.drawer === entry.id,
      }),
    )}
  </div>`;
}

export function drawer(
  state: ViewerState,
  commands: Commands,
  features: Features,
): TemplateResult | typeof nothing {
  const entry = features.entries.find(({ id }) => id === state.drawer);
  const content = entry && features.loaded(entry.id)?.drawer?.(state);
  if (!entry || !content) return nothing;
  const { messages } = state.language;
  return html`<section part="drawer" class="drawer" data-feature=${entry.id} role="group" aria-label=${entry.label(state)}>
    <h2>${entry.label(state)}</h2>
    ${button({ label: messages.close, icon: CLOSE, onClick: () => commands.toggleDrawer(entry.id), part: "close" })}
    <div class="drawer-content">${content}</div>
  </section>`;
}

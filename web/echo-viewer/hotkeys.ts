/** Keys that a page or person gave to actions: reading them, and remembering a person's where the page asks for that. */
import type { Hotkeys } from "./store.ts";

/** One place for all viewers of a site. */
const STORED_UNDER = "echo-viewer-hotkeys";

/** `{ "toggle": "k", "view.turn": ["x", "Alt+ArrowUp"], "keys": [] }`; undefined for a value that is none. */
export function hotkeysFrom(value: unknown): Hotkeys | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const hotkeys: Record<string, readonly string[]> = {};
  for (const [id, given] of Object.entries(value) as [string, unknown][]) {
    const keys = typeof given === "string" ? [given] : given;
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string" && key !== "")) return undefined;
    hotkeys[id] = keys as string[];
  }
  return hotkeys;
}

/** What was remembered; nothing where the browser keeps nothing for this page. */
export function rememberedHotkeys(): Hotkeys {
  try {
    return hotkeysFrom(JSON.parse(localStorage.getItem(STORED_UNDER) ?? "{}")) ?? {};
  } catch {
    // Storage is forbidden here, or holds something else: the page's keys are in force.
    return {};
  }
}

/** Remembers a person's keys; null forgets them. @returns whether the browser did */
export function rememberHotkeys(hotkeys: Hotkeys | null): boolean {
  try {
    if (hotkeys) localStorage.setItem(STORED_UNDER, JSON.stringify(hotkeys));
    else localStorage.removeItem(STORED_UNDER);
    return true;
  } catch {
    return false;
  }
}

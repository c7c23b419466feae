/**
 * What a language is: the viewer's own texts, and those of its features by the features' names. A text that a language
 * lacks is English. English is always there; the others are loaded when an element's `lang` asks for them.
 */
import { loadModule } from "../../../host/index.ts";
import { english, type Messages } from "./english.ts";

export interface Language {
  /** BCP 47, as in `lang`. */
  readonly tag: string;
  /** Which way the chrome reads; pictures, scales and time are never mirrored. */
  readonly direction: "ltr" | "rtl";
  readonly messages: Messages;
  readonly features: Readonly<Record<string, unknown>>;
}

/** The texts of a language. What is left out is English. */
export interface Texts {
  readonly direction?: "ltr" | "rtl";
  readonly messages?: Partial<Messages>;
  /** By the features' names. */
  readonly features?: Readonly<Record<string, unknown>>;
}

/** A language's module: its texts, with numbers in the form of a region (`fr-CA`). */
export type TextsModule = { create(tag: string): Texts };

export const ENGLISH: Language = { tag: "en", direction: "ltr", messages: english, features: {} };

const loaders: Record<string, () => Promise<TextsModule>> = {
  fr: () => import("./fr.ts"),
  es: () => import("./es.ts"),
  ar: () => import("./ar.ts"),
};

/** Told when a language is registered. */
const listeners = new Set<() => void>();

/**
 * Adds a language, or takes the place of one: `registerLanguage("nl", { messages: { freeze: "Stilzetten" } })`. Viewers that wait for
 * it take it at once.
 */
export function registerLanguage(tag: string, texts: Texts): void {
  loaders[tag.toLowerCase()] = async () => ({ create: () => texts });
  for (const listener of listeners) listener();
}

/** @returns a function that ends the subscription. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A tag and those that it falls back to: `fr-ca`, `fr`. */
function fallbacks(tag: string): readonly string[] {
  const parts = tag.toLowerCase().split("-");
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("-"));
}

/** The language of a tag, loaded if need be; English where there is none. @throws whatever loading it threw */
export async function languageOf(tag: string): Promise<Language> {
  const load = fallbacks(tag)
    .map((name) => loaders[name])
    .find(Boolean);
  if (!load) return ENGLISH;
  const { direction = "ltr", messages, features = {} } = (await loadModule(load)).create(tag);
  return { tag, direction, messages: { ...english, ...messages }, features };
}

/** A feature's texts in this language; `own`: in English, and the shape of all others. */
export function textsOf<Texts extends object>(language: Language, feature: string, own: Texts): Texts {
  const texts = language.features[feature] as Partial<Texts> | undefined;
  return texts ? { ...own, ...texts } : own;
}

/**
 * What a language is: the viewer's own texts, and those of its features by the features' names. A text that a language
 * lacks is English.
 */
import { english, type Messages } from "./english.ts";

export interface Language {
  /** BCP 47, as in `lang`. */
  readonly tag: string;
  /** Which way the chrome reads; pictures, scales and time are never mirrored. */
  readonly direction: "ltr" | "rtl";
  readonly messages: Messages;
  readonly features: Readonly<Record<string, unknown>>;
}

export const ENGLISH: Language = { tag: "en", direction: "ltr", messages: english, features: {} };

/** A feature's texts in this language; `own`: in English, and the shape of all others. */
export function textsOf<Texts extends object>(language: Language, feature: string, own: Texts): Texts {
  const texts = language.features[feature] as Partial<Texts> | undefined;
  return texts ? { ...own, ...texts } : own;
}

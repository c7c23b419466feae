/** Speaks the language of the nearest `lang` around the viewer, and follows it when it changes. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ENGLISH, languageOf, onLanguage } from "../languages/language.ts";
import type { Store } from "../store.ts";

/** The element and all around it, out of shadow roots too. */
function* around(element: Element): Iterable<Element> {
  for (let node: Node | null = element; node; node = node.parentNode ?? (node as ShadowRoot).host ?? null)
    if (node instanceof Element) yield node;
}

function tagOf(element: Element): string {
  for (const one of around(element)) {
    const tag = one.getAttribute("lang");
    if (tag !== null) return tag.trim();
  }
  return "";
}

export class LanguageController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  readonly #onError: (error: unknown, tag: string) => void;
  readonly #observer = new MutationObserver(() => this.#follow());
  #end: (() => void) | undefined;
  #tag = "en";

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    store: Store,
    onError: (error: unknown, tag: string) => void,
  ) {
    this.#host = host;
    this.#store = store;
    this.#onError = onError;
    host.addController(this);
  }

  hostConnected(): void {
    for (const element of around(this.#host))
      this.#observer.observe(element, { attributes: true, attributeFilter: ["lang"] });
    this.#end = onLanguage(() => this.#follow(true));
    this.#follow();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#end?.();
  }

  #follow(again = false): void {
    const tag = tagOf(this.#host);
    if (tag === this.#tag && !again) return;
    this.#tag = tag;
    languageOf(tag).then(
      (language) => {
        // Another one may have been asked for since.
        if (this.#tag === tag) this.#store.update({ language });
      },
      (error: unknown) => {
        if (this.#tag === tag) this.#store.update({ language: ENGLISH });
        this.#onError(error, tag);
      },
    );
  }
}

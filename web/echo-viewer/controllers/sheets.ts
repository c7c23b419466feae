/** The style sheets of a viewer, in whichever document it is: a constructed sheet serves the document that it was made in alone. */
import type { CSSResult } from "lit";

export class Sheets {
  readonly #host: HTMLElement;
  #styles: readonly CSSResult[];

  constructor(host: HTMLElement, styles: readonly CSSResult[]) {
    this.#host = host;
    this.#styles = styles;
  }

  /** More of them, from now on. */
  add(styles: CSSResult): void {
    this.#styles = [...this.#styles, styles];
    const root = this.#host.shadowRoot;
    if (root && this.#host.ownerDocument.defaultView)
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet(styles)];
  }

  /** All of them, before those of others: when there is a root for them, and when another document took them away. */
  adopt(): void {
    const root = this.#host.shadowRoot;
    // A document that nobody sees, of a template say, has none; it is asked again on the way out.
    if (root && this.#host.ownerDocument.defaultView)
      root.adoptedStyleSheets = [...this.#styles.map((one) => this.#sheet(one)), ...root.adoptedStyleSheets];
  }

  #sheet(styles: CSSResult): CSSStyleSheet {
    const view = this.#host.ownerDocument.defaultView ?? window;
    if (view === window && styles.styleSheet) return styles.styleSheet;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(styles.cssText);
    return sheet;
  }
}

/** Colours and sizes, and how the parts of the viewer lie about the picture. */
import { css } from "lit";

export const frame = css`
  :host {
    --_surface: var(--echo-surface, light-dark(#f1f3f5, #16191d));
    --_raised: var(--echo-surface-raised, light-dark(#ffffff, #20252b));
    --_text: var(--echo-text, light-dark(#14181c, #e6eaee));
    --_muted: var(--echo-text-muted, light-dark(#515b66, #a3aeb9));
    --_line: var(--echo-line, light-dark(#c7ced6, #343c45));
    --_accent: var(--echo-accent, light-dark(#0b66a8, #5cb8f0));
    --_on-accent: var(--echo-on-accent, light-dark(#ffffff, #06202f));
    --_live: var(--echo-live, #35c46b);
    --_frozen: var(--echo-frozen, #6cc1ff);
    --_warning: var(--echo-warning, #ffb020);
    --_error: var(--echo-error, #ff6b5e);
    --_stage: var(--echo-stage, #000);
    --_scale: var(--echo-scale, #c4ccd4);
    --_marker: var(--echo-marker, #4fd08a);
    --_radius: var(--echo-radius, 6px);
    --_target: var(--echo-target-size, 36px);
    --_gap: var(--echo-gap, 8px);
    --_focus: var(--echo-focus, var(--_accent));
    --_patient: var(--echo-patient, #fff);
    --_panel: var(--echo-panel, #1b2025);
    --_panel-text: var(--echo-panel-text, #e6eaee);
    --_panel-line: var(--echo-panel-line, #3b444d);
    --_drawer: var(--echo-drawer-width, 248px);
    display: block;
    container-type: size;
    position: relative;
    inline-size: 100%;
    /* Where a parent is as wide as what it holds; it can always be made narrower. */
    contain-intrinsic-inline-size: 640px;
    min-inline-size: 0;
    min-block-size: 160px;
    /* A page that says nothing gets all of the viewer on one screen. */
    max-block-size: 100vh;
    max-block-size: 100dvh;
    aspect-ratio: 4 / 3;
    overflow: hidden;
    color-scheme: dark;
    scrollbar-color: var(--_muted) transparent;
    font: var(--echo-font, 13px / 1.35 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
    font-variant-numeric: tabular-nums;
    -webkit-tap-highlight-color: transparent;
  }
  /* A page's own size for the element must not stand against it. */
  :host(:state(filled)) {
    inline-size: 100vw !important;
    block-size: 100vh !important;
    block-size: 100dvh !important;
    max-inline-size: none !important;
    max-block-size: none !important;
    position: fixed !important;
    inset: 0 !important;
    margin: 0 !important;
    z-index: 2147483647 !important;
    aspect-ratio: auto !important;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="auto"]) {
    color-scheme: inherit;
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_text);
      --_line: var(--_text);
    }
  }
  :host([hidden]) {
    display: none;
  }
  @media (max-width: 560px) {
    :host {
      aspect-ratio: 3 / 5;
    }
  }
  @media (pointer: coarse) {
    :host {
      --_target: var(--echo-target-size, 44px);
    }
  }
  *,
  *::before {
    box-sizing: border-box;
  }

  .base {
    display: grid;
    grid-template: "status" auto "exam" auto "stage" minmax(0, 1fr) "rail" auto "cine" auto "settings" auto "notice" auto / minmax(0, 1fr);
    block-size: 100%;
    background: var(--_surface);
    color: var(--_text);
    outline: none;
  }
  .base:focus-visible::before {
    content: "";
    position: absolute;
    inset: 0;
    z-index: 5;
    border: 2px solid var(--_focus);
    pointer-events: none;
  }
`;

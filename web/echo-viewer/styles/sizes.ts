/** How the parts lie in a small, low, wide or huge viewer, and for those who asked for less motion or forced colours. */
import { css } from "lit";

const overPicture = css`
  .settings {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: calc(var(--_target) * 2 + 44px);
    z-index: 3;
    padding: 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_raised) 94%, transparent);
  }
  .settings:not([data-open]) {
    display: none;
  }
`;

export const sizes = css`
  .base[data-controls="none"] :is(.cine, .settings, .rail, .drawer, .tools) {
    display: none;
  }
  .base[data-controls="none"] .status {
    padding-inline-end: 10px;
  }
  /* No room is kept beside the picture for what is not there. */
  .base[data-controls="none"] {
    grid-template: "status" auto "exam" auto "stage" minmax(0, 1fr) "notice" auto / minmax(0, 1fr);
  }

  /* Low: the sliders come up over the picture when asked for. */
  @container (height < 560px) {
    ${overPicture}
  }
  @container (height >= 560px) {
    .settings-toggle {
      display: none;
    }
  }
  /* A small phone: as high as a finger needs them, they would take more room than the picture. */
  @media (pointer: coarse) {
    @container (width < 560px) and (560px <= height < 700px) {
      ${overPicture}
      .settings-toggle {
        display: inline-flex;
      }
    }
  }
  /* Above the stored frames and the rail, which both have a line of their own. */
  @container (width < 560px) and (height >= 360px) {
    .settings {
      inset-block-end: calc(var(--_target) * 3 + 40px);
    }
  }
  @container (width >= 560px) {
    .cine {
      flex-wrap: nowrap;
      padding-block: 6px;
    }
    .cine::before {
      content: none;
    }
    .settings-toggle {
      order: 1;
      margin: 0;
    }
  }
  /* Small: the stored frames are left to the buttons and keys, and the picture has their line. */
  @container (width < 560px) and (height < 360px) {
    .track,
    .place {
      display: none;
    }
  }
  /* Small and very low: the picture before the buttons, all of which have keys and methods. */
  @container (width < 560px) and (height < 300px) {
    .base :is(.rail, .drawer, .settings-toggle) {
      display: none;
    }
  }
  /* Very low: whose picture it is and how it lies have one line, which takes no room where there is nothing to say. */
  @container (height < 240px) {
    .exam {
      display: flex;
      gap: 10px;
      padding-block: 0;
    }
    .parameters {
      flex: none;
      block-size: auto;
    }
    .made,
    .rate {
      display: none;
    }
  }
  @container (width < 560px) and (height < 240px) {
    .cine {
      display: none;
    }
  }
  /* Low: what stands above and below the picture is dear, what stands beside it is not. */
  @container (width >= 560px) and (height < 560px) {
    .base {
      grid-template:
        "status status status" auto "exam rail settings" auto "stage rail settings" minmax(0, 1fr) "cine cine cine" auto
        "notice notice notice" auto / minmax(0, 1fr) auto auto;
    }
    .settings {
      inset-inline: auto calc(var(--_target) + 16px);
      inset-block-end: calc(var(--_target) + 44px);
      inline-size: 360px;
    }
  }
  @container (width >= 700px) and (height >= 560px) {
    .settings {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
    .slider {
      grid-template: "label value" auto "input input" auto / 1fr auto;
    }
  }
  /* A phone on its side: no line for the notice alone. */
  @container (width >= 560px) and (height < 420px) {
    .base {
      grid-template:
        "status notice notice notice" auto "exam exam rail settings" auto "stage stage rail settings" minmax(0, 1fr)
        "cine cine cine cine" auto / minmax(0, 1fr) auto auto minmax(0, auto);
    }
    /* Over the drawer: the picture's column is narrower than the buttons above it. */
    .base:has(> .drawer) .notice {
      grid-column: settings;
    }
    .base:has(> .drawer) .status {
      grid-column: status-start / rail-end;
    }
    .notice {
      align-self: center;
      padding: 0;
      padding-inline-end: 10px;
      /* It widens the picture's column, not those beside it. */
      white-space: nowrap;
    }
    .settings {
      inset-block-end: calc(var(--_target) + 18px);
    }
  }
  /* Wide: the sliders stand beside the picture. */
  @container (width >= 880px) and (height >= 420px) and (aspect-ratio >= 4/3) {
    .base {
      grid-template: "status status status" auto "exam rail settings" auto "stage rail settings" minmax(0, 1fr) "cine notice notice" auto / minmax(0, 1fr) auto var(--_drawer);
    }
    .settings {
      position: static;
      z-index: auto;
      inline-size: auto;
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      gap: 18px;
      padding: 16px;
      border: 0;
      border-radius: 0;
      background: none;
    }
    .settings:not([data-open]) {
      display: grid;
    }
    .settings-toggle {
      display: none;
    }
    .slider {
      grid-template: "label value" auto "input input" auto / 1fr auto;
      row-gap: 4px;
    }
    .notice {
      align-self: center;
      padding-block: 0;
    }
  }
  @container (width < 420px) {
    .source small,
    .keys {
      display: none;
    }
    .status {
      gap: 6px;
    }
  }
  @container (width < 340px) {
    .cine {
      padding-inline: 6px;
      gap: 2px 4px;
    }
    .freeze {
      min-inline-size: 104px;
      padding-inline: 8px;
    }
  }
  @container (width >= 2000px) {
    .base {
      --_target: var(--echo-target-size, 48px);
      font-size: 17px;
    }
    .badge,
    .chip,
    .notice,
    .source small {
      font-size: 15px;
    }
    .overlay,
    .exam {
      font-size: 16px;
    }
    .parameters {
      block-size: 24px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    button {
      transition: none;
    }
    progress:indeterminate {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    /* The person's own colours, but for the picture and what lies over it. */
    :host {
      --_surface: Canvas;
      --_raised: ButtonFace;
      --_text: CanvasText;
      --_muted: CanvasText;
      --_line: CanvasText;
      --_accent: Highlight;
      --_on-accent: HighlightText;
    }
    .badge[data-phase],
    .chip,
    .exam,
    .exam :is(.patient, .turned, .indices) {
      background: Canvas;
      color: CanvasText;
    }
    .rail button[aria-expanded="true"],
    .warnings-toggle {
      color: ButtonText;
    }
    button[aria-pressed="true"] {
      border-width: 3px;
    }
    .badge,
    .chip,
    .error,
    .warnings,
    .freeze:not(:disabled) {
      border: 1px solid ButtonText;
    }
    .freeze:not(:disabled) {
      background: ButtonFace;
      color: ButtonText;
    }
    button:disabled {
      color: GrayText;
    }
    .choice input:checked + span {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    progress {
      forced-color-adjust: none;
    }
  }
`;

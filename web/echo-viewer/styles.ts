/**
 * How the viewer looks: a dark, neutral frame round a black stage; the picture is the largest thing. Sizes follow the
 * element, not the window.
 */
import { css } from "lit";

export const styles = css`
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
    --_gap: 8px;
    display: block;
    container-type: size;
    position: relative;
    inline-size: 100%;
    min-block-size: 160px;
    /* A page that says nothing gets all of the viewer on one screen. */
    max-block-size: 100vh;
    max-block-size: 100dvh;
    aspect-ratio: 4 / 3;
    overflow: hidden;
    color-scheme: dark;
    font: var(--echo-font, 13px / 1.35 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
    font-variant-numeric: tabular-nums;
    -webkit-tap-highlight-color: transparent;
  }
  :host([hidden]) {
    display: none;
  }
  @media (max-width: 560px) {
    :host {
      aspect-ratio: 3 / 4;
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
    grid-template: "status" auto "stage" minmax(0, 1fr) "cine" auto "settings" auto "notice" auto / minmax(0, 1fr);
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
    border: 2px solid var(--_accent);
    pointer-events: none;
  }

  /* Above the picture */
  .status {
    grid-area: status;
    display: flex;
    align-items: center;
    gap: var(--_gap);
    min-inline-size: 0;
    block-size: calc(var(--_target) + 6px);
    padding-inline: 10px 4px;
  }
  .badge,
  .chip {
    flex: none;
    padding: 2px 8px;
    border: 1px solid currentcolor;
    border-radius: 999px;
    text-align: center;
    font-size: 12px;
    font-weight: 650;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    white-space: nowrap;
    color: var(--_muted);
  }
  .badge {
    /* The longest word: what stands beside it must not move when the word changes. */
    min-inline-size: 100px;
  }
  .badge[data-phase="live"] {
    border-color: var(--_live);
    background: var(--_live);
    color: #04170b;
  }
  .badge[data-phase="frozen"] {
    border-color: var(--_frozen);
    background: var(--_frozen);
    color: #04131f;
  }
  .badge[data-phase="file"] {
    color: var(--_text);
  }
  .badge:is([data-phase="no-signal"], [data-phase="delayed"], [data-phase="ended"]),
  .chip {
    border-color: var(--_warning);
    background: var(--_warning);
    color: #1d1200;
  }
  .badge[data-phase="error"] {
    border-color: var(--_error);
    background: var(--_error);
    color: #200402;
  }
  .source {
    flex: 1;
    /* A name has its own direction, and stays beside the badge. */
    text-align: match-parent;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .source small {
    margin-inline-start: 4px;
    font-size: 12px;
    color: var(--_muted);
  }
  .rate,
  .slider-value {
    /* A number stays before its unit on pages that read from right to left. */
    unicode-bidi: plaintext;
  }
  .rate {
    flex: none;
    min-inline-size: 3.6em;
    text-align: end;
    color: var(--_muted);
    white-space: nowrap;
  }
  .tools {
    display: flex;
    flex: none;
  }

  /* The picture: the same in every language and colour scheme */
  .stage {
    grid-area: stage;
    position: relative;
    overflow: hidden;
    direction: ltr;
    background: var(--_stage);
    color-scheme: dark;
    forced-color-adjust: none;
  }
  canvas {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .overlay {
    pointer-events: none;
    color: var(--_scale);
    /* Never drawn: the marker's colour, for the canvas. */
    outline: 0 none var(--_marker);
    font: 12px / 1 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  }
  .stage[data-phase="frozen"]::after {
    content: "";
    position: absolute;
    inset: 0;
    border: 2px solid var(--_frozen);
    pointer-events: none;
  }
  .stage:is([data-phase="no-signal"], [data-phase="delayed"], [data-phase="ended"], [data-phase="loading"]) canvas {
    opacity: 0.35;
  }
  /* The old picture of a stream that starts again: dimmed unless the new one follows at once. */
  .stage[data-phase="loading"] canvas {
    transition: opacity 0s 300ms;
  }
  .layer {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .layer ::slotted(*) {
    pointer-events: auto;
  }
  .poster ::slotted(*) {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }
  .banner {
    position: absolute;
    inset-inline: 0;
    inset-block-start: 38%;
    text-align: center;
    font-size: clamp(18px, 6cqi, 44px);
    font-weight: 750;
    letter-spacing: 0.08em;
    text-transform: uppercase;
    color: var(--_warning);
    text-shadow: 0 0 6px #000, 0 0 2px #000;
    pointer-events: none;
  }
  .drop {
    position: absolute;
    inset: 8px;
    z-index: 4;
    display: grid;
    place-items: center;
    border: 2px dashed #5cb8f0;
    border-radius: var(--_radius);
    background: rgb(8 20 30 / 0.72);
    color: #fff;
    font-size: 16px;
    pointer-events: none;
  }
  .empty {
    position: absolute;
    inset: 0;
    margin: auto;
    inline-size: fit-content;
    block-size: fit-content;
    max-inline-size: calc(100% - 32px);
    padding: 12px 18px;
    border: 1px dashed #56616c;
    color: #c4ccd4;
  }

  /* Over the picture */
  .progress {
    position: absolute;
    inset-inline: 0;
    inset-block-start: 0;
    z-index: 2;
    display: grid;
    color: #e6eaee;
  }
  .progress span {
    grid-row: 2;
    justify-self: start;
    max-inline-size: calc(100% - 16px);
    margin: 6px 8px;
    padding: 2px 8px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    border-radius: var(--_radius);
    background: rgb(0 0 0 / 0.7);
  }
  progress {
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    appearance: none;
    background: #343c45;
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }
  /* How much there is to load is not known. */
  progress:indeterminate {
    background: linear-gradient(90deg, #343c45, var(--_accent), #343c45) 0 / 50% 100%;
    animation: pass 1.6s linear infinite;
  }
  progress:indeterminate::-moz-progress-bar {
    background: none;
  }
  @keyframes pass {
    to {
      background-position-x: 200%;
    }
  }
  .error {
    position: absolute;
    inset-inline: 12px;
    inset-block-end: 12px;
    z-index: 4;
    display: flex;
    gap: 12px;
    max-inline-size: 560px;
    max-block-size: calc(100% - 24px);
    margin-inline: auto;
    padding: 14px 16px;
    overflow: auto;
    border: 1px solid #5b3330;
    border-inline-start: 4px solid var(--_error);
    border-radius: var(--_radius);
    background: #1d1617;
    color: #f2e9e8;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  .warnings-toggle {
    color: var(--_warning);
  }
  .warnings {
    position: absolute;
    inset-inline: 8px;
    inset-block-start: 8px;
    z-index: 3;
    max-inline-size: 560px;
    max-block-size: calc(100% - 16px);
    margin-inline: auto;
    padding: 12px 16px 14px;
    overflow: auto;
    overflow-wrap: anywhere;
    border: 1px solid #5a4a28;
    border-inline-start: 4px solid var(--_warning);
    border-radius: var(--_radius);
    background: #1e1b14;
    color: #f1ede4;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  .warnings p {
    margin: 6px 0 0;
  }
  .error > .icon {
    flex: none;
    color: var(--_error);
  }
  .error-text {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .error p {
    margin: 4px 0 0;
  }
  .error-actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_gap);
    margin-block-start: 12px;
  }
  .error-actions button {
    border: 1px solid #7b8791;
    color: inherit;
  }
  .shortcuts {
    position: absolute;
    inset: 0;
    z-index: 4;
    inline-size: min(420px, 100% - 16px);
    block-size: fit-content;
    max-block-size: calc(100% - 16px);
    margin: auto;
    padding: 14px 18px 16px;
    overflow: auto;
    border: 1px solid #3b444d;
    border-radius: var(--_radius);
    background: #1b2025;
    color: #e6eaee;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  h2 {
    margin: 4px 0 10px;
    font-size: 15px;
    font-weight: 650;
  }
  .close {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  dl {
    margin: 0;
  }
  dl div {
    display: flex;
    gap: 12px;
    padding: 5px 0;
    border-block-start: 1px solid #2c343b;
  }
  dt {
    flex: none;
    inline-size: 96px;
  }
  dd {
    margin: 0;
  }
  kbd {
    display: inline-block;
    min-inline-size: 22px;
    margin-inline-end: 4px;
    padding: 0 5px;
    border: 1px solid #56616c;
    border-radius: 4px;
    font: inherit;
    text-align: center;
  }

  /* Controls */
  .icon {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    fill: currentcolor;
  }
  .icon .line {
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-inline-size: var(--_target);
    min-block-size: var(--_target);
    padding: 0 8px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
    touch-action: manipulation;
    transition: background-color 120ms;
  }
  button:hover:not(:disabled) {
    background: color-mix(in srgb, currentcolor 12%, transparent);
  }
  button:disabled {
    color: color-mix(in srgb, currentcolor 40%, transparent);
    cursor: default;
  }
  :is(button, input):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .freeze {
    flex: none;
    min-inline-size: 112px;
    padding-inline: 14px;
    border-color: var(--_line);
    background: var(--_raised);
    font-weight: 650;
  }
  .freeze:not(:disabled) {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .freeze:hover:not(:disabled) {
    background: color-mix(in srgb, var(--_accent) 85%, var(--_text));
  }
  input[type="range"] {
    min-inline-size: 0;
    inline-size: 100%;
    block-size: max(24px, var(--_target) - 12px);
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
    touch-action: pan-y;
  }
  input[type="range"]:disabled {
    cursor: default;
  }
  .cine {
    grid-area: cine;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--_gap);
    padding: 6px 10px 4px;
  }
  .transport {
    display: flex;
    flex: none;
  }
  /* Narrow: the stored frames have a line of their own below the buttons. */
  .cine::before {
    content: "";
    order: 1;
    flex-basis: 100%;
  }
  .settings-toggle {
    margin-inline-start: auto;
  }
  .scrub {
    order: 1;
    flex: 1 1 0;
  }
  .place {
    order: 1;
    display: flex;
    flex: none;
    justify-content: flex-end;
    gap: 10px;
    inline-size: 124px;
    color: var(--_muted);
    white-space: nowrap;
  }
  .settings {
    grid-area: settings;
    display: grid;
    gap: 2px 20px;
    padding: 2px 10px 6px;
  }
  .slider {
    display: grid;
    grid-template: "label input value" auto / 104px minmax(0, 1fr) 58px;
    align-items: center;
    gap: 0 8px;
  }
  .slider-label {
    grid-area: label;
    color: var(--_muted);
  }
  .slider-value {
    grid-area: value;
    text-align: end;
    white-space: nowrap;
  }
  .slider input {
    grid-area: input;
  }
  .notice {
    grid-area: notice;
    padding: 0 10px 5px;
    font-size: 12px;
    text-align: center;
    color: var(--_muted);
  }
  .said {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .base[data-controls="none"] :is(.cine, .settings, .tools) {
    display: none;
  }
  .base[data-controls="none"] .status {
    padding-inline-end: 10px;
  }

  /* Low: the sliders come up over the picture when asked for. */
  @container (height < 560px) {
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
  }
  @container (height >= 560px) {
    .settings-toggle {
      display: none;
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
    .scrub,
    .place {
      display: none;
    }
  }
  @container (width >= 560px) and (height < 560px) {
    .settings {
      inset-inline: auto 8px;
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
        "status notice" auto "stage stage" minmax(0, 1fr) "cine cine" auto "settings settings" auto
        / minmax(0, 1fr) auto;
    }
    .notice {
      align-self: center;
      padding: 0 10px 0 0;
    }
    .settings {
      inset-block-end: calc(var(--_target) + 18px);
    }
  }
  /* Wide: the sliders stand beside the picture. */
  @container (width >= 880px) and (height >= 420px) and (aspect-ratio >= 4/3) {
    .base {
      grid-template: "status status" auto "stage settings" minmax(0, 1fr) "cine notice" auto / minmax(0, 1fr) 248px;
    }
    .settings {
      position: static;
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
    .rate:empty {
      display: none;
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
    .overlay {
      font-size: 16px;
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
    .badge,
    .chip,
    .error,
    .warnings,
    .shortcuts,
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
    progress {
      forced-color-adjust: none;
    }
  }
`;

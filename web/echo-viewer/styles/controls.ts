/** Buttons, sliders, cine bar and settings. */
import { css } from "lit";

export const controls = css`
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
  button[aria-pressed="true"] {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: var(--_accent);
  }
  button:disabled {
    color: color-mix(in srgb, currentcolor 40%, transparent);
    cursor: default;
  }
  :is(button, input):focus-visible {
    outline: 2px solid var(--_focus);
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
    background: none;
    accent-color: var(--_accent);
    cursor: pointer;
    touch-action: pan-y;
  }
  input[type="range"]:disabled {
    cursor: default;
  }
  @media (pointer: coarse) {
    input[type="range"] {
      block-size: var(--_target);
    }
  }
  /* Firefox's own are white to the right of the thumb, on dark panels too. */
  @media (forced-colors: none) {
    input[type="range"]::-moz-range-track,
    input[type="range"]::-moz-range-progress {
      block-size: 4px;
      border-radius: 2px;
      background: var(--_line);
    }
    input[type="range"]:enabled::-moz-range-progress {
      background: var(--_accent);
    }
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
  .track {
    order: 1;
    position: relative;
    display: flex;
    /* Never beside the line's end, which fills its line. */
    flex: 1 1 1px;
    min-inline-size: 0;
  }
  .trim {
    position: absolute;
    inset-block-end: -1px;
    inset-inline: 8px;
    inline-size: calc(100% - 16px);
    block-size: 4px;
    overflow: visible;
    fill: var(--_frozen);
    pointer-events: none;
  }
  .choice {
    min-inline-size: 0;
    margin: 0 0 14px;
    padding: 0;
    border: 0;
  }
  .choice :is(legend, .legend) {
    display: block;
    margin-block-end: 4px;
    padding: 0;
    color: var(--_muted);
  }
  .choice > div {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .choice label {
    position: relative;
    display: inline-grid;
  }
  .choice input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .choice span[aria-hidden],
  .plain {
    display: inline-grid;
    place-items: center;
    min-inline-size: var(--_target);
    min-block-size: var(--_target);
    padding: 0 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .choice input:checked + span {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .choice input:focus-visible + span {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .hint {
    margin: 6px 0 0;
    color: var(--_muted);
  }
  .place {
    order: 1;
    display: flex;
    flex: none;
    justify-content: flex-end;
    gap: 10px;
    inline-size: 9.6em;
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
    grid-template: "label input value" auto / 8em minmax(0, 1fr) 4.5em;
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
  /* The title of what the keyboard is on or a finger tapped; a mouse has the browser's own. */
  .tip {
    position: absolute;
    z-index: 6;
    inline-size: max-content;
    max-inline-size: calc(100% - 8px);
    max-block-size: calc(100% - 8px);
    padding: 3px 8px;
    overflow: auto;
    border: 1px solid #7b8791;
    border-radius: 4px;
    background: #0d1013;
    color: #e6eaee;
    font-size: 12px;
    white-space: pre-line;
    pointer-events: none;
  }
  .tip[hidden] {
    display: none;
  }
  /* A finger moves what has no room. */
  @media (any-pointer: coarse) {
    .tip {
      pointer-events: auto;
    }
  }
  .said {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

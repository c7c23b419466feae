/** How the imaging drawer looks. */
import { css } from "lit";

export const styles = css`
  .imaging {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .imaging-head {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto auto;
    align-items: end;
    gap: 4px;
  }
  .imaging-field {
    display: grid;
    gap: 4px;
    min-inline-size: 0;
  }
  .imaging-field > span,
  .tgc-head > span {
    color: var(--_muted);
  }
  .imaging :is(select, input[type="text"]) {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: var(--_target);
    padding: 0 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  .imaging :is(select, input):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .imaging-tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    border-block-end: 1px solid var(--_line);
  }
  .imaging-tabs button {
    flex: 1 1 auto;
    min-inline-size: 0;
    padding: 0 4px;
    border-radius: var(--_radius) var(--_radius) 0 0;
    border-block-end: 2px solid transparent;
    color: var(--_muted);
  }
  .imaging-tabs button[aria-selected="true"] {
    border-block-end-color: var(--_accent);
    color: var(--_text);
    font-weight: 650;
  }
  .imaging-panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .imaging .slider {
    grid-template: "label value" auto "input input" auto / minmax(0, 1fr) auto;
    gap: 2px 5px;
  }
  .imaging-row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: end;
    gap: 8px;
  }
  .imaging .choice,
  .imaging .hint {
    margin: 0;
  }

  /* Time-gain compensation: slides one below the other, shallow on top; more gain is to the right in every language. */
  .tgc-head {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .tgc-head > span {
    margin-inline-end: auto;
  }
  .tgc {
    position: relative;
    display: grid;
    padding: 4px 6px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    /* Dark in every colour scheme, as the stage is: its texts have one colour each. */
    background: color-mix(in srgb, var(--_stage) 85%, var(--_surface));
    color: #dfe5ea;
  }
  .tgc-row {
    display: grid;
    grid-template-columns: 30px minmax(0, 1fr) 34px;
    align-items: center;
    gap: 6px;
    block-size: max(26px, var(--_target) - 14px);
    font-size: 12px;
  }
  .tgc-row :is(span, output) {
    text-align: end;
    white-space: nowrap;
  }
  .tgc-row span {
    color: #a3aeb9;
  }
  .tgc-row input[type="range"] {
    position: relative;
    block-size: 100%;
    appearance: none;
    accent-color: auto;
  }
  .tgc-row input::-webkit-slider-runnable-track {
    block-size: 3px;
    border-radius: 2px;
    background: #48525c;
  }
  .tgc-row input::-moz-range-track {
    block-size: 3px;
    border-radius: 2px;
    background: #48525c;
  }
  .tgc-row input[type="range"]:enabled::-moz-range-progress {
    background: none;
  }
  .tgc-row input::-webkit-slider-thumb {
    appearance: none;
    inline-size: 16px;
    block-size: 20px;
    margin-block-start: -8.5px;
    border: 1px solid #0d1013;
    border-radius: 3px;
    background: linear-gradient(90deg, #8b98a4 46%, #0d1013 46% 54%, #8b98a4 54%);
  }
  .tgc-row input::-moz-range-thumb {
    box-sizing: border-box;
    inline-size: 16px;
    block-size: 20px;
    border: 1px solid #0d1013;
    border-radius: 3px;
    background: linear-gradient(90deg, #8b98a4 46%, #0d1013 46% 54%, #8b98a4 54%);
  }
  .tgc-row input:is(:hover, :focus-visible)::-webkit-slider-thumb {
    background: linear-gradient(90deg, var(--_marker) 46%, #0d1013 46% 54%, var(--_marker) 54%);
  }
  .tgc-row input:is(:hover, :focus-visible)::-moz-range-thumb {
    background: linear-gradient(90deg, var(--_marker) 46%, #0d1013 46% 54%, var(--_marker) 54%);
  }
  .tgc > svg {
    position: absolute;
    inset-block: 4px;
    inset-inline-start: 50px;
    inline-size: calc(100% - 104px);
    block-size: calc(100% - 8px);
    overflow: visible;
    fill: none;
    stroke: var(--_marker);
    stroke-width: 1.5;
    pointer-events: none;
  }
  .tgc > svg .zero {
    stroke: #5d6873;
    stroke-width: 1;
    stroke-dasharray: 2 4;
  }

  .grey-maps > div {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(64px, 1fr));
    gap: 6px;
  }
  .grey-maps label {
    display: grid;
  }
  .grey-maps label > span[aria-hidden] {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    place-items: stretch;
    gap: 2px;
    min-block-size: var(--_target);
    padding: 4px 2px;
    font-size: 12px;
    text-align: center;
  }
  .grey-maps svg {
    inline-size: 100%;
    block-size: 18px;
    border-radius: 3px;
  }
  .choice.grey-maps input:checked + span {
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: inherit;
  }
  .imaging-presets {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  /* As long as a preset's name may be. */
  .imaging-presets .plain {
    max-inline-size: 100%;
    overflow-wrap: anywhere;
  }
  .imaging-presets .plain,
  .imaging-row .plain {
    padding-inline: 12px;
    cursor: pointer;
  }
  .imaging-head button {
    min-inline-size: var(--_target);
    padding: 0;
  }
  .imaging .choice:not(.grey-maps) > div {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(84px, 1fr));
  }
  .imaging-small {
    min-inline-size: 0;
    min-block-size: max(28px, var(--_target) - 8px);
    padding: 0 10px;
    border: 1px solid var(--_line);
    background: var(--_raised);
  }
  .imaging-small[aria-busy="true"] {
    opacity: 0.6;
  }
  .imaging-small[aria-pressed="true"] {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
  }

  /* Upright: the sheet takes the place of the sliders, so that the whole picture and the big button stay in view. */
  @container (height >= 560px) and ((width < 880px) or (aspect-ratio < 4/3)) {
    .drawer[data-feature="imaging"] {
      block-size: min(70cqb - 190px, 5 * var(--_target) + 172px);
      padding: 4px 12px 8px;
    }
    .drawer[data-feature="imaging"] > h2 {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .drawer[data-feature="imaging"] > .close {
      inset-block-start: 4px;
    }
    /* What scrolls is the tab: preset, tabs and the button that closes stay. */
    .drawer[data-feature="imaging"] > .drawer-content {
      flex: 1;
      overflow: hidden;
    }
    .imaging {
      grid-template-rows: auto auto minmax(0, 1fr) auto;
      gap: 8px;
      block-size: 100%;
    }
    .imaging-panel {
      padding: 3px;
      overflow: auto;
      overscroll-behavior: contain;
    }
    .imaging-head {
      padding-inline-end: calc(var(--_target) + 4px);
    }
    .imaging-head .imaging-field > span {
      display: none;
    }
    .imaging-panel {
      grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
      align-items: start;
      gap: 8px;
    }
    .imaging-panel > :is(.grey-maps, .imaging-absent, .imaging-whole) {
      grid-column: 1 / -1;
    }
    .grey-maps > div {
      grid-template-columns: repeat(auto-fill, minmax(66px, 1fr));
      gap: 4px;
    }
    .grey-maps label > span[aria-hidden] {
      padding: 3px 2px;
      font-size: 11px;
    }
  }
  /* A small phone: all of the drawer scrolls, so that its tab has the room of all. */
  @container (width < 880px) and (560px <= height < 640px) {
    .drawer[data-feature="imaging"] > .drawer-content {
      overflow: auto;
    }
    .imaging {
      block-size: auto;
    }
    .imaging-panel {
      overflow: visible;
    }
  }
  /* Half the width of a phone holds no long label with a value and a button beside it. */
  @container (width < 480px) {
    .imaging-panel > .imaging-row {
      grid-column: 1 / -1;
    }
  }
  @container (width < 420px) {
    .tgc-head {
      gap: 4px;
    }
    .tgc-head > button {
      padding: 0 6px;
    }
  }
  @media (pointer: coarse) {
    .tgc-row {
      block-size: var(--_target);
    }
    .imaging-small {
      min-block-size: var(--_target);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .imaging * {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .tgc-row :is(span, output) {
      color: CanvasText;
    }
    .tgc-row input::-webkit-slider-runnable-track {
      background: CanvasText;
    }
    .tgc-row input::-webkit-slider-thumb {
      border-color: Canvas;
      background: ButtonText;
      forced-color-adjust: none;
    }
    .tgc-row input:focus-visible::-webkit-slider-thumb {
      background: Highlight;
    }
    .tgc > svg {
      stroke: Highlight;
    }
    .tgc > svg .zero {
      stroke: CanvasText;
    }
    .imaging-tabs button[aria-selected="true"] {
      border-block-end-color: Highlight;
    }
    .imaging .choice:not(.grey-maps) input:checked + span {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
    .grey-maps svg {
      forced-color-adjust: none;
    }
    .choice.grey-maps input:checked + span {
      outline: 2px solid Highlight;
    }
  }
`;

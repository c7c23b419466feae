/** The picture and what belongs to it: the same in every language and colour scheme. */
import { css } from "lit";

export const stage = css`
  .exam {
    grid-area: exam;
    padding: 3px 10px 0;
    background: var(--_stage);
    color: var(--_scale);
    color-scheme: dark;
    font-size: 12px;
  }
  .patient,
  .parameters,
  .indices {
    display: flex;
    gap: 2px 10px;
    min-inline-size: 0;
    white-space: nowrap;
  }
  .patient {
    overflow: hidden;
    color: var(--_patient);
  }
  /* Where the line is short what tells people apart gives way last, and all shows where it is cut. */
  .patient > * {
    max-inline-size: 40%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .patient > [data-field="name"] {
    /* A hundredth of a pixel less would be an ellipsis for the others. */
    flex-shrink: 100000;
    min-inline-size: 4em;
    max-inline-size: none;
    font-weight: 650;
  }
  .patient > .more {
    flex: 1 0 2em;
    max-inline-size: none;
  }
  .more:empty {
    display: none;
  }
  @container (width < 300px) {
    .patient > .more {
      display: none;
    }
    .patient:has(> .more:not(:empty))::after {
      content: "…";
    }
  }
  .more span {
    margin-inline-end: 10px;
  }
  .hidden-patient {
    font-style: italic;
  }
  .parameters {
    align-items: center;
    block-size: 18px;
  }
  /* What has no room is left out whole, for an ellipsis: half a number is another number. */
  .made {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .made span {
    display: inline-block;
    margin-inline-end: 10px;
    unicode-bidi: isolate;
  }
  .turned,
  .zoom {
    flex: none;
    padding: 0 6px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    color: var(--_warning);
  }
  .zoom {
    color: inherit;
  }
  .indices {
    color: var(--_patient);
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
    /* One finger scrolls the page, two are ours: see the view's controller. */
    touch-action: pan-x pan-y;
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .stage[data-held] canvas {
    touch-action: none;
  }
  .marks {
    pointer-events: none;
  }
  /* A finger works with the tool: the page does not scroll under it. */
  .stage[data-tool] {
    touch-action: none;
  }
  .overlay {
    pointer-events: none;
    color: var(--_scale);
    /* Never drawn: the marker's colour, for the canvas. */
    outline: 0 none var(--_marker);
    font: var(--echo-scale-font, 12px / 1 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
    /* Whose end tells that they are others; their values are the new ones at once. */
    transition: 1ms step-start;
    transition-property: color, outline-color, font-size, font-weight;
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
  .panels {
    display: contents;
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
`;

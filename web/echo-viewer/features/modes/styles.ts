/** The panes' headings, the strip's name and the drawer of the modes. */
import { css } from "lit";

export const styles = css`
  .pane,
  .strip {
    position: absolute;
    pointer-events: none;
    color: #e6eaee;
  }
  /* A line that is dragged with a finger does not move the page. */
  .stage:has(> .strip) > canvas {
    touch-action: none;
  }
  .pane {
    container-type: size;
    display: flex;
    flex-direction: column;
    border: 1px solid #2b333b;
  }
  .pane[data-active] {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .pane-head {
    display: flex;
    flex: none;
    align-items: center;
    gap: 6px;
    block-size: var(--pane-head);
    padding-inline: 4px 2px;
    min-inline-size: 0;
  }
  .pane-badge {
    min-inline-size: 0;
    padding: 0 7px;
    font-size: 11px;
    color: #a3aeb9;
  }
  .pane-badge[data-phase="file"] {
    color: #e6eaee;
  }
  .pane-note,
  .pane-source {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 12px;
  }
  .pane-source {
    pointer-events: auto;
  }
  .pane-note {
    flex: 1 1 0;
    color: #c4ccd4;
  }
  .pane-note[data-refused] {
    color: var(--_error);
  }
  /* When a stored picture was is never cut off, of which source may be. */
  .pane-time {
    flex: none;
    white-space: nowrap;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  @container (width < 230px) {
    .pane-tools :is(.pane-keep, .pane-zoom-in, .pane-zoom-out) {
      display: none;
    }
    .pane-badge {
      padding-inline: 5px;
      font-size: 10px;
      letter-spacing: 0;
    }
    .pane-offers button {
      font-size: 12px;
      text-align: start;
    }
  }
  /* Half of a small phone: the state over the time, beside the buttons. */
  @container (width < 190px) {
    .pane-head {
      flex-flow: column wrap;
      align-content: space-between;
      align-items: start;
      justify-content: center;
      gap: 0 2px;
    }
    .pane-head > span {
      line-height: 1.1;
    }
    .pane-time {
      font-size: 11px;
    }
    .pane-note:empty {
      display: none;
    }
    .pane-source {
      max-inline-size: 100px;
    }
    @media (pointer: fine) {
      .pane-source {
        display: none;
      }
    }
  }
  .pane-tools {
    display: flex;
    flex: none;
  }
  .pane-tools button {
    pointer-events: auto;
    min-inline-size: var(--pane-head);
    min-block-size: var(--pane-head);
    padding: 0;
  }
  .pane-tools .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .pane-offers {
    display: flex;
    flex: 1;
    flex-direction: column;
    align-items: center;
    justify-content: safe center;
    gap: 6px;
    min-block-size: 0;
    overflow: hidden auto;
    padding: 4px;
  }
  .pane-offers button {
    flex: none;
    pointer-events: auto;
    min-inline-size: min(100%, 208px);
    justify-content: start;
    border-color: #3b444d;
    background: #12171c;
  }
  /* Low: beside each other, by name where there is room for names. */
  @container (height < 220px) {
    .pane-offers {
      flex-flow: wrap;
    }
    .pane-offers button {
      flex: 0 1 auto;
      min-inline-size: var(--_target);
      font-size: 12px;
      line-height: 1.2;
    }
    .pane-offers .icon {
      display: none;
    }
  }
  @container (width < 290px) and (height < 220px) {
    .pane-offers .icon {
      display: block;
    }
    .pane-offers span {
      display: none;
    }
  }
  .strip-name {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-start: 50%;
    padding: 0 7px;
    border: 1px solid #ffd84d;
    border-radius: 4px;
    color: #ffd84d;
    font-size: 12px;
    font-weight: 650;
    translate: -50%;
  }
  .strip-note {
    position: absolute;
    inset-inline: 56px 48px;
    inset-block-start: 30px;
    font-size: 12px;
    color: #ffcf70;
    text-shadow: 0 0 3px #000;
  }
  .strip-progress {
    position: absolute;
    inset-inline: 48px 40px;
    inset-block-start: 22px;
    inline-size: calc(100% - 88px);
    block-size: 3px;
  }
  .modes .field,
  .modes .pipeline {
    display: grid;
    gap: 4px;
    margin-block-end: 14px;
  }
  .modes .hint {
    margin-block: 0 14px;
  }
  .modes .field-label {
    color: var(--_muted);
  }
  .modes .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .modes [aria-pressed="true"] {
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: var(--_accent);
    font-weight: 650;
  }
  .modes .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: var(--_target);
    cursor: pointer;
  }
  .modes .check input {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .modes :is(select, textarea) {
    min-block-size: var(--_target);
    padding: 6px 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  .modes textarea {
    inline-size: 100%;
    resize: vertical;
    font-family: ui-monospace, monospace;
    font-size: 12px;
  }
  .modes :is(select, textarea):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .modes .refused {
    margin: 0;
    color: var(--_error);
    overflow-wrap: anywhere;
  }
  .modes .refused:empty {
    display: none;
  }
  @media (forced-colors: active) {
    .pane[data-active] {
      border: 3px double Highlight;
    }
    .modes [aria-pressed="true"] {
      border: 2px solid Highlight;
    }
  }
`;

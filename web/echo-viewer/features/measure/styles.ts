/** The drawer of measurements and the bar over the picture. */
import { css } from "lit";

export const styles = css`
  .measure-tools {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(max(76px, var(--_target)), 1fr));
    gap: 4px;
  }
  .measure h3 {
    margin: 10px 0 4px;
    font-size: 12px;
    font-weight: 600;
    color: var(--_muted);
  }
  .measure h3:first-child {
    margin-block-start: 0;
  }
  .measure-tools button {
    flex-direction: column;
    gap: 2px;
    min-block-size: 52px;
    padding: 4px 2px;
    border-color: var(--_line);
    background: var(--_raised);
    font-size: 12px;
    line-height: 1.15;
  }
  .measure button[aria-pressed="true"] {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: var(--_accent);
  }
  .measure-row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-block: 8px;
  }
  .measure-row .end {
    margin-inline-start: auto;
  }
  .measure ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .measure li {
    border-block-start: 1px solid var(--_line);
  }
  .measure li[data-selected] {
    background: color-mix(in srgb, var(--_accent) 12%, transparent);
  }
  .measure .item {
    display: grid;
    grid-template-columns: 22px minmax(0, 1fr) auto;
    gap: 0 8px;
    inline-size: 100%;
    min-block-size: max(44px, var(--_target));
    padding: 4px 6px;
    border-radius: 0;
    text-align: start;
  }
  .measure .item b {
    font-weight: 600;
    color: var(--_muted);
    text-align: end;
  }
  .measure .item > span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .measure .values {
    text-align: end;
    unicode-bidi: plaintext;
    white-space: nowrap;
  }
  .measure .values span {
    display: block;
  }
  .measure .item small {
    grid-column: 2 / -1;
    font-size: 12px;
    color: var(--_muted);
  }
  .measure .edit {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    padding: 0 6px 8px;
  }
  .measure :is(input[type="text"], input[type="number"]),
  .measure-bar input {
    min-inline-size: 0;
    block-size: var(--_target);
    padding: 0 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  .measure input[type="text"] {
    flex: 1 1 100%;
  }
  .measure input[type="number"] {
    inline-size: 64px;
  }
  .measure .marks-list {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 4px;
    max-inline-size: 360px;
    margin-block-start: 8px;
  }
  .measure .marks-list svg {
    inline-size: 36px;
    block-size: 36px;
    fill: none;
    stroke: currentcolor;
    stroke-width: 4;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .measure .none {
    margin: 8px 0;
    color: var(--_muted);
  }
  /* At the bottom, above the scale there: badges, marker and the least depths are at the top. Left of the depths on the right. */
  .measure-bar {
    position: absolute;
    inset: auto var(--bar-right, 0) 28px var(--bar-left, 0);
    z-index: 2;
    display: flex;
    align-items: center;
    gap: 2px;
    inline-size: fit-content;
    max-inline-size: calc(100% - 8px);
    margin-inline: auto;
    padding-block: 2px;
    padding-inline: 12px 4px;
    border: 1px solid #3b444d;
    border-radius: 999px;
    background: rgb(20 24 28 / 0.88);
    color: #e6eaee;
    /* What is under its words can be measured. */
    pointer-events: none;
  }
  .measure-bar :is(button, form) {
    pointer-events: auto;
  }
  /* Cards stand above it where there is room for both. */
  @container (width >= 260px) and (height >= 320px) {
    .stage:has(.measure-bar) .notes {
      inset-block-end: calc(var(--_target) + 40px);
      max-block-size: calc(100% - var(--_target) - 48px);
    }
  }
  .measure-bar p {
    min-inline-size: 0;
    margin: 0;
    margin-inline-end: 6px;
    line-height: 1.2;
  }
  .measure-bar form {
    display: flex;
    min-inline-size: 0;
    gap: 2px;
  }
  .measure-bar input {
    inline-size: 160px;
    flex: 0 1 auto;
  }
  .measure-bar button {
    flex: none;
    border-radius: 999px;
  }
  @media (forced-colors: active) {
    .measure button[aria-pressed="true"],
    .measure li[data-selected] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;

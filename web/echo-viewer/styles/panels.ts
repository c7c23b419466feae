/** What lies over the picture when it must. */
import { css } from "lit";

export const panels = css`
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
`;

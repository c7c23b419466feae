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
  .notes {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: 8px;
    z-index: 4;
    display: flex;
    flex-direction: column;
    align-items: center;
    max-block-size: calc(100% - 16px);
    overflow: auto;
    pointer-events: none;
  }
  .note,
  .error {
    display: flex;
    max-inline-size: min(560px, 100%);
    margin-block-start: 6px;
    border: 1px solid #7b8791;
    border-radius: var(--_radius);
    background: #1b2025;
    color: #e6eaee;
    pointer-events: auto;
  }
  .note {
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    padding: 6px 12px;
  }
  .note span {
    flex: 1 1 150px;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .notes button {
    border: 1px solid #7b8791;
    color: inherit;
  }
  .error {
    gap: 12px;
    padding: 14px 16px;
    border-color: #5b3330;
    border-inline-start: 4px solid var(--_error);
    background: #1d1617;
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
  /* A thumbnail: the badge says that it did not work. */
  @container (width < 260px) {
    .notes {
      inset: auto 2px 2px;
      max-block-size: calc(100% - 4px);
    }
    .error {
      padding: 4px 6px;
      font-size: 11px;
    }
    .error :is(.icon, strong) {
      display: none;
    }
    .error :is(p, .error-actions) {
      margin: 2px 0 0;
    }
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
`;

/** The line above the picture. */
import { css } from "lit";

export const status = css`
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
  .chip {
    /* In a narrow viewer the buttons stay whole. */
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
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
  .chip.recording {
    border-color: var(--_error);
    background: var(--_error);
    color: #200402;
  }
  .chip.quiet {
    background: none;
    color: var(--_text);
  }
  .badge[data-phase="error"] {
    border-color: var(--_error);
    background: var(--_error);
    color: #200402;
  }
  .source {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    /* A name is cut at its own end, and begins beside the badge whichever way it reads. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
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
    white-space: nowrap;
  }
  .tools {
    display: flex;
    flex: none;
    margin-inline-start: auto;
  }
  /* Beside a mark there is no room for a name, which the picture's description has as well. */
  @container (width < 340px) {
    .chip ~ .source {
      display: none;
    }
  }
`;

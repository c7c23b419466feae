/** The device drawer. */
import { css } from "lit";

export const styles = css`
  .device-form {
    display: grid;
    gap: 8px;
  }
  .device-form :is(input, select),
  .device-control :is(input, select) {
    min-inline-size: 0;
    inline-size: 100%;
    min-block-size: var(--_target);
    padding: 0 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  .device-form label,
  .device-control label {
    display: grid;
    gap: 2px;
    color: var(--_muted);
  }
  .device-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .device-facts {
    display: grid;
    grid-template-columns: fit-content(60%) minmax(0, 1fr);
    gap: 3px 12px;
    margin: 8px 0;
  }
  .device-facts div {
    display: contents;
  }
  .device-facts dt {
    inline-size: auto;
    color: var(--_muted);
  }
  .device-facts dd {
    margin: 0;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }
  .device-link[data-state="live"]::before,
  .device-link::before {
    content: "";
    display: inline-block;
    inline-size: 9px;
    block-size: 9px;
    margin-inline-end: 6px;
    border: 1px solid var(--_warning);
    border-radius: 50%;
    background: var(--_warning);
  }
  .device-link[data-state="live"]::before {
    border-color: var(--_live);
    background: var(--_live);
  }
  .device-link[data-state="lost"]::before {
    border-color: var(--_error);
    background: var(--_error);
  }
  .device-says {
    max-block-size: 6em;
    margin: 4px 0;
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    color: var(--_muted);
    font-family: ui-monospace, monospace;
    font-size: 12px;
  }
  .drawer h3 {
    margin: 14px 0 4px;
    font-size: 13px;
    font-weight: 650;
  }
  .device-recordings {
    margin: 8px 0;
    padding: 0;
    list-style: none;
  }
  .device-recordings li {
    padding: 6px 0;
    border-block-start: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  .device-recordings small {
    color: var(--_muted);
  }
  button.record[aria-pressed="true"] {
    border-color: var(--_error);
    background: var(--_error);
    color: #200402;
  }
  .device-plot {
    position: static;
    display: block;
    inline-size: 100%;
    block-size: 110px;
    margin-block: 4px 8px;
    border-radius: var(--_radius);
    background: #000;
    color: #6cc1ff;
    /* Never drawn: colours of axes and warnings, for the canvas. */
    outline: 0 none #a3aeb9;
    text-decoration-color: #ffb020;
    font: 11px / 1 system-ui, sans-serif;
    forced-color-adjust: none;
  }
  .device-findings {
    margin: 4px 0 8px;
    padding-inline-start: 18px;
  }
  code {
    overflow-wrap: anywhere;
    user-select: all;
  }
`;

/** The list of keys. */
import { css } from "lit";

export const styles = css`
  .shortcuts {
    position: absolute;
    inset: 0;
    z-index: 4;
    inline-size: min(460px, 100% - 16px);
    block-size: fit-content;
    max-block-size: calc(100% - 16px);
    margin: auto;
    padding: 14px 18px 16px;
    overflow: auto;
    border: 1px solid var(--_panel-line);
    border-radius: var(--_radius);
    background: var(--_panel);
    color: var(--_panel-text);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  .shortcuts h3 {
    margin: 14px 0 4px;
    font-size: 13px;
    font-weight: 650;
    color: color-mix(in srgb, var(--_panel-text) 75%, transparent);
  }
  .shortcuts dl {
    margin: 0;
  }
  .shortcuts dl div {
    display: flex;
    align-items: center;
    gap: 12px;
    border-block-start: 1px solid var(--_panel-line);
  }
  .shortcuts dt {
    flex: none;
    inline-size: 130px;
  }
  .shortcuts dt > :is(button, span) {
    flex-wrap: wrap;
    gap: 4px;
    justify-content: start;
    inline-size: 100%;
    padding-inline: 4px;
  }
  .shortcuts dt > span {
    display: flex;
    align-items: center;
    min-block-size: var(--_target);
  }
  .shortcuts dd {
    margin: 0;
  }
  .shortcuts .key-note {
    position: sticky;
    inset-block-end: -16px;
    margin: 10px -18px -16px;
    padding: 10px 18px;
    border-block-start: 1px solid var(--_panel-line);
    background: var(--_panel);
  }
  .shortcuts .key-note:empty {
    display: none;
  }
  .shortcuts .reset {
    margin-block-start: 12px;
    border-color: #7b8791;
  }
  kbd {
    display: inline-block;
    min-inline-size: 22px;
    padding: 0 5px;
    border: 1px solid #7b8791;
    border-radius: 4px;
    font: inherit;
    text-align: center;
    direction: ltr;
  }
`;

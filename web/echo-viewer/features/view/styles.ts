/** The view's drawer. */
import { css } from "lit";

export const styles = css`
  .view {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
    gap: 10px 20px;
  }
  .view [role="group"] {
    display: flex;
    flex-wrap: wrap;
    align-content: start;
    gap: 4px;
  }
  .view [role="group"] > span {
    flex-basis: 100%;
    color: var(--_muted);
  }
  .view button {
    border-color: var(--_line);
  }
  .view .zooming {
    flex-wrap: nowrap;
    align-items: center;
    gap: 6px;
  }
  .view .zooming output {
    flex: none;
    inline-size: 3.4em;
    text-align: end;
  }
  /* Where things lie on the screen is the same in every language. */
  .view .pad {
    display: grid;
    grid-template: "head head head" auto ". up ." auto "left whole right" auto ". down ." auto / max-content max-content max-content;
    justify-content: start;
    direction: ltr;
  }
  [dir="rtl"] .view .pad {
    justify-content: end;
  }
  .view .pad > span {
    grid-area: head;
  }
  .view .whole {
    grid-area: whole;
  }
  .view .left {
    grid-area: left;
  }
  .view .right {
    grid-area: right;
  }
  .view .up {
    grid-area: up;
  }
  .view .down {
    grid-area: down;
  }
  .view p {
    grid-column: 1 / -1;
    margin: 0;
    color: var(--_muted);
  }
`;

/** The export drawer, and the note about a picture's settings. */
import { css } from "lit";

export const styles = css`
  .export-kinds {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
    gap: var(--_gap, 6px);
  }
  .export-kinds button {
    justify-content: start;
    text-align: start;
  }
  .export-note .export-job {
    flex: 1;
  }
  .export-job progress {
    block-size: 6px;
    margin-block: 8px;
  }
  .export-note {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: 8px;
    z-index: 3;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px;
    max-inline-size: 520px;
    margin-inline: auto;
    padding: 8px 12px;
    border: 1px solid #3b444d;
    border-radius: var(--_radius);
    background: #1b2025;
    color: #e6eaee;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  .export-note span {
    flex: 1 1 180px;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .export-note button {
    border: 1px solid #7b8791;
    color: inherit;
  }
`;

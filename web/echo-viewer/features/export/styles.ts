/** The export drawer, and what is being made. */
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
  .note .export-job {
    inline-size: 320px;
    max-inline-size: 100%;
  }
  .export-job progress {
    block-size: 6px;
    margin-block: 8px;
  }
`;

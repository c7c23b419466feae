/** The note over the picture. */
import { css } from "lit";

export const styles = css`
  .auto-freeze {
    position: absolute;
    inset-inline: 8px;
    inset-block-end: 8px;
    z-index: 4;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    inline-size: fit-content;
    max-inline-size: calc(100% - 16px);
    margin-inline: auto;
    padding: 6px 12px;
    border: 1px solid #7b8791;
    border-radius: var(--_radius);
    background: #1b2025;
    color: #e6eaee;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.6);
  }
  .auto-freeze span {
    flex: 1 1 150px;
    font-variant-numeric: tabular-nums;
  }
  .auto-freeze button {
    border: 1px solid #7b8791;
    color: inherit;
  }
`;

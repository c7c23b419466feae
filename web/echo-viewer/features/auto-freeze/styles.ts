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
  /* In a thumbnail it is as high as the picture: beside each other, and no higher. */
  @container (width < 260px) {
    .auto-freeze {
      inset-inline: 2px;
      inset-block-end: 2px;
      flex-wrap: nowrap;
      gap: 4px;
      max-inline-size: calc(100% - 4px);
      max-block-size: calc(100% - 4px);
      padding: 2px 4px;
      font-size: 11px;
      line-height: 1.2;
      overflow: auto;
    }
    .auto-freeze span {
      flex: 1 1 60px;
    }
    .auto-freeze button {
      padding: 0 4px;
      font-size: inherit;
    }
  }
`;

/** The note that the picture will freeze. */
import { css } from "lit";

export const styles = css`
  .auto-freeze span {
    font-variant-numeric: tabular-nums;
  }
  /* In a thumbnail it is as high as the picture: beside each other, and no higher. */
  @container (width < 260px) {
    .auto-freeze {
      flex-wrap: nowrap;
      gap: 4px;
      margin: 0;
      padding: 2px 4px;
      font-size: 11px;
      line-height: 1.2;
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

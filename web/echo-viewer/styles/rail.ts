/** The rail of buttons and the drawers that they open. */
import { css } from "lit";

export const rail = css`
  .rail {
    grid-area: rail;
    display: flex;
    justify-content: safe center;
    gap: 2px;
    overflow-x: auto;
    scrollbar-width: none;
    padding: 2px 6px;
    border-block-start: 1px solid var(--_line);
  }
  .rail button {
    flex: none;
  }
  .rail button[aria-expanded="true"] {
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: var(--_accent);
  }
  /* A sheet that comes up over the controls: the picture stays in view above it. */
  .drawer {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    z-index: 3;
    display: flex;
    flex-direction: column;
    max-block-size: 56cqb;
    padding: 8px 12px 12px;
    border-block-start: 1px solid var(--_line);
    border-radius: var(--_radius) var(--_radius) 0 0;
    background: var(--_surface);
    box-shadow: 0 -6px 24px rgb(0 0 0 / 0.5);
  }
  .drawer > h2 {
    margin: 4px 0 8px;
    margin-inline-end: 44px;
  }
  .drawer-content {
    min-block-size: 0;
    overflow: auto;
    overscroll-behavior: contain;
  }
  @container (width >= 560px) and (height < 560px) {
    .drawer {
      grid-area: exam-start / exam-start / stage-end / exam-end;
      position: relative;
      inset: auto;
      justify-self: end;
      inline-size: min(var(--_drawer) + 52px, 100%);
      min-block-size: 0;
      max-block-size: none;
      border-block-start: 0;
      border-inline-start: 1px solid var(--_line);
      border-radius: 0;
    }
  }
  @container ((width >= 560px) and (height < 560px)) or ((width >= 880px) and (height >= 420px) and (aspect-ratio >= 4/3)) {
    .rail {
      flex-direction: column;
      justify-content: safe start;
      overflow: hidden auto;
      padding: 6px 4px;
      border-block-start: 0;
      border-inline-start: 1px solid var(--_line);
    }
  }
  @container (width >= 880px) and (height >= 420px) and (aspect-ratio >= 4/3) {
    /* Beside the picture, where the sliders are otherwise. */
    .drawer {
      grid-area: settings;
      position: relative;
      inset: auto;
      z-index: 1;
      max-block-size: none;
      min-block-size: 0;
      border: 0;
      border-inline-start: 1px solid var(--_line);
      border-radius: 0;
      box-shadow: none;
    }
  }
  @media (forced-colors: active) {
    .rail button[aria-expanded="true"] {
      border-color: Highlight;
      color: ButtonText;
    }
    .drawer {
      border: 1px solid CanvasText;
    }
  }
`;

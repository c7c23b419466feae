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
  /* As narrow as a small phone beside a page's margins: all seven in sight, a little narrower than a finger likes, and as high. */
  @container (width < 330px) {
    .rail {
      gap: 0;
      padding-inline: 2px;
    }
    .rail button {
      min-inline-size: 38px;
      inline-size: calc((100cqi - 4px) / 7);
      padding-inline: 0;
    }
    .base .cine {
      padding-inline: 4px;
      column-gap: 0;
    }
    .base .freeze {
      min-inline-size: 92px;
      padding-inline: 8px;
    }
  }
  .rail button[aria-expanded="true"] {
    background: color-mix(in srgb, var(--_accent) 22%, transparent);
    color: var(--_accent);
  }
  /* Where the sliders are otherwise: the picture, freezing and the stored frames stay in view. */
  .drawer {
    grid-area: settings;
    position: relative;
    z-index: 3;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    max-block-size: calc(70cqb - 190px);
    padding: 8px 12px 12px;
    border-block-start: 1px solid var(--_line);
    background: var(--_surface);
  }
  /* No key reaches what lies under it. */
  .drawer ~ .settings:not([data-open]) {
    visibility: hidden;
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
  /* Small: a sheet that comes up over the controls. */
  @container (width < 560px) and (height < 560px) {
    .drawer {
      position: absolute;
      inset: auto 0 0;
      max-block-size: 56cqb;
    }
  }
  /* Low: beside the picture. */
  @container (width >= 560px) and (height < 560px) and ((width < 880px) or (height < 420px) or (aspect-ratio < 4/3)) {
    .drawer {
      inline-size: clamp(var(--_drawer), 40cqi, calc(var(--_drawer) + 52px));
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
    .drawer {
      max-block-size: none;
      border-block-start: 0;
      border-inline-start: 1px solid var(--_line);
    }
  }
  /* A phone on its side: all seven in sight. */
  @container (width >= 560px) and (height < 420px) {
    .rail {
      gap: 0;
      padding-block: 2px;
    }
    .rail button {
      flex: 0 1 var(--_target);
      min-block-size: 28px;
    }
  }
  @media (pointer: coarse) {
    @container (width >= 560px) and (height < 420px) {
      .rail {
        display: grid;
        grid-template-columns: auto auto;
        align-content: start;
      }
      .rail button {
        min-block-size: var(--_target);
      }
      .settings {
        inset-inline-end: calc(var(--_target) * 2 + 16px);
      }
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

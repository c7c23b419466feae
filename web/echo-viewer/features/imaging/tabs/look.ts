/** Colours, averaging, softness and speckle. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { GREY_MAPS, type GreyMap, greyPalette, SPECKLE_METHODS } from "../../../../../host/index.ts";
import { choice } from "../../../controls/choice.ts";
import { slider } from "../../../controls/slider.ts";
import { askedPipeline, greyMapOf, PERSISTENCE_LIMITS, type ViewerState } from "../../../store.ts";
import type { Imaging } from "../imaging.ts";
import { type Adjustments, absent } from "./absent.ts";

/** Pieces of the gradient of a swatch, of 17 levels each. */
const PIECES = 15;

function swatch(map: GreyMap): TemplateResult {
  const colours = greyPalette(map);
  const stops = Array.from({ length: PIECES + 1 }, (_, i) => {
    const [red, green, blue] = colours.subarray(4 * 17 * i);
    return svg`<stop offset=${i / PIECES} stop-color=${`rgb(${red} ${green} ${blue})`} />`;
  });
  return html`<svg aria-hidden="true">
    ${svg`<linearGradient id="imaging-${map}">${stops}</linearGradient>
    <rect width="100%" height="100%" fill="url(#imaging-${map})" />`}
  </svg>`;
}

function greyMaps(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, viewer } = imaging;
  const chosen = greyMapOf(state);
  return html`<fieldset part="choice grey-map" class="choice grey-maps">
    <legend>${texts.greyMap}</legend>
    <div>
      ${GREY_MAPS.map(
        (map) => html`<label
          ><input
            type="radio"
            name="grey-map"
            .checked=${live(map === chosen)}
            aria-label=${texts.greyMaps[map]}
            @change=${() => viewer.commands.adjust({ display: { greyMap: map } })}
          /><span aria-hidden="true">${swatch(map)}${texts.greyMaps[map]}</span></label
        >`,
      )}
    </div>
  </fieldset>`;
}

/** A slider of 0 to so much, shown in percent; 0 is off. */
function share(
  imaging: Imaging,
  options: {
    label: string;
    part: string;
    value: number;
    max: number;
    disabled?: boolean;
    onInput(value: number): void;
  },
): TemplateResult {
  const { texts } = imaging;
  const { value, max } = options;
  return slider({
    ...options,
    min: 0,
    max,
    step: 0.05,
    text: value > 0 ? texts.percent(value) : texts.off,
    spoken: value > 0 ? texts.percentSpoken(value) : texts.off,
    // Twentieths have no exact binary fraction.
    onInput: (chosen) => options.onInput(Math.round(100 * chosen) / 100),
  });
}

export function look(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
  const { texts, viewer } = imaging;
  const { commands } = viewer;
  const display = askedPipeline(state).display ?? {};
  const { method = "none", strength = 0.5 } = display.speckle ?? {};
  return html`${greyMaps(state, imaging)}
    <div class="imaging-field">
      ${
        adjustments.persistence.applies
          ? share(imaging, {
              label: texts.persistence,
              part: "persistence",
              value: display.persistence ?? 0,
              max: PERSISTENCE_LIMITS[1],
              onInput: (persistence) => commands.adjust({ display: { persistence } }),
            })
          : nothing
      }
      ${share(imaging, {
        label: texts.smoothing,
        part: "smoothing",
        value: display.smoothing ?? 0,
        max: 1,
        onInput: (smoothing) => commands.adjust({ display: { smoothing } }),
      })}
    </div>
    <div class="imaging-field">
      ${choice({
        label: texts.speckle,
        name: "speckle",
        value: method,
        options: SPECKLE_METHODS.map((value) => ({ value, text: texts.speckles[value] })),
        onChange: (value) => commands.adjust({ display: { speckle: { method: value, strength } } }),
      })}
      ${share(imaging, {
        label: texts.strength,
        part: "strength",
        value: strength,
        max: 1,
        disabled: method === "none",
        onInput: (value) => commands.adjust({ display: { speckle: { method, strength: value } } }),
      })}
    </div>
    ${absent(imaging, adjustments, ["persistence"])}`;
}

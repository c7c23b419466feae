/** The imaging drawer: a line for the preset, then four tabs, so that a sheet on a phone leaves the picture in view. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import {
  type Adjustable,
  type Adjustment,
  adjustmentsOf,
  GREY_MAPS,
  type GreyMap,
  greyPalette,
  type Pipeline,
  SPECKLE_METHODS,
  WINDOWS,
} from "../../../../host/index.ts";
import { button } from "../../controls/button.ts";
import { choice } from "../../controls/choice.ts";
import { depthSlider, dynamicRangeSlider, gainSlider } from "../../controls/settings.ts";
import { slider } from "../../controls/slider.ts";
import { askedPipeline, canScrub, greyMapOf, PERSISTENCE_LIMITS, type ViewerState } from "../../store.ts";
import { REDO, RESET, UNDO } from "./icons.ts";
import type { Imaging } from "./imaging.ts";
import { BUILT_IN, NAME_LENGTH, presetsBy } from "./presets.ts";
import { TABS, type Tab } from "./state.ts";
import { depthOfPoint, POINTS, pointsOf, reachOf, spanOf } from "./tgc.ts";

type Adjustments = Readonly<Record<Adjustable, Adjustment>>;

/** Whether each part means something for what is open; nothing is said where nothing is open. */
function adjustmentsFor({ session }: ViewerState): Adjustments | null {
  return session && adjustmentsOf(session.info, session.plan.report.pipeline);
}

/** Why some parts are not offered, one sentence a reason. */
function absent(
  imaging: Imaging,
  adjustments: Adjustments,
  names: readonly Adjustable[],
): TemplateResult | typeof nothing {
  const { texts } = imaging;
  const byReason = new Map<string, string[]>();
  for (const name of names) {
    const adjustment = adjustments[name];
    if (adjustment.applies) continue;
    const why = texts.obstacles[adjustment.obstacle];
    byReason.set(why, [...(byReason.get(why) ?? []), texts.adjustables[name] ?? name]);
  }
  if (!byReason.size) return nothing;
  return html`<div class="hint imaging-absent">
    ${[...byReason].map(([why, parts]) => html`<div>${texts.because(parts.join(", "), why)}</div>`)}
  </div>`;
}

// ---- Levels

function tgc(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts } = imaging;
  const { messages } = state.language;
  const { session } = state;
  const points = pointsOf(askedPipeline(state).display?.tgcDb);
  const reach = reachOf(points);
  const span = session && spanOf(session.info, session.plan.report);
  const reset = (point: number) => (event: Event) => {
    event.preventDefault();
    imaging.setPoint(point, 0);
  };
  const line = points.map((db, i) => `${(50 * (1 + db / reach)).toFixed(2)},${i + 0.5}`).join(" ");
  return html`<section class="imaging-field" part="tgc" aria-label=${texts.tgc} role="group">
    <div class="tgc-head">
      <span>${texts.tgc}${span ? html` <small>${messages.unit}</small>` : nothing}</span>
      <button
        type="button"
        part="button tgc-neutral"
        class="imaging-small tgc-neutral"
        ?disabled=${points.every((db) => db === 0)}
        @click=${() => imaging.neutral()}
      >${texts.neutral}</button>
    </div>
    <div class="tgc" dir="ltr" @pointercancel=${() => imaging.release()}>
      <svg viewBox="0 0 100 ${POINTS}" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<path class="zero" vector-effect="non-scaling-stroke" d="M50 0V${POINTS}" />
        <polyline vector-effect="non-scaling-stroke" points=${line} />`}
      </svg>
      ${points.map((db, i) => {
        const depth = span ? texts.centimetres(depthOfPoint(span, i)) : String(i + 1);
        return html`<label class="tgc-row" title=${texts.tgcHint}>
          <span aria-hidden="true">${depth}</span>
          <input
            type="range"
            min=${-reach}
            max=${reach}
            step="1"
            .value=${live(String(db))}
            aria-label=${span ? texts.tgcPointAt(depth) : texts.tgcPoint(i + 1, POINTS)}
            aria-valuetext=${messages.decibelsSpoken(db)}
            @input=${(event: Event) => imaging.setPoint(i, (event.target as HTMLInputElement).valueAsNumber)}
            @focus=${() => imaging.light(i)}
            @pointerdown=${() => imaging.hold(i)}
            @pointerup=${() => imaging.release()}
            @change=${() => imaging.release()}
            @dblclick=${reset(i)}
            @keydown=${(event: KeyboardEvent) => {
              if (["0", "Delete", "Backspace"].includes(event.key)) reset(i)(event);
            }}
          />
          <output>${db > 0 ? "+" : db < 0 ? "−" : ""}${Math.abs(db)}</output>
        </label>`;
      })}
    </div>
  </section>`;
}

function levels(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
  const { commands, actions } = imaging.viewer;
  const { messages } = state.language;
  return html`<div class="imaging-field">
      ${gainSlider(state, commands, actions, messages)} ${dynamicRangeSlider(state, commands, actions, messages)}
      ${state.depthLimits ? depthSlider(state, commands, actions, messages) : nothing}
    </div>
    ${adjustments.tgc.applies ? tgc(state, imaging) : nothing} ${absent(imaging, adjustments, ["tgc"])}`;
}

// ---- Look

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

function look(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
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

// ---- Beam

/** Greatest f-number that the slider reaches. */
const GREATEST_F_NUMBER = 6;
/** How far from that of the data a speed of sound can be chosen: from fat to muscle, and for water at any temperature. */
const SPEED_PART = 0.1;

/** A slider with a button that gives the choice back to the plan. */
function automatic(
  imaging: Imaging,
  name: string,
  isAuto: boolean,
  control: TemplateResult,
  onAuto: () => void,
): TemplateResult {
  const { texts } = imaging;
  return html`<div class="imaging-row">
    ${control}
    <button
      type="button"
      part="button"
      class="imaging-small"
      title=${texts.autoHint(name)}
      aria-label=${texts.autoHint(name)}
      aria-pressed=${isAuto ? "true" : "false"}
      @click=${onAuto}
    >${texts.auto}</button>
  </div>`;
}

function fNumber(state: ViewerState, imaging: Imaging, resolved: Pipeline): TemplateResult {
  const { texts, viewer } = imaging;
  const asked = askedPipeline(state).beamform?.fNumber ?? "auto";
  const used = resolved.beamform?.fNumber;
  const value = asked === "auto" ? (typeof used === "number" ? used : 0) : asked;
  const shown = Math.round(10 * value) / 10;
  return automatic(
    imaging,
    texts.fNumber,
    asked === "auto",
    slider({
      label: texts.fNumber,
      part: "f-number",
      value: shown,
      min: 0,
      max: GREATEST_F_NUMBER,
      step: 0.1,
      text: value > 0 ? texts.ratio(value) : texts.wholeAperture,
      spoken: value > 0 ? texts.ratio(value) : texts.wholeAperture,
      onInput: (chosen) => viewer.commands.adjust({ beamform: { fNumber: Math.round(10 * chosen) / 10 } }),
    }),
    () => viewer.commands.adjust({ beamform: { fNumber: undefined } }),
  );
}

function windowChoice(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, viewer } = imaging;
  const asked = askedPipeline(state).beamform?.window ?? "hann";
  return html`<label class="imaging-field">
    <span>${texts.window}</span>
    <select
      part="window"
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        viewer.commands.adjust({ beamform: { window: WINDOWS.find((one) => one === value) } });
      }}
    >
      ${WINDOWS.map(
        (one) => html`<option value=${one} .selected=${live(one === asked)}>${texts.windows[one]}</option>`,
      )}
    </select>
  </label>`;
}

function soundSpeed(state: ViewerState, imaging: Imaging): TemplateResult | typeof nothing {
  const { texts, viewer } = imaging;
  const own = state.session?.info.soundSpeedMps;
  if (!own) return nothing;
  const asked = askedPipeline(state).soundSpeedMps;
  const value = asked ?? own;
  const round = (speed: number) => Math.round(speed / 5) * 5;
  return automatic(
    imaging,
    texts.soundSpeed,
    asked === undefined,
    slider({
      label: texts.soundSpeed,
      part: "sound-speed",
      value: Math.round(value),
      min: round(own * (1 - SPEED_PART)),
      max: round(own * (1 + SPEED_PART)),
      step: 5,
      text: texts.metresPerSecond(value),
      spoken: texts.metresPerSecondSpoken(value),
      onInput: (soundSpeedMps) => viewer.commands.adjust({ soundSpeedMps }),
    }),
    () => viewer.commands.adjust({ soundSpeedMps: undefined }),
  );
}

function beam(state: ViewerState, imaging: Imaging, adjustments: Adjustments): TemplateResult {
  const resolved = state.session?.plan.report.pipeline ?? {};
  return html`${adjustments.fNumber.applies ? fNumber(state, imaging, resolved) : nothing}
    ${adjustments.window.applies ? windowChoice(state, imaging) : nothing}
    ${adjustments.soundSpeed.applies ? soundSpeed(state, imaging) : nothing}
    ${absent(imaging, adjustments, ["fNumber", "window", "soundSpeed"])}`;
}

// ---- Presets

function presets(imaging: Imaging): TemplateResult {
  const { texts, state } = imaging;
  const press = (part: string, label: string, onClick: () => void, title = label, disabled = false) =>
    html`<button type="button" part="button ${part}" class="plain ${part}" title=${title} ?disabled=${disabled} @click=${onClick}>
      ${label}
    </button>`;
  const pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void imaging.load(file);
    // The same file can be chosen again.
    input.value = "";
  };
  const choose = (event: Event): void => {
    const root = (event.target as HTMLElement).getRootNode() as ShadowRoot;
    root.querySelector<HTMLInputElement>(".imaging-file")?.click();
  };
  return html`<div class="imaging-row imaging-whole">
      <label class="imaging-field">
        <span>${texts.saveAs}</span>
        <input
          type="text"
          class="preset-name"
          maxlength=${NAME_LENGTH}
          placeholder=${texts.name}
          .value=${live(state.name)}
          @input=${(event: Event) => imaging.write((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === "Enter") imaging.save();
          }}
        />
      </label>
      ${press("preset-save", texts.save, () => imaging.save(), texts.saveHint, !state.name.trim())}
    </div>
    ${
      state.own.length
        ? html`<div class="imaging-presets imaging-whole">
            ${state.own.map(({ name }) => press("preset-delete", texts.remove(name), () => imaging.remove(name)))}
          </div>`
        : nothing
    }
    <div class="imaging-presets imaging-whole">
      <button type="button" part="button preset-load" class="plain preset-load" @click=${choose}>${texts.load}</button>
      ${press("preset-download", texts.download, () => imaging.download())}
      ${press("preset-share", texts.share, () => void imaging.share())}
    </div>
    <input type="file" class="imaging-file" accept=".json,application/json" hidden @change=${pick} />
    ${
      state.link === null
        ? nothing
        : html`<label class="imaging-field imaging-whole">
            <span>${texts.link}</span>
            <input
              type="text"
              class="preset-link"
              dir="ltr"
              readonly
              .value=${state.link}
              @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
            />
          </label>`
    }`;
}

// ---- The whole

function presetSelect(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts, preset } = imaging;
  const { own } = imaging.state;
  const info = state.session?.info;
  const kind = info?.kind === "channels" ? info.probe.kind : undefined;
  const all = [...presetsBy(texts, own)];
  const { changed } = imaging;
  const option = (value: string, name: string, chosen: boolean) =>
    html`<option value=${value} .selected=${live(chosen)}>${chosen && changed ? texts.changed(name) : name}</option>`;
  const options = (of: typeof all) => of.map(([id, { name }]) => option(id, name, id === state.preset));
  const builtIn = all.filter(([id]) => Object.hasOwn(BUILT_IN, id));
  const suits = ([, { arrays }]: (typeof all)[number]) => !kind || !arrays || arrays.includes(kind);
  const others = builtIn.filter((entry) => !suits(entry));
  const mine = all.filter(([id]) => !Object.hasOwn(BUILT_IN, id));
  const foreign = preset && state.preset?.trimStart().startsWith("{");
  return html`<label class="imaging-field">
    <span>${texts.preset}</span>
    <select
      part="preset"
      class="preset"
      aria-label=${changed ? texts.presetChanged : texts.preset}
      @change=${(event: Event) => imaging.pick((event.target as HTMLSelectElement).value || null)}
    >
      ${option("", texts.noPreset, !preset)} ${options(builtIn.filter(suits))}
      ${foreign ? option(state.preset ?? "", preset.name, true) : nothing}
      ${mine.length ? html`<optgroup label=${texts.ownPresets}>${options(mine)}</optgroup>` : nothing}
      ${others.length ? html`<optgroup label=${texts.otherProbes}>${options(others)}</optgroup>` : nothing}
    </select>
  </label>`;
}

function tabs(imaging: Imaging): TemplateResult {
  const { texts, state } = imaging;
  const go = (event: KeyboardEvent): void => {
    const list = event.currentTarget as HTMLElement;
    const onward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const at = TABS.indexOf(state.tab);
    const places: Record<string, number> = {
      ArrowLeft: at + (onward === "ArrowLeft" ? 1 : -1),
      ArrowRight: at + (onward === "ArrowRight" ? 1 : -1),
      Home: 0,
      End: TABS.length - 1,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    const next = (places[event.key] + TABS.length) % TABS.length;
    imaging.show(TABS[next]);
    list.querySelectorAll<HTMLElement>("[role=tab]")[next].focus();
  };
  return html`<div class="imaging-tabs" role="tablist" aria-label=${texts.open} @keydown=${go}>
    ${TABS.map(
      (tab: Tab) => html`<button
        type="button"
        role="tab"
        id="imaging-tab-${tab}"
        part="button"
        aria-selected=${tab === state.tab ? "true" : "false"}
        aria-controls="imaging-panel"
        tabindex=${tab === state.tab ? 0 : -1}
        @click=${() => imaging.show(tab)}
      >${texts.tabs[tab]}</button>`,
    )}
  </div>`;
}

export function drawer(state: ViewerState, imaging: Imaging): TemplateResult {
  const { texts } = imaging;
  const { tab, canUndo, canRedo } = imaging.state;
  const adjustments = adjustmentsFor(state);
  const content = {
    levels: adjustments && levels(state, imaging, adjustments),
    look: adjustments && look(state, imaging, adjustments),
    beam: adjustments && beam(state, imaging, adjustments),
    presets: presets(imaging),
  }[tab];
  return html`<div class="imaging">
    <div class="imaging-head">
      ${presetSelect(state, imaging)}
      ${button({
        label: texts.undoText,
        icon: UNDO,
        part: "imaging-undo",
        onClick: () => imaging.undo(),
        disabled: !canUndo,
        key: ["u", "u"],
      })}
      ${button({
        label: texts.redoText,
        icon: REDO,
        part: "imaging-redo",
        onClick: () => imaging.redo(),
        disabled: !canRedo,
        key: ["Shift+U", "U"],
      })}
      ${button({
        label: texts.reset,
        icon: RESET,
        part: "imaging-reset",
        onClick: () => imaging.reset(),
        disabled: !imaging.changed,
      })}
    </div>
    ${tabs(imaging)}
    <div class="imaging-panel" role="tabpanel" id="imaging-panel" aria-labelledby="imaging-tab-${tab}">
      ${content ?? html`<p class="hint">${texts.notOpen}</p>`}
    </div>
    ${canScrub(state) ? html`<p class="hint">${texts.stored}</p>` : nothing}
  </div>`;
}

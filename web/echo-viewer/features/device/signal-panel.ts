/** The signal check: one raw line, its spectrum, its figures, and what they mean in a sentence. */
import { html, type TemplateResult } from "lit";
import type { Acquisition } from "../../../../host/index.ts";
import { short } from "./plots.ts";
import { linesOf, type SignalCheck } from "./signal-check.ts";
import type { english } from "./texts.ts";

type Words = typeof english;

export function signalPanel(
  check: SignalCheck | undefined,
  info: Acquisition,
  line: number,
  words: Words,
  label: (value: number) => string,
  onLine: (line: number) => void,
): TemplateResult {
  const count = linesOf(info);
  const row = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<h3>${words.check}</h3>
    <label class="slider"
      ><span class="slider-label">${words.line}</span><output class="slider-value">${line + 1} / ${count}</output
      ><input
        type="range"
        min="1"
        max=${count}
        .value=${String(line + 1)}
        ?disabled=${count < 2}
        aria-label=${words.line}
        @input=${(event: Event) => onLine((event.target as HTMLInputElement).valueAsNumber - 1)}
    /></label>
    <canvas class="device-plot samples" role="img" aria-label=${words.samples}></canvas>
    <canvas class="device-plot spectrum" role="img" aria-label=${words.spectrum}></canvas>
    ${
      check
        ? html`<ul class="device-findings">
              ${check.findings.map((finding) => html`<li data-finding=${finding}>${words.findings[finding]}</li>`)}
            </ul>
            <dl class="device-facts">
              ${row(words.echoes, words.decibels(check.echoDb))}
              ${row(words.noise, words.decibels(check.noiseFloorDb))} ${row(words.level, short(check.rms, label))}
              ${row(words.offset, short(check.mean, label))} ${row(words.clipping, words.percent(check.clippedPart))}
            </dl>`
        : html`<p class="hint">${words.noSignal}</p>`
    }`;
}

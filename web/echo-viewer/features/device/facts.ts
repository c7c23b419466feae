/** How the device and the way to it do, in words and counts. */
import { html, nothing, type TemplateResult } from "lit";
import type { LiveSource, LiveStatistics } from "../../../../host/index.ts";
import type { english } from "./texts.ts";

type Words = typeof english;

/** What was lost between the device and here, in the units that are known. */
export function lossText(
  { lostFrames, lostLines, lostMessages, gaps, droppedChunks }: LiveStatistics,
  words: Words,
): string {
  const parts = [
    lostFrames && words.lostFrames(lostFrames),
    lostLines && words.lostLines(lostLines),
    lostMessages && words.lostMessages(lostMessages),
    gaps + droppedChunks && words.gaps(gaps + droppedChunks),
  ].filter(Boolean);
  return parts.join(", ") || words.nothingLost;
}

/** `name`: what the device is called until it says so itself. */
export function facts(source: LiveSource, name: string, words: Words): TemplateResult {
  const { link, protocol, statistics } = source;
  const { status, texts } = statistics;
  const row = (name: string, value: unknown) =>
    value === undefined || value === "" ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const late = statistics.staleFrames;
  const state = html`<span class="device-link" data-state=${link.state}
    >${words.states[link.state]}${
      link.state === "reconnecting" && link.failures ? ` (${words.attempt(link.failures)})` : nothing
    }</span
  >`;
  return html`<dl class="device-facts">
      ${row(words.device, link.device?.name ?? name)} ${row(words.protocol, protocol.name)}
      ${row(words.link, state)}
      ${row(words.rate, Number.isFinite(statistics.frameRateHz) ? words.perSecond(statistics.frameRateHz) : "–")}
      ${row(words.throughput, words.megabytes(statistics.bytesPerSecond))}
      ${row(words.lost, lossText(statistics, words))} ${row(words.late, late ? words.lateFrames(late) : "")}
      ${row(words.reconnections, statistics.reconnections || "")}
      ${row(words.battery, status.battery === undefined ? "" : words.percent(status.battery))}
      ${row(words.temperature, status.temperatureC === undefined ? "" : words.degrees(status.temperatureC))}
    </dl>
    ${link.why && link.state !== "live" ? html`<p class="hint">${link.why}</p>` : nothing}
    ${status.saturated ? html`<p class="hint">${words.saturated}</p>` : nothing}
    ${
      texts.length
        ? html`<h3>${words.says}</h3>
            <p class="device-says" tabindex="0">${texts.join("\n")}</p>`
        : nothing
    }`;
}

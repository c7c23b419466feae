/** The signal check's two pictures: samples against time, power against frequency. */
import type { SignalCheck } from "./signal-check.ts";

export interface PlotInk {
  line: string;
  axis: string;
  warning: string;
  font: string;
  /** Numbers as the viewer's language writes them. */
  label: (value: number) => string;
}

const LEFT = 34;
const BOTTOM = 16;
const TOP = 6;
/** Floor of the spectrum's picture (dB). */
const FLOOR_DB = -80;

interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Sizes the canvas for the screen, empties it and draws the axes' lines. */
function begin(canvas: HTMLCanvasElement, ink: PlotInk): [CanvasRenderingContext2D, Frame] | undefined {
  const context = canvas.getContext("2d");
  const { clientWidth, clientHeight } = canvas;
  if (!context || clientWidth < 60 || clientHeight < 40) return undefined;
  const scale = devicePixelRatio;
  canvas.width = Math.round(clientWidth * scale);
  canvas.height = Math.round(clientHeight * scale);
  context.scale(scale, scale);
  context.font = ink.font;
  const frame = { x: LEFT, y: TOP, width: clientWidth - LEFT - 4, height: clientHeight - TOP - BOTTOM };
  context.fillStyle = ink.axis;
  context.fillRect(frame.x, frame.y, 1, frame.height);
  context.fillRect(frame.x, frame.y + frame.height, frame.width, 1);
  return [context, frame];
}

function labels(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Frame,
  ink: PlotInk,
  text: { top: string; bottom: string; start: string; end: string },
): void {
  context.fillStyle = ink.axis;
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(text.top, x - 3, y);
  context.textBaseline = "bottom";
  context.fillText(text.bottom, x - 3, y + height);
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(text.start, x, y + height + 3);
  context.textAlign = "right";
  context.fillText(text.end, x + width, y + height + 3);
}

/** Three digits; very small and very large numbers as powers of ten. */
export function short(value: number, label: (value: number) => string): string {
  const text = String(Number(value.toPrecision(3)));
  return text.includes("e") ? text : label(Number(text));
}

/** Each column of pixels shows all that lies in it, from the least to the greatest. */
export function drawSamples(canvas: HTMLCanvasElement, check: SignalCheck, ink: PlotInk): void {
  const begun = begin(canvas, ink);
  if (!begun) return;
  const [context, frame] = begun;
  const { samples, min, max, clippedPart, sampleRateHz } = check;
  const span = max - min || 1;
  const yOf = (value: number): number => frame.y + frame.height * (1 - (value - min) / span);
  const columns = Math.max(1, Math.floor(frame.width));
  context.fillStyle = clippedPart > 0 ? ink.warning : ink.line;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * samples.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / columns));
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    // One sample more: the line has no holes between columns.
    for (const value of samples.subarray(from, to + 1)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const top = yOf(high);
    context.fillRect(frame.x + 1 + column, top, 1, Math.max(1, yOf(low) - top));
  }
  const end = sampleRateHz
    ? `${short((samples.length / sampleRateHz) * 1e6, ink.label)} µs`
    : String(samples.length);
  labels(context, frame, ink, { top: short(max, ink.label), bottom: short(min, ink.label), start: "0", end });
}

export function drawSpectrum(canvas: HTMLCanvasElement, check: SignalCheck, ink: PlotInk): void {
  const begun = begin(canvas, ink);
  if (!begun) return;
  const [context, frame] = begun;
  const { spectrumDb, noiseFloorDb, sampleRateHz } = check;
  const yOf = (db: number): number =>
    frame.y + (frame.height * Math.max(FLOOR_DB, Math.min(0, db))) / FLOOR_DB;
  context.strokeStyle = ink.line;
  context.beginPath();
  for (const [bin, db] of spectrumDb.entries())
    context.lineTo(frame.x + (bin / (spectrumDb.length - 1)) * frame.width, yOf(db));
  context.stroke();
  context.strokeStyle = ink.warning;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(frame.x, yOf(noiseFloorDb));
  context.lineTo(frame.x + frame.width, yOf(noiseFloorDb));
  context.stroke();
  context.setLineDash([]);
  const end = sampleRateHz ? `${short(sampleRateHz / 2e6, ink.label)} MHz` : "fs/2";
  labels(context, frame, ink, { top: "0 dB", bottom: ink.label(FLOOR_DB), start: "0", end });
}

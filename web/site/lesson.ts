/**
 * The lesson: one plane wave's echoes on their way to one line of a picture, each stage computed by the engine itself.
 *
 *   one element      samples as they came
 *   analytic         the same as line data, behind the engine's signal stage
 *   delayed rows     64 "transmits", each with one element's echoes alone, not summed (`compound: "none"`), on one column of pixels
 *   sum              all elements on that column
 *   picture          all columns
 */
import {
  type ChannelData,
  connect,
  createEngine,
  type Engine,
  type Frame,
  type Image,
  type LineData,
  type Pipeline,
  type Plan,
  simulated,
} from "../../host/index.ts";

const DEPTH = { min: 0.002, max: 0.038, count: 721 };
/** Columns of the picture: each line that the slider reaches is one of them, and its shape does not depend on the F-number. */
const ACROSS = { min: -0.01, max: 0.01, count: 161 };

function element<Type extends Element>(selector: string, type: abstract new () => Type): Type {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page lacks ${selector}`);
  return found;
}

const slider = (id: string) => element(`#${id}`, HTMLInputElement);
const sliders = {
  element: slider("element"),
  line: slider("line"),
  fNumber: slider("f-number"),
  speed: slider("speed"),
  range: slider("range"),
};
const wait = element("#wait", HTMLElement);
const refused = element("#refused", HTMLElement);

interface Settings {
  element: number;
  lineM: number;
  fNumber: number;
  soundSpeedMps: number;
  dynamicRangeDb: number;
}

/** What the sliders say, and their words beside them. */
function readSettings(): Settings {
  const settings: Settings = {
    element: sliders.element.valueAsNumber,
    lineM: sliders.line.valueAsNumber / 1000,
    fNumber: sliders.fNumber.valueAsNumber,
    soundSpeedMps: sliders.speed.valueAsNumber,
    dynamicRangeDb: sliders.range.valueAsNumber,
  };
  const words: [HTMLInputElement, string][] = [
    [sliders.element, String(settings.element + 1)],
    [sliders.line, `${sliders.line.valueAsNumber.toFixed(1)} mm`],
    [sliders.fNumber, settings.fNumber ? settings.fNumber.toFixed(1) : "none"],
    [sliders.speed, `${settings.soundSpeedMps} m/s`],
    [sliders.range, `${settings.dynamicRangeDb} dB`],
  ];
  for (const [input, word] of words) {
    input.setAttribute("aria-valuetext", word);
    const output = input.nextElementSibling;
    if (output) output.textContent = word;
  }
  return settings;
}

/** A frame and the plans that look at it in their ways. */
interface Lesson {
  info: ChannelData;
  frame: Frame;
  lines: { plan: Plan; frame: Frame };
  rows: { plan: Plan; frame: Frame };
  sum: Plan;
  picture: Plan;
  /** The most that the sum reaches, with all elements and the right speed of sound. */
  most: number;
}

/** The column of pixels under one place, as a grid. */
const column = (x: number) => ({ kind: "linear", x: { min: x, max: x, count: 1 }, z: DEPTH }) as const;

function linePipeline({ lineM, fNumber, soundSpeedMps }: Settings): Pipeline {
  return { soundSpeedMps, scan: column(lineM), beamform: { fNumber, window: "hann", path: "depth" } };
}

function picturePipeline({ fNumber, soundSpeedMps, dynamicRangeDb }: Settings): Pipeline {
  return {
    soundSpeedMps,
    scan: { kind: "linear", x: ACROSS, z: DEPTH },
    beamform: { fNumber, window: "hann" },
    display: { dynamicRangeDb },
  };
}

/** The middle transmit of a simulated frame, alone. */
async function firstEchoes(): Promise<{ info: ChannelData; frame: Frame }> {
  const probe = await connect(simulated({ array: "linear" }));
  try {
    const info = probe.info as ChannelData;
    const transmit = info.sequence.length >> 1;
    const perTransmit = (info.probe.positionsM.length / 3) * info.sampleCount;
    for await (const { index, samples } of probe.frames()) {
      const own = samples.slice(transmit * perTransmit, (transmit + 1) * perTransmit);
      return {
        info: { ...info, sequence: [info.sequence[transmit]], frameCount: 1 },
        frame: { index, samples: own },
      };
    }
    throw new Error("the simulated probe gave no frame");
  } finally {
    probe.close();
  }
}

async function prepare(engine: Engine, settings: Settings): Promise<Lesson> {
  const { info, frame } = await firstEchoes();
  const elements = info.probe.positionsM.length / 3;
  const { sampleCount, sampleRateHz, soundSpeedMps } = info;
  const dr = soundSpeedMps / (2 * sampleRateHz);
  const asLines: LineData = {
    ...info,
    kind: "lines",
    signal: "rf",
    lines: Float64Array.from(
      { length: 5 * elements },
      (_, i) => [info.probe.positionsM[3 * Math.floor(i / 5)], 0, 0, 0, dr][i % 5],
    ),
  };
  // Transmit t has the echoes of element t alone.
  const apart = new Int16Array(elements * elements * sampleCount);
  for (let i = 0; i < elements; i++)
    apart.set(
      frame.samples.subarray(i * sampleCount, (i + 1) * sampleCount),
      (i * elements + i) * sampleCount,
    );
  const each: ChannelData = { ...info, sequence: Array.from({ length: elements }, () => info.sequence[0]) };
  const pipeline = linePipeline(settings);
  const [lines, rows, sum, picture] = await Promise.all([
    engine.plan(asLines),
    engine.plan(each, { ...pipeline, beamform: { ...pipeline.beamform, compound: "none" } }),
    engine.plan(info, pipeline),
    engine.plan(info, picturePipeline({ ...settings, fNumber: 0, soundSpeedMps })),
  ]);
  const { referenceAmplitude: most } = await picture.run(frame);
  return {
    info,
    frame,
    lines: { plan: lines, frame },
    rows: { plan: rows, frame: { index: 0, samples: apart } },
    sum,
    picture,
    most,
  };
}

/** A canvas as sharp as the screen, emptied. */
function sheet(id: string): { context: CanvasRenderingContext2D; width: number; height: number } {
  const canvas = element(`#${id}`, HTMLCanvasElement);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws nothing");
  const { width, height } = canvas.getBoundingClientRect();
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  return { context, width, height };
}

const LIGHT = "#e8edf2";
const BLUE = "#5cb8f0";
const DIM = "#93a1ae";

type Sheet = ReturnType<typeof sheet>;

/** A curve from -1 to 1 about the middle, or from 0 to 1 above the bottom. */
function curve(
  { context, width, height }: Sheet,
  values: ArrayLike<number>,
  colour: string,
  from: -1 | 0,
): void {
  const count = values.length;
  context.beginPath();
  for (let i = 0; i < count; i++) {
    const share = (values[i] - from) / (1 - from);
    const y = height - 20 - share * (height - 28);
    if (i === 0) context.moveTo(0, y);
    else context.lineTo((i / (count - 1)) * width, y);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.stroke();
}

/** Numbers along the bottom. */
function ticks({ context, width, height }: Sheet, min: number, max: number, unit: string): void {
  context.fillStyle = DIM;
  context.font = "11px system-ui, sans-serif";
  const step = [1, 2, 5, 10, 20, 50].find((one) => (max - min) / one <= width / 60) ?? 100;
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) {
    const x = ((value - min) / (max - min)) * width;
    context.textAlign = x < 20 ? "left" : x > width - 30 ? "right" : "center";
    context.fillText(`${value} ${unit}`, x, height - 5);
  }
}

const depthTicks = (on: Sheet) => ticks(on, 1000 * DEPTH.min, 1000 * DEPTH.max, "mm");

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most || 1;
}

/** Parts of `most`, by default of the largest value there is; compressed a little, so that weak echoes can be seen beside strong ones. */
function scaled(values: Float32Array, power = 0.6, most = largest(values)): Float32Array {
  return values.map((value) => Math.sign(value) * Math.min(1, Math.abs(value) / most) ** power);
}

const real = (complex: Float32Array) => complex.filter((_, i) => i % 2 === 0);

function magnitudes(complex: Float32Array): Float32Array {
  return Float32Array.from({ length: complex.length / 2 }, (_, i) =>
    Math.hypot(complex[2 * i], complex[2 * i + 1]),
  );
}

function drawRaw({ info, frame }: Lesson, { element: number }: Settings): void {
  const { sampleCount, sampleRateHz } = info;
  const on = sheet("raw");
  const samples = Float32Array.from(frame.samples.subarray(number * sampleCount, (number + 1) * sampleCount));
  curve(on, scaled(samples), LIGHT, -1);
  ticks(on, 0, (1e6 * sampleCount) / sampleRateHz, "µs");
}

async function drawAnalytic({ info, lines }: Lesson, { element: number }: Settings): Promise<void> {
  const { values } = await lines.plan.beamform(lines.frame);
  const { sampleCount, sampleRateHz } = info;
  const own = values.subarray(2 * number * sampleCount, 2 * (number + 1) * sampleCount);
  const outline = scaled(magnitudes(own));
  const signal = real(own);
  const strengths = magnitudes(own);
  const on = sheet("analytic");
  curve(
    on,
    signal.map((value, i) => (strengths[i] ? (value / strengths[i]) * outline[i] : 0)),
    LIGHT,
    -1,
  );
  curve(on, outline, BLUE, -1);
  ticks(on, 0, (1e6 * sampleCount) / sampleRateHz, "µs");
}

async function drawRows({ rows, info }: Lesson): Promise<void> {
  const { values } = await rows.plan.beamform(rows.frame);
  const elements = info.probe.positionsM.length / 3;
  const on = sheet("rows");
  const { context, width, height } = on;
  const picture = new ImageData(DEPTH.count, elements);
  const shown = scaled(real(values), 0.5);
  for (let i = 0; i < shown.length; i++) {
    const grey = 128 + 127 * shown[i];
    picture.data.set([grey, grey, grey, 255], 4 * i);
  }
  const small = new OffscreenCanvas(DEPTH.count, elements);
  small.getContext("2d")?.putImageData(picture, 0, 0);
  context.drawImage(small, 0, 0, width, height - 20);
  depthTicks(on);
}

/** Sum and envelope on one scale, whatever the sliders say: else nobody would see that the sum grows or shrinks. */
async function drawSum(
  { sum, frame, most }: Lesson,
  { dynamicRangeDb }: Settings,
  reference: number,
): Promise<void> {
  const { values } = await sum.beamform(frame);
  const strengths = magnitudes(values);
  const outline = scaled(strengths, 0.6, most);
  const summed = sheet("sum");
  curve(
    summed,
    real(values).map((value, i) => (strengths[i] ? (value / strengths[i]) * outline[i] : 0)),
    LIGHT,
    -1,
  );
  depthTicks(summed);
  const envelope = sheet("envelope");
  curve(envelope, scaled(strengths, 1, most), BLUE, 0);
  depthTicks(envelope);
  const levels = strengths.map((value) =>
    Math.min(1, Math.max(0, 1 + (20 * Math.log10(value / reference)) / dynamicRangeDb)),
  );
  const log = sheet("log");
  const { context, width, height } = log;
  for (let i = 0; i < levels.length; i++) {
    const grey = Math.round(255 * levels[i]);
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect((i / levels.length) * width, height - 42, width / levels.length + 1, 22);
  }
  curve({ context, width, height: height - 26 }, levels, BLUE, 0);
  depthTicks(log);
}

/** The picture in its real shape, with marks above and below the line. */
function drawPicture(image: Image, { lineM }: Settings): void {
  const [{ originXM, originZM, deltaXM, deltaZM }] = image.regions;
  const on = sheet("picture");
  const { context, width, height } = on;
  const [widthM, heightM] = [image.width * deltaXM, image.height * deltaZM];
  const [top, room] = [14, height - 28];
  const perM = Math.min(width / widthM, room / heightM);
  const left = (width - widthM * perM) / 2;
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d")?.putImageData(new ImageData(image.pixels, image.width, image.height), 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, left, top, widthM * perM, heightM * perM);
  const bottom = top + heightM * perM;
  const x = left + (lineM - originXM + deltaXM / 2) * perM;
  context.fillStyle = BLUE;
  for (const [tip, base] of [
    [top - 2, top - 12],
    [bottom + 2, bottom + 12],
  ]) {
    context.beginPath();
    context.moveTo(x, tip);
    context.lineTo(x - 6, base);
    context.lineTo(x + 6, base);
    context.fill();
  }
  context.fillStyle = DIM;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let depthMm = 10; depthMm / 1000 < originZM + heightM; depthMm += 10)
    context.fillText(`${depthMm} mm`, left - 6, top + (depthMm / 1000 - originZM + deltaZM / 2) * perM);
}

/** Brings plans and drawings to what the sliders say. */
async function show(lesson: Lesson, settings: Settings): Promise<void> {
  const pipeline = linePipeline(settings);
  await Promise.all([
    lesson.sum.update(pipeline),
    lesson.rows.plan.update({ ...pipeline, beamform: { ...pipeline.beamform, compound: "none" } }),
    lesson.picture.update(picturePipeline(settings)),
  ]);
  drawRaw(lesson, settings);
  const image = await lesson.picture.run(lesson.frame);
  drawPicture(image, settings);
  await Promise.all([
    drawAnalytic(lesson, settings),
    drawRows(lesson),
    drawSum(lesson, settings, image.referenceAmplitude),
  ]);
}

const engine = await createEngine();
const lesson = await prepare(engine, readSettings());
let showing = false;
let wanted = true;

/** One drawing at a time, the last settings last. */
async function follow(): Promise<void> {
  wanted = true;
  if (showing) return;
  showing = true;
  document.documentElement.dataset.shown = "no";
  while (wanted) {
    wanted = false;
    try {
      await show(lesson, readSettings());
      refused.textContent = "";
    } catch (error) {
      refused.textContent = (error as Error).message;
    }
  }
  showing = false;
  document.documentElement.dataset.shown = "yes";
}

for (const input of Object.values(sliders)) input.addEventListener("input", () => void follow());
addEventListener("resize", () => void follow());
await follow();
wait.hidden = true;

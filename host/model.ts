/**
 * The words of Sonde as types: what a probe is, what it sent, what came back, where the pixels are, what is shown.
 *
 * SI units throughout, and the unit in the name. Axes: x along the array, y elevation, z depth, positive into the
 * body; angles from z towards +x (radians). Time zero of a transmit is the moment its ideal wavefront crosses the
 * origin (0, 0, 0), as in the UFF standard; readers convert from other conventions.
 */

/** A point or direction (x, y, z), metres unless said otherwise. */
export type Vector3 = readonly [x: number, y: number, z: number];

/** Where the elements are and how they look. Element 0 has the smallest x. */
export interface Probe {
  /** Shape of the array: decides the default scan (linear: rectangle, phased and convex: sector). */
  kind: "linear" | "phased" | "convex" | "matrix" | "single" | "other";
  name?: string;
  /** Element centres, x y z of element 0, then of element 1, ... (m). Length 3 x elements. */
  positionsM: Float64Array;
  /** Direction each element looks in: angle of its normal from z towards +x (rad). Length = elements; 0 when flat. */
  azimuthsRad: Float64Array;
  /** Distance between neighbouring elements (m), when uniform. */
  pitchM?: number;
  /** Width of one element (m). */
  elementWidthM?: number;
  /** Radius of curvature to the element faces (m), convex arrays; their sectors need it. Centre of curvature: (0, 0, -radiusM). */
  radiusM?: number;
  centerFrequencyHz?: number;
  /** Bandwidth divided by centre frequency, 0 to 2. */
  fractionalBandwidth?: number;
}

/** The ideal wavefront of one transmit. */
export type Wave =
  /** Front travelling along (sin azimuth cos elevation, sin elevation, cos azimuth cos elevation); elevation 0 when absent. */
  | { kind: "plane"; azimuthRad: number; elevationRad?: number }
  /** Circular wave that seems to come from `source`, behind the array (z < 0). */
  | { kind: "diverging"; source: Vector3 }
  /** Wave that converges on `source` (z >= 0) and diverges beyond it. */
  | { kind: "focused"; source: Vector3 }
  /** One element alone. */
  | { kind: "element"; element: number }
  /** Known only by its firing times; imaged with the first-arrival model. */
  | { kind: "firing" };

/** One transmit event. Times are relative to the front crossing the origin. */
export interface Transmit {
  wave: Wave;
  /** Time of sample 0 (s). */
  startS: number;
  /**
   * Time on the axis of the demodulating mixer at sample 0 (s); IQ data only. The mixer of a format may count from
   * another zero than the wavefront: the phase of sample n is exp(-j 2 pi f (mixerStartS + n / sampleRateHz)).
   */
  mixerStartS?: number;
  /**
   * Firing time of each element (s), +Infinity for an element that did not fire. Derived from `wave` when absent.
   * Used by the first-arrival model.
   */
  firingS?: Float64Array;
}

/** The transmits of one frame, in the order of their data. */
export type Sequence = readonly Transmit[];

/** Number types that samples come in. */
export const SAMPLE_TYPES = ["int8", "uint8", "int16", "uint16", "int32", "float32"] as const;
/** Name of a number type of samples. */
export type SampleType = (typeof SAMPLE_TYPES)[number];

interface Recorded {
  /** Human name of the source: file or probe. */
  name: string;
  /** Format or protocol the data came from, e.g. "UFF", "zea 3", "echOpen E2", "simulated". */
  format: string;
  /** Number of frames, or null when live. */
  frameCount: number | null;
  /** Frames per second at acquisition, when known. */
  frameRateHz?: number;
  /** It was measured where the frames arrived: nothing that moves is to be told by it. */
  frameRateMeasured?: boolean;
  soundSpeedMps: number;
  /** Centre frequency of the echoes (Hz), when known. */
  centerFrequencyHz?: number;
  /** What is missing or odd, in sentences for a person. */
  warnings: readonly string[];
  /** Those of `warnings` that tell how the file itself fares, cut off or damaged: a recording made of it does not repeat them. */
  fileWarnings?: readonly string[];
}

/**
 * RF or IQ per element, before beamforming.
 * Samples of a frame: [transmit][channel][sample], IQ interleaved (I, Q) as a last axis of 2.
 */
export interface ChannelData extends Recorded {
  kind: "channels";
  signal: "rf" | "iq";
  probe: Probe;
  sequence: Sequence;
  /** Type of the samples, when every frame's is known beforehand: decides the arithmetic. */
  sampleType?: SampleType;
  /** Samples per channel and transmit. */
  sampleCount: number;
  sampleRateHz: number;
  /** Frequency the data were demodulated at (Hz); 0 for RF. */
  modulationFrequencyHz: number;
}

/** Numbers per line in a line table. */
export const LINE_FIELDS = 5;

/**
 * Already one signal per scan line: mechanical probes, scanners that export lines.
 * Samples of a frame: [line][sample], IQ interleaved as a last axis of 2.
 */
export interface LineData extends Recorded {
  kind: "lines";
  /** `envelope` is linear amplitude, `log` is already compressed (dB = value x `logStepDb`). */
  signal: "rf" | "iq" | "envelope" | "log";
  /**
   * x0, z0, angle, r0, dr of line 0, then of line 1, ... (m, m, rad, m, m): sample k lies at
   * (x0, z0) + (r0 + k dr) (sin angle, cos angle).
   */
  lines: Float64Array;
  sampleCount: number;
  sampleRateHz?: number;
  logStepDb?: number;
  /**
   * What lies across the picture where it is not space: the `"time"` at which lines were taken, or the `"index"` of a
   * configuration of the device. Lines are then drawn side by side where `lines` says, and only depth is calibrated.
   */
  across?: "time" | "index";
  /**
   * How many lines are, or are to be, shown side by side where acquisitions are single lines (1 to 1024): each frame then
   * repeats those of the one before, moved by one, and only its last line is new.
   */
  rolledLines?: number;
}

/** Already beamformed: complex or real values on a grid that is no volume. Samples of a frame: [z][x] or [range][angle]. */
export interface Beamformed extends Recorded {
  kind: "beamformed";
  /** `envelope` is linear amplitude, `log` is already compressed (dB = value x `logStepDb`), as in pictures. */
  signal: "iq" | "envelope" | "log";
  /** dB of one step of `log` values; default 1. */
  logStepDb?: number;
  /** Rows (z or range) and columns (x or angle). */
  rows: number;
  columns: number;
  /** The grid, when the file says it; otherwise the pipeline must. */
  scan?: Scan;
  /** Images to sum for one frame (per-transmit results); 1 when already compounded. */
  transmitCount: number;
}

/** Everything needed to image a recording or a stream, but the samples themselves. */
export type Acquisition = ChannelData | LineData | Beamformed;

/** Sample types as they come from files and devices. */
export type SampleArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;

/**
 * What the device says about its acoustic output (IEC 60601-2-37). Only devices know it: nothing here is ever computed. A value
 * that is absent was not stated.
 */
export interface OutputIndices {
  /** Mechanical index. */
  mi?: number;
  /** Thermal indices: soft tissue, bone at focus, cranial bone. */
  tis?: number;
  tib?: number;
  tic?: number;
  /** When the device stated it (s), on the clock of `Frame.timeS`. */
  timeS: number;
}

/** One frame of samples, ordered as its `Acquisition` says. */
export interface Frame {
  /** Counts frames of this source from 0. */
  index: number;
  /** Its place among all that the device acquired, where frames before it are missing that `index` does not count. Default: `index`. */
  sequence?: number;
  /** Time of acquisition (s), from any fixed zero, when known. */
  timeS?: number;
  /**
   * When its last byte reached this computer, on the clock of `performance.now()` (ms), from devices: what it waited for since then
   * counts towards its age. Before that by what it waited on its way, where a bridge or the device's own clock tells. Absent: it is new when it is given.
   */
  receivedAtMs?: number;
  samples: SampleArray;
  /** Acoustic output when it was acquired, where the device states it. */
  outputIndices?: OutputIndices;
  /** Lines that did not arrive: bit set per line, `LineData` only; such lines are blank in the picture. */
  missingLines?: Uint8Array;
}

/** `count` values from `min` to `max`, both included. */
export interface Axis {
  min: number;
  max: number;
  count: number;
}

/** The pixel grid. Ends of an axis are pixel centres. */
export type Scan =
  /** Rectangle: x and z in metres. */
  | { kind: "linear"; x: Axis; z: Axis }
  /** Sector about `apex` (x, z in metres): angle in radians from z towards +x, range in metres from the apex. */
  | { kind: "sector"; angle: Axis; range: Axis; apex: readonly [x: number, z: number] };

/** A box of pixels: x, y (elevation) and z in metres. Pictures show its plane nearest y = 0. */
export interface Volume {
  kind: "volume";
  x: Axis;
  y: Axis;
  z: Axis;
}

/**
 * Part of an image where pixels have a physical meaning. Pixel (column i, row k) inside the box has its centre at
 * x = originXM + i deltaXM, z = originZM + k deltaZM; i and k count from the image's corner.
 */
export interface Region {
  /**
   * What the pixels show. `m-mode`: what lies on one line, as time goes by: x is time, `originXM` and `deltaXM` are seconds, and z the
   * depth along the line (m). A length in it goes along z only.
   */
  kind: "tissue" | "m-mode";
  /** Inclusive pixel box. */
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  originXM: number;
  originZM: number;
  /** 0 where the way across is no space (`LineData.across`): only depths may then be stated. */
  deltaXM: number;
  deltaZM: number;
}

/** What is shown. */
export interface Image {
  width: number;
  height: number;
  /** RGBA, row by row from the top left; alpha 0 outside the field of view. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Calibrated regions; a length may be stated only for points inside one. */
  regions: readonly Region[];
  /** Copied from the frame. */
  frameIndex: number;
  frameTimeS?: number;
  /** Amplitude shown as 0 dB before gain. */
  referenceAmplitude: number;
  /** Time spent on this frame (ms). */
  elapsedMs: number;
}

/** Number of elements of a probe. */
export function elementCount(probe: Probe): number {
  return probe.positionsM.length / 3;
}

/** Number of lines of line data. */
export function lineCount(data: LineData): number {
  return data.lines.length / LINE_FIELDS;
}

/** Numbers in one frame of an acquisition. */
export function samplesPerFrame(info: Acquisition): number {
  const parts = info.signal === "iq" ? 2 : 1;
  if (info.kind === "channels")
    return info.sequence.length * elementCount(info.probe) * info.sampleCount * parts;
  if (info.kind === "lines") return lineCount(info) * info.sampleCount * parts;
  return info.transmitCount * info.rows * info.columns * parts;
}

/**
 * The pipeline description: plain JSON, every field optional. It says what to do with an acquisition; a `Plan` is
 * this description compiled for one geometry.
 */
import type { Scan, Volume } from "./model.ts";

/** Receive apodization windows w(q), q = lateral distance x f-number / depth, zero for q > 1/2. */
export const WINDOWS = ["boxcar", "hann", "hamming", "tukey25", "tukey50", "tukey75", "triangle"] as const;
/** Name of a window for receive apodization. */
export type Window = (typeof WINDOWS)[number];

/** Interpolation along a channel's samples; "What exactly is computed" in the documentation gives each kernel's weights. */
export const INTERPOLATIONS = [
  "auto",
  "nearest",
  "linear",
  "quadratic",
  "cubic",
  "lanczos3",
  "lanczos5",
  "5points",
] as const;
/** Name of an interpolation kernel; `"auto"`: the cheapest within `beamform.accuracy` of sinc. */
export type Interpolation = (typeof INTERPOLATIONS)[number];

/**
 * When a transmit reaches a pixel. `spherical`: the ideal wave of the focus or virtual source; `first-arrival`: the earliest of
 * all elements' waves; `hybrid`: spherical, but plane within 1 mm of the focal depth, where the ideal wave jumps.
 */
export const TRANSMIT_MODELS = ["auto", "spherical", "first-arrival", "hybrid"] as const;
/** Name of a transmit model; `"auto"`: spherical, first arrival for bare firing times. */
export type TransmitModel = (typeof TRANSMIT_MODELS)[number];

/** How transmits are summed. `coherent`: complex values; `incoherent`: their magnitudes; `none`: one image a transmit. */
export const COMPOUNDS = ["coherent", "incoherent", "none"] as const;
/** Name of a sum over transmits. */
export type Compound = (typeof COMPOUNDS)[number];

/**
 * Ways to bring channels to pixels; "How the sum is made" in the documentation says when each applies.
 * `steered`: rows shifted once, then the same taps for every lateral position. `lateral`: eight lateral neighbours in lanes.
 * `depth`: four pixels in lanes, any geometry.
 */
export const BEAMFORM_PATHS = ["auto", "steered", "lateral", "depth"] as const;
/** Name of a way to bring channels to pixels; `"auto"`: the fastest that applies and keeps the promised accuracy. */
export type BeamformPath = (typeof BEAMFORM_PATHS)[number];

/**
 * Numbers that the sum is made of. `int16`: products of 16 bits summed in 32, scaled by each transmit's peak, or by each frame's where
 * ensembles of IQ are summed.
 */
export const ARITHMETICS = ["auto", "int16", "float32"] as const;
/** Name of an arithmetic; `"auto"`: int16 for samples of at most 16 bits where the path has it, else float32. */
export type Arithmetic = (typeof ARITHMETICS)[number];

/**
 * Columns of a grid that are summed. `auto`: where they stand closer together than what can be heard of them varies, lines farther apart,
 * and the columns are made from those within `beamform.accuracy`; `all`: each.
 */
export const COLUMNS = ["auto", "all"] as const;
/** Name of a choice of columns. */
export type Columns = (typeof COLUMNS)[number];

/** What is beamformed: `rf`, the real samples; `analytic`, with their Hilbert transform; `iq`, the complex baseband. */
export const SIGNALS = ["rf", "analytic", "iq"] as const;
/** Name of what is beamformed. */
export type Signal = (typeof SIGNALS)[number];

/**
 * How the strong, slow echoes of tissue are taken from an ensemble: not at all; its mean; polynomials or cosines in slow time; the
 * strongest singular components; a high-pass.
 */
export const CLUTTER_METHODS = ["none", "mean", "polynomial", "dct", "svd", "fir"] as const;
/** Name of a clutter filter. */
export type Clutter = (typeof CLUTTER_METHODS)[number];

/**
 * Colours of the picture, from the weakest echo to the strongest: black to white; brighter middle greys (level to the power of 3/4);
 * an S-shaped curve that parts dark from bright (3 v^2 - 2 v^3); two tinted greys; white to black.
 */
export const GREY_MAPS = ["gray", "soft", "contrast", "warm", "cool", "inverted"] as const;
/** Name of a grey map. */
export type GreyMap = (typeof GREY_MAPS)[number];

/**
 * Filters against speckle, on the data's own grid. `median`: of 3 x 3 or 5 x 5 levels; `bilateral`: mean of 5 x 5 levels that are near
 * in dB; `srad`: speckle-reducing anisotropic diffusion of the envelope (Yu and Acton, 2002).
 */
export const SPECKLE_METHODS = ["none", "median", "bilateral", "srad"] as const;
/** Name of a filter against speckle. */
export type SpeckleMethod = (typeof SPECKLE_METHODS)[number];

/** What to do with an acquisition. All fields optional; `{}` makes a good picture of anything Sonde opens. */
export interface Pipeline {
  /** Transmits to use, by index. Default: all. */
  transmits?: readonly number[];
  /** Speed of sound (m/s), 100 to 20000. Default: the file's. For line data it scales the spacing of samples. */
  soundSpeedMps?: number;
  /** Subtract each channel's (or line's) mean before anything else. Default: true for RF lines, else false. */
  removeMean?: boolean;
  /**
   * Band-pass, both edges in Hz. With `signal: "analytic"` exact (spectrum outside the band removed); with `"rf"` and
   * `"iq"` of RF a linear-phase FIR with its delay compensated. Default: none; RF lines: 0.4 to 1.6 of the centre frequency, taken as a quarter of the sample rate where it is not stated.
   */
  band?: { lowHz: number; highHz: number };
  /**
   * What is beamformed: the real samples; the analytic signal (FFT per channel); baseband IQ (mixer and 5th-order
   * zero-phase Butterworth, as MUST's rf2iq). Default: `"iq"` for IQ data and for RF whose band reaches beyond half the
   * sample rate (band-pass sampled), else `"analytic"`.
   */
  signal?: Signal;
  /** Only for RF with `signal: "iq"`. */
  demodulation?: {
    /** Mixer frequency (Hz). Default: the centre frequency. */
    frequencyHz?: number;
    /** Low-pass cut-off as a fraction of the sample rate's half, 0 to 1. Default: bandwidth / sample rate, else min(2 f/fs, 0.5). */
    cutoff?: number;
    /** Keep every n-th sample, 1 to 64. Default 1. */
    decimation?: number;
  };
  /** The pixel grid. Default: chosen from the data; `plan.report.scan` says which. */
  scan?: Scan | Volume;
  beamform?: {
    /** Delay-and-sum. */
    method?: "das";
    /** Depth divided by aperture, 0 (no limit) to 20; `"auto"`: Perrot's optimum for the element width, 0 for phased arrays. Default `"auto"`. */
    fNumber?: number | "auto";
    /** Default `"hann"` for pictures, `"boxcar"` on the command line's `beamform`. */
    window?: Window;
    /** Default `"auto"`: within `accuracy` of sinc. */
    interpolation?: Interpolation;
    /**
     * Rms error that interpolation `"auto"` may make, as a fraction of what band-limited (sinc) interpolation gives for echoes of the
     * probe's spectrum, 0.002 to 0.25. Default 0.02. Plain linear interpolation at four samples a period makes 0.25.
     */
    accuracy?: number;
    /** How the sum is laid out in memory and lanes. Default `"auto"`; a path that cannot serve is refused with the reason. */
    path?: BeamformPath;
    /** Numbers the sum is made of. Default `"auto"`. */
    arithmetic?: Arithmetic;
    /** Which columns of the grid are summed. Default `"auto"`; `interpolation` by name and transmits that are no plane waves: all. */
    columns?: Columns;
    /** How focused and virtual-source transmits reach a pixel. Default `"auto"`: spherical, first arrival for bare firing times. */
    transmitModel?: TransmitModel;
    /** Sum over transmits: complex values, envelopes, or not at all. Default `"coherent"`. */
    compound?: Compound;
  };
  /** Velocity and power from an ensemble of frames; for `plan.flow`. */
  flow?: {
    clutter?: {
      /** Default `"none"`. */
      method?: Clutter;
      /**
       * Degree of the highest polynomial removed, number of cosines of the DCT-II, number of singular components; 0 to 64.
       * Default 1.
       */
      order?: number;
      /** For `"fir"`: 1 to 64 taps; frames without a whole sum behind them are dropped. */
      taps?: readonly number[];
    };
    /** Frames between those compared, 1 to 64. Default 1. A longer lag is more exact, and ambiguous sooner. */
    lag?: number;
    /** Side of the Hamming kernel that smooths autocorrelation and power (pixels), odd, 1 (none) to 63. Default 1. */
    smoothing?: number;
    /** Ensemble frames per second (Hz). Default: the data's. */
    frameRateHz?: number;
    /** Frequency whose phase the motion turns (Hz). Default: the echoes' centre frequency. */
    centerFrequencyHz?: number;
  };
  display?: {
    /** dB between black and white, 10 to 120. Default 50. */
    dynamicRangeDb?: number;
    /** dB added before compression, -60 to 60. Default 0. */
    gainDb?: number;
    /**
     * Time-gain compensation: dB at equally spaced depths, 1 to 64 numbers, each -40 to 40, linear in between. The first is that of the
     * grid's first row, or each line's first sample, the last that of the last: another grid stretches the curve with it. Scanners have 8.
     * Default: none.
     */
    tgcDb?: readonly number[];
    /**
     * Amplitude shown as 0 dB: the maximum of each frame, the maximum of the first frame this plan ran (`"hold"`), or
     * a number. Default `"frame"`; live viewers use `"hold"` so that brightness does not pump. Of `log`
     * data it is the amplitude of a level: 10^(dB / 20).
     */
    reference?: "frame" | "hold" | number;
    /** Smoothing of the picture, live and frozen alike. Default: none. */
    speckle?: {
      /** Default `"none"`. */
      method?: SpeckleMethod;
      /**
       * 0 (leaves the picture as it is) to 1. `median`: 3 x 3 up to 0.5, 5 x 5 above; `bilateral`: levels count as near within
       * 54 dB times this; `srad`: 40 steps times this. Default 0.5.
       */
      strength?: number;
    };
    /**
     * Frame averaging, 0 (none) to 0.95: the share of the picture before in each new one, y = x + p (y_before - x), in dB
     * behind the compression. A frame up to four on from the one before is averaged, with p^n where it is n on; at any other, and after
     * a change of what is averaged, the average starts anew. Default 0.
     */
    persistence?: number;
    /**
     * How far each level goes towards a Gaussian of 1.5 samples over its 5 x 5 neighbours, 0 (none) to 1, behind persistence and the
     * filter against speckle. Unlike the latter it also softens edges. Default 0.
     */
    smoothing?: number;
    /** Colours from the weakest echo to the strongest. Default `"gray"`: black to white. */
    greyMap?: GreyMap;
    /**
     * Pixel grid of the picture in metres, for sectors and lines. Default: isotropic pixels, `heightPx` rows. Linear
     * scans are shown on their own grid.
     */
    grid?: {
      kind: "linear";
      x: { min: number; max: number; count: number };
      z: { min: number; max: number; count: number };
    };
    /** Rows of the default picture grid, 16 to 4096. Default 512. */
    heightPx?: number;
  };
}

/**
 * One error type for everything that can go wrong, tagged so that a program can tell cases apart without reading
 * the sentence, and a sentence that a person can act on: it contains the offending value and the way out.
 */

/** What went wrong. New codes may be added; existing ones keep their meaning. */
export type SondeErrorCode =
  /** The bytes are of no format Sonde reads. */
  | "unsupported-format"
  /** The format is known, the content breaks its rules (truncated, contradictory, impossible sizes). */
  | "corrupt-file"
  /** Positions, times or angles that no image can be made from. */
  | "bad-geometry"
  /** An option, attribute or argument outside its range. */
  | "bad-option"
  /** The data lack something the request needs. */
  | "missing-data"
  /** A file, address or device could not be reached. */
  | "not-found"
  /** The device or stream ended before it was asked to. */
  | "device-lost"
  /** The plan needs more memory than allowed. */
  | "out-of-memory"
  /** This browser or Node lacks something the core needs. */
  | "unsupported-platform"
  /** The caller stopped the work. */
  | "aborted"
  /** A defect in Sonde itself. */
  | "internal";

/** Values a `SondeError` carries beside its sentence, by name. */
export type SondeErrorFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The error that every public function of Sonde throws or rejects with. */
export class SondeError extends Error {
  override readonly name = "SondeError";
  readonly code: SondeErrorCode;
  /** The offending values by name, for programs; the message holds them in words. */
  readonly fields: SondeErrorFields;

  constructor(
    code: SondeErrorCode,
    message: string,
    options: { cause?: unknown; fields?: SondeErrorFields } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** True for a `SondeError`, and only for one with this code when a code is given. Works across workers and bundles. */
export function isSondeError(error: unknown, code?: SondeErrorCode): error is SondeError {
  return (
    error instanceof Error &&
    error.name === "SondeError" &&
    (code === undefined || (error as SondeError).code === code)
  );
}

/** A `SondeError` as plain data, for `postMessage`. */
export interface SondeErrorMessage {
  code: SondeErrorCode;
  message: string;
  fields: SondeErrorFields;
}

/** Any thrown value as a message that survives `postMessage`; what is not a `SondeError` becomes `internal`. */
export function toErrorMessage(error: unknown): SondeErrorMessage {
  if (isSondeError(error)) return { code: error.code, message: error.message, fields: error.fields };
  const text = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `Sonde failed unexpectedly: ${text}`, fields: {} };
}

/** The error that `toErrorMessage` described, on the other side. */
export function fromErrorMessage(message: SondeErrorMessage): SondeError {
  return new SondeError(message.code, message.message, { fields: message.fields });
}

/** Keeps what the HDF5 library prints: a damaged file must not fill the console, and an error should tell its cause. */

const KEPT_LINES = 40;
let lines: string[] = [];

/** Call before h5wasm is loaded: it takes `console.error` once, when it starts. */
export function keepDiagnostics(): void {
  console.error = (...words: unknown[]) => {
    if (lines.length < KEPT_LINES) lines.push(words.join(" "));
  };
}

/** The innermost complaint since the last call, e.g. "inflate() failed"; empty when there was none. */
export function takeDiagnostics(): string {
  const last = lines.filter((line) => /^\s*#\d+:/.test(line)).at(-1) ?? "";
  lines = [];
  return last.replace(/^.*?\(\): /, "").trim();
}

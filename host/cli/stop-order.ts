/** The ways in which a person ends a command that runs until it is stopped. */

/** What a command waits for. `stop` ends the wait from within. */
export interface StopOrder {
  readonly promise: Promise<void>;
  stop(): void;
}

/** Waits for Ctrl-C, a termination, or the end of the terminal: whoever is told so can stop its device first. */
export function stopOrder(): StopOrder {
  let stop = () => {};
  const promise = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  // With the terminal gone nobody reads what is still said, and that must not end the rest.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  return { promise, stop };
}

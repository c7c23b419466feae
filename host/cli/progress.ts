/** A progress bar on a terminal's standard error, for work longer than 300 ms; silent elsewhere. */

const PATIENCE_MS = 300;
const WIDTH = 30;

export interface Progress {
  update(done: number, total: number | undefined): void;
  /** Erases the bar. */
  done(): void;
}

export function progress(title: string): Progress {
  const started = Date.now();
  let shown = 0;
  return {
    update(done, total) {
      const now = Date.now();
      if (!process.stderr.isTTY || now - started < PATIENCE_MS || now - shown < 50) return;
      shown = now;
      const share = total ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * WIDTH);
      const bar = total
        ? `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${Math.round(100 * share)} %`
        : `${done}`;
      process.stderr.write(`\r\x1b[K${title} ${bar}`);
    },
    done() {
      if (shown) process.stderr.write("\r\x1b[K");
    },
  };
}

/** A Chromium on this machine, for measurements and tests. */
import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Flags of a browser that asks nobody anything and fetches nothing of its own. */
export const BROWSER_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Path of a Chromium: `CHROME_PATH`, or where systems put it; undefined when there is none. */
export function locateBrowser(): string | undefined {
  return [process.env["CHROME_PATH"], ...PLACES].find((path) => path && existsSync(path));
}

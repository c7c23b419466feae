/** A Chromium on this machine, for measurements and tests. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * What Chromium does without. Only the last flag of this kind counts, so those that Playwright would turn off, and that
 * matter here, are among them.
 */
const FEATURES_OFF: readonly string[] = [
  // Two pages for suggestions below the address, loaded with every window: half of what a short test costs.
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  // A process for the page after the next one.
  "SpareRendererForSitePerProcess",
  // Requests of its own.
  "AimEnabled",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PreconnectToSearch",
  "MediaRouter",
  // Addresses and storage as pages of a server on this machine have them.
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "ThirdPartyStoragePartitioning",
  // What would be between a test and its page.
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "PaintHolding",
];

/** Flags of a browser that asks nobody anything and fetches nothing of its own. */
export const BROWSER_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${FEATURES_OFF.join(",")}`,
];

/** Path of a Chromium: `CHROME_PATH`, or where systems put it; undefined when there is none. */
export function locateBrowser(): string | undefined {
  return [process.env["CHROME_PATH"], ...PLACES].find((path) => path && existsSync(path));
}

/**
 * Removes the profile of a browser that has ended. The last of its processes may write there for a while yet; what they leave in the
 * system's temporary folder harms nobody.
 */
export async function removeProfile(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => undefined);
}

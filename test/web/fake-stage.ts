/** Pages whose viewers use a fake backend: what it was asked for, and the viewers' events, can be looked at. */
import { onStage, type Stage, type StageOptions } from "./browser.ts";
import type { FakeLog, FakeOptions } from "./fake-backend.ts";

type Page = Stage["page"];

declare global {
  var fakeBackend: typeof import("./fake-backend.ts").fakeBackend;
}

/** Makes `fakeBackend` global in a page. The page itself waits: a busy browser collects a promise that only its debugger waits for. */
export async function loadFakeBackend(page: Page): Promise<void> {
  await page.evaluate((path) => {
    import(path).then(({ fakeBackend }) => Object.assign(globalThis, { fakeBackend }));
  }, "/test/fake-backend.js");
  await page.waitForFunction(() => "fakeBackend" in globalThis);
}

/** Opens a page whose viewers use a fake backend; their log is `window.log`. */
export function onFakeStage(
  options: StageOptions & { fake?: FakeOptions; probe?: string; src?: string },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  return onStage(options, async (stage) => {
    const { page } = stage;
    await loadFakeBackend(page);
    await page.evaluate(
      ({ fake, probe, src }) => {
        const { backend, log } = fakeBackend(fake);
        const events: string[] = [];
        Object.assign(window, { log, backend, events });
        for (const name of ["echo-load", "echo-freeze", "echo-error", "echo-change", "echo-preset"]) {
          document.addEventListener(name, () => events.push(name));
        }
        for (const viewer of document.querySelectorAll("echo-viewer")) {
          viewer.backend = backend;
          if (probe) viewer.probe = probe;
          if (src) viewer.src = src;
        }
      },
      { fake: options.fake, probe: options.probe, src: options.src },
    );
    await act(stage);
  });
}

export interface Probed {
  log: FakeLog;
  events: string[];
}

export const logOf = (page: Page): Promise<FakeLog> => page.evaluate(() => (window as unknown as Probed).log);
export const eventsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as Probed).events);
export const stall = (page: Page, stalled: boolean): Promise<void> =>
  page.evaluate((value) => {
    (window as unknown as Probed).log.stalled = value;
  }, stalled);

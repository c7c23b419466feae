/** Pages whose viewers use a fake backend: what it was asked for, and the viewers' events, can be looked at. */
import { onStage, type Stage, type StageOptions } from "./browser.ts";
import type { FakeLog, FakeOptions } from "./fake-backend.ts";

type Page = Stage["page"];

/** Opens a page whose viewers use a fake backend; their log is `window.log`. */
export function onFakeStage(
  options: StageOptions & { fake?: FakeOptions; probe?: string; src?: string },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  return onStage(options, async (stage) => {
    await stage.page.evaluate(
      async ({ fake, probe, src }) => {
        const { fakeBackend } = (await import(
          "/test/fake-backend.js" as string
        )) as typeof import("./fake-backend.ts");
        const { backend, log } = fakeBackend(fake);
        const events: string[] = [];
        Object.assign(window, { log, backend, events });
        for (const name of ["echo-load", "echo-freeze", "echo-error", "echo-change"]) {
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

/** What pages do to an element: odd sizes, other documents, values out of range, calls before anything is there. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser, onStage, type Stage, textOf, waitForPhase } from "./browser.ts";
import { eventsOf, onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

/** Widths and heights that pages give (CSS px). */
const SMALL = [
  [200, 160],
  [200, 200],
  [300, 200],
  [320, 180],
  [320, 240],
  [400, 225],
  [560, 200],
];

/** Gives the viewers and what they are in their own styles, which the policy of the pages would not take from an attribute. */
const styled = (page: Page, styles: Readonly<Record<string, readonly string[]>>): Promise<void> =>
  page.evaluate((all) => {
    for (const [selector, texts] of Object.entries(all))
      for (const [k, one] of [...document.querySelectorAll<HTMLElement>(selector)].entries())
        one.style.cssText = texts[k % texts.length];
  }, styles);

/** Controls of a panel that are not scrolled out of it, and that something else lies over. */
const covered = (page: Page, panel: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    const within = root.querySelector(selector)!;
    const box = within.getBoundingClientRect();
    return [...within.querySelectorAll<HTMLElement>("button, input, select")]
      .filter((control) => {
        const { left, top, width, height } = control.getBoundingClientRect();
        if (top + height / 2 > box.bottom) return false;
        const hit = root.elementFromPoint(left + width / 2, top + height / 2);
        return hit !== null && !within.contains(hit);
      })
      .map((control) => control.ariaLabel ?? control.textContent ?? "");
  }, panel);

test("there is a picture at every small size", async () => {
  const body = "<echo-viewer></echo-viewer>".repeat(SMALL.length);
  await onFakeStage({ body, height: 1800, src: "scan.uff" }, async ({ page }) => {
    await styled(page, {
      "echo-viewer": SMALL.map(([width, height]) => `width: ${width}px; height: ${height}px`),
    });
    await page.waitForFunction(() =>
      [...document.querySelectorAll("echo-viewer")].every((viewer) => viewer.phase === "file"),
    );
    const heights = await page.evaluate(() =>
      [...document.querySelectorAll("echo-viewer")].map(
        (viewer) => viewer.shadowRoot!.querySelector<HTMLElement>(".stage")!.offsetHeight,
      ),
    );
    for (const [k, height] of heights.entries())
      assert.ok(height >= 90, `${SMALL[k].join(" x ")}: the picture has ${height} px`);
  });
});

test("a viewer of any size says whose picture it shows, that it is flipped and how far it is zoomed", async () => {
  const body = "<echo-viewer></echo-viewer>".repeat(SMALL.length);
  await onFakeStage({ body, height: 1800, src: "scan.uff" }, async ({ page }) => {
    await styled(page, {
      "echo-viewer": SMALL.map(([width, height]) => `width: ${width}px; height: ${height}px`),
    });
    await page.evaluate(() => {
      for (const viewer of document.querySelectorAll("echo-viewer"))
        Object.assign(viewer, { banner: { name: "Ada Lovelace" }, flip: "left-right", zoom: 2 });
    });
    await page.waitForFunction(() =>
      [...document.querySelectorAll("echo-viewer")].every((viewer) => viewer.phase === "file"),
    );
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll("echo-viewer")].map((viewer) => {
        const root = viewer.shadowRoot!;
        const { right, bottom } = viewer.getBoundingClientRect();
        const said = [".patient [data-field=name]", ".turned", ".zoom"].filter((selector) => {
          const box = root.querySelector(selector)!.getBoundingClientRect();
          return box.width > 30 && box.height > 10 && box.right <= right && box.bottom < bottom;
        });
        return { said: said.length, height: root.querySelector<HTMLElement>(".stage")!.offsetHeight };
      }),
    );
    for (const [k, { said, height }] of shown.entries()) {
      assert.is(said, 3, SMALL[k].join(" x "));
      assert.ok(height >= 72, `${SMALL[k].join(" x ")}: the picture has ${height} px`);
    }
  });
});

test("a parent that is as wide as what it holds gets a viewer of a good size; others make it as narrow as they like", async () => {
  const body =
    "<dialog open><echo-viewer></echo-viewer></dialog><main><echo-viewer></echo-viewer><echo-viewer></echo-viewer></main>";
  await onStage({ body, height: 1200 }, async ({ page }) => {
    await styled(page, { main: ["display: flex; width: 600px"], "main echo-viewer": ["flex: 1"] });
    const widths = await page.evaluate(() =>
      [...document.querySelectorAll("echo-viewer")].map((viewer) => viewer.offsetWidth),
    );
    assert.equal(widths, [640, 300, 300]);
  });
});

test("nothing lies over a drawer", async () => {
  const body = '<echo-viewer class="full"></echo-viewer>';
  await onFakeStage({ body, src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    for (const [width, height] of [
      [960, 540],
      [980, 552],
      [900, 430],
      [1000, 700],
      [700, 500],
      [500, 700],
    ]) {
      await page.setViewportSize({ width, height });
      for (const name of ["measure", "imaging"]) {
        await page.locator(`echo-viewer [part~=rail-${name}]`).click();
        await page.locator(`echo-viewer .drawer[data-feature=${name}]`).waitFor();
        await page.waitForTimeout(50);
        assert.equal(await covered(page, ".drawer"), [], `${name}, ${width} x ${height}`);
        await page.locator("echo-viewer .drawer [part~=close]").click();
      }
    }
  });
});

test("within what is closed nothing is opened until it is seen", async () => {
  const viewer = '<echo-viewer probe="simulated"></echo-viewer>';
  await onStage({ body: `<details><summary>More</summary>${viewer}</details>` }, async ({ page }) => {
    await page.waitForFunction(() => customElements.get("echo-viewer"));
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "idle");
    await page.locator("summary").click();
    await waitForPhase(page, "live");
  });
});

test("in another document it looks as before, and back again", async () => {
  await onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const look = () =>
      page.evaluate(() => {
        const frame = document.querySelector("iframe");
        const viewer = (document.querySelector("echo-viewer") ??
          frame!.contentDocument!.querySelector("echo-viewer"))!;
        const base = viewer.shadowRoot!.querySelector(".base")!;
        const sheets = viewer.shadowRoot!.adoptedStyleSheets.length;
        return [viewer.ownerDocument.defaultView!.getComputedStyle(base).display, sheets, viewer.phase];
      });
    // With the styles of a feature.
    await page.locator("echo-viewer [part~=rail-measure]").click();
    await page.locator("echo-viewer .drawer .measure").waitFor();
    const before = await look();
    assert.is(before[0], "grid");
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      frame.contentDocument!.body.append(document.querySelector("echo-viewer")!);
    });
    assert.equal(await look(), before);
    await page.evaluate(() => {
      const frame = document.querySelector("iframe")!;
      document.body.prepend(frame.contentDocument!.querySelector("echo-viewer")!);
      // One that has never been in this document.
      const other = document.createElement("echo-viewer");
      frame.contentDocument!.body.append(other);
      const base = other.shadowRoot!.querySelector(".base");
      if (base && frame.contentWindow!.getComputedStyle(base).display !== "grid")
        throw new Error("a viewer that begins in a frame has no styles");
    });
    assert.equal(await look(), before);
  });
});

test("attributes and states say what is in force", async () => {
  await onFakeStage({ src: "scan.uff" }, async ({ page, expectError }) => {
    expectError(/must be a number/);
    assert.ok(
      await page.evaluate(() => document.createElement("echo-viewer").matches(":state(idle)")),
      "the first phase is a state",
    );
    await waitForPhase(page, "file");
    const gains = (...texts: string[]) =>
      page.evaluate((values) => {
        const viewer = document.querySelector("echo-viewer")!;
        return values.map((text) => {
          viewer.setAttribute("gain", text);
          return [viewer.gain, viewer.getAttribute("gain")];
        });
      }, texts);
    assert.equal(await gains("60", "100", "10", "abc", "7.0"), [
      [60, "60"],
      [60, "60"],
      [10, "10"],
      [10, "10"],
      [7, "7"],
    ]);
    assert.match(await textOf(page, "[part=error]"), /gain must be a number, not "abc"/);
    assert.not.match(await textOf(page, "[part=error]"), /source from before/);
  });
});

test("a value that a framework takes away is gone, and nothing is refused", async () => {
  await onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const told = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const said: string[] = [];
      viewer.addEventListener("echo-error", ({ detail }) => said.push(detail.error.message));
      const values = {
        greyMap: "warm",
        tgc: [1, 2],
        flip: "left-right",
        mode: "a",
        split: 2,
        repeat: "once",
      } as const;
      const given = {
        ...values,
        quality: "full",
        gain: 5,
        rotate: 90,
        pipeline: { beamform: { fNumber: 2 } },
      };
      // React and Svelte set undefined, Vue the empty value of the type.
      const empty = { mode: "", split: 0, repeat: "", quality: "" };
      for (const away of [undefined, null, empty]) {
        Object.assign(viewer, given);
        for (const name of Object.keys(given))
          Object.assign(viewer, {
            [name]: away && name in away ? away[name as keyof typeof away] : undefined,
          });
        const { greyMap, tgc, flip, mode, split, repeat, quality, gain, rotate, pipeline } = viewer;
        said.push(JSON.stringify([greyMap, tgc, flip, mode, split, repeat, quality, gain, rotate, pipeline]));
      }
      await viewer.updateComplete;
      return [...said, viewer.getAttributeNames().join()];
    });
    const none = '["gray",null,"","b",1,"loop","auto",0,0,{}]';
    assert.equal(told, [none, none, none, "src"]);
  });
});

test("a step that is no whole number is refused, and the stored frames go on", async () => {
  await onFakeStage({ src: "scan.uff" }, async ({ page, expectError }) => {
    expectError(/step must be/);
    await waitForPhase(page, "file");
    const steps = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const wrong = [undefined, Number.NaN, "1", 0.5] as unknown as number[];
      for (const step of wrong) viewer.step(step);
      viewer.step(2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return viewer.image?.frameIndex;
    });
    assert.is(steps, 2);
    assert.match(await textOf(page, "[part=error]"), /step must be a number, not "0.5"/);
  });
});

test("focus() gives the keyboard to the viewer; a picture that is still to come can be frozen", async () => {
  await onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.frozen), true);
    await waitForPhase(page, "frozen");
    await page.evaluate(() => document.querySelector("echo-viewer")!.focus());
    await page.keyboard.press(" ");
    await waitForPhase(page, "live");
    assert.equal((await eventsOf(page)).slice(-1), ["echo-freeze"]);
  });
});

test("a preset that a page asks for later replaces what was chosen before it, but not what was chosen after", async () => {
  const body = '<echo-viewer gain="3"></echo-viewer>';
  await onFakeStage({ body, probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const settings = () =>
      page.evaluate(() => {
        const { gain, dynamicRange, depth } = document.querySelector("echo-viewer")!;
        return { gain, dynamicRange, depth };
      });
    const choose = (preset: string, after: object = {}) =>
      page.evaluate(
        async ([name, more]) => {
          const viewer = document.querySelector("echo-viewer")!;
          Object.assign(viewer, { preset: "carotid" });
          Object.assign(viewer, { gain: 10, depth: 25 });
          viewer.preset = name as string;
          Object.assign(viewer, more);
          // Until the feature that knows presets is there.
          await new Promise((resolve) => setTimeout(resolve, 600));
        },
        [preset, after] as const,
      );
    // The first time it is loaded, the second time it is there.
    await choose("thyroid", { dynamicRange: 41 });
    const first = await settings();
    assert.is.not(first.gain, 10);
    assert.is.not(first.depth, 25);
    assert.is(first.dynamicRange, 41);
    await choose("thyroid", { dynamicRange: 41 });
    assert.equal(await settings(), first);
  });
});

test("a device without a protocol is refused with the names of those there are", async () => {
  await onStage({ body: "<echo-viewer></echo-viewer>" }, async ({ page, expectError }) => {
    expectError(/protocol/);
    for (const ask of [
      "viewer.connectDevice('ws://127.0.0.1:9/x')",
      "viewer.probe = 'ws://127.0.0.1:9/x'",
      "viewer.connectDevice(new ReadableStream())",
    ]) {
      await page.evaluate(`{ const viewer = document.querySelector("echo-viewer"); ${ask} }`);
      await page.locator("echo-viewer [part=error]").waitFor();
      assert.match(await textOf(page, "[part=error]"), /protocol.*echopen-e2/, ask);
      await page.locator("echo-viewer .dismiss").click();
    }
  });
});

test("frames of a source are taken once, also when it takes the place of one that was lost", async () => {
  await onStage({ body: "<echo-viewer></echo-viewer>" }, async ({ page }) => {
    const taken = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const { connect } = viewer.backend;
      const open: Record<string, number> = {};
      const most: Record<string, number> = {};
      let silent = false;
      viewer.backend = {
        ...viewer.backend,
        connect: async (probe, options) => {
          const name = String(probe);
          const source = await connect(name, options);
          const link = { state: "live", sinceMs: 0, failures: 0 };
          return {
            info: source.info,
            live: true,
            link,
            statistics: {},
            subscribe: () => () => undefined,
            frame: (index: number) => source.frame(index),
            close: () => source.close(),
            async *frames(range: { signal?: AbortSignal }) {
              open[name] = (open[name] ?? 0) + 1;
              most[name] = Math.max(most[name] ?? 0, open[name]);
              try {
                for await (const frame of source.frames(range)) if (!silent) yield frame;
              } finally {
                open[name]--;
              }
            },
          };
        },
      };
      const until = async (phase: string, name = "") => {
        const end = performance.now() + 10_000;
        while (viewer.phase !== phase || (name && !open[name])) {
          if (performance.now() > end)
            throw new Error(`${viewer.phase} instead of ${phase} ${JSON.stringify(open)}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      for (const name of ["simulated", "simulated:phased", "simulated:convex"]) {
        viewer.probe = name;
        await until("live", name);
        silent = true;
        await until("no-signal");
        silent = false;
      }
      await until("live");
      return { most, open };
    });
    assert.equal(taken.most, { simulated: 1, "simulated:phased": 1, "simulated:convex": 1 });
    assert.equal(taken.open, { simulated: 0, "simulated:phased": 0, "simulated:convex": 1 });
  });
});

test.after(closeBrowser);
test.run();

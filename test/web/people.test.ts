/**
 * The viewer for everyone, in Chromium: axe in every state and appearance, every action by keyboard, by one pointer without
 * dragging and by touch, languages, keys that are given and taken, focus, motion.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EchoHotkeysDetail, EchoViewDetail } from "../../web/index.ts";
import {
  barriers,
  closeBrowser,
  onStage,
  type Stage,
  type StageOptions,
  textOf,
  waitForPhase,
} from "./browser.ts";
import type { FakeOptions } from "./fake-backend.ts";
import { loadFakeBackend, onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

interface State {
  name: string;
  source?: { src: string } | { probe: string };
  fake?: FakeOptions;
  /** Set when there is a picture. */
  frozen?: boolean;
  stalled?: boolean;
  /** The phase that shows that it is there. */
  phase: string;
  /** Clicked, or a key pressed, when it is there. */
  click?: string;
  key?: string;
}

const probe = { probe: "simulated" };
const src = { src: "scan.uff" };
const fake = { rateHz: 8 };

const STATES: readonly State[] = [
  { name: "idle", phase: "idle" },
  { name: "loading", source: { src: "never.uff" }, phase: "loading" },
  { name: "live", source: probe, fake: { ...fake, output: { mi: 0.8, tis: 0.3 } }, phase: "live" },
  { name: "delayed", source: probe, fake: { ...fake, runMs: 1600 }, phase: "delayed" },
  { name: "no-signal", source: probe, fake, stalled: true, phase: "no-signal" },
  { name: "frozen", source: probe, fake, frozen: true, phase: "frozen" },
  {
    name: "file",
    source: src,
    fake: { warnings: ["57 degrees are assumed."] },
    phase: "file",
    click: ".warnings-toggle",
  },
  { name: "ended", source: probe, fake: { ...fake, endsAfter: 6 }, phase: "ended" },
  { name: "error", source: { src: "bad.uff" }, phase: "error" },
  { name: "shortcuts", source: src, phase: "file", key: "?" },
  { name: "settings", source: src, phase: "file", click: ".settings-toggle" },
  { name: "view", source: src, phase: "file", click: ".rail-view" },
  ...["imaging", "modes", "measure", "cine", "export", "device"].map((drawer) => ({
    name: drawer,
    source: src,
    phase: "file",
    click: `.rail-${drawer}`,
  })),
];

/** Names of the features with a drawer, so that none is forgotten above. */
const drawersOf = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelector("echo-viewer")!.shadowRoot!.querySelectorAll(".rail button")].map(
      (button) => /rail-([\w-]+)/.exec(button.className)![1],
    ),
  );

/** All states at once, a viewer each. */
function onAllStates(
  options: StageOptions & { attributes: string },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const viewers = STATES.map(
    ({ name }) =>
      `<echo-viewer id="${name}" label="${name}" class="one" ${options.attributes}></echo-viewer>`,
  );
  return onStage(
    {
      person: options.person,
      width: 1700,
      height: 3000,
      body: "/states.html",
      extra: {
        "/states.html": `<!doctype html><html lang="en"><head><title>States</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/one.css"><script type="module" src="/dist/echo-viewer.min.js"></script></head><body><main><h1>States</h1>${viewers.join("")}</main></body></html>`,
        "/one.css": "body { margin: 0 } .one { width: 420px; height: 540px; float: left }",
      },
    },
    async ({ page }) => {
      await loadFakeBackend(page);
      await page.evaluate((states) => {
        for (const { name, source, fake: given, stalled, frozen } of states) {
          const viewer = document.querySelector<HTMLElementTagNameMap["echo-viewer"]>(`#${name}`)!;
          const { backend, log } = fakeBackend(given);
          viewer.backend = backend;
          viewer.banner = { name: "Ada Lovelace", id: "1815", exam: "Carotid" };
          viewer.flip = "left-right";
          viewer.zoom = 2;
          viewer.addEventListener("echo-frame", () => {
            if (stalled) log.stalled = true;
            if (frozen) viewer.freeze();
          });
          Object.assign(viewer, source);
        }
      }, STATES);
      for (const { name, phase, click, key } of STATES) {
        await page.waitForFunction(
          ([id, wanted]) =>
            document.querySelector<HTMLElementTagNameMap["echo-viewer"]>(`#${id}`)!.phase === wanted,
          [name, phase],
        );
        if (click) await page.locator(`#${name} ${click}`).click();
        if (key) await page.locator(`#${name} .base`).press(key);
      }
      await page.locator("#shortcuts .shortcuts").waitFor();
      await page.locator("#view .view").waitFor();
      await page.waitForTimeout(400);
      await act(page);
    },
  );
}

const APPEARANCES: readonly [name: string, attributes: string, person: StageOptions["person"]][] = [
  ["dark", "", {}],
  ["light", 'theme="light"', {}],
  ["forced colours", "", { forcedColors: "active" }],
  ["right to left", 'lang="ar"', {}],
];

for (const [name, attributes, person] of APPEARANCES)
  test(`axe finds nothing wrong in any state (${name})`, () =>
    onAllStates({ attributes, person }, async (page) => {
      const drawers = await drawersOf(page);
      for (const drawer of drawers)
        assert.ok(
          STATES.some((state) => state.name === drawer),
          `a state for ${drawer}`,
        );
      // A page that stood still for a moment may call a late picture lost in between.
      for (const { name: id, phase } of STATES)
        await page.waitForFunction(
          ([one, wanted]) =>
            document.querySelector<HTMLElementTagNameMap["echo-viewer"]>(`#${one}`)!.phase === wanted,
          [id, phase],
        );
      assert.equal(await barriers(page), []);
    }));

test("auto follows the page's colour scheme, and the system where the page leaves it to that", () =>
  onStage(
    { body: '<echo-viewer theme="auto"></echo-viewer>', person: { colorScheme: "light" } },
    async ({ page }) => {
      const surface = (): Promise<string> =>
        page.locator("echo-viewer .base").evaluate((base) => getComputedStyle(base).backgroundColor);
      const [light, dark] = ["rgb(241, 243, 245)", "rgb(22, 25, 29)"];
      const scheme = (value: string) =>
        page.evaluate((set) => {
          document.documentElement.style.colorScheme = set;
        }, value);
      await scheme("light dark");
      assert.is(await surface(), light);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.is(await surface(), dark);
      await scheme("light");
      assert.is(await surface(), light);
      await scheme("dark");
      await page.emulateMedia({ colorScheme: "light" });
      assert.is(await surface(), dark);
      // A page that says nothing is light, whatever the person's system is.
      await scheme("");
      await page.emulateMedia({ colorScheme: "dark" });
      assert.is(await surface(), light);
    },
  ));

test("a long source name is cut at its end on a page that reads from right to left too", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer lang="ar" class="full"></echo-viewer>', width: 320, height: 568 },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const source = page.locator("echo-viewer .source");
      assert.equal(
        await source.evaluate((box) => {
          const { direction, textAlign } = getComputedStyle(box);
          return [direction, textAlign];
        }),
        ["ltr", "right"],
      );
    },
  ));

for (const [lang, name, direction] of [
  ["ar", "Ada Lovelace", "ltr"],
  ["en", "آدا لوفلايس", "rtl"],
])
  test(`whose picture it is is cut at its end, whichever way the viewer's language reads (${lang})`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        body: `<echo-viewer lang="${lang}" class="full"></echo-viewer>`,
        width: 320,
        height: 568,
      },
      async ({ page }) => {
        await page.evaluate((patient) => {
          document.querySelector("echo-viewer")!.banner = { name: patient, id: "1815" };
        }, name);
        const field = page.locator('echo-viewer [data-field="name"]');
        assert.is(await field.evaluate((box) => getComputedStyle(box).direction), direction);
      },
    ));

for (const [width, height] of [
  [320, 568],
  [360, 740],
  [768, 1024],
])
  test(`at ${width} x ${height} no drawer lies over freezing, the stored frames or the rail, and keys reach nothing under it`, () =>
    onFakeStage(
      { probe: "simulated", body: '<echo-viewer class="full"></echo-viewer>', width, height },
      async ({ page }) => {
        await waitForPhase(page, "live");
        for (const name of await drawersOf(page)) {
          await page.locator(`echo-viewer .rail-${name}`).click();
          await page.locator(`echo-viewer .drawer[data-feature=${name}]`).waitFor();
          await page.waitForTimeout(150);
          const [picture, ...covered] = await page.evaluate(() => {
            const root = document.querySelector("echo-viewer")!.shadowRoot!;
            const under = [...root.querySelectorAll<HTMLElement>(".cine *, .rail button, .settings input")];
            const hidden = under.filter((one) => {
              if (!one.checkVisibility({ visibilityProperty: true })) return false;
              const { left, top, width, height } = one.getBoundingClientRect();
              const hit = root.elementFromPoint(left + width / 2, top + height / 2);
              return hit?.closest(".drawer") ?? false;
            });
            const height = root.querySelector<HTMLElement>(".stage")!.offsetHeight;
            return [height >= 120 ? "whole" : `${height} px`, ...hidden.map(({ className }) => className)];
          });
          assert.equal([picture, ...covered], ["whole"], name);
        }
      },
    ));

test("where less motion is asked for, nothing moves but the picture", () =>
  onFakeStage({ src: "never.uff", person: { reducedMotion: "reduce" } }, async ({ page }) => {
    await page.locator("echo-viewer .progress").waitFor();
    await page.locator("echo-viewer .rail-view").click();
    await page.locator("echo-viewer .drawer").waitFor();
    await page.locator("echo-viewer .drawer .close").hover();
    assert.is(await page.evaluate(() => document.getAnimations().length), 0);
  }));

/** What cannot be pressed with the finger or pointer that there is, by its size (px). */
function tooSmall(page: Page, least: number): Promise<string[]> {
  return page.evaluate((px) => {
    const root = document.querySelector("echo-viewer")!.shadowRoot!;
    return [...root.querySelectorAll("button, input:not([hidden]), select, summary, a")].flatMap((one) => {
      if (!one.checkVisibility()) return [];
      // A radio button is pressed with its label.
      const { width, height } = (one.closest("label:not(.slider)") ?? one).getBoundingClientRect();
      const name = one.getAttribute("aria-label") ?? one.textContent?.trim();
      return width >= px && height >= px ? [] : [`${name}: ${width} x ${height}`];
    });
  }, least);
}

for (const [touch, least] of [
  [true, 44],
  [false, 24],
] as const)
  test(`everything that can be pressed is ${least} px each way for ${touch ? "fingers" : "a mouse"}`, () =>
    onFakeStage(
      {
        src: "scan.uff",
        fake: { warnings: ["odd"] },
        body: '<echo-viewer class="full"></echo-viewer>',
        width: 390,
        height: 844,
        person: touch ? { hasTouch: true, isMobile: true } : {},
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        assert.equal(await tooSmall(page, least), []);
        for (const name of await drawersOf(page)) {
          await page.locator(`echo-viewer .rail-${name}`).click();
          await page.locator(`echo-viewer .drawer[data-feature=${name}]`).waitFor();
          assert.equal(await tooSmall(page, least), [], name);
          await page.locator("echo-viewer .drawer .close").click();
        }
        await page.locator("echo-viewer .base").press("?");
        await page.locator("echo-viewer .shortcuts").waitFor();
        assert.equal(await tooSmall(page, least), [], "keys");
      },
    ));

/** What each action changes, and which button or slider does it with one press; `drawer`: in that one. */
const PRESSES: readonly [press: string, changes: string, drawer?: string][] = [
  [".freeze", "frozen"],
  ["input[aria-label='Stored frames']", "place"],
  ["button[aria-label='Previous frame']", "place"],
  ["button[aria-label='Next frame']", "place"],
  ["input[aria-label='Gain']", "gain"],
  ["input[aria-label='Dynamic range']", "dynamicRange"],
  ["button[aria-label='Look further left']", "centre", "view"],
  ["button[aria-label='Look further right']", "centre", "view"],
  ["button[aria-label='Look further up']", "centre", "view"],
  ["button[aria-label='Look further down']", "centre", "view"],
  ["button[aria-label='Zoom out']", "zoom", "view"],
  ["button[aria-label='Zoom in']", "zoom", "view"],
  ["button[aria-label='Show the whole image']", "zoom", "view"],
  ["input[aria-label='Zoom']", "zoom", "view"],
  ["button[aria-label='Flip left and right']", "flip", "view"],
  ["button[aria-label='Flip top and bottom']", "flip", "view"],
  ["button[aria-label='Turn clockwise']", "rotate", "view"],
  ["button[aria-label='Turn anticlockwise']", "rotate", "view"],
  [".recorded", "flip", "view"],
  [".privacy", "privacy", "view"],
  [".full-screen", "filled"],
];

for (const touch of [false, true])
  test(`every action is one ${touch ? "tap" : "click"} away, without dragging`, () =>
    onFakeStage(
      {
        probe: "simulated",
        body: '<echo-viewer class="full"></echo-viewer>',
        width: 1200,
        height: 800,
        person: { hasTouch: touch },
      },
      async ({ page }) => {
        await waitForPhase(page, "live");
        await page.waitForTimeout(500);
        await page.evaluate(() => {
          const viewer = document.querySelector("echo-viewer")!;
          viewer.banner = { name: "Ada" };
          viewer.zoom = 8;
          viewer.addEventListener("echo-view", (event) =>
            Object.assign(viewer, { seenCentre: `${(event as CustomEvent<EchoViewDetail>).detail.centre}` }),
          );
        });
        const stateOf = (): Promise<Record<string, string>> =>
          page.evaluate(() => {
            const viewer = document.querySelector("echo-viewer")! as HTMLElementTagNameMap["echo-viewer"] & {
              seenCentre?: string;
            };
            const { frozen, gain, dynamicRange, zoom, flip, rotate, privacy, seenCentre } = viewer;
            const place = viewer.shadowRoot!.querySelector(".place")!.textContent;
            const filled = viewer.matches(":state(filled)");
            const all = {
              frozen,
              gain,
              dynamicRange,
              zoom,
              flip,
              rotate,
              privacy,
              centre: seenCentre,
              place,
              filled,
            };
            return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
          });
        for (const [press, changes, drawer] of PRESSES) {
          const viewer = page.locator("echo-viewer");
          if (drawer && !(await viewer.locator(`.drawer[data-feature=${drawer}]`).count()))
            await viewer.locator(`.rail-${drawer}`).click();
          const one = viewer.locator(`${drawer ? ".drawer " : ""}${press}`);
          const before = (await stateOf())[changes];
          const box = (await one.boundingBox())!;
          // A slider is pressed near its end, everything else in its middle.
          const position = { x: box.width * (press.startsWith("input") ? 0.3 : 0.5), y: box.height / 2 };
          if (touch) await one.tap({ position });
          else await one.click({ position });
          for (let i = 0; i < 40 && (await stateOf())[changes] === before; i++) await page.waitForTimeout(25);
          assert.is.not((await stateOf())[changes], before, `${press} changes ${changes}`);
        }
      },
    ));

test("every action has a key, no two the same, and the list of keys shows them by feature", () =>
  onFakeStage({ src: "scan.uff", width: 1280, height: 900 }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.locator("echo-viewer .base").press("?");
    await page.locator("echo-viewer .shortcuts").waitFor();
    await page.waitForTimeout(300);
    const rows = await page.evaluate(() =>
      [...document.querySelector("echo-viewer")!.shadowRoot!.querySelectorAll(".shortcuts dl div")].map(
        (row) => ({
          keys: [...row.querySelectorAll("kbd")].map((key) => key.textContent),
          label: row.querySelector("dd")!.textContent,
        }),
      ),
    );
    for (const { keys, label } of rows) assert.ok(keys.length, `${label} has a key`);
    const all = rows.flatMap(({ keys }) => keys);
    assert.equal([...new Set(all)], all, "each key does one thing");
    const groups = await page.locator("echo-viewer .shortcuts h3").allTextContents();
    assert.equal(groups[0], "Image and stored frames");
    assert.ok(groups.includes("View") && groups.includes("Cine"), `${groups}`);
  }));

const assignKey = async (page: Page, action: RegExp, key: string): Promise<void> => {
  await page.locator("echo-viewer .shortcuts").getByRole("button", { name: action }).click();
  await page.keyboard.press(key);
};

test("a person gives an action another key, is told who had it, and the page may remember it", () =>
  onFakeStage(
    { probe: "simulated", body: "<echo-viewer remember-hotkeys></echo-viewer>", width: 1280, height: 900 },
    async ({ page, address }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        const told: unknown[] = [];
        Object.assign(window, { told });
        document.addEventListener("echo-hotkeys", (event) =>
          told.push((event as CustomEvent<EchoHotkeysDetail>).detail.hotkeys),
        );
      });
      await page.locator("echo-viewer .base").press("?");
      await page.locator("echo-viewer .shortcuts").waitFor();
      await assignKey(page, /^Freeze or run/, "r");
      assert.is(
        await textOf(page, ".shortcuts .key-note"),
        "r: Freeze or run; play or pause a file, and no longer “Turn clockwise”",
      );
      // It stands across the list, in the list's own colours.
      assert.equal(
        await page.evaluate(() => {
          const list = document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".shortcuts")!;
          const note = list.querySelector(".key-note")!;
          const [one, all] = [getComputedStyle(note), getComputedStyle(list)];
          return [one.color === all.color, note.clientWidth === list.clientWidth];
        }),
        [true, true],
      );
      assert.equal(await page.evaluate(() => (window as unknown as { told: unknown[] }).told), [
        { toggle: ["r"], "view.turn": [] },
      ]);
      assert.equal(await barriers(page), []);
      await page.keyboard.press("Escape");
      assert.is(await page.locator("echo-viewer .shortcuts").count(), 0);
      await page.locator("echo-viewer .base").press("r");
      await waitForPhase(page, "frozen");
      assert.match((await page.locator("echo-viewer .freeze").getAttribute("title")) ?? "", /\(r\)/);
      await page.goto(`${address}/page.html`);
      assert.equal(await page.evaluate(() => document.querySelector("echo-viewer")!.hotkeys), {
        toggle: ["r"],
        "view.turn": [],
      });
      await page.locator("echo-viewer .base").press("?");
      await page.locator("echo-viewer .shortcuts .reset").click();
      assert.equal(await page.evaluate(() => document.querySelector("echo-viewer")!.hotkeys), {});
      await page.goto(`${address}/page.html`);
      assert.equal(await page.evaluate(() => document.querySelector("echo-viewer")!.hotkeys), {});
    },
  ));

test("what arrives late takes neither the focus nor the awaited key from a person who gives an action a key", () =>
  onFakeStage({ probe: "simulated", width: 1280, height: 900 }, async ({ page }) => {
    await waitForPhase(page, "live");
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/dist/feature-{imaging,modes,measure}.js", async (route) => {
      await held;
      await route.continue();
    });
    await page.locator("echo-viewer .base").press("?");
    const list = page.locator("echo-viewer .shortcuts");
    await list.getByRole("button", { name: /^Freeze or run/ }).click();
    const known = await list.locator("dt").count();
    release();
    await list.locator("dt").nth(known).waitFor();
    await page.waitForTimeout(200);
    await page.keyboard.press("r");
    assert.match(await textOf(page, ".shortcuts .key-note"), /^r: Freeze or run/);
  }));

test("a page gives keys, and switches them off; Escape still closes", () =>
  onFakeStage(
    { probe: "simulated", body: `<echo-viewer hotkeys='{"toggle":"k","gain-up":["Ctrl+g"]}'></echo-viewer>` },
    async ({ page }) => {
      await waitForPhase(page, "live");
      const base = page.locator("echo-viewer .base");
      await base.press("Control+g");
      assert.is(await page.locator("echo-viewer").getAttribute("gain"), "1");
      await base.press("k");
      await waitForPhase(page, "frozen");
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.nohotkeys = true;
      });
      await base.press("k");
      await base.press("Control+g");
      assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "frozen");
      assert.is(await page.locator("echo-viewer").getAttribute("gain"), "1");
      await page.locator("echo-viewer .rail-view").click();
      await page.locator("echo-viewer .drawer").waitFor();
      await page.keyboard.press("Escape");
      assert.is(await page.locator("echo-viewer .drawer").count(), 0);
      await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("hotkeys", "[1]"));
      await page.locator("echo-viewer .error").waitFor();
      assert.match(await textOf(page, ".error"), /hotkeys must be a JSON object/);
    },
  ));

test("keys for an action that there is not are refused by its name; those of features that are not loaded are taken", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    const give = (hotkeys: Record<string, string>) =>
      page.evaluate((given) => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.hotkeys = given;
        return viewer.hotkeys;
      }, hotkeys);
    const given = { toggle: "k", "measure.distance": "q" };
    assert.equal(await give(given), { toggle: ["k"], "measure.distance": ["q"] });
    assert.is(await page.locator("echo-viewer .error").count(), 0);
    assert.equal(await give({ freeze: "x", toggle: "y" }), { toggle: ["k"], "measure.distance": ["q"] });
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /hotkeys names "freeze", which is no action/);
  }));

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const active = document.querySelector("echo-viewer")!.shadowRoot!.activeElement;
    return `${active?.closest(".drawer") ? "drawer " : ""}${active?.className.replace(/button/g, "").trim()}`;
  });

test("the focus goes into a drawer and back, and is never lost", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer class="full"></echo-viewer>', width: 390, height: 844 },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator("echo-viewer .rail-view").focus();
      await page.keyboard.press("Enter");
      await page.locator("echo-viewer .drawer").waitFor();
      await page.waitForTimeout(100);
      assert.is(await focused(page), "drawer close");
      await page.keyboard.press("Escape");
      await page.waitForTimeout(100);
      assert.is(await focused(page), "rail-view");
      // On a phone the drawer stands where the sliders were: nothing lies under it, and it stays when the focus goes on.
      await page.keyboard.press("Enter");
      await page.locator("echo-viewer .drawer").waitFor();
      await page.waitForTimeout(100);
      for (let i = 0; i < 16 && (await focused(page)).startsWith("drawer"); i++)
        await page.keyboard.press("Tab");
      await page.waitForTimeout(100);
      assert.is(await page.locator("echo-viewer .drawer").count(), 1);
      assert.is.not(await focused(page), "undefined");
    },
  ));

test("what keys do is said while a slider has the focus, which says its own value itself", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer class="full"></echo-viewer>', width: 1200, height: 800 },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const said = page.locator("echo-viewer .said[role=status]");
      const gain = page.locator("echo-viewer .settings [part~=gain] input");
      for (const [key, sentence] of [
        ["h", /Flipped left to right/],
        ["N", /Patient hidden/],
        ["r", /90/],
        ["]", /Dynamic range/],
        ["+", /zoom/i],
      ] as const) {
        await gain.press(key);
        await said.filter({ hasText: sentence }).waitFor({ state: "attached" });
      }
      const before = await said.textContent();
      await gain.press("ArrowRight");
      await page.waitForTimeout(700);
      assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.gain), 1);
      assert.is(await said.textContent(), before);
    },
  ));

test("the name of a button stands beside it while the keyboard is on it", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const tip = page.locator("echo-viewer .tip");
    assert.not.ok(await tip.isVisible());
    await page.locator("echo-viewer .base").focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
    assert.ok(await tip.isVisible());
    assert.is(await tip.textContent(), "Full screen (f)");
    await page.keyboard.press("Escape");
    assert.not.ok(await tip.isVisible());
    // It goes with its button, also where no event says that the focus has left.
    await page.locator("echo-viewer .rail-view").focus();
    await page.keyboard.press("Enter");
    await page.locator("echo-viewer .drawer").waitFor();
    assert.is(await tip.textContent(), "Close");
    assert.ok(await tip.isVisible());
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.shadowRoot!.addEventListener("focusout", (event) => event.stopImmediatePropagation(), true);
      viewer.shadowRoot!.addEventListener("focusin", (event) => event.stopImmediatePropagation(), true);
      viewer.shadowRoot!.querySelector<HTMLElement>(".rail-view")!.click();
    });
    await page.locator("echo-viewer .drawer").waitFor({ state: "detached" });
    assert.is.not((await tip.isVisible()) && (await tip.textContent()), "Close");
  }));

test("a finger reads what a mark means, and what had no room, with a tap; the next tap puts it away", () =>
  onFakeStage(
    {
      src: "scan.uff",
      width: 280,
      height: 560,
      body: `<echo-viewer class="full" flip="left-right" banner='{"name":"Ada Example","id":"17","institution":"A clinic far away"}'></echo-viewer>`,
      person: { hasTouch: true },
      fake: { acquisition: { kind: "beamformed", name: "A probe with a long name", centerFrequencyHz: 5e6 } },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const tip = page.locator("echo-viewer .tip");
      const told = async (selector: string): Promise<string> => {
        await page.locator(`echo-viewer ${selector}`).tap({ position: { x: 3, y: 3 } });
        await tip.waitFor();
        const box = (await tip.boundingBox())!;
        assert.ok(box.x >= 0 && box.x + box.width <= 280, `${JSON.stringify(box)} has room`);
        return (await tip.textContent()) ?? "";
      };
      assert.match(await told(".patient"), /Ada Example\n.*17\n.*A clinic far away/);
      const dots = await page
        .locator("echo-viewer .patient")
        .evaluate((line) => getComputedStyle(line, "::after").content);
      assert.is(dots, '"…"', "what is left out has a sign");
      await page.locator("echo-viewer .stage").tap({ position: { x: 20, y: 60 } });
      await tip.waitFor({ state: "hidden" });
      const parameters = await page.locator("echo-viewer .made span").allTextContents();
      const all = await told(".made");
      for (const text of parameters) assert.ok(all.includes(text), `${text} in ${all}`);
      assert.ok((await told(".turned")).length > 3);
      await page.locator("echo-viewer button[part~=open]").tap();
      await tip.waitFor({ state: "hidden" });
    },
  ));

test("what a tap told follows what it is told of: hidden, another one's, gone", () =>
  onFakeStage(
    {
      src: "scan.uff",
      body: `<echo-viewer banner='{"name":"Ada Example","id":"17","sex":"F"}'></echo-viewer>`,
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const tip = page.locator("echo-viewer .tip");
      await page.locator("echo-viewer .patient").tap();
      assert.match((await tip.textContent())!, /Ada Example/);
      const change = (what: object): Promise<unknown> =>
        page.evaluate(async (given) => {
          const viewer = document.querySelector("echo-viewer")!;
          Object.assign(viewer, given);
          await viewer.updateComplete;
        }, what);
      await change({ privacy: true });
      assert.is(await tip.textContent(), "Sex: F");
      await change({ privacy: false, banner: { name: "Bob Example", id: "17", sex: "M" } });
      assert.match((await tip.textContent())!, /^Name: Bob Example\n.*17\nSex: M$/);
      await change({ banner: null });
      assert.is(await tip.isVisible(), false);
    },
  ));

test("a tap on what a page puts over the picture tells no title of the page around", () =>
  onFakeStage(
    {
      src: "scan.uff",
      body: '<section title="Around"><echo-viewer><span id="over" slot="overlay">Over</span></echo-viewer></section>',
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator("#over").tap({ force: true });
      await page.waitForTimeout(100);
      assert.is(await page.locator("echo-viewer .tip").isVisible(), false);
    },
  ));

test("in a thumbnail what a tap tells lies inside the viewer", () =>
  onFakeStage(
    {
      src: "scan.uff",
      body: `<echo-viewer class="small" banner='{"name":"Ada Example","id":"17","birthDate":"1980-02-01","sex":"F","exam":"Carotid"}'></echo-viewer>`,
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator("echo-viewer .patient").tap();
      const [tip, viewer] = await Promise.all([
        page.locator("echo-viewer .tip").boundingBox(),
        page.locator("echo-viewer").boundingBox(),
      ]);
      assert.ok(tip!.y >= viewer!.y, JSON.stringify([tip, viewer]));
      assert.ok(tip!.y + tip!.height <= viewer!.y + viewer!.height, JSON.stringify([tip, viewer]));
    },
  ));

test("a finger reads all of a tip that is higher than a thumbnail, and puts it away", () =>
  onFakeStage(
    {
      src: "scan.uff",
      body: `<echo-viewer class="small" banner='{"name":"Ada Example of Elsewhere","id":"1234567890","birthDate":"1980-02-01","sex":"F","exam":"Carotid, both sides","date":"2026-11-20","operator":"Dr Example","institution":"A clinic far away","note":"Fasting"}'></echo-viewer>`,
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const tip = page.locator("echo-viewer .tip");
      await page.locator("echo-viewer .patient").tap();
      const { y, height } = (await page.locator("echo-viewer").boundingBox())!;
      const box = (await tip.boundingBox())!;
      assert.ok(box.y + box.height <= y + height, JSON.stringify(box));
      const hidden = await tip.evaluate((one) => one.scrollHeight - one.clientHeight);
      assert.ok(hidden > 0, "it has no room");
      const session = await page.context().newCDPSession(page);
      for (let drag = 0; drag < 2; drag++) {
        for (let up = 10; up < 140; up += 10)
          await session.send("Input.dispatchTouchEvent", {
            type: up === 10 ? "touchStart" : "touchMove",
            touchPoints: [{ x: box.x + 60, y: box.y + box.height - up }],
          });
        await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      }
      await page.waitForFunction((one) => one!.scrollTop > 0, await tip.elementHandle());
      await page.waitForTimeout(100);
      assert.ok(await tip.isVisible());
      assert.ok((await tip.evaluate((one) => one.scrollTop)) >= hidden - 1, "its end is seen");
      await tip.tap();
      assert.is(await tip.isVisible(), false);
    },
  ));

test("the viewer speaks the nearest language, follows it, and mirrors its chrome only", () =>
  onFakeStage(
    { src: "scan.uff", body: '<div id="near" lang="fr"><echo-viewer></echo-viewer></div>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.waitForFunction(
        () =>
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".notice")!.textContent !==
          "Not for diagnostic use",
      );
      assert.is(await textOf(page, ".badge"), "Fichier");
      assert.match(await textOf(page, ".place"), /0,00 s/);
      const side = async (part: string): Promise<string> => {
        const [one, all] = [
          (await page.locator(`echo-viewer ${part}`).boundingBox())!,
          (await page.locator("echo-viewer").boundingBox())!,
        ];
        return one.x + one.width / 2 < all.x + all.width / 2 ? "left" : "right";
      };
      assert.is(await side(".badge"), "left");
      const pictureEdge = (): Promise<number> =>
        page.evaluate(() => {
          const { data, width, height } = pixelsOn("canvas.picture");
          const row = data.subarray(4 * width * (height >> 1)).subarray(0, 4 * width);
          return Array.from({ length: width }, (_, x) => row[x * 4]).indexOf(
            Math.max(...row.filter((_, i) => i % 4 === 0)),
          );
        });
      const before = await pictureEdge();
      await page.evaluate(() => document.querySelector("#near")!.setAttribute("lang", "ar-EG"));
      await page.waitForFunction(
        () =>
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".base")!.getAttribute("dir") ===
          "rtl",
      );
      await page.waitForTimeout(100);
      assert.is(await textOf(page, ".badge"), "ملف");
      assert.match(await textOf(page, ".place"), /0\.00/);
      assert.is(await side(".badge"), "right");
      assert.is(await side(".play"), "left", "time runs from left to right");
      assert.is(await pictureEdge(), before, "the picture is as it was");
      await page.evaluate(() => {
        const { registerLanguage } = customElements.get("echo-viewer") as unknown as {
          registerLanguage(tag: string, texts: object): void;
        };
        document.querySelector("#near")!.setAttribute("lang", "nl");
        registerLanguage("nl", { messages: { notice: "Niet voor diagnose" } });
      });
      await page.waitForFunction(
        () =>
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".notice")!.textContent ===
          "Niet voor diagnose",
      );
    },
  ));

test("what a person changes is said once, politely", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(600);
    const base = page.locator("echo-viewer .base");
    for (const [key, said] of [
      ["h", "Flipped left to right, not turned"],
      ["+", "Zoom 1.3"],
      ["N", "Patient hidden"],
      ["]", "Dynamic range 55 decibels"],
    ] as const) {
      await base.press(key);
      await page.waitForTimeout(550);
      assert.is(await textOf(page, ".said"), said);
    }
  }));

test("freezing, and what keys change of how stored frames play, is said", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(900);
    const base = page.locator("echo-viewer .base");
    for (const [key, said] of [
      ["Space", /^Image frozen\./],
      [">", /^Speed 2 times$/],
      ["l", /^At the end: Back and forth$/],
      ["i", /^Frames (\d+) to \1$/],
    ] as const) {
      await base.press(key);
      await page.waitForTimeout(700);
      assert.match(await textOf(page, ".said"), said);
    }
  }));

test("a held Enter is not the key that is awaited; Reset leaves the focus in the list; Escape closes what is on top", () =>
  onFakeStage({ probe: "simulated", width: 1280, height: 900 }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator("echo-viewer .base").press("?");
    await page.locator("echo-viewer .shortcuts .key").first().focus();
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    assert.equal(await page.evaluate(() => document.querySelector("echo-viewer")!.hotkeys), {});
    await page.keyboard.press("r");
    await page.locator("echo-viewer .shortcuts .reset").focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(100);
    const inList = () =>
      page.evaluate(
        () => !!document.querySelector("echo-viewer")!.shadowRoot!.activeElement?.closest(".shortcuts"),
      );
    assert.is(await inList(), true);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.gain = Number.NaN;
    });
    await page.locator("echo-viewer .error").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("echo-viewer .error").waitFor({ state: "detached" });
    assert.is(await page.locator("echo-viewer .shortcuts").count(), 1);
  }));

test("a swipe that scrolls the page sets no slider; a tap and a move along it do", () =>
  onFakeStage(
    {
      probe: "simulated",
      body: '<echo-viewer class="full"></echo-viewer>',
      width: 390,
      height: 844,
      person: { hasTouch: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        document.body.style.minBlockSize = "4000px";
      });
      const slider = page.locator("echo-viewer [part~=gain] input");
      await slider.scrollIntoViewIfNeeded();
      const touch = await page.context().newCDPSession(page);
      const finger = async (places: readonly (readonly [u: number, dy: number])[]) => {
        const box = (await slider.boundingBox())!;
        for (const [i, [u, dy]] of places.entries()) {
          await touch.send("Input.dispatchTouchEvent", {
            type: i ? "touchMove" : "touchStart",
            touchPoints: [{ x: box.x + u * box.width, y: box.y + box.height / 2 + dy }],
          });
          await page.waitForTimeout(40);
        }
        await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
        await page.waitForTimeout(400);
        return page.evaluate(() => ({ gain: document.querySelector("echo-viewer")!.gain, y: scrollY }));
      };
      const from = await page.evaluate(() => scrollY);
      const swiped = await finger([0, -10, -25, -45, -70, -100, -130].map((dy) => [0.9, dy] as const));
      assert.ok(swiped.y > from + 50, `scrolled from ${from} to ${swiped.y}`);
      assert.is(swiped.gain, 0);
      assert.is(await slider.inputValue(), "0");
      await page.evaluate((y) => scrollTo(0, y), from);
      await page.waitForTimeout(100);
      assert.ok((await finger([[0.9, 0]])).gain > 20, "a tap");
      const moved = await finger([0.9, 0.8, 0.7, 0.6, 0.3].map((u) => [u, 0] as const));
      assert.ok(moved.gain < -5, `${moved.gain}`);
    },
  ));

test.after(closeBrowser);
test.run();

/** The examples site: every page under the strictest policy, with nothing for axe to say, and with what it promises to show. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ElementHandle } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EchoViewer } from "../../web/index.ts";
import { barriers, closeBrowser, onStage, type Stage } from "./browser.ts";

type Page = Stage["page"];

const site = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const files = readdirSync(site);
const pages = files.filter((name) => name.endsWith(".html"));
const examples = pages.filter((name) => !["index.html", "lesson.html", "playground.html"].includes(name));

const press = (page: Page, id: string): Promise<void> => page.locator(`#${id}`).click();
const said = (page: Page, id = "said"): Promise<string> => page.locator(`#${id}`).innerText();

/** Waits for something in the page to become true; looked at from outside, as the page's policy forbids `eval`. */
async function until(page: Page, condition: string): Promise<void> {
  for (const end = Date.now() + 60_000; !(await page.evaluate(condition)); ) {
    if (Date.now() > end) throw new Error(`it never was: ${condition}`);
    await page.waitForTimeout(50);
  }
}

/** The viewer, as the page's own script would ask it. */
const ask = (page: Page, expression: string): Promise<unknown> =>
  page.evaluate(`document.querySelector("echo-viewer").${expression}`);

/** A key on the picture. */
async function key(page: Page, name: string): Promise<void> {
  await page.locator("echo-viewer .base").first().focus();
  await page.keyboard.press(name);
}

/** Moves a slider of the page. */
const slide = (page: Page, selector: string, value: string): Promise<void> =>
  page.locator(selector).fill(value);

const freeze = (page: Page): Promise<unknown> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.freeze());

/** What each page's script does, as its text says. */
const INTERACTIONS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async banner(page) {
    const patient = page.locator("echo-viewer [part=patient]");
    await page.locator("#name").fill("Phantom, Eight");
    await until(
      page,
      `/Phantom, Eight/.test(document.querySelector("echo-viewer").shadowRoot.querySelector(".patient").textContent)`,
    );
    await page.locator("#privacy").check();
    await page.locator("echo-viewer .hidden-patient").waitFor();
    assert.not.match(await patient.innerText(), /Eight|P-007|1990/);
    assert.match(await patient.innerText(), /Abdomen/);
  },
  async cine(page) {
    await page.locator("#trim").check();
    await press(page, "play");
    const seen = new Set<string>();
    await until(page, "document.querySelector('#frame').textContent !== ''");
    for (let i = 0; i < 40 && seen.size < 4; i++) {
      seen.add(await said(page, "frame"));
      await page.waitForTimeout(50);
    }
    for (const text of seen) if (/^1 /.test(text)) seen.delete(text);
    assert.ok(seen.size > 1, [...seen].join());
    for (const text of seen) assert.match(text, /^[4-7] of \d+$/);
    await key(page, ">");
    await until(page, "document.querySelector('#speed').value === '2'");
    await key(page, "l");
    await until(page, "document.querySelector('#repeat').value === 'once'");
    await press(page, "play");
    await key(page, "Home");
    await key(page, "i");
    await until(page, "document.querySelector('#part').textContent === '1 to 7'");
    await page.locator("#trim").uncheck();
    await until(page, "document.querySelector('#part').textContent === '4 to 7'");
    await key(page, "o");
    await until(page, "document.querySelector('#part').textContent === '1 to 1'");
    assert.is(await page.locator("#trim").isChecked(), true);
    await page.locator("#place").fill("2");
    await until(page, "document.querySelector('#frame').textContent.startsWith('3 of ')");
    await key(page, "Home");
    await until(page, "document.querySelector('#place').value === '0'");
  },
  async device(page) {
    await until(page, "document.querySelectorAll('#facts dd').length === 5");
    assert.match(await said(page, "facts"), /convex, 72 elements/);
  },
  async events(page) {
    await freeze(page);
    await until(page, "/echo-freeze .*true/.test(document.querySelector('#said').textContent)");
    await key(page, "<");
    await until(page, `/echo-play .*"speed":0.5/.test(document.querySelector('#said').textContent)`);
  },
  async export(page) {
    await press(page, "take");
    await page.locator("#taken img").waitFor();
    await press(page, "spoil");
    assert.is(await ask(page, "gain"), -20);
    await press(page, "again");
    await page.locator("echo-viewer [part=restored]").waitFor();
    assert.equal(await ask(page, "gain"), 12);
    assert.is(await ask(page, "greyMap"), "warm");
  },
  async files(page) {
    const file = {
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("No echoes here, only words."),
    };
    await page.locator("#own").setInputFiles(file);
    await until(page, "/^unsupported-format: /.test(document.querySelector('#said').textContent)");
    const recording = { name: "mine.npy", mimeType: "", buffer: readFileSync(`${site}heart-beat.npy`) };
    await page.locator("#own").setInputFiles(recording);
    await until(page, "document.querySelector('#said').textContent === 'mine.npy: NPY, 12 frames'");
    await press(page, "back");
    await until(page, "document.querySelector('#said').textContent === 'heart-beat.npy: NPY, 12 frames'");
  },
  async freeze(page) {
    await page.locator("#forbid").check();
    await freeze(page);
    assert.is(await ask(page, "frozen"), false);
    await page.locator("#forbid").uncheck();
    await page.locator("#rest").check();
    assert.is(await ask(page, "autoFreeze"), 20);
    await freeze(page);
    assert.is(await ask(page, "frozen"), true);
  },
  async imaging(page) {
    await key(page, "g");
    await until(page, `document.querySelector('#tag').textContent.includes('grey-map="contrast"')`);
    assert.match(await said(page, "tag"), /gain="6" dynamic-range="60" .*depth="25"/);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.tgc = [-3, 0, 5];
    });
    await key(page, "g");
    await until(page, `document.querySelector('#tag').textContent.includes('tgc="-3,0,5"')`);
  },
  async keys(page) {
    await key(page, "k");
    await until(page, "document.querySelector('echo-viewer').frozen");
    await page.locator("#off").check();
    await key(page, "k");
    assert.is(await ask(page, "frozen"), true);
  },
  async languages(page) {
    const read = (text: string) =>
      until(
        page,
        `document.querySelector('echo-viewer').shadowRoot.querySelector('[part~=freeze]').textContent.includes(${JSON.stringify(text)})`,
      );
    await until(
      page,
      "getComputedStyle(document.querySelector('echo-viewer').shadowRoot.querySelector('.base')).direction === 'rtl'",
    );
    await page.locator("#language").selectOption("es");
    await read("Congelar");
  },
  async many(page) {
    await press(page, "fewer");
    await press(page, "all");
    assert.is(await said(page, "count"), "5 left");
    assert.is(
      await page.evaluate(() => [...document.querySelectorAll("echo-viewer")].every(({ frozen }) => frozen)),
      true,
    );
  },
  async measure(page) {
    type Kept = { measurements: { values: { value: number }[] }[] };
    const kept = async () => JSON.parse(await page.locator("#text").inputValue()) as Kept;
    await until(page, "document.querySelector('echo-viewer').measurements.measurements.length === 1");
    await press(page, "save");
    const before = await kept();
    assert.ok(Math.abs(before.measurements[0].values[0].value - 0.0055) < 1e-9, JSON.stringify(before));
    await press(page, "clear");
    await until(page, "document.querySelector('echo-viewer').measurements.measurements.length === 0");
    await press(page, "restore");
    await until(page, "document.querySelector('echo-viewer').measurements.measurements.length === 1");
    await press(page, "save");
    assert.equal(await kept(), before);
  },
  async modes(page) {
    const strip = page.locator("echo-viewer [part=strip]");
    await strip.waitFor();
    await page.locator("button[value=b]").click();
    await strip.waitFor({ state: "detached" });
    assert.is(await page.locator("button[value=b]").getAttribute("aria-pressed"), "true");
    await key(page, "w");
    await strip.waitFor();
    assert.is(await page.locator("button[value=m]").getAttribute("aria-pressed"), "true");
  },
  async "own-device"(page) {
    await until(page, "document.querySelector('echo-viewer').phase === 'live'");
    await press(page, "noise");
    await page.waitForTimeout(300);
    assert.is(await ask(page, "phase"), "live");
    for (let i = 0; i < 2; i++) {
      await press(page, "plug");
      await until(page, "!['live', 'delayed'].includes(document.querySelector('echo-viewer').phase)");
      assert.is(await page.locator("#noise").isDisabled(), true);
      await press(page, "plug");
      await until(page, "document.querySelector('echo-viewer').phase === 'live'");
    }
  },
  async "own-language"(page) {
    await until(
      page,
      "document.querySelector('echo-viewer').shadowRoot.querySelector('[part~=freeze]').textContent.includes('Stilzetten')",
    );
  },
  async persistence(page) {
    await slide(page, "#persistence", "0.3");
    await slide(page, "#smoothing", "1");
    assert.equal(
      await page.evaluate(() => {
        const { persistence, smoothing } = document.querySelector<EchoViewer>("#after")!;
        return [persistence, smoothing];
      }),
      [0.3, 1],
    );
  },
  async pipeline(page) {
    await slide(page, "#f-number", "4");
    assert.is(await ask(page, "pipeline.beamform.fNumber"), 4);
    assert.is(await said(page, "shown"), "4");
  },
  async presets(page) {
    const text = async () => JSON.parse(await page.locator("#text").inputValue());
    const own = await page.locator("#text").inputValue();
    const save = async (map: string) => {
      await page.locator("#text").fill("");
      await press(page, "save");
      await until(page, `document.querySelector('#text').value.includes('"greyMap": "${map}"')`);
      return await text();
    };
    const carotid = await save("gray");
    assert.equal([carotid.depthM.start, carotid.depthM.min], [0.035, 0.015]);
    const most = await page.evaluate(() => document.querySelector("echo-viewer")!.depthLimits!.max);
    assert.is(carotid.depthM.max, most / 1000);
    assert.is(carotid.dynamicRangeDb, 55);
    assert.is(carotid.pipeline.display.persistence, 0.5);
    assert.equal(carotid.pipeline.display.speckle, { method: "bilateral", strength: 0.2 });
    await page.locator("#text").fill(own);
    await press(page, "use");
    await until(page, "document.querySelector('echo-viewer').greyMap === 'warm'");
    assert.is(await page.locator("#name").inputValue(), "");
    await key(page, "g");
    await until(page, "document.querySelector('echo-viewer').greyMap === 'cool'");
    await press(page, "use");
    await until(page, "document.querySelector('echo-viewer').greyMap === 'warm'");
    const warm = await save("warm");
    assert.is(warm.pipeline.display.persistence, 0.6);
    assert.is(warm.pipeline.display.speckle?.method ?? "none", "none");
    await press(page, "use");
    await page.waitForTimeout(300);
    assert.is(await said(page), "");
    await page.locator("#name").selectOption("carotid");
    await until(page, "document.querySelector('echo-viewer').greyMap === 'gray'");
    await key(page, "g");
    assert.is(await page.locator("#name").inputValue(), "");
    await key(page, "u");
    assert.is(await page.locator("#name").inputValue(), "carotid");
    await key(page, "g");
    await page.locator("#name").selectOption("carotid");
    await until(page, "document.querySelector('echo-viewer').greyMap === 'gray'");
    await page.locator("#text").fill(own);
    await press(page, "use");
    await press(page, "link");
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared);
    await until(page, "document.querySelector('echo-viewer')?.greyMap === 'warm'");
    await page.locator("#text").fill('{"name":"Loud","gainDb":500}');
    await press(page, "use");
    await until(page, "/gainDb/.test(document.querySelector('#said').textContent)");
  },
  async quality(page) {
    await press(page, "more");
    await until(page, "/^\\d+ % of the rows: too slow/.test(document.querySelector('#said').textContent)");
    await press(page, "less");
  },
  async script(page) {
    await press(page, "toggle");
    assert.is(await said(page, "toggle"), "Run");
    const shown = () => ask(page, "image.frameIndex") as Promise<number>;
    await page.waitForTimeout(300);
    const newest = await shown();
    await press(page, "back");
    await until(page, `document.querySelector("echo-viewer").image.frameIndex < ${newest}`);
    await press(page, "take");
    await page.locator(`#taken img[alt="Frame ${await shown()}"]`).waitFor();
    await key(page, " ");
    await until(page, "document.querySelector('#toggle').textContent === 'Freeze'");
  },
  async slots(page) {
    await freeze(page);
    await press(page, "mark");
    assert.is(await said(page, "marked"), String(await ask(page, "image.frameIndex")));
  },
  async speckle(page) {
    await page.locator("#method").selectOption("median");
    await until(page, "document.querySelector('echo-viewer').pipeline.display.speckle.method === 'median'");
  },
  async split(page) {
    await key(page, "K");
    await page.locator("echo-viewer [part=pane-badge]", { hasText: "Frozen" }).waitFor();
    await page.locator("#split").selectOption("4");
    await until(
      page,
      "document.querySelector('echo-viewer').shadowRoot.querySelectorAll('[part=pane]').length >= 3",
    );
    await key(page, "1");
    await until(page, "document.querySelector('#split').value === '1'");
  },
  async tgc(page) {
    await slide(page, "#points input:nth-child(3)", "-40");
    assert.equal(await ask(page, "tgc"), [-6, -3, -40, 2, 4, 6, 6, 6]);
    await press(page, "flat");
    assert.is(await ask(page, "tgc"), null);
    await press(page, "auto");
    await until(page, "document.querySelector('echo-viewer').tgc?.length === 8");
    assert.equal(
      await page.$$eval("#points input", (all) => all.map((one) => (one as HTMLInputElement).valueAsNumber)),
      await ask(page, "tgc"),
    );
  },
  async theme(page) {
    const surface = () =>
      page.evaluate(
        () =>
          getComputedStyle(document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".base")!)
            .backgroundColor,
      );
    const choose = (theme: string) => page.locator("#theme").selectOption(theme);
    await choose("dark");
    const dark = await surface();
    await choose("light");
    await until(page, `getComputedStyle(document.documentElement).colorScheme === "light"`);
    assert.is.not(await surface(), dark);
    await choose("dark");
    assert.is(await surface(), dark);
  },
  async view(page) {
    await key(page, "v");
    await until(page, "document.querySelector('#flip').value === 'left-right top-bottom'");
    await page.locator("#rotate").selectOption("90");
    assert.is(await ask(page, "rotate"), 90);
  },
};

test("there is a page for each feature, the lesson, the playground and a way to all of them", () => {
  assert.ok(examples.length >= 30, `${examples.length} examples`);
  for (const name of ["index.html", "lesson.html", "playground.html"]) assert.ok(pages.includes(name), name);
  const index = readFileSync(`${site}index.html`, "utf8");
  for (const name of pages) assert.ok(index.includes(`href="./${name}"`), `${name} is not in the index`);
});

test("links lead to pages, in the folder alone and as sonde serve lays it out", () => {
  const dist = fileURLToPath(new URL("../../dist", import.meta.url));
  const served = (path: string) => (/^\/(?:site|cdn|pages)\//.test(path) ? path : `/pages${path}`);
  const layouts: [base: string, fileOf: (path: string) => string, pages: string[]][] = [
    ["/", served, ["index.html", "bench.html", ...pages.map((name) => `site/${name}`)]],
    ["/", (path) => path, ["index.html", "bench.html"].map((name) => `pages/${name}`)],
    ["/any/dist/", (path) => path.slice(9), ["pages/index.html", "pages/bench.html", "site/index.html"]],
  ];
  for (const [base, fileOf, names] of layouts)
    for (const name of names) {
      const url = new URL(base + name, "http://localhost");
      const text = readFileSync(dist + fileOf(url.pathname), "utf8");
      for (const [, href] of text.matchAll(/<a [^>]*href="([^":]+)"/g)) {
        const { pathname } = new URL(href, url);
        assert.ok(existsSync(dist + fileOf(pathname)), `${url.pathname}: ${href}`);
        assert.match(pathname, /\.html$/, `${url.pathname}: a folder has no index everywhere`);
      }
    }
  assert.match(readFileSync(`${dist}/pages/bench.html`, "utf8"), /href="\.\.\/site\/index\.html"/);
});

test("what is shown as source says how script and style are attached", () => {
  for (const name of examples) {
    const id = name.slice(0, -5);
    const source = readFileSync(site + name, "utf8").replace(/<span class="\w+">|<\/span>/g, "");
    for (const [file, tag] of [
      [`${id}.js`, `&lt;script type="module" src="./${id}.js"&gt;&lt;/script&gt;`],
      [`${id}.css`, `&lt;link rel="stylesheet" href="./${id}.css"&gt;`],
    ])
      if (files.includes(file)) assert.ok(source.includes(tag), `${name}: ${tag}`);
  }
});

test("what every page's script does is looked at", () => {
  const scripts = examples.map((name) => name.slice(0, -5)).filter((id) => files.includes(`${id}.js`));
  assert.equal(Object.keys(INTERACTIONS).sort(), scripts.sort());
});

for (const [i, name] of pages.filter((page) => page !== "lesson.html").entries())
  test(`${name} shows its pictures, breaks no rule, can be used by everyone, and does what it says`, () =>
    onStage({ body: `/site/${name}`, width: 1100, height: 1400 }, async ({ page }) => {
      page.setDefaultTimeout(60_000);
      await page.waitForFunction(() =>
        [...document.querySelectorAll("echo-viewer")].every((viewer) => viewer.image !== null),
      );
      const again: [ElementHandle, number][] = [];
      for (const width of [1100, 320]) {
        await page.setViewportSize({ width, height: 1400 });
        // One page is judged wide and light, the next one narrow and dark: what they share is judged both ways.
        if ((width === 320) === (i % 2 === 1)) {
          await page.emulateMedia({ colorScheme: width === 320 ? "dark" : "light" });
          // Colours go over into each other.
          if (width === 320) await page.waitForTimeout(300);
          // Live pictures would take the processor from axe.
          const live = await page.$$("echo-viewer:state(live)");
          for (const viewer of live) await viewer.evaluate((one) => (one as EchoViewer).freeze());
          assert.equal(await barriers(page), [], `${width} px wide`);
          for (const viewer of live)
            again.push([
              viewer,
              await viewer.evaluate((one) => {
                (one as EchoViewer).run();
                return (one as EchoViewer).image!.frameIndex;
              }),
            ]);
        }
        assert.is(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          true,
          `${width} px`,
        );
      }
      await page.setViewportSize({ width: 1100, height: 1400 });
      // Those that were let run again have nothing stored of a picture before their next one.
      for (const [viewer, shown] of again)
        await page.waitForFunction(([one, last]) => (one as EchoViewer).image!.frameIndex !== last, [
          viewer,
          shown,
        ] as const);
      await INTERACTIONS[name.slice(0, -5)]?.(page);
    }));

test("the lesson shows every stage of one line, and follows its sliders", () =>
  onStage({ body: "/site/lesson.html", width: 400, height: 800 }, async ({ page }) => {
    page.setDefaultTimeout(60_000);
    const drawn = () =>
      page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll("canvas")].map((canvas) => {
            const url = canvas.toDataURL();
            let hash = 0x811c9dc5;
            for (let i = 0; i < url.length; i++) hash = Math.imul(hash ^ url.charCodeAt(i), 0x01000193);
            // An empty sheet makes a file of a few bytes.
            return [canvas.id, url.length > 3000 ? hash >>> 0 : 0];
          }),
        ),
      );
    await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
    assert.is(await page.locator("#refused").textContent(), "");
    const before = await drawn();
    assert.equal(Object.keys(before), ["raw", "analytic", "rows", "sum", "envelope", "log", "picture"]);
    for (const [id, hash] of Object.entries(before)) assert.is.not(hash, 0, `${id} is empty`);
    assert.equal(await barriers(page), []);
    const picture = await page.evaluate(() => {
      const pixelsOf = (id: string) => {
        const canvas = document.querySelector<HTMLCanvasElement>(`#${id}`)!;
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
        const grey = (x: number, y: number): number | null => {
          const [r, g, b, alpha] = data.slice(4 * (y * width + x), 4 * (y * width + x) + 4);
          return alpha === 255 && r === g && g === b ? r : null;
        };
        return { width, height, grey };
      };
      const strip = pixelsOf("log");
      const all = pixelsOf("picture");
      const [xs, ys]: [number[], number[]] = [[], []];
      for (let x = 0; x < all.width; x++) if (all.grey(x, all.height >> 1) !== null) xs.push(x);
      // The chosen line is in the middle.
      const middle = (xs[0] + xs[xs.length - 1]) >> 1;
      for (let y = 0; y < all.height; y++) if (all.grey(middle, y) !== null) ys.push(y);
      const differences = ys.map((y, i) => {
        const along = Math.floor((i / ys.length) * strip.width);
        return Math.abs((all.grey(middle, y) ?? 0) - (strip.grey(along, strip.height - 31) ?? 0));
      });
      return {
        shape: xs.length / ys.length,
        difference: differences.reduce((sum, one) => sum + one, 0) / ys.length,
      };
    });
    assert.ok(Math.abs(picture.shape - (161 * 0.125) / (721 * 0.05)) < 0.02, `shape ${picture.shape}`);
    assert.ok(picture.difference < 12, `the line has other greys than the strip: ${picture.difference}`);
    /** Height of the envelope's curve, in parts of its canvas. */
    const highest = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>("#envelope")!;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const first = data.findIndex((value, i) => i % 4 === 3 && value > 0);
        return 1 - first / 4 / canvas.width / canvas.height;
      });
    const right = await highest();
    await slide(page, "#speed", "1400");
    await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
    assert.ok((await highest()) < 0.85 * right, "less grows with a wrong speed of sound");
    await slide(page, "#speed", "1540");
    await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
    assert.is(await highest(), right);
    const move = async (id: string, key: string) => {
      await page.locator(`#${id}`).focus();
      const was = await drawn();
      await page.keyboard.press(key);
      await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
      const is = await drawn();
      return Object.keys(is).filter((one) => is[one] !== was[one]);
    };
    assert.equal(await move("element", "ArrowRight"), ["raw", "analytic"]);
    assert.equal(await move("line", "ArrowRight"), ["rows", "sum", "envelope", "log", "picture"]);
    assert.equal(await move("range", "ArrowLeft"), ["log", "picture"]);
    assert.is(await page.locator("#refused").textContent(), "");
    assert.is(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }));

test("the playground's address carries probe and pipeline", () =>
  onStage({ body: "/site/playground.html", width: 1100, height: 900 }, async ({ page, address }) => {
    page.setDefaultTimeout(60_000);
    await page.locator("#window").selectOption("boxcar");
    await page.locator("#probe").selectOption("simulated:convex");
    await page.waitForFunction(() => location.hash.includes("boxcar") && location.hash.includes("convex"));
    const shared = await page.evaluate(() => location.hash);
    await page.goto("about:blank");
    await page.goto(`${address}/site/playground.html${shared}`);
    await page.waitForFunction(() => /convex/i.test(document.querySelector("echo-viewer")!.info?.name ?? ""));
    assert.is(
      await page.evaluate(() => document.querySelector("echo-viewer")!.pipeline.beamform?.window),
      "boxcar",
    );
    await page.locator("#pipeline").fill('{"beamform":');
    assert.ok((await page.locator("#refused").textContent()) !== "");
  }));

test("the playground takes in what is changed in the viewer, and shows what the plan in force decided", () =>
  onStage({ body: "/site/playground.html", width: 1100, height: 900 }, async ({ page, address }) => {
    page.setDefaultTimeout(60_000);
    const text = async () => JSON.parse(await page.locator("#pipeline").inputValue());
    const decided = "JSON.parse(document.querySelector('#report').textContent || '{}')";
    await until(page, `${decided}.fNumber === 1.5`);
    await key(page, "t");
    const slider = page.locator("echo-viewer [part~=f-number] input");
    await page.locator("echo-viewer #imaging-tab-beam").click();
    await slider.fill("3");
    await until(page, `${decided}.fNumber === 3`);
    assert.is((await text()).beamform.fNumber, 3);
    assert.is(await page.locator("#f-number").inputValue(), "3");
    await key(page, "g");
    await until(page, "location.hash.includes('greyMap')");
    await slide(page, "#f-number", "2");
    await until(page, `${decided}.fNumber === 2`);
    assert.is(await slider.inputValue(), "2");
    assert.is((await text()).display.greyMap, await ask(page, "greyMap"));
    await slide(page, "#pipeline", '{"beamform":{"fNumber":99}}');
    await until(page, "document.querySelector('#refused').textContent !== ''");
    assert.is(await page.locator("#f-number").inputValue(), "2");
    assert.is(await ask(page, "greyMap"), "soft");
    for (const wrong of ['{"beamform', '{"beamform":{"window":"nope"}}']) {
      await page.goto("about:blank");
      await page.goto(`${address}/site/playground.html#pipeline=${encodeURIComponent(wrong)}`);
      await until(page, `${decided}.fNumber === 1.5`);
      assert.is.not(await page.locator("#refused").textContent(), "");
      assert.equal(await text(), { beamform: { window: "hann", fNumber: 1.5 } });
      assert.is(await page.locator("#window").inputValue(), "hann");
      assert.is(await said(page, "f-shown"), "1.5");
    }
    await page.evaluate(() => location.assign("#pipeline={}"));
    await until(page, "/^auto, /.test(document.querySelector('#f-shown').textContent)");
    assert.equal(await text(), {});
  }));

test("the playground keeps depth and gain of the picture and of the address the same, whatever is written or refused", () =>
  onStage({ body: "/site/playground.html", width: 1100, height: 900 }, async ({ page, address }) => {
    page.setDefaultTimeout(60_000);
    const rows = "JSON.parse(document.querySelector('#report').textContent || '{}').pipeline?.scan.z.max";
    const refused = "document.querySelector('#refused').textContent !== ''";
    const chosen = async () => [await ask(page, "depth"), await ask(page, "gain")];
    await until(page, `${rows} > 0.038`);
    for (const name of ["d", "ArrowUp", "ArrowUp"]) await key(page, name);
    await until(
      page,
      `location.hash.includes("depth=35") && location.hash.includes("gainDb%22%3A2") && ${rows} === 0.035`,
    );
    await page.locator("#window").selectOption("boxcar");
    await until(page, "location.hash.includes('boxcar')");
    // The part of the viewer that knows presets is loaded meanwhile.
    await page.waitForTimeout(500);
    assert.equal(await chosen(), [35, 2]);
    await slide(page, "#pipeline", '{"beamform":{"fNumber":-3}}');
    await until(page, refused);
    await page.waitForTimeout(500);
    assert.equal(await chosen(), [35, 2]);
    assert.match(await page.evaluate(() => location.hash), /depth=35/);
    await slide(page, "#pipeline", "{}");
    await until(page, "document.querySelector('#f-shown').textContent.startsWith('auto')");
    assert.equal(await chosen(), [35, 0]);
    await page.goto("about:blank");
    await page.goto(`${address}/site/playground.html#depth=20&pipeline={"beamform":{"fNumber":"wide"}}`);
    await until(page, refused);
    await until(page, `${rows} === 0.02`);
  }));

test.after(closeBrowser);
test.run();

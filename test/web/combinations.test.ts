/** What people do across features, in Chromium: two patients, two sources, keys faster than a network. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toUff } from "../../host/index.ts";
import { simulatedRecording } from "../../host/simulate/index.ts";
import { samePatient, withoutNames } from "../../web/echo-viewer/patient.ts";
import {
  closeBrowser,
  nextEvent,
  onStage,
  pictureHash,
  type Stage,
  textOf,
  waitForPhase,
} from "./browser.ts";
import { onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

const focus = (page: Page): Promise<void> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.focus());

const headings = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelector("echo-viewer")!.shadowRoot!.querySelectorAll<HTMLElement>(".pane")].map(
      ({ dataset, innerText }) => `${dataset["kind"]} ${innerText.replace(/\s+/g, " ")}`,
    ),
  );

const live = (attributes: string): string =>
  `<echo-viewer class="full" probe="simulated" ${attributes}></echo-viewer>`;

test("a kept picture names its source beside another one, and never stands under another patient's name", () =>
  onStage(
    { body: live(`banner='{"name":"Anna A","id":"1"}'`), width: 1000, height: 700 },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await focus(page);
      await page.keyboard.press("2");
      await page.keyboard.press("K");
      await page.locator('echo-viewer .pane[data-kind="stored"]').waitFor();
      assert.not.match((await headings(page))[1], /linear/);
      // The examination goes on: a note is no other patient.
      await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.banner = { name: "Anna A", id: "1", note: "left side" };
        viewer.probe = "simulated:convex";
      });
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.info?.name.includes("convex"));
      assert.match((await headings(page))[1], /^stored .*Simulated linear array/);
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.banner = { name: "Berta B", id: "2" };
      });
      await page.locator('echo-viewer .pane[data-kind="empty"]').waitFor();
      assert.is((await headings(page)).filter((text) => text.startsWith("stored")).length, 0);
    },
  ));

const patientShown = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      document.querySelector("echo-viewer")!.shadowRoot!.querySelector<HTMLElement>("[part~=patient]")
        ?.innerText ?? "",
  );

const measured = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.measurements.measurements.length);

const name = (page: Page, banner: object | null, src?: string): Promise<void> =>
  page.evaluate(
    ([banner, src]) => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.banner = banner;
      if (src) viewer.src = src;
    },
    [banner, src] as const,
  );

/** Two frames of a simulated probe. */
async function recording(seed: number): Promise<Uint8Array> {
  const source = await simulatedRecording({ seed, elements: 32, scatterers: 200 }, 2);
  return toUff(source.info, source.frames());
}

test("a recording that was being opened for one patient when another was named is opened anew", () =>
  onFakeStage({}, async ({ page }) => {
    const opened = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const { backend } = viewer;
      const asked: (string | undefined)[] = [];
      viewer.backend = {
        ...backend,
        open: (...given) => {
          asked.push(viewer.banner?.name);
          return backend.open(...given);
        },
      };
      viewer.banner = { name: "Anna A", id: "1" };
      viewer.src = "slow.uff";
      await new Promise((done) => setTimeout(done, 300));
      viewer.banner = { name: "Berta B", id: "2" };
      await new Promise((done) => setTimeout(done, 3600));
      return asked;
    });
    assert.equal(opened, ["Anna A", "Berta B"]);
    await waitForPhase(page, "file");
    assert.match(await patientShown(page), /Berta B/);
  }));

test("the next patient gets nothing of what was stored, frozen or measured for the last one", () =>
  onStage(
    { body: live(`banner='{"name":"Anna A","id":"1"}'`), width: 1000, height: 700 },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.waitForTimeout(800);
      await focus(page);
      await page.keyboard.press(" ");
      await waitForPhase(page, "frozen");
      await page.keyboard.press("L");
      await page.locator("echo-viewer .stage[data-tool]").waitFor();
      await page.mouse.click(480, 300);
      await page.mouse.click(520, 320);
      assert.is(await measured(page), 1);
      const saved = await page.evaluate(() =>
        JSON.stringify(document.querySelector("echo-viewer")!.measurements),
      );
      const shown = await pictureHash(page);
      const frameIndex = () => page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex);
      const hers = await frameIndex();
      // That nobody is named in between makes Anna's picture no more Berta's.
      await name(page, null);
      await page.waitForTimeout(100);
      await name(page, { name: "Berta B", id: "2" });
      await page.waitForFunction(
        () => document.querySelector("echo-viewer")!.measurements.measurements.length === 0,
      );
      await waitForPhase(page, "frozen");
      await page.waitForTimeout(300);
      assert.is.not(await pictureHash(page), shown);
      assert.match(await patientShown(page), /Berta B/);
      // The oldest frame that is stored came after the name, however many came since: those before it are gone.
      await page.evaluate(() => document.querySelector("echo-viewer")!.step(-1000));
      await page.waitForTimeout(300);
      assert.match(await textOf(page, "[part~=place]"), /\b1 \/ \d+\b/);
      assert.ok(
        (await frameIndex()) > hers,
        `frame ${await frameIndex()} is stored, and ${hers} was shown for Anna`,
      );
      // What the page gives together with a name is that patient's, in either order.
      for (const [first, id] of [
        ["measurements", "3"],
        ["banner", "4"],
      ] as const) {
        await page.evaluate(
          ([given, one, person]) => {
            const viewer = document.querySelector("echo-viewer")!;
            const banner = { name: "Cora C", id: person };
            if (one === "measurements") Object.assign(viewer, { measurements: given, banner });
            else Object.assign(viewer, { banner, measurements: given });
          },
          [saved, first, id] as const,
        );
        await page.waitForTimeout(600);
        assert.is(await measured(page), 1, `${first} first`);
      }
    },
  ));

test("a recording keeps its patient's name until the next one is open, and is opened anew for another name", async () => {
  const extra = { "/a.uff": await recording(1), "/b.uff": await recording(2), "/broken.uff": "none" };
  await onStage(
    {
      body: `<echo-viewer class="full" src="/a.uff" banner='{"exam":"Liver"}'></echo-viewer>`,
      extra,
      width: 1000,
      height: 700,
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const anna = await pictureHash(page);
      // Named after it was opened: its own name.
      await name(page, { name: "Anna A", id: "1", exam: "Liver" });
      await page.waitForTimeout(200);
      assert.match(await patientShown(page), /Anna A/);
      assert.is(await pictureHash(page), anna);
      await name(page, { name: "Berta B", id: "2" }, "/broken.uff");
      await page.waitForFunction(
        () =>
          document.querySelector("echo-viewer")!.phase === "file" &&
          Boolean(document.querySelector("echo-viewer")!.shadowRoot!.querySelector("[part~=error]")),
      );
      assert.match(await patientShown(page), /Anna A/);
      assert.is(await pictureHash(page), anna);
      await name(page, { name: "Berta B", id: "2" }, "/b.uff");
      await page.waitForFunction(() =>
        /Berta/.test(
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector<HTMLElement>("[part~=patient]")!
            .innerText,
        ),
      );
      await waitForPhase(page, "file");
      await page.waitForTimeout(200);
      assert.is.not(await pictureHash(page), anna);
      const opened = await nextEvent(page, "echo-load");
      await name(page, { name: "Cora C", id: "3" });
      await opened();
      assert.match(await patientShown(page), /Cora C/);
    },
  );
});

test("under privacy a sentence does not name what was asked for", () => {
  const file = new File([], "SMITH_anna.uff");
  const said = "SMITH_anna.uff cannot be opened: it ends after 3 bytes";
  assert.is(withoutNames(said, { kind: "file", file }), "… cannot be opened: it ends after 3 bytes");
  const src = "/exams/SMITH_anna.uff";
  assert.is(
    withoutNames(`${src} was not found. ${said}`, { kind: "src", src }),
    `… was not found. … ${said.slice(15)}`,
  );
  assert.is(withoutNames("No data.", null), "No data.");
});

test("a feature that cannot be loaded says what to look at, and is not asked for again and again", () =>
  onStage({ body: live('mode="m"'), width: 900, height: 700 }, async ({ page }) => {
    let asked = 0;
    await page.route(/modes/, (route) => {
      asked++;
      return route.fulfill({
        status: 200,
        contentType: "text/javascript",
        body: "throw new TypeError('offline')",
      });
    });
    await page.reload();
    await waitForPhase(page, "live");
    const error = page.locator("echo-viewer [part~=error]");
    await error.waitFor();
    assert.match(
      await error.innerText(),
      /Modes could not be loaded: check the network and the files beside/,
    );
    await page.waitForTimeout(500);
    assert.ok(asked <= 2, `asked for ${asked} times`);
    // Its button asks anew.
    await page.locator("echo-viewer .dismiss").click();
    await page.waitForTimeout(100);
    assert.is(await error.count(), 0);
    await page.locator("echo-viewer .rail button").nth(1).click();
    await error.waitFor();
  }));

for (const [what, file, press, shown] of [
  ["a feature", "**/feature-view*.js", ".rail button:nth-of-type(4)", ".drawer[data-feature=view]"],
  ["a language", "**/language-fr*.js", "", ".freeze:has-text('Figer')"],
] as const)
  test(`${what} whose file the network did not give is fetched anew when it is wanted again`, () =>
    onStage({ body: live(""), width: 1000, height: 700 }, async ({ page, expectError }) => {
      expectError(/ERR_FAILED|could not be loaded|dynamically imported/);
      await waitForPhase(page, "live");
      let offline = true;
      let asked = 0;
      await page.route(file, (route) => {
        asked++;
        return offline ? route.abort() : route.continue();
      });
      const want = () =>
        press
          ? page.locator(`echo-viewer ${press}`).click()
          : page.evaluate(() => {
              const viewer = document.querySelector("echo-viewer")!;
              viewer.lang = viewer.lang === "fr" ? "fr-CA" : "fr";
            });
      await want();
      await page.waitForTimeout(1000);
      assert.is(asked, 2, "once more at once");
      if (press) await page.locator("echo-viewer .dismiss").click();
      offline = false;
      await want();
      await page.locator(`echo-viewer ${shown}`).waitFor();
    }));

test("a recording that could not be read as its reader did not come is opened when tried again", () =>
  onStage(
    { body: "<echo-viewer></echo-viewer>", extra: { "/echoes.npy": new Uint8Array(16) } },
    async ({ page, expectError }) => {
      expectError(/ERR_FAILED|could not|dynamically imported|NPY/);
      let offline = true;
      await page.route("**/readers*.js", (route) => (offline ? route.abort() : route.continue()));
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.src = "/echoes.npy";
      });
      const error = page.locator("echo-viewer [part~=error]");
      await error.waitFor();
      assert.match(await error.innerText(), /imported module|could not be/);
      offline = false;
      await page.evaluate(() => document.querySelector("echo-viewer")!.load());
      // Its reader has come: it says what is wrong with the file itself.
      await page.waitForFunction(() =>
        /NPY/.test(
          document.querySelector("echo-viewer")!.shadowRoot!.querySelector("[part~=error]")?.textContent ??
            "",
        ),
      );
    },
  ));

test("one person, as far as anybody says", () => {
  const anna = { name: "Anna A", id: "1" };
  for (const [a, b, same] of [
    [anna, { ...anna, note: "left side" }, true],
    [anna, { id: "1", birthDate: "1970-01-01" }, true],
    [{ exam: "Cardiac" }, { exam: "Thyroid" }, true],
    [null, { exam: "Cardiac" }, true],
    [anna, { ...anna, id: "2" }, false],
    [anna, { birthDate: "1970-01-01" }, false],
    [anna, { exam: "Cardiac" }, false],
    [null, anna, false],
  ] as const) {
    assert.is(samePatient(a, b), same, JSON.stringify([a, b]));
    assert.is(samePatient(b, a), same, JSON.stringify([b, a]));
  }
});

test("a picture is kept where the page says nothing that tells people apart", () =>
  onStage({ body: live(`banner='{"exam":"Cardiac"}'`), width: 1000, height: 700 }, async ({ page }) => {
    await waitForPhase(page, "live");
    await focus(page);
    await page.keyboard.press("2");
    await page.keyboard.press("K");
    await page.locator('echo-viewer .pane[data-kind="stored"]').waitFor();
    await page.waitForTimeout(600);
    assert.match((await headings(page))[1], /^stored /);
  }));

test("what was measured on a kept picture stays when another source is opened", () =>
  onStage({ body: live(""), width: 1000, height: 700 }, async ({ page }) => {
    await waitForPhase(page, "live");
    await focus(page);
    await page.keyboard.press("2");
    await page.keyboard.press("K");
    const kept = page.locator('echo-viewer .pane[data-kind="stored"]');
    await kept.waitFor();
    await page.keyboard.press("L");
    await page.locator("echo-viewer .measure-bar").waitFor();
    const { x, y, width, height } = (await kept.boundingBox())!;
    const [cx, cy] = [x + width / 2, y + height / 2];
    const saved = () =>
      page.evaluate(() =>
        document.querySelector("echo-viewer")!.measurements.measurements.map(({ pane }) => pane),
      );
    await page.locator("echo-viewer .stage[data-tool]").waitFor();
    await page.mouse.click(cx, cy);
    // A press on the main picture is no end of a figure on the kept one.
    await page.mouse.click(x - width / 2, cy);
    assert.equal(await saved(), []);
    await page.mouse.click(cx + 20, cy + 30);
    assert.equal(await saved(), ["pane-2"]);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.probe = "simulated:convex";
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.info?.name.includes("convex"));
    assert.equal(await saved(), ["pane-2"]);
  }));

test("keys that are pressed while a feature is loaded wait for the one that asked for it", () =>
  onStage({ body: live("") }, async ({ page }) => {
    await page.route(/feature-cine/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await waitForPhase(page, "live");
    await page.waitForTimeout(600);
    await focus(page);
    for (const key of [" ", "Home", "i", "ArrowRight", "ArrowRight", "o", "Home"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(key === " " ? 300 : 30);
    }
    await page.locator("echo-viewer [part~=trim]").waitFor();
    await page.waitForTimeout(300);
    const { from, width, frames } = await page.evaluate(() => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const mark = root.querySelector("[part~=trim] rect")!;
      const [, count] = /\/ (\d+)/.exec(root.querySelector<HTMLElement>("[part~=place]")!.innerText)!;
      return {
        from: Number(mark.getAttribute("x")),
        width: Number(mark.getAttribute("width")),
        frames: Number(count),
      };
    });
    assert.is(Math.round(from * (frames - 1)), 0, "the first frame, on which I was pressed");
    assert.is(Math.round(width * (frames - 1)), 2, "to the third, on which O was");
  }));

test("a feature that does not load holds up no freezing, and other keys only for a while", () =>
  onStage({ body: live("") }, async ({ page, expectError }) => {
    expectError(/./);
    await page.route(/feature-(cine|measure)/, () => undefined);
    await waitForPhase(page, "live");
    await focus(page);
    for (let i = 0; i < 4; i++) await page.keyboard.press("L");
    const pressedMs = Date.now();
    await page.keyboard.press(" ");
    await waitForPhase(page, "frozen");
    assert.ok(Date.now() - pressedMs < 1000, `${Date.now() - pressedMs} ms until it froze`);
    // Four keys wait for what does not come, all together not longer than one.
    await page.keyboard.press("h");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.flip === "left-right", null, {
      timeout: 3000,
    });
  }));

test("what was chosen since stays when what a picture brought goes", () =>
  onStage({ body: live(""), width: 1000, height: 700 }, async ({ page }) => {
    await waitForPhase(page, "live");
    const asked = /"soundSpeedMps":1480/;
    const picture = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.pipeline = { soundSpeedMps: 1480, display: { persistence: 0.5 } };
      await new Promise((resolve) => setTimeout(resolve, 900));
      const blob = await viewer.toBlob("picture");
      viewer.pipeline = {};
      await new Promise((resolve) => setTimeout(resolve, 900));
      viewer.openFile(new File([blob], "picture.png"));
      return blob.text();
    });
    assert.match(picture, asked);
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.persistence === 0.5);
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.tgc = [-6, 0, 6];
      viewer.probe = "simulated:convex";
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.info?.name.includes("convex"));
    await waitForPhase(page, "live");
    const after = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const file = new File([await viewer.toBlob("picture")], "after.png");
      return { persistence: viewer.persistence, tgc: viewer.tgc, text: await file.text() };
    });
    assert.is(after.persistence, 0);
    assert.equal(after.tgc, [-6, 0, 6]);
    assert.not.match(after.text, asked, "the sound speed of the other picture is gone");
  }));

test("what a picture brought with it is undone, reset and mirrored as what was chosen", () =>
  onStage(
    { body: live('gain="10" grey-map="soft" tgc="-6,0,6"'), width: 1000, height: 700 },
    async ({ page }) => {
      await waitForPhase(page, "live");
      const seen = () =>
        page.evaluate(() => {
          const viewer = document.querySelector("echo-viewer")!;
          const { gain, greyMap, tgc } = viewer;
          const attributes = ["gain", "grey-map", "tgc"].map((name) => viewer.getAttribute(name));
          return JSON.stringify([gain, greyMap, tgc, attributes]);
        });
      const chosen = await seen();
      // Steps are noted from when the feature is loaded.
      await focus(page);
      await page.keyboard.press("t");
      await page.locator("echo-viewer [part~=tgc]").waitFor();
      await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        const blob = await viewer.toBlob("picture");
        Object.assign(viewer, { gain: 3, greyMap: "gray", tgc: null });
        await new Promise((resolve) => setTimeout(resolve, 900));
        viewer.openFile(new File([blob], "picture.png"));
      });
      const before = JSON.stringify([3, "gray", null, ["3", "gray", null]]);
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 10);
      assert.is(await seen(), chosen);
      await focus(page);
      await page.keyboard.press("u");
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 3);
      assert.is(await seen(), before);
    },
  ));

test.after(closeBrowser);
test.run();

/** Presets in Chromium: by name, as JSON, saved, loaded, shared, deleted, and what is wrong in one. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser, onStage, textOf, waitForPhase } from "./browser.ts";
import { eventsOf } from "./fake-stage.ts";
import { attribute, lastPipeline, onChannels, openDrawer, viewer } from "./imaging-stage.ts";

test("a preset by name bounds the depth; what the page chose by itself goes before it", () =>
  onChannels(
    { body: '<echo-viewer preset="carotid" gain="7"></echo-viewer>', live: true },
    async ({ page }) => {
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.depth === 35);
      const { display } = await lastPipeline(page);
      assert.equal([display?.gainDb, display?.dynamicRangeDb, display?.persistence], [7, 55, 0.5]);
      await openDrawer(page);
      const depth = viewer(page, ".imaging .slider[part~=depth] input");
      // As the slider says them, which ends at whole millimetres.
      const limits = () =>
        page.evaluate(() => {
          const { min, max } = document.querySelector("echo-viewer")!.depthLimits!;
          return { min, max: Math.ceil(max) };
        });
      assert.equal([await depth.getAttribute("min"), await depth.getAttribute("max")], ["15", "60"]);
      assert.equal(await limits(), { min: 15, max: 60 });
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.preset = "thyroid";
      });
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.depth === 30);
      assert.is(await attribute(page, "gain"), null, "a later preset replaces everything");
      assert.equal([await depth.getAttribute("min"), await depth.getAttribute("max")], ["15", "50"]);
      assert.equal(await limits(), { min: 15, max: 50 });
      await depth.fill("50");
      const { scan } = await lastPipeline(page);
      assert.is(scan?.kind === "linear" && scan.z.max, 0.05);
    },
  ));

test("a preset as JSON is taken, and what is wrong in one is told", () =>
  onChannels({}, async ({ page }) => {
    const ask = (preset: string | object) =>
      page.evaluate((value) => {
        document.querySelector("echo-viewer")!.preset = value as string;
      }, preset);
    await ask({ name: "Mine", gainDb: 3, pipeline: { display: { tgcDb: [0, 7] } } });
    await viewer(page, ".base").focus();
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 3);
    assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 7]);
    await openDrawer(page);
    assert.equal(await viewer(page, ".tgc-row output").allTextContents(), [
      "0",
      "+1",
      "+2",
      "+3",
      "+4",
      "+5",
      "+6",
      "+7",
    ]);
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^Mine$/);
    for (const [preset, sentence] of [
      ["liver", /There is no preset "liver": choose one of carotid, thyroid/],
      ["{", /This is no preset: "\{"/],
      [{ name: "" }, /name of the preset is "": it must be a text of 1 to 60 letters/],
      [{ name: "x", gainDb: 99 }, /gainDb of the preset is 99: it must be a number from -60 to 60/],
      [
        { name: "x", pipeline: { band: {} } },
        /pipeline\.band of the preset is \{\}: a preset has soundSpeedMps/,
      ],
      [
        { name: "x", pipeline: { display: { tgcDb: [0, "1"] } } },
        /display\.tgcDb\[1\] of the preset is "1": it must be a number/,
      ],
      [{ name: "x", depthM: { start: 1, min: 0, max: 0.1 } }, /depthM\.start of the preset is 1/],
    ] as const) {
      const inForce = page.evaluate(
        () =>
          new Promise((resolve) => {
            const viewer = document.querySelector("echo-viewer")!;
            viewer.addEventListener("echo-error", () => resolve(viewer.preset), { once: true });
          }),
      );
      await ask(preset);
      assert.match(String(await inForce), /"Mine"/, "whoever hears of the error sees what is in force");
      await viewer(page, ".error").waitFor();
      assert.match(await textOf(page, ".error"), sentence);
      await viewer(page, ".dismiss").click();
    }
    assert.equal((await lastPipeline(page)).display?.tgcDb, [0, 7], "nothing was changed");
    await ask("{");
    await viewer(page, ".error").waitFor();
    assert.is(
      await attribute(page, "preset"),
      JSON.stringify({ name: "Mine", gainDb: 3, pipeline: { display: { tgcDb: [0, 7] } } }),
    );
    await ask("thyroid");
    await viewer(page, ".error").waitFor({ state: "hidden" });
    assert.is(await attribute(page, "preset"), "thyroid");
  }));

test("a page whose first preset is none is told so, and has none", () =>
  onChannels({ body: '<echo-viewer gain="7"></echo-viewer>' }, async ({ page }) => {
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.preset = "{";
    });
    await viewer(page, ".error").waitFor();
    assert.match(await textOf(page, ".error"), /This is no preset: "\{"/);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.preset), null);
    assert.is((await lastPipeline(page)).display?.gainDb, 7);
  }));

test("presets are saved by a press of a button only, applied, deleted, and come from and go to files and links", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const stored = () => page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
    await viewer(page, ".imaging .slider[part~=gain] input").fill("5");
    await viewer(page, ".tgc-row input").nth(7).fill("6");
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^None \*$/);
    await viewer(page, "#imaging-tab-presets").click();
    await viewer(page, ".preset-name").fill("Wrist");
    assert.equal(await stored(), {});
    await viewer(page, ".preset-save").click();
    assert.equal(JSON.parse((await stored())["sonde.presets"]), [
      {
        name: "Wrist",
        arrays: ["linear"],
        gainDb: 5,
        pipeline: { display: { tgcDb: [0, 0, 0, 0, 0, 0, 0, 6] } },
      },
    ]);
    assert.is(await attribute(page, "preset"), "Wrist");
    assert.match(await viewer(page, "select.preset option:checked").textContent().then(String), /^Wrist$/);
    await viewer(page, "select.preset").selectOption("");
    assert.is((await lastPipeline(page)).display?.tgcDb, undefined);
    await viewer(page, "select.preset").selectOption("Wrist");
    assert.is((await lastPipeline(page)).display?.tgcDb?.[7], 6);

    const waiting = page.waitForEvent("download");
    await viewer(page, ".preset-download").click();
    const download = await waiting;
    assert.is(download.suggestedFilename(), "wrist.json");
    const text = readFileSync(await download.path(), "utf8");
    assert.is(JSON.parse(text).gainDb, 5);

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await viewer(page, ".preset-share").click();
    await viewer(page, ".preset-link").waitFor();
    const link = await viewer(page, ".preset-link").inputValue();
    assert.is(await page.evaluate(() => navigator.clipboard.readText()), link);
    const shared = JSON.parse(new URLSearchParams(new URL(link).hash.slice(1)).get("preset") ?? "");
    assert.equal([shared.name, shared.gainDb], ["Wrist", 5]);

    await viewer(page, ".preset-delete").click();
    assert.equal(JSON.parse((await stored())["sonde.presets"]), []);
    assert.is(await attribute(page, "preset"), null);
    assert.is((await lastPipeline(page)).display?.gainDb, 5, "the settings stay");

    const file = (content: string) => ({
      name: "p.json",
      mimeType: "application/json",
      buffer: Buffer.from(content),
    });
    await viewer(page, ".imaging-file").setInputFiles(file(text.replace('"gainDb": 5', '"gainDb": 9')));
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.gain === 9);
    await viewer(page, ".imaging-file").setInputFiles(file("[1,2]"));
    await viewer(page, ".error").waitFor();
    assert.match(
      await textOf(page, ".error"),
      /preset of the preset is \[1,2\]|it must be an object of name/,
    );
    await viewer(page, ".dismiss").click();
    assert.equal(
      (await eventsOf(page)).filter((name) => name === "echo-preset").length,
      5,
      "save, none, Wrist, delete, file",
    );
  }));

test("a person's presets are there on the next visit, and storage that holds something else does no harm", () =>
  onChannels({}, async ({ page }) => {
    await page.evaluate(() =>
      localStorage.setItem(
        "sonde.presets",
        JSON.stringify([{ name: "Elbow", gainDb: 4 }, { name: "Old", flavour: 3 }, 7]),
      ),
    );
    await openDrawer(page);
    assert.equal(await viewer(page, "optgroup[label='My presets'] option").allTextContents(), ["Elbow"]);
    assert.equal(await viewer(page, "optgroup[label='For other probes'] option").allTextContents(), [
      "Cardiac",
      "Abdomen",
    ]);
    // What this version does not understand is another's: it outlives what is saved and deleted beside it.
    const stored = () => page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
    const save = async (name: string) => {
      await viewer(page, "#imaging-tab-presets").click();
      await viewer(page, ".preset-name").fill(name);
      await viewer(page, ".preset-save").click();
    };
    const others = [{ name: "Old", flavour: 3 }, 7];
    const named = async () => {
      const list = JSON.parse((await stored())["sonde.presets"]);
      assert.equal(list.slice(0, 2), others);
      return list.slice(2).map(({ name }: { name: string }) => name);
    };
    await save("Knee");
    assert.equal(await named(), ["Elbow", "Knee"]);
    await viewer(page, ".preset-delete[title*=Knee]").click();
    assert.equal(await named(), ["Elbow"]);
    for (const [n, text] of ['{"a":1}', "no JSON"].entries()) {
      await page.evaluate((value) => localStorage.setItem("sonde.presets", value), text);
      await save(`Hip ${n}`);
      const { "sonde.presets": list, [`sonde.presets.${n + 1}`]: kept } = await stored();
      assert.equal([JSON.parse(list)[0].name, kept], [`Hip ${n}`, text]);
    }
  }));

test("a link's preset is followed by the page", () =>
  onStage(
    { body: "/", extra: { "/session.json": JSON.stringify({ src: null, probe: "simulated" }) } },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        location.hash = `preset=${encodeURIComponent(JSON.stringify({ name: "50 % + more", dynamicRangeDb: 70 }))}`;
      });
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.dynamicRange === 70);
    },
  ));

test.after(closeBrowser);
test.run();

/** Which moment of a clip is shown when: against figures worked out by hand, and by operating the controls in Chromium. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toSonde } from "../../host/index.ts";
import { clipTimeS, frameAt, recordedTimes } from "../../web/echo-viewer/playback.ts";
import { makeScene } from "../synthetic.ts";
import { barriers, closeBrowser, onStage, type Stage, textOf, waitForPhase } from "./browser.ts";
import { onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

const near = (value: number | null, wanted: number): void =>
  assert.ok(value !== null && Math.abs(value - wanted) < 1e-9, `${value} instead of ${wanted}`);

test("a loop shows its last frame as long as the others, then the first", () => {
  // Four frames 0.1 s apart.
  for (const [playedS, wanted] of [
    [0, 0],
    [0.25, 0.25],
    [0.35, 0.3],
    [0.4, 0],
    [0.55, 0.15],
    [4.05, 0.05],
  ])
    near(clipTimeS(playedS, 0.3, 0.1, "loop"), wanted);
});

test("back and forth shows either end once a turn, as long as the others", () => {
  const shown = (frames: number) => {
    const timesS = Array.from({ length: frames }, (_, k) => 0.1 * k);
    return Array.from({ length: 9 }, (_, k) =>
      frameAt(
        frames,
        (frame) => timesS[frame],
        clipTimeS(0.05 + 0.1 * k, timesS[frames - 1], 0.1, "bounce")! + 1e-6,
      ),
    );
  };
  assert.equal(shown(4), [0, 1, 2, 3, 2, 1, 0, 1, 2]);
  assert.equal(shown(3), [0, 1, 2, 1, 0, 1, 2, 1, 0]);
  assert.equal(shown(2), [0, 1, 0, 1, 0, 1, 0, 1, 0]);
});

test("a recording's frames have the times that it says: gaps stay gaps, long pauses are not waited for", () => {
  const all = (times: number[], frameRateHz?: number) => {
    const { acquiredS, playS } = recordedTimes({
      info: { frameCount: times.length, frameRateHz },
      timesS: Float64Array.from(times),
    });
    const rounded = (list: Float64Array) => Array.from(list, (time) => Math.round(time * 1e6) / 1e6);
    return [rounded(acquiredS), rounded(playS)];
  };
  assert.equal(all([7, 7.05, 8.05, 8.1], 20), [
    [0, 0.05, 1.05, 1.1],
    [0, 0.05, 1.05, 1.1],
  ]);
  assert.equal(all([0, 0.05, 60], 20), [
    [0, 0.05, 60],
    [0, 0.05, 10.05],
  ]);
  // A device that was started anew.
  assert.equal(all([9, 9.05, 0.1, 0.15], 20), [
    [0, 0.05, 0.1, 0.15],
    [0, 0.05, 0.1, 0.15],
  ]);
  // Faster than anybody sees: played at 25 a second, told as acquired.
  assert.equal(all([0, 0.002, 0.004], 500), [
    [0, 0.002, 0.004],
    [0, 0.04, 0.08],
  ]);
  // A frame without a time does not hide the gap behind it.
  assert.equal(all([0, 0.05, 0.1, Number.NaN, 5.2, 5.25], 20), [
    [0, 0.05, 0.1, 0.15, 5.2, 5.25],
    [0, 0.05, 0.1, 0.15, 5.2, 5.25],
  ]);
  // Nobody says the rate: the steps do.
  assert.equal(all([9, 9.05, 9.1, 0, 0.05]), [
    [0, 0.05, 0.1, 0.15, 0.2],
    [0, 0.05, 0.1, 0.15, 0.2],
  ]);
  // Played slowly, pauses are as much longer.
  assert.equal(all([0, 0.002, 0.102], 500), [
    [0, 0.002, 0.102],
    [0, 0.04, 2.04],
  ]);
  // The first frame came without a time.
  assert.equal(all([Number.NaN, 1, 1.1], 10), [
    [0, 0.1, 0.2],
    [0, 0.1, 0.2],
  ]);
  const untimed = recordedTimes({ info: { frameCount: 3 } });
  assert.ok(untimed.acquiredS.every(Number.isNaN));
  assert.equal([...untimed.playS], [0, 0.1, 0.2]);
  const rated = recordedTimes({ info: { frameCount: 3, frameRateHz: 4 } });
  assert.equal(
    [[...rated.acquiredS], [...rated.playS]],
    [
      [0, 0.25, 0.5],
      [0, 0.25, 0.5],
    ],
  );
});

test("once ends at the last frame", () => {
  near(clipTimeS(0.29, 0.3, 0.1, "once"), 0.29);
  assert.is(clipTimeS(0.3, 0.3, 0.1, "once"), null);
});

test("a clip without duration stays where it is", () => {
  near(clipTimeS(5, 0, 0, "loop"), 0);
  near(clipTimeS(5, 0, 0, "bounce"), 0);
});

test("a recording plays and is told by the times of its frames, over a gap too", async () => {
  const { info, frame } = makeScene("lines");
  const frames = Array.from({ length: 20 }, (_, index) => ({ ...frame, index, timeS: 3 + 0.05 * index }));
  const kept = frames.filter(({ index }) => index < 5 || index > 14);
  const bytes = new Uint8Array(await (await toSonde({ ...info, frameRateHz: 20 }, kept)).arrayBuffer());
  await onStage(
    { body: '<echo-viewer src="/gap.sonde"></echo-viewer>', extra: { "/gap.sonde": bytes } },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.evaluate(() => document.querySelector("echo-viewer")!.focus());
      await page.keyboard.press("End");
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.image?.frameIndex === 9);
      assert.match(await textOf(page, ".place"), /0\.95\s*s|950\s*ms/);
      const playedMs = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.repeat = "once";
        const started = performance.now();
        viewer.play();
        while (viewer.image?.frameIndex !== 9 || performance.now() - started < 300)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now() - started;
      });
      assert.ok(playedMs > 900, `played in ${playedMs} ms`);
    },
  );
});

const indexOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.image!.frameIndex);

const openDrawer = async (page: Page): Promise<void> => {
  await page.locator("echo-viewer .rail-cine").click();
  await page.locator("echo-viewer .drawer .choice").first().waitFor();
};

/** Every frame shown while it plays, in order. */
async function playedFrames(page: Page, ms: number): Promise<number[]> {
  return page.evaluate(async (duration) => {
    const viewer = document.querySelector("echo-viewer")!;
    const seen: number[] = [];
    viewer.play();
    const end = performance.now() + duration;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      const index = viewer.image!.frameIndex;
      if (seen.at(-1) !== index) seen.push(index);
    }
    viewer.pause();
    return seen;
  }, ms);
}

test("the part between two marks plays, and nothing outside it", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await openDrawer(page);
    await page.locator("echo-viewer .scrub").fill("4");
    await page.getByRole("button", { name: "Start here" }).click();
    await page.locator("echo-viewer .scrub").fill("8");
    await page.getByRole("button", { name: "End here" }).click();
    assert.match(await page.locator("echo-viewer .drawer").innerText(), /Frames 5 to 9/);
    assert.equal(await barriers(page), []);
    const seen = await playedFrames(page, 900);
    assert.ok(seen.length > 5, `${seen}`);
    for (const index of seen) assert.ok(index >= 4 && index <= 8, `${seen}`);
    await page.getByRole("button", { name: "All frames" }).click();
    assert.is(await page.locator("echo-viewer .trim").count(), 0);
  }));

test("back and forth plays the frames in both directions", () =>
  onFakeStage({ src: "scan.uff", body: '<echo-viewer repeat="bounce"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.evaluate(() => document.querySelector("echo-viewer")!.trim({ first: 2, last: 6 }));
    const seen = await playedFrames(page, 900);
    const steps = seen.slice(1).map((index, i) => Math.sign(index - seen[i]));
    assert.ok(steps.includes(1) && steps.includes(-1), `${seen}`);
    assert.ok(Math.min(...seen.slice(1)) >= 2 && Math.max(...seen) <= 6, `${seen}`);
  }));

test("once stops at the end and says so on its button", () =>
  onFakeStage(
    { src: "scan.uff", body: '<echo-viewer repeat="once" speed="4"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.locator("echo-viewer .play").click();
      await page.locator('echo-viewer .play[aria-label="Play"]').waitFor();
      assert.is(await indexOf(page), 19);
    },
  ));

/** What the slider, the words beside it and the picture say, each time one of them changes, for so long after something was done. */
const said = (page: Page, act: "freeze" | "step", forMs: number) =>
  page.evaluate(
    async ([does, ms]) => {
      const viewer = document.querySelector("echo-viewer")!;
      const root = viewer.shadowRoot!;
      const lines: { atMs: number; shown: number; place: number; slider: number; making: boolean }[] = [];
      if (does === "freeze") viewer.freeze();
      else viewer.step(1);
      const beganMs = performance.now();
      while (performance.now() - beganMs < ms) {
        await viewer.updateComplete;
        lines.push({
          atMs: performance.now() - beganMs,
          shown: viewer.image!.frameIndex,
          place: Number.parseInt(root.querySelector(".place")!.textContent!, 10) - 1,
          slider: root.querySelector<HTMLInputElement>(".scrub")!.valueAsNumber,
          making: root.querySelector(".progress") !== null,
        });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return lines;
    },
    [act, forMs] as const,
  );

for (const persistence of [0, 0.5])
  test(`on a slow engine a frozen picture is the newest frame's, and said to be on its way until it is, persistence ${persistence}`, () =>
    onFakeStage(
      {
        probe: "simulated",
        fake: { runMs: 170, frameBytes: 1000 },
        body: `<echo-viewer persistence="${persistence}"></echo-viewer>`,
      },
      async ({ page }) => {
        await page.locator("echo-viewer [part=coarser]").waitFor();
        const lines = await said(page, "freeze", 8000);
        const { shown } = lines.at(-1)!;
        for (const line of lines) {
          assert.is(line.place, line.shown);
          assert.is(line.slider, shown, "the slider stands where it will");
          if (line.atMs > 400 && !line.making) assert.is(line.shown, shown);
        }
        assert.not(lines.at(-1)!.making);
        const { cine } = await page.evaluate(() => ({ cine: document.querySelector("echo-viewer")!.cine }));
        assert.is(cine.position, cine.frameCount - 1);
      },
    ));

test("a picture that runs and stands again while nobody sees it stands where it stood", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.cine.frameCount > 20);
    const shown = () =>
      page.evaluate(() => {
        const { cine, image } = document.querySelector("echo-viewer")!;
        return [cine.position, image!.frameIndex];
      });
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.freeze();
      viewer.seek(5);
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.cine.position === 5);
    const before = await shown();
    await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      const moment = () => new Promise((resolve) => setTimeout(resolve, 200));
      viewer.style.display = "none";
      await moment();
      viewer.run();
      await moment();
      viewer.freeze();
      viewer.style.display = "";
    });
    await page.waitForTimeout(700);
    assert.is(await page.locator("echo-viewer .progress").count(), 0);
    assert.equal(await shown(), before);
  }));

test("nothing is said to be worked on where another patient's plan cannot be made", () =>
  onFakeStage({ body: `<echo-viewer banner='{"name":"A"}'></echo-viewer>` }, async ({ page }) => {
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const { backend } = fakeBackend({ updateMs: 600 });
      viewer.backend = {
        ...backend,
        async createEngine() {
          const engine = await backend.createEngine();
          const plan: typeof engine.plan = async (...given) => {
            if (viewer.banner?.name === "B") throw new Error("no memory");
            return engine.plan(...given);
          };
          return { ...engine, plan };
        },
      };
      viewer.probe = "simulated";
    });
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.gain = 5;
      viewer.banner = { name: "B" };
    });
    await page.locator("echo-viewer .error").waitFor();
    await page.waitForTimeout(700);
    assert.is(await page.locator("echo-viewer .progress").count(), 0);
  }));

test("a stored frame that takes long is said to be on its way until it is on the screen", () =>
  onFakeStage({ src: "scan.uff", fake: { runMs: 700 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    const lines = await said(page, "step", 1100);
    for (const { shown, place } of lines) assert.is(place, shown);
    assert.equal(
      lines.filter(({ atMs, shown, making }) => atMs > 400 && shown === 0 && !making),
      [],
    );
    const { shown, slider, making } = lines.at(-1)!;
    assert.equal({ shown, slider, making }, { shown: 1, slider: 1, making: false });
  }));

test("speed changes by button, by key and by attribute, and the clock keeps to it", () =>
  onFakeStage({ src: "scan.uff", fake: { rateHz: 25, frameCount: 100 } }, async ({ page }) => {
    await waitForPhase(page, "file");
    await openDrawer(page);
    await page.getByRole("radio", { name: "0.25 times" }).check();
    assert.is(await page.locator("echo-viewer").getAttribute("speed"), "0.25");
    const slow = await playedFrames(page, 1000);
    await page.locator("echo-viewer .base").focus();
    for (let k = 0; k < 4; k++) await page.keyboard.press(">");
    assert.is(await page.locator("echo-viewer").getAttribute("speed"), "4");
    await page.keyboard.press("Home");
    const fast = await playedFrames(page, 700);
    const [slowSpan, fastSpan] = [slow.at(-1)! - slow[0], fast.at(-1)! - fast[0]];
    // 6 and 70 frames by the clock.
    assert.ok(slowSpan >= 4 && slowSpan <= 9, `${slow}`);
    assert.ok(fastSpan >= 50 && fastSpan <= 90, `${fast}`);
  }));

test("a part is forgotten when the picture runs on, and what is stored is said in seconds", () =>
  onFakeStage(
    { probe: "simulated", body: '<echo-viewer cine-memory="1"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.waitForTimeout(1300);
      await openDrawer(page);
      // Ten frames of 100 kB at 25 a second.
      assert.match(
        await page.locator("echo-viewer .drawer").innerText(),
        /0\.4 s stored; there is room for about 0 s/,
      );
      await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
      await waitForPhase(page, "frozen");
      assert.match(await textOf(page, ".place"), /\/ 10 /);
      await page.locator("echo-viewer .base").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("o");
      assert.is(await page.locator("echo-viewer .trim").count(), 1);
      await page.evaluate(() => document.querySelector("echo-viewer")!.run());
      assert.is(await page.locator("echo-viewer .trim").count(), 0);
    },
  ));

test("a picture that runs again shows the newest frame, and says so, wherever it stood", () =>
  onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(800);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.evaluate(() => document.querySelector("echo-viewer")!.seek(1));
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.cine.position === 1);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    await page.waitForTimeout(1200);
    const { storedS, positionS, position, frameCount } = await page.evaluate(
      () => document.querySelector("echo-viewer")!.cine,
    );
    assert.ok(storedS > 0.3, `${storedS}`);
    assert.equal([position, positionS], [frameCount - 1, storedS]);
  }));

test("pages are told how frames play, whoever changed it, and once", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-play", ({ detail }) => {
        const { playing, speed, repeat, trim } = detail;
        if (speed !== viewer.speed || repeat !== viewer.repeat)
          told.push("the event came before the property");
        told.push([playing, speed, repeat, trim?.first, trim?.last].join(" "));
        // A page that says what it was told ends up in no circle.
        viewer.trim(trim);
        viewer.speed = speed;
        viewer.repeat = repeat;
      });
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told.splice(0));
    await page.locator("echo-viewer .base").focus();
    for (const [key, wanted] of [
      ["<", ["false 0.5 loop  "]],
      ["l", ["false 0.5 bounce  "]],
      ["ArrowRight", []],
      ["i", ["false 0.5 bounce 1 19"]],
      ["i", []],
      ["End", []],
      ["ArrowLeft", []],
      ["o", ["false 0.5 bounce 1 18"]],
      [" ", ["true 0.5 bounce 1 18"]],
      [" ", ["false 0.5 bounce 1 18"]],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForTimeout(key === "<" || key === "i" ? 200 : 60);
      assert.equal(await told(), wanted, key);
    }
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.trim(null);
      viewer.speed = 1;
      viewer.repeat = "once";
      viewer.repeat = "once";
    });
    assert.equal(await told(), ["false 0.5 bounce  ", "false 1 bounce  ", "false 1 once  "]);
  }));

test("a page that hears that a recording is open shows another frame than the first", () =>
  onFakeStage({}, async ({ page }) => {
    const shown = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.addEventListener("echo-load", () => viewer.step(5));
      viewer.src = "scan.uff";
      await new Promise((resolve) => viewer.addEventListener("echo-frame", resolve, { once: true }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return viewer.image!.frameIndex;
    });
    assert.is(shown, 5);
  }));

test("a page's own slider goes to a place and says which one is shown", async () => {
  await onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const seek = (place: number) =>
      page.evaluate(async (to) => {
        const viewer = document.querySelector("echo-viewer")!;
        const shown = new Promise((resolve) =>
          viewer.addEventListener("echo-frame", resolve, { once: true }),
        );
        viewer.seek(to);
        await shown;
        const { playing, frameCount, position } = viewer.cine;
        return { playing, frameCount, position, shown: viewer.image!.frameIndex };
      }, place);
    const stands = { playing: false, frameCount: 20 };
    assert.equal(await seek(7), { ...stands, position: 7, shown: 7 });
    assert.equal(await seek(99), { ...stands, position: 19, shown: 19 });
    assert.equal(await seek(-3), { ...stands, position: 0, shown: 0 });
    await page.evaluate(() => document.querySelector("echo-viewer")!.seek(1.5));
    assert.match(await textOf(page, ".error-text"), /seek.*1\.5/);
    await page.evaluate(() => document.querySelector("echo-viewer")!.play());
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.cine.playing), true);
  });
  // The oldest frames of a live one have gone: places count what is stored.
  await onFakeStage(
    {
      probe: "simulated",
      body: '<echo-viewer cine-memory="1"></echo-viewer>',
      fake: { frameBytes: 100_000 },
    },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.image!.frameIndex > 15);
      const running = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.seek(0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const { frameCount, position } = viewer.cine;
        return { phase: viewer.phase, behind: frameCount - 1 - position };
      });
      assert.is(running.phase, "live");
      assert.ok(running.behind >= 0 && running.behind <= 2, `${running.behind} behind the newest`);
      const frozen = await page.evaluate(async () => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.freeze();
        const last = viewer.cine.frameCount - 1;
        viewer.seek(last);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const newest = viewer.image!.frameIndex;
        viewer.seek(0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { last, place: viewer.cine.position, back: newest - viewer.image!.frameIndex };
      });
      assert.is(frozen.place, 0);
      assert.ok(frozen.last > 2 && frozen.last < 15, `${frozen.last + 1} frames`);
      assert.is(frozen.back, frozen.last);
    },
  );
});

test("a live picture that runs has no part, whose frames would go", () =>
  onFakeStage(
    { probe: "simulated", body: '<echo-viewer cine-memory="1"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await page.waitForTimeout(1300);
      await page.evaluate(() => {
        const told: unknown[] = [];
        Object.assign(window, { told });
        const viewer = document.querySelector("echo-viewer")!;
        viewer.addEventListener("echo-play", ({ detail }) => told.push(detail.trim));
        viewer.trim({ first: 1, last: 2 });
        viewer.freeze();
        viewer.trim({ first: 1, last: 2 });
        viewer.speed = 2;
        viewer.run();
      });
      const part = { first: 1, last: 2 };
      assert.equal(await page.evaluate(() => (window as unknown as { told: unknown[] }).told), [
        part,
        part,
        null,
      ]);
    },
  ));

test("a speed, an end or a part that is none is refused with a sentence", () =>
  onFakeStage({ src: "scan.uff" }, async ({ page }) => {
    await waitForPhase(page, "file");
    const refused = async (sentence: RegExp): Promise<void> => {
      await page.waitForTimeout(50);
      assert.match(await textOf(page, ".error-text"), sentence);
    };
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("speed", "fast"));
    await refused(/speed must be a number, not "fast"/);
    await page.evaluate(() => document.querySelector("echo-viewer")!.setAttribute("repeat", "twice"));
    await refused(/repeat must be one of loop, bounce, once, not "twice"/);
    await page.evaluate(() => document.querySelector("echo-viewer")!.trim({ first: 3, last: 20 }));
    await refused(/within the 20 stored frames, 0 to 19: not 3 to 20/);
  }));

test.after(closeBrowser);
test.run();

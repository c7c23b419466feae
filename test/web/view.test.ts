/**
 * The view of the picture in Chromium: zoom, flips and turns measured on the canvases' pixels against a picture whose bands
 * change at every centimetre (40 mm wide, 60 mm deep), gestures, and the lines above the picture.
 */
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  bytesOf,
  closeBrowser,
  nextEvent,
  type Stage,
  textOf,
  textOfBytes,
  waitForPhase,
} from "./browser.ts";
import { onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

interface Labelled {
  text: string;
  x: number;
  y: number;
}

interface Measured {
  /** What is seen of the picture (px). */
  box: { left: number; right: number; top: number; bottom: number };
  /** Where green (depth) and red (along the array) change, on the stage: along x and along y. */
  green: { x: number[]; y: number[] };
  red: { x: number[]; y: number[] };
  /** Middles of the ticks on the right and below. */
  upright: number[];
  lying: number[];
  labels: Labelled[];
  marker: { x: number; y: number } | null;
  /** Middle of the quarter where element 0 and the least depth are. */
  corner: { x: number; y: number } | null;
}

/** Sets the view and reads the canvases, at one device pixel a CSS pixel. */
function measure(
  page: Page,
  view: Partial<Record<"flip" | "rotate" | "zoom", string | number>>,
): Promise<Measured> {
  return page.evaluate(async (wanted) => {
    const viewer = document.querySelector("echo-viewer")!;
    const root = viewer.shadowRoot!;
    const labels: { text: string; x: number; y: number }[] = [];
    const fillText = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      labels.push({ text, x, y });
      fillText.call(this, text, x, y);
    };
    const refresh = (): Promise<unknown> =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    // Another view first, so that the overlay is drawn again.
    viewer.zoom = 1.5;
    viewer.rotate = 0;
    viewer.flip = "";
    await refresh();
    labels.length = 0;
    Object.assign(viewer, wanted);
    await refresh();
    CanvasRenderingContext2D.prototype.fillText = fillText;
    const pixelsOf = (selector: string): ImageData => {
      const canvas = root.querySelector<HTMLCanvasElement>(selector)!;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
      copy.drawImage(canvas, 0, 0);
      return copy.getImageData(0, 0, canvas.width, canvas.height);
    };
    const picture = pixelsOf("canvas.picture");
    const overlay = pixelsOf("canvas.overlay");
    const { width, height } = picture;
    const box = { left: width, right: 0, top: height, bottom: 0 };
    const blue = { x: 0, y: 0, count: 0 };
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 4;
        if (picture.data[at + 3] < 128) continue;
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x + 1);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y + 1);
        if (picture.data[at + 2] < 128) continue;
        blue.x += x + 0.5;
        blue.y += y + 0.5;
        blue.count++;
      }
    // Where a channel passes half its height along a line of pixels, between their middles.
    const crossings = (channel: number, along: "x" | "y"): number[] => {
      const found: number[] = [];
      const [from, to] = along === "x" ? [box.left, box.right] : [box.top, box.bottom];
      const across = along === "x" ? (box.top + box.bottom) >> 1 : (box.left + box.right) >> 1;
      const level = (at: number): number => {
        const [x, y] = along === "x" ? [at, across] : [across, at];
        return picture.data[(y * width + x) * 4 + channel] - 127.5;
      };
      // Pixels at the picture's edge are partly transparent.
      for (let at = from + 1; at < to - 2; at++)
        if (level(at) < 0 !== level(at + 1) < 0)
          found.push(at + 0.5 + level(at) / (level(at) - level(at + 1)));
      return found;
    };
    const alpha = (x: number, y: number): number => overlay.data[(y * width + x) * 4 + 3];
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => from + i);
    const dot = { x: 0, y: 0, count: 0 };
    for (let at = 0; at < overlay.data.length; at += 4) {
      const g = overlay.data[at + 1];
      if (overlay.data[at + 3] < 200 || g < overlay.data[at] + 60 || g < overlay.data[at + 2] + 30) continue;
      dot.x += ((at / 4) % width) + 0.5;
      dot.y += Math.floor(at / 4 / width) + 0.5;
      dot.count++;
    }
    const middle = ({ x, y, count }: { x: number; y: number; count: number }) =>
      count > 20 ? { x: x / count, y: y / count } : null;
    const isTick = (x: number, y: number): boolean => {
      const at = (y * width + x) * 4;
      return alpha(x, y) === 255 && Math.abs(overlay.data[at] - overlay.data[at + 1]) < 30;
    };
    return {
      box,
      green: { x: crossings(1, "x"), y: crossings(1, "y") },
      red: { x: crossings(0, "x"), y: crossings(0, "y") },
      upright: range(box.top - 1, box.bottom + 1)
        .filter((y) => isTick(box.right + 7, y))
        .map((y) => y + 0.5),
      lying: range(box.left - 1, box.right + 1)
        .filter((x) => isTick(x, box.bottom + 7))
        .map((x) => x + 0.5),
      labels,
      marker: middle(dot),
      corner: middle(blue),
    };
  }, view);
}

const FLIPS = ["", "left-right", "top-bottom", "left-right top-bottom"];
const TURNS = [0, 90, 180, 270];
const bands = { src: "scan.uff", fake: { pattern: "bands" } } as const;

/** Half a pixel, and a thousandth of the way across the picture. */
const allowed = (across: number): number => 0.5 + across / 1000;

for (const zoom of [1, 2.5, 9])
  test(`at zoom ${zoom} every centimetre has its tick within half a pixel, however the picture is flipped and turned`, () =>
    onFakeStage(bands, async ({ page }) => {
      await waitForPhase(page, "file");
      let compared = 0;
      for (const flip of FLIPS)
        for (const rotate of TURNS) {
          const seen = await measure(page, { flip, rotate, zoom });
          const { box, marker } = seen;
          const lies = rotate % 180 !== 0;
          const name = `flip "${flip}", rotate ${rotate}`;
          const [depth, lateral] = lies ? [seen.green.x, seen.red.y] : [seen.green.y, seen.red.x];
          for (const [edges, upright] of [
            [depth, !lies],
            [lateral, lies],
          ] as const) {
            const ticks = upright ? seen.upright : seen.lying;
            const across = upright ? box.bottom - box.top : box.right - box.left;
            assert.ok(ticks.length > 2, `${name}: ${ticks}`);
            for (const edge of edges) {
              // The marker stands where a tick would: beside the scale at its end.
              if (marker && Math.abs(edge - (upright ? marker.y : marker.x)) < 8) continue;
              const off = Math.min(...ticks.map((tick) => Math.abs(tick - edge)));
              assert.ok(off <= allowed(across), `${name}: the edge at ${edge} is ${off} px from a tick`);
              compared++;
            }
          }
          if (zoom > 1) continue;
          assert.is(depth.length, 5, `${name}: 1 to 5 cm`);
          assert.is(lateral.length, 3, `${name}: -1 to 1 cm`);
          // From the array on, label after label.
          const backwards = lies
            ? seen.corner!.x > (box.left + box.right) / 2
            : seen.corner!.y > (box.top + box.bottom) / 2;
          const inOrder = backwards ? [...depth].reverse() : depth;
          for (const [i, edge] of inOrder.entries()) {
            const label = seen.labels.find(({ text }) => text === String(i + 1))!;
            const off = Math.abs((lies ? label.x : label.y) - edge);
            assert.ok(off <= allowed(box.bottom - box.top), `${name}: ${i + 1} cm is ${off} px off`);
          }
        }
      assert.ok(compared >= 16, `${compared} edges were compared`);
    }));

test("the marker stands at the corner of element 0, however the picture is flipped and turned", () =>
  onFakeStage(bands, async ({ page }) => {
    await waitForPhase(page, "file");
    const corners = new Set<string>();
    for (const flip of FLIPS)
      for (const rotate of TURNS) {
        const { box, marker, corner } = await measure(page, { flip, rotate, zoom: 1 });
        const name = `flip "${flip}", rotate ${rotate}: ${JSON.stringify({ box, marker, corner })}`;
        const side = ({ x, y }: { x: number; y: number }): string =>
          `${x < (box.left + box.right) / 2 ? "left" : "right"} ${y < (box.top + box.bottom) / 2 ? "top" : "bottom"}`;
        assert.ok(marker && corner, name);
        assert.is(side(marker), side(corner), name);
        const outside =
          marker.x < box.left || marker.x > box.right || marker.y < box.top || marker.y > box.bottom;
        assert.ok(outside, `beside the picture: ${name}`);
        corners.add(side(marker));
      }
    assert.is(corners.size, 4);
  }));

test("without a calibration nothing is measured, however the picture lies", () =>
  onFakeStage({ src: "scan.uff", fake: { pattern: "bands", region: null } }, async ({ page }) => {
    await waitForPhase(page, "file");
    for (const rotate of TURNS) {
      const { upright, lying, marker } = await measure(page, { flip: "left-right", rotate, zoom: 3 });
      assert.equal([upright, lying, marker], [[], [], null]);
    }
  }));

test("a picture that is not as recorded says so, and one that is says nothing", () =>
  onFakeStage(bands, async ({ page }) => {
    await waitForPhase(page, "file");
    const sign = page.locator("echo-viewer .turned");
    assert.is(await sign.count(), 0);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.flip = "top-bottom";
    });
    assert.is(await sign.textContent(), "Flipped");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.rotate = 270;
    });
    assert.is(await sign.textContent(), "Flipped, turned 270°");
    assert.ok(await sign.isVisible());
    assert.is(await sign.getAttribute("title"), "Flipped top to bottom, turned 270 degrees clockwise");
  }));

const viewOf = (page: Page): Promise<{ zoom: number; flip: string; rotate: number }> =>
  page.evaluate(() => {
    const { zoom, flip, rotate } = document.querySelector("echo-viewer")!;
    return { zoom, flip, rotate };
  });

test("zoom, flip and rotate are attributes and properties, tell of themselves, and refuse what they are not", () =>
  onFakeStage(
    { ...bands, body: '<echo-viewer zoom="2" flip="left-right" rotate="90"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "file");
      assert.equal(await viewOf(page), { zoom: 2, flip: "left-right", rotate: 90 });
      const told = await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        const details: unknown[] = [];
        viewer.addEventListener("echo-view", ({ detail }) => details.push(detail));
        viewer.zoom = 40;
        viewer.setAttribute("flip", "top-bottom");
        viewer.removeAttribute("rotate");
        viewer.zoom = null as unknown as number;
        return details;
      });
      assert.equal(told, [
        { zoom: 16, flip: "left-right", rotate: 90, centre: [0.5, 0.5] },
        { zoom: 16, flip: "top-bottom", rotate: 90, centre: [0.5, 0.5] },
        { zoom: 16, flip: "top-bottom", rotate: 0, centre: [0.5, 0.5] },
        { zoom: 1, flip: "top-bottom", rotate: 0, centre: [0.5, 0.5] },
      ]);
      assert.is(await page.locator("echo-viewer").getAttribute("zoom"), null);
      assert.is(await page.locator("echo-viewer").getAttribute("flip"), "top-bottom");
      for (const [name, value, sentence] of [
        ["flip", "sideways", /flip must be/],
        ["rotate", "45", /rotate must be 0, 90, 180 or 270, not "45"/],
        ["zoom", "close", /zoom must be a number/],
        ["banner", "{", /banner must be a JSON object/],
        ["banner", '{"weight": "70"}', /banner must be a JSON object/],
      ] as const) {
        await page.evaluate(
          ([attribute, text]) => {
            document.querySelector("echo-viewer")!.setAttribute(attribute, text);
          },
          [name, value] as const,
        );
        await page.locator("echo-viewer .error").waitFor();
        assert.match(await textOf(page, ".error"), sentence);
        await page.locator("echo-viewer .dismiss").click();
      }
      assert.equal(await viewOf(page), { zoom: 1, flip: "top-bottom", rotate: 0 });
    },
  ));

test("keys zoom, move, flip and turn what is seen", () =>
  onFakeStage(bands, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.locator("echo-viewer .base").focus();
    for (const key of ["+", "+", "h", "r"]) await page.keyboard.press(key);
    assert.equal(await viewOf(page), { zoom: 1.5625, flip: "left-right", rotate: 90 });
    // The picture lies on its side: its left and right are what was recorded as top and bottom.
    await page.keyboard.press("h");
    assert.is((await viewOf(page)).flip, "left-right top-bottom");
    await page.keyboard.press("-");
    const moved = await nextEvent(page, "echo-view");
    await page.keyboard.press("Shift+ArrowUp");
    const [u, v] = (await moved()).centre;
    assert.ok(Math.abs(u - 0.5) > 0.01 || Math.abs(v - 0.5) > 0.01, `${u} ${v}`);
    await page.keyboard.press("0");
    assert.is((await viewOf(page)).zoom, 1);
    await page.waitForTimeout(600);
    // With what was still to be said of the source, on a quick hand.
    assert.match(await textOf(page, "[role=status].said"), /^(?:File open\. )?Whole image$/);
  }));

/** Where two bands cross near the middle of the picture, on the page. */
async function crossing(page: Page, zoom: number): Promise<{ x: number; y: number }> {
  const { red, green, box } = await measure(page, { zoom });
  const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
  const near = (places: number[], middle: number): number =>
    places.reduce(
      (best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best),
      Number.POSITIVE_INFINITY,
    );
  return {
    x: stage.x + near(red.x, (box.left + box.right) / 2),
    y: stage.y + near(green.y, (box.top + box.bottom) / 2),
  };
}

test("the wheel zooms at the pointer with Ctrl, and alone only where the picture has the focus", () =>
  onFakeStage({ ...bands, body: '<echo-viewer></echo-viewer><div class="full"></div>' }, async ({ page }) => {
    await waitForPhase(page, "file");
    const place = await crossing(page, 2);
    await page.mouse.move(place.x, place.y);
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(() => scrollY > 50);
    assert.is((await viewOf(page)).zoom, 2, "the page scrolled");
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.zoom > 2.5);
    await page.waitForTimeout(100);
    const { zoom } = await viewOf(page);
    assert.ok(Math.abs(zoom - 2 * Math.exp(0.4)) < 0.01, `${zoom}`);
    const pixels = await page.evaluate(() => toText(pixelsOn("canvas.picture").data));
    const after = bytesOf(pixels);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const [x, y] = [Math.round(place.x - stage.x), Math.round(place.y - stage.y)];
    const at = (dx: number, dy: number, channel: number): boolean =>
      after[((y + dy) * Math.round(stage.width) + x + dx) * 4 + channel] > 127;
    assert.is.not(at(-4, -4, 0), at(4, -4, 0), "red still changes at the pointer");
    assert.is.not(at(-4, -4, 1), at(-4, 4, 1), "green still changes at the pointer");
    await page.mouse.click(place.x, place.y);
    await page.mouse.wheel(0, 300);
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.zoom < 2);
    assert.is(await page.evaluate(() => scrollY), 0);
  }));

test("a zoomed picture is dragged, and two quick clicks show all of it", () =>
  onFakeStage(bands, async ({ page }) => {
    await waitForPhase(page, "file");
    const place = await crossing(page, 3);
    await page.mouse.move(place.x, place.y);
    await page.mouse.down();
    await page.mouse.move(place.x + 30, place.y - 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(400);
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const moved = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      return new Promise<readonly [number, number]>((resolve) => {
        viewer.addEventListener("echo-view", ({ detail }) => resolve(detail.centre), { once: true });
        viewer.zoom = 3.0001;
      });
    });
    assert.ok(moved[0] < 0.5 && moved[1] > 0.5, `${moved}`);
    await page.mouse.dblclick(stage.x + stage.width / 2, stage.y + stage.height / 2);
    assert.is((await viewOf(page)).zoom, 1);
  }));

type Touch = { x: number; y: number };

async function touch(page: Page, steps: readonly (readonly Touch[])[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  for (const [i, points] of steps.entries()) {
    const done = client.send("Input.dispatchTouchEvent", {
      type: i === 0 ? "touchStart" : points.length ? "touchMove" : "touchEnd",
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });
    // Of touches that become a scroll Chromium does not always say that they are done.
    await Promise.race([done, wait(1000)]);
    done.catch(() => undefined);
  }
  await Promise.race([client.detach(), wait(1000)]);
}

test("two fingers zoom; one scrolls the page over a whole picture and moves a zoomed one; two taps show all of it", () =>
  onFakeStage(
    {
      ...bands,
      body: '<echo-viewer></echo-viewer><div class="full"></div>',
      person: { hasTouch: true, isMobile: true },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
      const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
      const spread = (px: number): readonly Touch[] => [
        { x: x - px, y },
        { x: x + px, y },
      ];
      await touch(page, [spread(40), spread(50), spread(70), spread(100), []]);
      const { zoom } = await viewOf(page);
      assert.ok(zoom > 2.2 && zoom < 2.8, `${zoom}`);
      assert.is(await page.evaluate(() => visualViewport!.scale), 1, "the page is not zoomed");
      await page.waitForTimeout(400);
      const moved = await nextEvent(page, "echo-view");
      await touch(page, [[{ x, y }], [{ x, y: y - 10 }], [{ x, y: y - 30 }], []]);
      assert.ok((await moved()).centre[1] > 0.5);
      assert.is(await page.evaluate(() => scrollY), 0);
      await page.waitForTimeout(400);
      await touch(page, [[{ x, y }], []]);
      await touch(page, [[{ x, y }], []]);
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.zoom === 1);
      await touch(page, [[{ x, y }], ...[20, 60, 100, 140].map((up) => [{ x, y: y - up }]), []]);
      await page.waitForFunction(() => scrollY > 50);
    },
  ));

test("the patient is shown above the picture, and privacy hides who it is", () =>
  onFakeStage(
    {
      src: "scan.uff",
      body: `<echo-viewer banner='{"name":"Ada Lovelace","id":"1815","birthDate":"1815-12-10","sex":"F","exam":"Carotid"}'></echo-viewer>`,
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const shown = (): Promise<string[]> =>
        page.locator("echo-viewer .patient span:not(.said)").allTextContents();
      assert.equal(await shown(), [
        "Name: Ada Lovelace",
        "Identifier: 1815",
        "Date of birth: Dec 10, 1815",
        "Sex: F",
        "Examination: Carotid",
      ]);
      await page.locator("echo-viewer .base").focus();
      await page.keyboard.press("N");
      assert.equal(await shown(), ["Patient hidden", "Sex: F", "Examination: Carotid"]);
      assert.is(await page.locator("echo-viewer").getAttribute("privacy"), "");
      const html = await page.evaluate(() => document.querySelector("echo-viewer")!.shadowRoot!.innerHTML);
      assert.not.match(html, /Lovelace|1815/);
      await page.evaluate(() => {
        document.querySelector("echo-viewer")!.banner = { name: "Grace Hopper" };
      });
      assert.match(
        (await page.locator("echo-viewer").getAttribute("banner")) ?? "",
        /Lovelace/,
        "not written back",
      );
      await page.locator("echo-viewer .rail-view").click();
      await page.locator("echo-viewer .privacy").click();
      assert.equal(await shown(), ["Name: Grace Hopper"]);
    },
  ));

test("a long name leaves room for what tells people apart, and what is cut can be read in full", () => {
  const name = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Maximiliana";
  const banner = JSON.stringify({
    name,
    id: "1234-567/89",
    birthDate: "1961-03-04",
    sex: "F",
    exam: "Abdomen",
  });
  return onFakeStage(
    {
      src: "scan.uff",
      body: `<echo-viewer class="full" banner='${banner}'></echo-viewer>`,
      width: 320,
      height: 568,
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const fields = await page.evaluate(() =>
        [...document.querySelector("echo-viewer")!.shadowRoot!.querySelectorAll(".patient > span")].map(
          (field) => {
            const { width, right } = field.getBoundingClientRect();
            return { width, right, cut: field.scrollWidth > field.clientWidth };
          },
        ),
      );
      assert.equal(
        fields.slice(0, 4).map(({ cut }) => cut),
        [true, false, false, false],
      );
      assert.ok(fields[0].width >= 72 && fields[3].right <= 310, JSON.stringify(fields));
      const title = page.locator("echo-viewer .patient [data-field=name]").getAttribute("title");
      assert.is(await title, `Name: ${name}`);
    },
  );
});

/** How many pixels of an element's middle row are seen in the colour #f0f, and how many of any row are bright right of a place. */
async function pixelsIn(page: Page, selector: string, from = 0): Promise<[marked: number, bright: number]> {
  const png = await page.locator(`echo-viewer ${selector}`).screenshot();
  return page.evaluate(
    async ([text, left]) => {
      const image = await createImageBitmap(new Blob([fromText(text)]));
      const { width, height } = image;
      const copy = new OffscreenCanvas(width, height).getContext("2d")!;
      copy.drawImage(image, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      let [marked, bright] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        const [r, g, b] = data.slice(at, at + 3);
        if (y === height >> 1 && r > 200 && g < 100 && b > 200) marked++;
        if (x > left && g > 100) bright++;
      }
      return [marked, bright] as [number, number];
    },
    [textOfBytes(png), from] as const,
  );
}

test("in a narrow viewer every field of the banner is there whole or ends with an ellipsis, and who it is gives way last", () =>
  onFakeStage({ src: "scan.uff", body: '<echo-viewer class="full"></echo-viewer>' }, async ({ page }) => {
    const banners = [
      {
        name: "Ada Lovelace",
        id: "1815",
        birthDate: "1815-12-10",
        sex: "F",
        exam: "Carotid",
        date: "1840-01-02",
      },
      {
        name: "Phantom, Eight",
        id: "P-007",
        birthDate: "1990-01-01",
        sex: "O",
        exam: "Abdomen",
        operator: "Long",
      },
      {
        name: "Ada",
        id: "1815-3344-222222222",
        birthDate: "1815-12-10",
        sex: "Female, other",
        exam: "Abdomen",
      },
    ];
    await waitForPhase(page, "file");
    for (const [k, banner] of banners.entries()) {
      await page.evaluate((given) => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.banner = given;
        viewer.load();
      }, banner);
      await page.waitForFunction(
        (name) =>
          document
            .querySelector("echo-viewer")!
            .shadowRoot!.querySelector(".patient [data-field=name]")
            ?.textContent?.includes(name),
        banner.name,
      );
      for (const width of [240, 320, 360]) {
        await page.setViewportSize({ width, height: 568 });
        await page.waitForTimeout(100);
        const boxes = await page.evaluate(() =>
          [...document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".patient")!.children].flatMap(
            (one) => {
              const { left, right } = one.getBoundingClientRect();
              const { overflowX, textOverflow, fontSize } = getComputedStyle(one);
              const [whole, ends] = [one.scrollWidth <= one.clientWidth, `${overflowX} ${textOverflow}`];
              const em = Number.parseFloat(fontSize);
              return right > left ? [{ left, right, whole, ends, em }] : [];
            },
          ),
        );
        const where = `${banner.name} at ${width}: ${JSON.stringify(boxes)}`;
        for (const { left, right, whole, ends, em } of boxes) {
          assert.ok(left >= 0 && right <= width - 9, where);
          // Room for a letter and the ellipsis.
          assert.ok(whole || (ends === "hidden ellipsis" && right - left >= 1.9 * em), where);
        }
        if (k < 2)
          assert.ok(
            boxes.slice(1, 4).every(({ whole }) => whole),
            where,
          );
        assert.ok(boxes[0].whole || boxes[0].right - boxes[0].left >= 4 * boxes[0].em - 1, where);
      }
    }
  }));

test("in a narrow viewer a parameter is there whole or not at all, and an ellipsis says that one is left out", async () => {
  const acquisition = {
    kind: "beamformed",
    name: "A probe with a name that is longer than any line",
    centerFrequencyHz: 5e6,
  };
  for (const width of [240, 280, 320, 360, 500])
    await onFakeStage(
      {
        src: "scan.uff",
        body: '<echo-viewer class="full" gain="-12" dynamic-range="65"></echo-viewer>',
        width,
        height: 568,
        fake: { acquisition },
      },
      async ({ page }) => {
        await waitForPhase(page, "file");
        // Each in its turn on a colour that nothing else has, seen or not.
        const line = page.locator("echo-viewer .made");
        const shown: string[] = [];
        const items = await line.locator("span").all();
        for (const item of items) {
          const whole = await item.evaluate((one) => {
            one.style.background = "#f0f";
            one.style.color = "transparent";
            return one.getBoundingClientRect().width;
          });
          const [seen] = await pixelsIn(page, ".made");
          const text = (await item.textContent()) ?? "";
          assert.ok(seen === 0 || seen > whole - 2, `${width}: ${seen} of ${whole} px of ${text}`);
          if (seen) shown.push(text);
          await item.evaluate((one) => {
            one.style.background = one.style.color = "";
          });
        }
        assert.ok(shown.length >= 2, `${shown.length} of ${items.length} at ${width}`);
        // What follows the last one that is there: an ellipsis, where others are left out.
        const end = await line.evaluate(
          (one, count) =>
            one.children[count - 1].getBoundingClientRect().right - one.getBoundingClientRect().left,
          shown.length,
        );
        const [, bright] = await pixelsIn(page, ".made", Math.ceil(end));
        assert.is(bright > 0, shown.length < items.length, `${width}: ${bright} px after ${shown}`);
        const title = await line.getAttribute("title");
        for (const item of items) assert.ok(title?.includes((await item.textContent())!));
      },
    );
});

const indices = (page: Page): Promise<string> => textOf(page, ".indices");

test("MI and TI are what the device states, in tenths, and blank when frozen, stalled or old", async () => {
  await onFakeStage({ probe: "simulated", fake: { output: { mi: 0.8499, tis: 1.25 } } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator("echo-viewer .indices").waitFor();
    assert.is(await indices(page), "MI 0.8TIS 1.3");
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    assert.is(await indices(page), "MI –");
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    await page.waitForTimeout(200);
    assert.is(await indices(page), "MI 0.8TIS 1.3");
    await page.evaluate(() => {
      (window as unknown as { log: { stalled: boolean } }).log.stalled = true;
    });
    await page.waitForTimeout(1100);
    assert.is(await indices(page), "MI –");
  });
  // The statement stops, and the picture goes on.
  await onFakeStage({ probe: "simulated", fake: { output: { mi: 0.4, until: 10 } } }, async ({ page }) => {
    await page.locator("echo-viewer .indices").waitFor();
    await page.waitForFunction(() => (document.querySelector("echo-viewer")?.image?.frameIndex ?? 0) >= 40);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.phase), "live");
    assert.is(await indices(page), "MI –");
  });
  await onFakeStage({ probe: "simulated", fake: { output: { mi: 0.4, ageS: 1.2 } } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.waitForTimeout(300);
    assert.is(await indices(page), "MI –", "old when it arrived");
  });
  await onFakeStage({ probe: "simulated" }, async ({ page }) => {
    await waitForPhase(page, "live");
    assert.is(
      await page.locator("echo-viewer .indices").count(),
      0,
      "a device that states nothing has no place for it",
    );
  });
});

test("the viewer fills the screen with a key, or the window where that is refused, and comes back", () =>
  onFakeStage(bands, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.fullscreenElement?.localName === "echo-viewer");
    await page.locator("echo-viewer .full-screen").click();
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.evaluate(() => {
      Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("not here"));
    });
    await page.locator("echo-viewer .full-screen").click();
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.matches(":state(filled)"));
    const box = (await page.locator("echo-viewer").boundingBox())!;
    assert.equal(box, { x: 0, y: 0, width: 1000, height: 700 });
    await page.keyboard.press("Escape");
    assert.not.ok(
      await page.evaluate(() => document.querySelector("echo-viewer")!.matches(":state(filled)")),
    );
  }));

test("the screen stays on while frames come, and only then", () =>
  onFakeStage({}, async ({ page }) => {
    await page.evaluate(() => {
      const held = { count: 0 };
      Object.assign(window, { held });
      Object.defineProperty(navigator, "wakeLock", {
        value: {
          request: async () => {
            held.count++;
            return { release: async () => held.count-- };
          },
        },
      });
      document.querySelector("echo-viewer")!.probe = "simulated";
    });
    const held = (): Promise<number> =>
      page.evaluate(() => (window as unknown as { held: { count: number } }).held.count);
    await waitForPhase(page, "live");
    assert.is(await held(), 1);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    assert.is(await held(), 0);
    await page.evaluate(() => document.querySelector("echo-viewer")!.run());
    await waitForPhase(page, "live");
    assert.is(await held(), 1);
    await page.evaluate(() => document.querySelector("echo-viewer")!.remove());
    assert.is(await held(), 0);
  }));

test.after(closeBrowser);
test.run();

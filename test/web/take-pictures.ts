/** Takes the pictures of the viewer that the READMEs show: `npm run pictures`, behind a build. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesOf, closeBrowser, onStage, type Stage, waitForPhase } from "./browser.ts";
import { edgesOf } from "./measure/stage.ts";

type Page = Stage["page"];

const folder = fileURLToPath(new URL("../../web/pictures/", import.meta.url));

const SCREENS = {
  desktop: { width: 1280, height: 800, scale: 0.6, columns: 2 },
  tablet: { width: 820, height: 1100, scale: 0.6, columns: 5 },
  phone: { width: 390, height: 780, scale: 0.8, columns: 5 },
} as const;

/** What the command that serves the page says of it. */
const SERVED = { "/session.json": JSON.stringify({ src: null, probe: "simulated" }) };

/** Room around each screen (px). */
const GAP = 16;

const rail = (page: Page, name: string): Promise<void> =>
  page.locator(`echo-viewer [part~=rail-${name}]`).click();

/** Presses the key of a tool, then on these places of the picture. */
async function measure(page: Page, key: string, places: readonly (readonly [u: number, v: number])[]) {
  await page.keyboard.press(key);
  // On a small screen the drawer makes room for the picture.
  await page.waitForTimeout(400);
  const { left, right, top, bottom } = await edgesOf(page);
  for (const [u, v] of places) await page.mouse.click(left + u * (right - left), top + v * (bottom - top));
}

/** What a page of its own is brought to, from a live picture of 2 s. */
const STATES: readonly ((page: Page) => Promise<void>)[] = [
  async () => {},
  (page) => rail(page, "imaging"),
  async (page) => {
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("w");
    await page.waitForTimeout(4500);
  },
  async (page) => {
    await page.locator("echo-viewer .freeze").click();
    await waitForPhase(page, "frozen");
    await rail(page, "measure");
    await page.locator("echo-viewer .measure-tools").first().waitFor();
    await page.locator("echo-viewer .base").focus();
    await measure(page, "L", [
      [0.13, 0.64],
      [0.37, 0.64],
    ]);
    await measure(page, "E", [
      [0.6, 0.62],
      [0.88, 0.62],
      [0.74, 0.69],
    ]);
    await page.keyboard.press("Escape");
  },
  (page) => rail(page, "device"),
];

for (const [name, { width, height, scale, columns }] of Object.entries(SCREENS)) {
  const taken: string[] = [];
  for (const [k, reach] of STATES.entries())
    await onStage(
      { body: "/", extra: SERVED, width, height, person: { colorScheme: "dark" } },
      async ({ page }) => {
        await waitForPhase(page, "live");
        await page.waitForTimeout(2000);
        await reach(page);
        await page.waitForTimeout(800);
        const png = await page.screenshot();
        taken.push(png.toString("base64"));
        if (name === "desktop" && k === 0) writeFileSync(`${folder}viewer.png`, png);
      },
    );
  const [w, h] = [width * scale, height * scale];
  await onStage({ body: "<p>Pictures</p>" }, async ({ page }) => {
    const webp = await page.evaluate(
      async ({ pictures, across, size: [dx, dy], gap }) => {
        const rows = Math.ceil(pictures.length / across);
        const sheet = new OffscreenCanvas(across * (dx + gap) + gap, rows * (dy + gap) + gap);
        const context = sheet.getContext("2d")!;
        context.fillStyle = "#3a4048";
        context.fillRect(0, 0, sheet.width, sheet.height);
        context.imageSmoothingQuality = "high";
        for (const [i, picture] of pictures.entries()) {
          const bitmap = await createImageBitmap(new Blob([fromText(picture)]));
          const [column, row] = [i % across, Math.floor(i / across)];
          context.drawImage(bitmap, gap + column * (dx + gap), gap + row * (dy + gap), dx, dy);
        }
        const blob = await sheet.convertToBlob({ type: "image/webp", quality: 0.8 });
        return toText(new Uint8Array(await blob.arrayBuffer()));
      },
      { pictures: taken, across: columns, size: [w, h] as const, gap: GAP },
    );
    writeFileSync(`${folder}states-${name}.webp`, bytesOf(webp));
  });
  console.log(`states-${name}.webp: ${taken.length} states of ${width} x ${height}`);
}
await closeBrowser();
process.exit(0);

/** The bench's page in a real browser, under the policy of `sonde serve`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseReport } from "../../bench/report.ts";
import { scratchFolder } from "../command.ts";
import { barriers, closeBrowser, onStage } from "../web/browser.ts";
import { sampleReport } from "./sample-report.ts";

const folder = scratchFolder();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const laptop = file("laptop.json", JSON.stringify(sampleReport("a laptop")));
const phone = file("phone.json", JSON.stringify(sampleReport("a phone", 4)));

for (const width of [1280, 390])
  test(`at ${width} px, chosen reports are drawn and listed, accessibly, in light and dark`, async () => {
    await onStage({ body: "/bench.html", width, height: 800 }, async ({ page }) => {
      await page.locator("#files").setInputFiles([laptop, phone]);
      await page.waitForSelector("#chart svg");
      const bars = await page.$$eval("#chart rect", (found) =>
        found.map((bar) => Number(bar.getAttribute("width"))),
      );
      // W1 (its fastest way), fft and fir: five bars, the phone's four times as long as the laptop's.
      assert.is(bars.length, 5);
      assert.ok(Math.abs(bars[1] / bars[0] - 4) < 0.05, bars.join(" "));
      const rows = await page.$$eval("#table tbody tr", (found) =>
        found.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      assert.equal(rows[0], ["W1", "steered", "80.0", "320", "4.00"]);
      assert.equal(rows[3], ["fir", "49 taps", "1.50", "-", "-"]);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assert.equal(await barriers(page), []);
      }
      assert.is(await page.evaluate(() => document.documentElement.scrollWidth), width);
      await page.getByRole("button", { name: "Remove report A" }).click();
      assert.match((await page.textContent("#reports")) ?? "", "a phone");
      assert.is(await page.locator("#reports li").count(), 1);
    });
  });

test("a dropped file that is no report is named with what is wrong, and those beside it are shown", async () => {
  await onStage({ body: "/bench.html" }, async ({ page }) => {
    await page.evaluate(
      (report) => {
        const data = new DataTransfer();
        data.items.add(new File(["{"], "broken.json"));
        data.items.add(new File([report], "phone.json"));
        document.body.dispatchEvent(
          new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      },
      JSON.stringify(sampleReport("a phone")),
    );
    await page.waitForSelector("#chart svg");
    assert.match((await page.textContent("#trouble")) ?? "", "broken.json is no JSON");
    await page.locator("#files").setInputFiles({
      name: "huge.json",
      mimeType: "application/json",
      buffer: Buffer.alloc(5_000_000, 32),
    });
    await page.waitForFunction(() => document.querySelector("#trouble")!.textContent!.includes("5.0 MB"));
    assert.is(await page.locator("#reports li").count(), 1);
  });
});

test("a link carries a report to whoever opens it; a damaged one says so", async () => {
  await onStage({ body: "/bench.html" }, async ({ page }) => {
    await page.locator("#files").setInputFiles(phone);
    const href = await page.locator("#reports a[href]").getAttribute("href");
    await page.goto("about:blank");
    await page.goto(href!);
    await page.waitForSelector("#chart svg");
    assert.match((await page.textContent("#reports")) ?? "", "a phone");
    await page.goto("about:blank");
    await page.goto(href!.slice(0, -30));
    await page.waitForFunction(() => document.querySelector("#trouble")!.textContent!.includes("damaged"));
    assert.is(await page.locator("#reports li").count(), 0);
  });
});

test("quick measures this browser without a policy violation; the report is saved as a file and stays here", async () => {
  await onStage({ body: "/bench.html" }, async ({ page, address }) => {
    page.setDefaultTimeout(120_000);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
    await page.fill("#device", "the test's computer");
    await page.click("#quick");
    assert.ok(await page.isDisabled("#full"), "one measurement at a time");
    await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>("#quick")!.disabled);
    assert.is(await page.textContent("#trouble"), "");
    assert.is(await page.textContent("#status"), "Done.");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save report A" }).click();
    const path = join(folder, "saved.json");
    await (await download).saveAs(path);
    const { readFileSync } = await import("node:fs");
    const report = parseReport(readFileSync(path, "utf8"), "saved.json");
    assert.is(report.device, "the test's computer");
    const measured = new Set(report.results.map(({ workload }) => workload));
    for (const name of ["W2", "W3", "fft", "display"]) assert.ok(measured.has(name), name);
    assert.ok(report.results.every(({ where }) => where === "page"));
    for (const request of requests) assert.match(request, `GET ${address}`);
  });
});

test("a measurement that is stopped keeps what there is", async () => {
  await onStage({ body: "/bench.html" }, async ({ page }) => {
    page.setDefaultTimeout(60_000);
    await page.click("#quick");
    await page.click("#stop");
    await page.waitForFunction(() => document.querySelector("#stop")!.hasAttribute("hidden"));
    assert.ok(!(await page.isDisabled("#quick")));
  });
});

test.after(closeBrowser);
test.run();

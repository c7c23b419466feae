/** `npm run sizes`: the table of sizes; fails when one is over its budget. */
import { closeBrowser } from "../web/browser.ts";
import { report, weighAll } from "./sizes.ts";

const all = await weighAll();
console.log(report(all));
await closeBrowser();
if (all.some(({ gzipKB, kB }) => gzipKB > kB)) process.exitCode = 1;

/** `npm run bench`: prints what main.ts returns. Exit codes as the `sonde` command: 2 wrong usage, 1 anything else. */
import { isSondeError } from "../host/index.ts";
import { BenchUsageError, bench } from "./main.ts";

try {
  console.log(await bench(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BenchUsageError || isSondeError(error))) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error instanceof BenchUsageError ? 2 : 1;
}

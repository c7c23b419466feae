/** `sonde bench`: its build stands beside this one and is found when it is wanted; the host itself knows nothing of the bench. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SondeError } from "../errors.ts";
import { UsageError } from "./wrong-usage.ts";

/** What dist/bench.js offers. */
interface BenchModule {
  bench(words: readonly string[]): Promise<string>;
  BenchUsageError: new () => Error;
}

/** Runs the bench with the words behind `sonde bench`; prints its table or JSON. */
export async function bench(words: readonly string[]): Promise<void> {
  const file = new URL("./bench.js", import.meta.url);
  if (!existsSync(file))
    throw new SondeError("not-found", `${fileURLToPath(file)} is missing: run npm run build`);
  const module = (await import(file.href)) as BenchModule;
  try {
    console.log(await module.bench(words));
  } catch (error) {
    if (error instanceof module.BenchUsageError) throw new UsageError(error.message);
    throw error;
  }
}

/** The `sonde` command. Exit codes: 0 done; 2 wrong usage; 1 anything else, with one line on standard error. */
import { writeSync } from "node:fs";
import { isSondeError } from "../errors.ts";
import { type Command, checkCommand, OPTIONS_OF } from "./applicable.ts";
import { bench } from "./bench.ts";
import { beamform, convert, flow, image, info } from "./commands.ts";
import { openigtlink } from "./openigtlink.ts";
import { probe } from "./probe.ts";
import { record } from "./record.ts";
import { simulate } from "./recordings.ts";
import { serve } from "./serve.ts";
import { USAGE } from "./usage.ts";
import { parseWords, type Values } from "./words.ts";
import { asUsageError, fieldsAsOptions, UsageError } from "./wrong-usage.ts";

/** Of package.json; a build puts it there. */
declare const SONDE_VERSION: string;

/** What a command must be given, where that is no file. */
const NEEDS: Partial<Record<Command, string>> = {
  record: "an ADDRESS",
  simulate: "a scene: linear, phased, convex",
};

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

async function run(command: Command, positionals: string[], values: Values): Promise<void> {
  checkCommand(command, values);
  const [file, second, ...rest] = positionals;
  const allowed = command === "convert" ? 2 : 1;
  if (positionals.length > allowed)
    throw new UsageError(`${[second, ...rest].filter(Boolean).join(" ")}: one file at a time`);
  if (command === "serve") return serve(file, values);
  if (command === "openigtlink") return openigtlink(file, values);
  if (command === "probe") return probe(file, values);
  if (!file) throw new UsageError(`sonde ${command} needs ${NEEDS[command] ?? "a FILE"}`);
  const report =
    command === "record"
      ? await record(file, values)
      : command === "info"
        ? await info(file, values)
        : command === "beamform"
          ? await beamform(file, values)
          : command === "image"
            ? await image(file, values)
            : command === "flow"
              ? await flow(file, values)
              : command === "simulate"
                ? await simulate(file, values)
                : await convert(file, second, values);
  if (values.json) console.log(JSON.stringify(report));
  else if (command !== "info")
    for (const warning of report.warnings) console.error(oneLine(`note: ${warning}`));
}

function isCommand(word: string): word is Command {
  return Object.hasOwn(OPTIONS_OF, word);
}

/** Says what went wrong; returns the exit code. */
function explain(error: unknown, command: string, values: Values): number {
  const wrong = isSondeError(error, "bad-option") ? asUsageError(error, values) : error;
  if (wrong instanceof UsageError) {
    const help = isCommand(command) || command === "bench" ? `sonde ${command} --help` : "sonde --help";
    console.error(oneLine(`sonde: ${wrong.message} (${help} tells more)`));
    return 2;
  }
  const text = isSondeError(error)
    ? `${fieldsAsOptions(error.message)} [${error.code}]`
    : `unexpected: ${error instanceof Error ? error.message : error}`;
  console.error(oneLine(`sonde: ${text}`));
  return 1;
}

async function main(): Promise<number> {
  const [command = "", ...words] = process.argv.slice(2);
  if (["", "help", "-h", "--help"].includes(command)) {
    if (command !== "") console.log(USAGE[""]);
    else console.error(USAGE[""]);
    return command === "" ? 2 : 0;
  }
  if (["version", "-V", "--version"].includes(command)) {
    console.log(SONDE_VERSION);
    return 0;
  }
  let given: Values = {};
  try {
    if (command === "bench") {
      // The bench has words of its own.
      if (words.includes("--help") || words.includes("-h")) console.log(USAGE["bench"]);
      else await bench(words);
      return 0;
    }
    if (!isCommand(command)) throw new UsageError(`${command}: no such command`);
    const { positionals, values } = parseWords(words);
    given = values;
    if (values.help) console.log(USAGE[command]);
    else await run(command, positionals, values);
    return 0;
  } catch (error) {
    return explain(error, command, given);
  }
}

/** Commands that go on until they are stopped: what they hold, a device say, outlives whoever read what they print. */
const UNTIL_STOPPED: readonly string[] = ["serve", "record", "openigtlink", "probe"] satisfies Command[];

/**
 * Nobody reads the output any more (`| head`): what is left to say goes nowhere, in silence. Any other failure, a full disk say, is
 * one line like all others.
 */
function failOutput(error: NodeJS.ErrnoException): void {
  if (UNTIL_STOPPED.includes(process.argv[2])) return;
  if (error.code === "EPIPE") process.exit();
  try {
    writeSync(
      2,
      oneLine(`sonde: the output could not be written: ${error.message} [not-found]`).concat("\n"),
    );
  } catch {
    // Standard error is the one that failed.
  }
  process.exit(1);
}

for (const stream of [process.stdout, process.stderr]) stream.on("error", failOutput);
process.exitCode = await main();

/** The `sonde` command. Exit codes: 0 done; 2 wrong usage; 1 anything else, with one line on standard error. */
import { isSondeError } from "../errors.ts";
import { parseWords, UsageError, type Values } from "./arguments.ts";
import { beamform, convert, image, info } from "./commands.ts";
import { serve } from "./serve.ts";
import { USAGE } from "./usage.ts";

async function run(command: string, positionals: string[], values: Values): Promise<void> {
  const [file, second, ...rest] = positionals;
  const allowed = command === "convert" ? 2 : 1;
  if (positionals.length > allowed)
    throw new UsageError(`${[second, ...rest].filter(Boolean).join(" ")}: one file at a time`);
  if (command === "serve") return serve(file, values);
  if (!file) throw new UsageError(`sonde ${command} needs a FILE`);
  const report =
    command === "info"
      ? await info(file, values)
      : command === "beamform"
        ? await beamform(file, values)
        : command === "image"
          ? await image(file, values)
          : await convert(file, second, values);
  if (values.json) console.log(JSON.stringify(report));
}

async function main(): Promise<number> {
  const [command = "", ...words] = process.argv.slice(2);
  if (["", "help", "-h", "--help"].includes(command)) {
    console.log(USAGE[""]);
    return command === "" ? 2 : 0;
  }
  try {
    if (!USAGE[command]) throw new UsageError(`${command}: no such command`);
    const { positionals, values } = parseWords(words);
    if (values.help) console.log(USAGE[command]);
    else await run(command, positionals, values);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(
        `sonde: ${error.message} (sonde ${USAGE[command] ? `${command} ` : ""}--help tells more)`,
      );
      return 2;
    }
    const text = isSondeError(error)
      ? `${error.message} [${error.code}]`
      : `unexpected: ${error instanceof Error ? error.message : error}`;
    console.error(`sonde: ${text.replace(/\s+/g, " ")}`);
    return 1;
  }
}

process.exitCode = await main();

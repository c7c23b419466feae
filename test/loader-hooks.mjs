/** Runs in the thread that Node loads modules with. */
import { readFile } from "node:fs/promises";

const root = new URL("../", import.meta.url).href;
const folder = process.env.SONDE_JAVASCRIPT;

export async function load(url, context, next) {
  const [address] = url.split("?");
  if (!address.endsWith(".ts") || !address.startsWith(root)) return next(url, context);
  const source = await readFile(`${folder}/${decodeURIComponent(address.slice(root.length))}`, "utf8");
  return { format: "module", source, shortCircuit: true };
}

/**
 * Instructions of the innermost loops of the core's kernels, counted in the built WASM. binaryen, which compiles the core as a
 * dependency of assemblyscript, takes it apart.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";

const WASM = fileURLToPath(new URL("../dist/core/core.wasm", import.meta.url));

/** Words of the text format that are no instructions. */
const NO_INSTRUCTIONS = new Set(["func", "param", "result", "type", "local", "export", "then", "else"]);

/** Instructions of every loop that holds no other loop, in the order of the code. */
function innermostLoops(code: string): number[] {
  const counts: number[] = [];
  interface Open {
    loop: boolean;
    instructions: number;
    inner: boolean;
  }
  const open: Open[] = [];
  for (const [token, word] of code.matchAll(/"[^"]*"|;;[^\n]*|\(([a-z_0-9.]+)?|\)/g)) {
    if (token[0] === "(") open.push({ loop: word === "loop", instructions: 0, inner: false });
    else if (token === ")") {
      const closed = open.pop();
      const parent = open[open.length - 1];
      if (!closed || !parent) continue;
      if (closed.loop && !closed.inner) counts.push(closed.instructions);
      parent.instructions += closed.instructions;
      parent.inner ||= closed.loop || closed.inner;
    }
    const top = open[open.length - 1];
    if (token[0] === "(" && word && !NO_INSTRUCTIONS.has(word) && top) top.instructions++;
  }
  return counts;
}

/** By exported kernel, instructions of its innermost loops; those of functions it calls are not followed. */
export function hotLoops(): Map<string, number[]> {
  const module = binaryen.readBinary(readFileSync(WASM));
  const text = module.emitText();
  const names = new Map(
    [...text.matchAll(/\(export "([^"]+)" \(func (\$[^\s)]+)\)\)/g)].map(([, name, id]) => [id, name]),
  );
  const found = new Map<string, number[]>();
  // Functions stand one after the other, each at one space of indentation.
  for (const code of text.split(/\n (?=\(func )/).slice(1)) {
    const id = /^\(func (\$[^\s)]+)/.exec(code)?.[1] ?? "";
    const name = names.get(id);
    if (name) found.set(name, innermostLoops(code));
  }
  module.dispose();
  return found;
}

/**
 * Budgets that do not depend on the machine (sizes have their own, test/packaging/sizes.ts): kernel calls and memory of a frame, what a frame
 * allocates, instructions of the hot loops. Times are told by the bench and asserted nowhere.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeWorkload } from "../bench/workloads.ts";
import { LocalPlan } from "../host/engine/plan.ts";
import type { Acquisition, Frame, Image, Pipeline } from "../host/index.ts";
import { simulatedRecording } from "../host/simulate/index.ts";
import { hotLoops } from "./hot-loops.ts";
import { watchingKernels } from "./kernel-counter.ts";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

test("nothing of HDF5 is in what every page loads", () => {
  for (const file of ["sonde-worker.js", "echo-viewer.min.js"])
    assert.not(readFileSync(dist + file, "utf8").includes("H5Fopen"), file);
});

interface FrameBudget {
  name: string;
  pipeline: Pipeline;
  /**
   * Calls of kernels a frame. At least 20: V8 compiles well between calls only. A call costs 2 ns, but what the host does around it
   * more.
   */
  calls: number;
  /** Core memory, MB. */
  megabytes: number;
}

const LEAST_CALLS = 20;

const COARSE = { path: "steered", accuracy: 0.15 } as const;

const FRAMES: readonly FrameBudget[] = [
  { name: "W1", pipeline: { beamform: { ...COARSE, arithmetic: "int16" } }, calls: 16000, megabytes: 45 },
  { name: "W1", pipeline: { beamform: { ...COARSE, arithmetic: "float32" } }, calls: 16000, megabytes: 45 },
  {
    name: "W1",
    pipeline: { beamform: { path: "depth", interpolation: "linear" } },
    calls: 120,
    megabytes: 320,
  },
  { name: "W2", pipeline: {}, calls: 1500, megabytes: 12 },
  { name: "live linear", pipeline: {}, calls: 300, megabytes: 6 },
  { name: "live phased", pipeline: {}, calls: 60, megabytes: 30 },
  { name: "live convex", pipeline: {}, calls: 60, megabytes: 40 },
];

async function frameOf(name: string): Promise<{ info: Acquisition; frame: Frame; base: Pipeline }> {
  const live = /^live (linear|phased|convex)$/.exec(name)?.[1] as "linear" | "phased" | "convex" | undefined;
  if (live) {
    const source = await simulatedRecording({ array: live }, 1);
    return { info: source.info, frame: await source.frame(0), base: {} };
  }
  const { info, frames, pipeline } = await makeWorkload(name as "W1" | "W2");
  return { info, frame: frames[0], base: pipeline };
}

for (const { name, pipeline, calls, megabytes } of FRAMES)
  test(`a frame of ${name} ${JSON.stringify(pipeline.beamform ?? {})} takes ${LEAST_CALLS} to ${calls} kernel calls and ${megabytes} MB of core memory at most`, async () => {
    const { info, frame, base } = await frameOf(name);
    await watchingKernels(async (watch) => {
      const plan = await LocalPlan.create(
        info,
        { ...base, ...pipeline, beamform: { ...base.beamform, ...pipeline.beamform } },
        2 ** 31,
      );
      const before = watch.total();
      watch.dry = true;
      // W1 is beamformed only: its grid is too coarse in depth for a picture of real RF.
      await (name === "W1" ? plan.beamform(frame) : plan.run(frame));
      const made = watch.total() - before;
      const taken = watch.memories[watch.memories.length - 1].buffer.byteLength / 1e6;
      console.log(`${name}: ${made} calls, ${taken.toFixed(1)} MB`);
      assert.ok(made >= LEAST_CALLS && made <= calls, `${made} calls`);
      assert.ok(taken <= megabytes, `${taken} MB`);
      plan.close();
    });
  });

/** Counts typed arrays and buffers that get memory of their own (views of others' memory do not). */
async function countingAllocations(work: () => Promise<void>): Promise<number> {
  const names = [
    "ArrayBuffer",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
  ] as const;
  const real = names.map((name) => globalThis[name]);
  let made = 0;
  names.forEach((name, i) => {
    Reflect.set(
      globalThis,
      name,
      new Proxy(real[i], {
        construct(target, words: unknown[], as) {
          const [first] = words;
          const view = first instanceof real[0] || first instanceof SharedArrayBuffer;
          if (!view) made++;
          return Reflect.construct(target, words, as) as object;
        },
      }),
    );
  });
  try {
    await work();
  } finally {
    names.forEach((name, i) => {
      Reflect.set(globalThis, name, real[i]);
    });
  }
  return made;
}

const REPEATED = 50;

test(`${REPEATED} live frames shown in a recycled picture allocate no buffer and leave core memory as large as it was`, async () => {
  const source = await simulatedRecording({ array: "phased", elements: 16, scatterers: 200 }, 1);
  const frame = await source.frame(0);
  await watchingKernels(async (watch) => {
    const plan = await LocalPlan.create(source.info, {}, 2 ** 30);
    let picture: Image | undefined = await plan.run(frame);
    const [memory] = watch.memories;
    const { buffer } = memory;
    const made = await countingAllocations(async () => {
      for (let i = 0; i < REPEATED; i++) picture = await plan.run(frame, picture);
    });
    assert.is(made, 0);
    assert.is(memory.buffer, buffer, "the same memory, not grown");
    // The counter counts: without a picture to recycle there is one new buffer a frame.
    const fresh = await countingAllocations(async () => {
      for (let i = 0; i < REPEATED; i++) await plan.run(frame);
    });
    assert.is(fresh, REPEATED);
    plan.close();
  });
});

/**
 * Instructions a turn of the largest innermost loop: of WASM, whatever a processor makes of them (a constant that is loaded counts two,
 * its address and the load, and is one on the processor; one that is written out counts one and is three). A kernel that does more in
 * a turn may have more of them: say so here.
 */
const LOOPS: readonly [kernel: string, instructions: number, makes: string][] = [
  ["sumSteeredShort", 122, "32 channels of a tap"],
  ["sumSteeredFloat", 126, "32 channels of a tap"],
  ["tapsShort", 83, "table entries of four taps"],
  ["tapsFloat", 72, "table entries of four taps"],
  ["steerFloat", 94, "samples of four channels"],
  ["dasLateral", 76, "8 real points of int16"],
  ["dasLateralComplex", 113, "8 complex points of int16"],
  ["dasReal", 90, "the place of 4 real points, behind the calls that sum them"],
  ["dasTwoTaps", 90, "the place of 4 complex points"],
  ["dasTwoTapsIq", 90, "the place of 4 points of IQ"],
  ["dasFrames", 269, "the taps of 4 pixels, in one of three ways"],
  ["filterFir", 100, "one tap of a group of samples"],
  ["filterRows", 63, "a butterfly of four"],
  ["scanConvert", 86, "4 pixels"],
  ["paintConverted", 86, "4 pixels"],
  ["decibels", 108, "4 values"],
  ["peakMagnitude", 51, "8 values"],
  ["median3", 96, "4 pixels"],
  ["bilateral", 74, "one neighbour row of 4 pixels"],
  ["blend", 27, "4 values"],
  ["sradStep", 62, "4 pixels"],
  ["autocorrelate", 61, "4 pixels of a frame"],
  ["addGram", 110, "4 pixels of 2 x 2 frames"],
];

const loops = hotLoops();
for (const [kernel, instructions, makes] of LOOPS)
  test(`the hot loop of ${kernel} has at most ${instructions} instructions (a turn makes ${makes})`, () => {
    const counted = Math.max(...(loops.get(kernel) ?? []));
    console.log(`${kernel}: ${counted} of ${instructions}`);
    assert.ok(counted > 0 && counted <= instructions, `${counted} instructions`);
  });

test.run();

/** Rows shared out among threads: all of them once, in order, at about equal cost. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pureCore } from "../../../../host/core/binding.ts";
import { type Cost, costOfPixels } from "../../../../host/engine/paths/cost.ts";
import { STEERED } from "../../../../host/engine/paths/steered.ts";
import { resolveChannels } from "../../../../host/engine/resolve.ts";
import { splitRows, sumCost } from "../../../../host/engine/threads/split-rows.ts";
import type { ChannelData, Pipeline, Scan } from "../../../../host/index.ts";
import { makeScene } from "../../../synthetic.ts";

const { kernels } = await pureCore();

function grid(rows: number): Scan {
  return {
    kind: "linear",
    x: { min: -0.004, max: 0.004, count: 33 },
    z: { min: 0.001, max: 0.03, count: rows },
  };
}

function split(pipeline: Pipeline, count: number) {
  const info = makeScene("plane").info as ChannelData;
  const resolved = resolveChannels(info, pipeline, kernels);
  return splitRows(info, resolved, count, costOfPixels(resolved));
}

test("every row is made once, in order, by however many threads", () => {
  for (const rows of [1, 2, 7, 300])
    for (const count of [1, 2, 3, 5, 64]) {
      const ranges = split({ scan: grid(rows) }, count);
      assert.is(ranges.length, count);
      assert.is(ranges[0].first, 0);
      assert.is(ranges[count - 1].end, rows);
      for (let k = 1; k < count; k++) assert.is(ranges[k].first, ranges[k - 1].end);
      for (const { first, end } of ranges) assert.ok(end >= first);
    }
});

test("deep parts, whose pixels hear more elements, have fewer rows; without an aperture all have the same", () => {
  const [shallow, deep] = split({ scan: grid(300), beamform: { fNumber: 2 } }, 2);
  assert.ok(shallow.end - shallow.first > 1.1 * (deep.end - deep.first), JSON.stringify([shallow, deep]));
  assert.equal(
    split({ scan: grid(300), beamform: { fNumber: 0 } }, 3).map(({ first, end }) => end - first),
    [100, 100, 100],
  );
});

test("the cost is the pixels times the elements that they hear, counted one by one", () => {
  const info = makeScene("plane").info as ChannelData;
  const scan = grid(120);
  const resolved = resolveChannels(info, { scan, beamform: { fNumber: 1.5 } }, kernels);
  let heard = 0;
  if (scan.kind !== "linear") throw new Error("a linear grid");
  for (let k = 0; k < scan.z.count; k++)
    for (let i = 0; i < scan.x.count; i++) {
      const x = scan.x.min + (i * (scan.x.max - scan.x.min)) / (scan.x.count - 1);
      const z = scan.z.min + (k * (scan.z.max - scan.z.min)) / (scan.z.count - 1);
      for (let e = 0; e < info.probe.positionsM.length; e += 3)
        if (Math.abs(x - info.probe.positionsM[e]) <= z / 3) heard++;
    }
  const points = heard * info.sequence.length;
  const cost = sumCost(info, resolved, costOfPixels(resolved));
  // What a pixel costs beside its elements comes on top.
  const beside = 5 * scan.z.count * scan.x.count * info.sequence.length;
  assert.ok(Math.abs(cost - beside - points) < 0.05 * points, `${cost - beside} for ${points}`);
});

test("rows differ the less the more each costs beside its points, and who brings a frame in has fewer", () => {
  const info = makeScene("plane").info as ChannelData;
  const resolved = resolveChannels(info, { scan: grid(300), beamform: { fNumber: 2 } }, kernels);
  const shallow = (cost: Partial<Cost>) =>
    splitRows(info, resolved, 2, { ...costOfPixels(resolved), ...cost })[0].end;
  const plain = shallow({});
  assert.is(shallow({ pointsPerRow: 1e9 }), 150);
  assert.ok(shallow({ pointsPerRow: 0 }) > plain);
  assert.ok(shallow({ positions: 1 }) < plain, "few lines, and filters as for many");
  assert.ok(shallow({ pointsPerSample: 1 }) < plain);
  assert.is(shallow({ pointsPerSample: 1e9 }), 0, "the others have all of it");
});

test("the steered path's rows cost the more the more its filters make, and the less the fewer lines there are", () => {
  const info: ChannelData = { ...(makeScene("plane").info as ChannelData), sampleType: "int16" };
  const scan = grid(300);
  const cost = (pipeline: Pipeline) => {
    const resolved = resolveChannels(info, { scan, signal: "rf", ...pipeline }, kernels);
    return STEERED.cost(info, resolved, kernels);
  };
  const fine = cost({ beamform: { accuracy: 0.01 } });
  const coarse = cost({ beamform: { accuracy: 0.25 } });
  assert.is(fine.positions, scan.kind === "linear" ? scan.x.count : 0);
  assert.ok(fine.pointsPerRow > 1.5 * coarse.pointsPerRow);
  assert.ok(coarse.pointsPerSample > 0);
  // A point of the analytic signal takes as long as two, and so do its numbers.
  const analytic = cost({ signal: "analytic", beamform: { accuracy: 0.01 } });
  assert.ok(analytic.pointsPerSample < fine.pointsPerSample);
});

test("of a walking aperture the elements that fire cost filters, and no thread begins before the frame is there", () => {
  const plain = { ...(makeScene("plane").info as ChannelData), sampleType: "int16" } as ChannelData;
  const elements = plain.probe.positionsM.length / 3;
  const firing = (count: number): ChannelData => ({
    ...plain,
    sequence: [0, 1, 2].map((t) => ({
      wave: { kind: "focused", source: [0, 0, 0.01] },
      startS: 0,
      firingS: Float64Array.from({ length: elements }, (_, e) =>
        e >= t && e < t + count ? 0 : Number.POSITIVE_INFINITY,
      ),
    })),
  });
  const cost = (info: ChannelData) =>
    STEERED.cost(info, resolveChannels(info, { scan: grid(300), signal: "rf" }, kernels), kernels);
  assert.is(cost(firing(4)).pointsPerSample, 0);
  assert.is(cost(firing(8)).pointsPerRow, 2 * cost(firing(4)).pointsPerRow);
});

test.run();

/** What `sonde info` tells of a source. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { summarize } from "../../../host/cli/summary.ts";
import type { ChannelData, Wave } from "../../../host/index.ts";
import type { Source } from "../../../host/source.ts";
import { makeScene } from "../../synthetic.ts";

test("what a wave has in elevation is told, and nothing where it has nothing", async () => {
  const waves: Wave[] = [
    { kind: "plane", azimuthRad: 0.1 },
    { kind: "plane", azimuthRad: 0.1, elevationRad: -0.2 },
    { kind: "diverging", source: [0.001, 0, -0.01] },
    { kind: "diverging", source: [0.001, -0.004, -0.01] },
  ];
  const info = {
    ...(makeScene("plane").info as ChannelData),
    frameCount: 1,
    sequence: waves.map((wave) => ({ wave, startS: 0 })),
  };
  const { transmits } = await summarize({ info } as unknown as Source);
  assert.equal(transmits?.waves, [
    "plane 5.73°",
    "plane 5.73° and -11.46° in elevation",
    "diverging (1, -10) mm",
    "diverging (1, -4, -10) mm",
  ]);
});

test.run();

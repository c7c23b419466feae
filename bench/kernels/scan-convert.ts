/** Scan conversion of a sector of 128 lines of 512 samples onto a rectangle, by a table made beforehand. */
import { GROUP_BYTES, OUTSIDE_CELLS } from "../../host/engine/picture-stage.ts";
import type { KernelBench } from "./kernel.ts";

const LINES = 128;
const SAMPLES = 512;
const WIDTH = 800;
const HEIGHT = 600;
const HALF_ANGLE = Math.PI / 4;
const NEAR_M = 0.005;
const FAR_M = 0.1;

/** Index and fraction of every pixel's polar place: what one precomputes; -1 outside. */
function polarTable(): { at: Int32Array; line: Float32Array; sample: Float32Array } {
  const at = new Int32Array(WIDTH * HEIGHT).fill(-1);
  const line = new Float32Array(WIDTH * HEIGHT);
  const sample = new Float32Array(WIDTH * HEIGHT);
  for (let r = 0; r < HEIGHT; r++)
    for (let c = 0; c < WIDTH; c++) {
      const x = (c / (WIDTH - 1) - 0.5) * 2 * FAR_M * Math.sin(HALF_ANGLE);
      const z = (r / (HEIGHT - 1)) * FAR_M;
      const i = ((Math.atan2(x, z) + HALF_ANGLE) / (2 * HALF_ANGLE)) * (LINES - 1);
      const k = ((Math.hypot(x, z) - NEAR_M) / (FAR_M - NEAR_M)) * (SAMPLES - 1);
      if (!(i >= 0 && i < LINES - 1 && k >= 0 && k < SAMPLES - 1)) continue;
      const p = r * WIDTH + c;
      at[p] = Math.floor(k) * LINES + Math.floor(i);
      line[p] = i - Math.floor(i);
      sample[p] = k - Math.floor(k);
    }
  return { at, line, sample };
}

export const scanConvert: KernelBench = ({ workspace, kernels, noise, put }) => {
  const values = noise(LINES * SAMPLES);
  const data = put(values);
  const out = workspace.take(WIDTH * HEIGHT, 4, "The bench");
  const groups = Math.ceil((WIDTH * HEIGHT) / 4);
  const table = workspace.take(groups * GROUP_BYTES, 1, "The bench");
  const runs = workspace.take(groups + 2, 4, "The bench");
  const outside = workspace.take(OUTSIDE_CELLS, 4, "The bench");
  workspace.f32(outside, OUTSIDE_CELLS).fill(-60);
  const lines = workspace.take(6 * LINES, 8, "The bench");
  const width = 2 * FAR_M * Math.sin(HALF_ANGLE);
  const step = (FAR_M - NEAR_M) / (SAMPLES - 1);
  for (let i = 0; i < LINES; i++) {
    const turns = (-HALF_ANGLE + (2 * HALF_ANGLE * i) / (LINES - 1)) / (2 * Math.PI);
    workspace
      .f64(lines, 6 * LINES)
      .set([0, 0, kernels.sinTurns(turns), kernels.cosTurns(turns), NEAR_M, step], 6 * i);
  }
  const runCount = kernels.scanTable(
    lines,
    LINES,
    SAMPLES,
    LINES,
    1,
    data,
    outside,
    -width / 2,
    width / (WIDTH - 1),
    WIDTH,
    0,
    FAR_M / (HEIGHT - 1),
    HEIGHT,
    table,
    runs,
  );
  const polar = polarTable();
  const picture = new Float32Array(WIDTH * HEIGHT);
  return [
    {
      variant: `${LINES} x ${SAMPLES} to ${WIDTH} x ${HEIGHT}`,
      points: WIDTH * HEIGHT,
      run: () => kernels.scanConvert(table, runs, runCount, outside, out),
      js: () => {
        const { at, line, sample } = polar;
        for (let p = 0; p < picture.length; p++) {
          const i = at[p];
          if (i < 0) {
            picture[p] = -60;
            continue;
          }
          const near = values[i] + line[p] * (values[i + 1] - values[i]);
          const far = values[i + LINES] + line[p] * (values[i + LINES + 1] - values[i + LINES]);
          picture[p] = near + sample[p] * (far - near);
        }
      },
    },
  ];
};

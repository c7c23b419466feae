/** The whole way from a complex image to pixels on the page's side: envelope, log, scan conversion, grey map, copy; 512 x 512. */
import { PictureStage } from "../../host/engine/picture-stage.ts";
import { resolveDisplay } from "../../host/engine/resolve.ts";
import type { Image, Scan } from "../../host/index.ts";
import type { KernelBench } from "./kernel.ts";

const SIDE = 512;
const LINES = 128;

const SECTOR: Scan = {
  kind: "sector",
  angle: { min: -Math.PI / 4, max: Math.PI / 4, count: LINES },
  range: { min: 0.005, max: 0.1, count: SIDE },
  apex: [0, 0],
};

const RECTANGLE = {
  kind: "linear",
  x: { min: -0.07, max: 0.07, count: SIDE },
  z: { min: 0.0035, max: 0.1, count: SIDE },
} as const;

export const display: KernelBench = ({ workspace, noise, put }) => {
  const cases = (["sector", "linear"] as const).map((kind) => {
    const columns = kind === "sector" ? LINES : SIDE;
    const offset = put(noise(2 * SIDE * columns));
    const stage = new PictureStage(
      workspace,
      {
        image: { offset, rows: SIDE, columns, strideBytes: 8 * columns },
        geometry: { kind: "grid", scan: kind === "sector" ? SECTOR : RECTANGLE },
      },
      resolveDisplay({ display: kind === "sector" ? { grid: RECTANGLE } : {} }),
    );
    let picture: Image | undefined;
    return {
      variant: `${kind}, ${SIDE} x ${SIDE}`,
      points: SIDE * SIDE,
      run: () => {
        picture = { ...stage.run({ index: 0 }, picture), frameIndex: 0, elapsedMs: 0 };
      },
    };
  });
  return cases;
};

/** Where pixels and elements are, in core memory: exactly, in float64 metres, and as the float32 samples that kernels compute with. */
import { type ChannelData, elementCount, type Scan } from "../model.ts";
import { axisStep, scanSize } from "./axis.ts";
import type { Workspace } from "./workspace.ts";

/** Float32 numbers of one element in the core (assembly/apodization.ts). */
const ELEMENT_NUMBERS = 8;
/** Float64 numbers of one element where exactness counts: x y z nx nz. */
const EXACT_ELEMENT_NUMBERS = 5;

/** Blocks of neighbouring pixels. */
export interface BlockShape {
  /** Pixels of a block. */
  lanes: 4 | 8;
  /** Neighbours in depth, columns behind one another; else lateral neighbours, rows behind one another. */
  alongDepth: boolean;
}

/** The pixels of some rows of a scan. */
export class PixelGrid {
  readonly rows: number;
  readonly columns: number;
  /** Rounded up to whole blocks in the direction of the blocks. */
  readonly paddedRows: number;
  readonly paddedColumns: number;
  readonly count: number;
  readonly blocks: number;
  readonly lanes: number;
  /** Offset of x z float64, metres. */
  readonly exact: number;

  constructor(
    workspace: Workspace,
    scan: Scan,
    { first, end }: { first: number; end: number },
    { lanes, alongDepth }: BlockShape,
  ) {
    const { kernels } = workspace;
    const whole = (count: number) => Math.ceil(count / lanes) * lanes;
    this.lanes = lanes;
    this.rows = end - first;
    this.columns = scanSize(scan).columns;
    this.paddedRows = alongDepth ? whole(this.rows) : this.rows;
    this.paddedColumns = alongDepth ? this.columns : whole(this.columns);
    this.count = this.paddedRows * this.paddedColumns;
    this.blocks = this.count / lanes;
    this.exact = workspace.take(2 * this.count, 8, "The pixel grid");
    workspace.fill(() => {
      const shape = [
        first,
        this.rows,
        this.columns,
        this.paddedRows,
        this.paddedColumns,
        alongDepth,
      ] as const;
      if (scan.kind === "linear")
        kernels.linearPixels(
          ...shape,
          scan.x.min,
          axisStep(scan.x),
          scan.z.min,
          axisStep(scan.z),
          this.exact,
        );
      else {
        const turn = 1 / (2 * Math.PI);
        kernels.sectorPixels(
          ...shape,
          scan.range.min,
          axisStep(scan.range),
          scan.angle.min * turn,
          axisStep(scan.angle) * turn,
          scan.apex[0],
          scan.apex[1],
          this.exact,
        );
      }
    });
  }

  /** Offset of the pixels in samples, float32, [block][x, then z]. */
  scaled(workspace: Workspace, samplesPerMetre: number): number {
    const offset = workspace.take(2 * this.count, 4, "The pixel grid");
    workspace.fill(() =>
      workspace.kernels.scalePixels(this.exact, this.count, this.lanes, samplesPerMetre, offset),
    );
    return offset;
  }
}

/** The elements of a probe as a plane of pixels sees them, exactly and in samples. */
export class ElementTable {
  readonly count: number;
  /** Offset of x y z nx nz float64, metres. */
  readonly exact: number;
  /** Offset of x z y^2 nx nz |y| float32, samples: assembly/apodization.ts. */
  readonly scaled: number;

  /** `elevationM`: of the plane; y counts from there. */
  constructor(workspace: Workspace, { probe }: ChannelData, samplesPerMetre: number, elevationM: number) {
    const { kernels } = workspace;
    const n = elementCount(probe);
    this.count = n;
    this.scaled = workspace.take(n * ELEMENT_NUMBERS, 4, "The elements");
    this.exact = workspace.take(n * EXACT_ELEMENT_NUMBERS, 8, "The elements");
    workspace.fill(() => {
      const scaled = workspace.f32(this.scaled, n * ELEMENT_NUMBERS);
      const exact = workspace.f64(this.exact, n * EXACT_ELEMENT_NUMBERS);
      for (let e = 0; e < n; e++) {
        const [x, y, z] = probe.positionsM.subarray(3 * e, 3 * e + 3);
        const turns = probe.azimuthsRad[e] / (2 * Math.PI);
        const normal = [kernels.sinTurns(turns), kernels.cosTurns(turns)];
        const beside = y - elevationM;
        const elevation = beside * samplesPerMetre;
        scaled.set(
          [x * samplesPerMetre, z * samplesPerMetre, elevation * elevation, ...normal, Math.abs(elevation)],
          ELEMENT_NUMBERS * e,
        );
        exact.set([x, beside, z, ...normal], EXACT_ELEMENT_NUMBERS * e);
      }
    });
  }
}

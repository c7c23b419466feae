/** The sum of the steered path: a frame's run through what layout.ts laid out. */
import type { Compound } from "../../../pipeline.ts";
import type { Workspace } from "../../workspace.ts";
import type { ComplexImage } from "../path.ts";
import type { ClassTables } from "./class-tables.ts";
import type { FillingTables } from "./filling-tables.ts";
import type { SteeredTables } from "./layout.ts";
import type { StagedFrame } from "./staged-frame.ts";
import { type Steering, TAP_UNIT, WEIGHT_UNIT } from "./steering.ts";

export class SteeredSum {
  readonly #workspace: Workspace;
  readonly #staged: StagedFrame;
  readonly #compound: Compound;
  readonly #steering: Steering;
  readonly #tables: SteeredTables;

  constructor(
    workspace: Workspace,
    staged: StagedFrame,
    compound: Compound,
    steering: Steering,
    tables: SteeredTables,
  ) {
    this.#workspace = workspace;
    this.#staged = staged;
    this.#compound = compound;
    this.#steering = steering;
    this.#tables = tables;
  }

  get image(): ComplexImage {
    return this.#tables.image;
  }

  /** Fills the image from the frame that is staged. */
  run(): void {
    const { kernels } = this.#workspace;
    const compound = this.#compound;
    const { sums: laid, fillings, single } = this.#tables;
    this.#configure();
    const imageBytes = this.image.rows * this.image.strideBytes;
    const sums = this.#workspace.u8(laid.offset, 4 * laid.numbers);
    if (compound === "coherent") sums.fill(0);
    else if (compound === "incoherent") this.#workspace.u8(this.image.offset, imageBytes).fill(0);
    for (let t = 0; t < fillings.length; t++) {
      if (compound !== "coherent") sums.fill(0);
      this.#add(fillings[t], this.#tables.wholeTransmits ? t : undefined);
      if (compound === "none") this.#place(this.image.offset + t * imageBytes);
      else if (compound === "incoherent") {
        this.#place(single);
        kernels.addMagnitudes(single, imageBytes / 8, this.image.offset);
      }
    }
    if (compound === "coherent") this.#place(this.image.offset);
  }

  #configure(): void {
    const { ring, scratch } = this.#tables;
    const { offset, rows, strideBytes, partBytes, groups } = ring;
    const {
      parts,
      filter: { taps, upSampling },
    } = this.#steering;
    this.#workspace.kernels.steerSetup(
      groups.length,
      taps,
      parts,
      upSampling,
      offset,
      rows,
      strideBytes,
      partBytes,
      scratch,
    );
  }

  /** One filling of the ring, all slabs: of transmit `t`, or of parts of all of them, whose peak then sets the scale. */
  #add(filling: FillingTables, t: number | undefined): void {
    const { kernels } = this.#workspace;
    const { short } = this.#steering;
    this.#staged.waitFor(t);
    for (const run of filling.runs) this.#tables.raw.load(run);
    const shift = short ? this.#shiftFor(this.#staged.peak(t)) : 0;
    // What an integer is worth.
    const scale = short ? (1 << shift) / (TAP_UNIT * WEIGHT_UNIT) : 1;
    // Plain loops: closures and pairs made hundreds of objects a frame.
    const { slabs, classes, bases, filters } = filling;
    for (let slab = 0; slab < slabs.length; slab++) {
      const { clear, steer } = slabs[slab];
      for (let i = 0; i < clear.length; i++) kernels.steerZero(clear[i][0], clear[i][1]);
      for (let i = 0; i < steer.length; i++)
        if (short) kernels.steerShort(filters, steer[i][0], steer[i][1], shift);
        else kernels.steerFloat(filters, steer[i][0], steer[i][1]);
      for (let c = 0; c < classes.length; c++) this.#addSlab(classes[c], filling, bases[c], slab, scale);
    }
  }

  /** How far the filters' sums are shifted so that samples of this peak become what the sums bear. */
  #shiftFor(peak: number): number {
    const { gain, limit } = this.#tables;
    let shift = 1;
    while ((peak * gain) / (1 << shift) + 1 > limit) shift++;
    return shift;
  }

  /** One class of one slab. */
  #addSlab(entry: ClassTables, filling: FillingTables, bases: number, slab: number, scale: number): void {
    const { kernels } = this.#workspace;
    const { depths, ring, taps, slabDepths } = this.#tables;
    const { firsts } = entry.taps;
    const z0 = slab * slabDepths;
    const z1 = Math.min(depths, z0 + slabDepths);
    const [s0, s1] = [firsts[z0], firsts[z1]];
    if (s0 === s1) return;
    const { offset, rows, strideBytes } = ring;
    const { paths, weights, columns, rows: rowPlaces, segments, descriptor, sums } = entry;
    kernels.tapsSetup(paths, weights, columns, rowPlaces, offset, rows, strideBytes, taps);
    if (this.#steering.short) {
      kernels.tapsShort(segments, s0, s1, bases, filling.along, filling.across);
      kernels.sumSteeredShort(descriptor, taps, z0, z1, scale, sums);
    } else {
      kernels.tapsFloat(segments, s0, s1, bases, filling.along, filling.across);
      kernels.sumSteeredFloat(descriptor, taps, z0, z1, strideBytes, sums);
    }
  }

  /** The sums as an image. */
  #place(out: number): void {
    const { fillings, depths, image } = this.#tables;
    for (const { descriptor, sums, taps } of fillings[0].classes)
      this.#workspace.kernels.placeSteered(
        descriptor,
        sums,
        depths,
        taps.x.first,
        taps.x.stride,
        taps.y.first,
        taps.y.stride,
        image.rows / depths,
        out,
        image.strideBytes,
      );
  }
}

/** Pixels, elements and transmit delays of one geometry for the depth path; rebuilt when the grid, the transmits or the speed of sound change. */
import type { ChannelData } from "../model.ts";
import { ElementTable, PixelGrid } from "./pixel-grid.ts";
import type { FlatChannels } from "./resolve.ts";
import { TransmitDelays } from "./transmit-delays.ts";
import type { Workspace } from "./workspace.ts";

/** Tables of blocks of four neighbours in depth. */
export class DelayTables {
  readonly grid: PixelGrid;
  readonly elements: ElementTable;
  /** Offsets in core memory. */
  readonly pixels: number;
  readonly delays: number;
  readonly models: string;

  constructor(workspace: Workspace, info: ChannelData, resolved: FlatChannels, sampleRateHz: number) {
    const samplesPerMetre = sampleRateHz / resolved.soundSpeedMps;
    this.grid = new PixelGrid(workspace, resolved.scan, resolved.rows, { lanes: 4, alongDepth: true });
    this.pixels = this.grid.scaled(workspace, samplesPerMetre);
    this.elements = new ElementTable(workspace, info, samplesPerMetre);
    const { count, exact } = this.grid;
    this.delays = workspace.take(count * resolved.transmits.length, 4, "The transmit delays");
    const transmits = new TransmitDelays(workspace, info, resolved, sampleRateHz, this.elements.exact);
    transmits.fill(exact, count, this.delays);
    this.models = transmits.models;
  }
}

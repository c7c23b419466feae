/** Pixels, elements and transmit delays of one geometry for the depth path; rebuilt when the grid, the transmits or the speed of sound change. */
import type { ChannelData } from "../model.ts";
import { ElementTable, PixelGrid } from "./pixel-grid.ts";
import type { FlatChannels } from "./resolve.ts";
import { TransmitDelays } from "./transmit-delays.ts";
import type { Workspace } from "./workspace.ts";

/** What differs from plane to plane of a volume; a picture is one plane. */
export interface PlaneTables {
  elements: ElementTable;
  /** Offset of its transmit delays. */
  delays: number;
}

/** Tables of blocks of four neighbours in depth. */
export class DelayTables {
  /** Pixels of each plane, in its own coordinates. */
  readonly grid: PixelGrid;
  /** Offset in core memory. */
  readonly pixels: number;
  readonly planes: readonly PlaneTables[];
  readonly models: string;

  constructor(workspace: Workspace, info: ChannelData, resolved: FlatChannels, sampleRateHz: number) {
    const samplesPerMetre = sampleRateHz / resolved.soundSpeedMps;
    this.grid = new PixelGrid(workspace, resolved.scan, resolved.rows, { lanes: 4, alongDepth: true });
    this.pixels = this.grid.scaled(workspace, samplesPerMetre);
    const { count, exact } = this.grid;
    const transmits = new TransmitDelays(workspace, info, resolved, sampleRateHz);
    this.models = transmits.models;
    this.planes = resolved.elevationsM.map((elevationM) => {
      const elements = new ElementTable(workspace, info, samplesPerMetre, elevationM);
      const delays = workspace.take(count * resolved.transmits.length, 4, "The transmit delays");
      const plane = { elements: elements.exact, elevationM };
      workspace.fill(() => transmits.fill(plane, exact, count, delays));
      return { elements, delays };
    });
  }
}

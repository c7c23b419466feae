/** Messages between a plan and the helpers that make parts of its pictures. */
import type { ChannelData, Frame } from "../../model.ts";
import type { Pipeline } from "../../pipeline.ts";
import type { SteeringDesign } from "../steering-filter.ts";
import type { Team } from "../workspace.ts";
import type { RowRange } from "./split-rows.ts";

/** A place for rows of a picture that is made of images behind one another. */
export interface Gathering {
  /** Offset of the whole picture in the shared memory, and its rows. */
  offset: number;
  rows: number;
}

/** Everything a helper needs to join the memory of a plan. */
export interface SharedPlace {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  team: Team;
  /** First byte of the helper's own tables. */
  base: number;
  meeting: SharedArrayBuffer;
  gathering: Gathering;
}

/** What a helper is asked; `plan` is unique among the plans of its engine. */
export type PartCall =
  /** The first message shows that the script runs. */
  | { method: "hello" }
  /** Lays out and fills the tables of a part, again where the plan is known already. */
  | {
      method: "build";
      plan: number;
      info: ChannelData;
      pipeline: Pipeline;
      rows: RowRange;
      /** Size of the memory. */
      bytes: number;
      /** The plan's own thread has it from choosing the path. */
      design?: SteeringDesign;
      /** Absent: memory of its own. */
      shared?: SharedPlace;
    }
  /** Shared memory: makes the part of the frame that was loaded. Not answered: the meetings tell. */
  | { method: "join"; plan: number }
  /** Private memory: makes the part of this frame, and puts its rows into `out`. Both buffers come back. */
  | { method: "run"; plan: number; frame: Frame; out: ArrayBuffer }
  | { method: "forget"; plan: number };

export type PartRequest = { role: "part"; id: number } & PartCall;

/** Answer to "run"; null to the others. */
export type PartResult = { samples: ArrayBuffer; out: ArrayBuffer } | null;

/** The helper's side: makes one part of the pictures of any number of plans. */
import { createCore, joinCore, pureCore } from "../../core/binding.ts";
import { SondeError, toErrorMessage } from "../../errors.ts";
import { type Answer, UNASKED } from "../../worker/channel.ts";
import type { Reply } from "../../worker/port.ts";
import { Builder } from "../builder.ts";
import type { ChannelPath } from "../paths/path.ts";
import { choosePath, loadPaths } from "../planner.ts";
import { resolveChannels } from "../resolve.ts";
import { WHOLE } from "../share.ts";
import { adoptDesign } from "../steering-filter.ts";
import { Workspace } from "../workspace.ts";
import { Meeting } from "./meeting.ts";
import { imageRows, partSteps, placesOf } from "./part.ts";
import type { PartCall, PartRequest, PartResult, SharedPlace } from "./protocol.ts";
import type { RowRange } from "./split-rows.ts";

type BuildCall = Extract<PartCall, { method: "build" }>;

/** The part of one plan. */
class Part {
  readonly #workspace: Workspace;
  readonly #builder: Builder;
  #path!: ChannelPath;
  /** Of the whole image. */
  #rows!: RowRange;
  #shared: SharedPlace | undefined;
  #meeting: Meeting | undefined;

  private constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#builder = new Builder(workspace);
  }

  static async create({ bytes, shared }: BuildCall): Promise<Part> {
    // What paths are chosen by is computed there.
    await pureCore();
    if (!shared) return new Part(Workspace.over(await createCore(bytes)));
    return new Part(Workspace.over(await joinCore(shared.module, shared.memory), shared.team));
  }

  async build({ info, pipeline, rows, bytes, design, shared }: BuildCall): Promise<void> {
    const workspace = this.#workspace;
    adoptDesign(design);
    await loadPaths(info, pipeline, workspace.kernels);
    // Shared memory was enlarged by the plan's own thread.
    if (!shared) workspace.reserve(bytes);
    const resolved = { ...resolveChannels(info, pipeline, workspace.kernels), rows };
    const { offer } = choosePath(info, resolved, workspace.kernels);
    if (offer !== this.#path?.offer) this.#path = offer.make(workspace, info);
    this.#rows = imageRows(rows, resolved.scan);
    this.#shared = shared;
    this.#meeting = shared && new Meeting(shared.team.threads, shared.meeting);
    this.#builder.build(
      partSteps(workspace, this.#path, resolved, shared && { base: shared.base, filled: true }),
    );
  }

  /** Shared memory: this part of the frame that is loaded, put into the whole picture. */
  join(): void {
    if (!this.#shared || !this.#meeting) throw new SondeError("internal", "This part shares no memory");
    const { team, gathering } = this.#shared;
    const path = this.#path;
    if (path.prepare) {
      path.prepare({ index: team.thread, count: team.threads });
      this.#meeting.meet();
    }
    path.sum();
    const { offset } = path.image;
    const memory = this.#workspace.u8(0, this.#workspace.bytes);
    for (const { from, to, bytes } of placesOf(path.image, path.images, this.#rows, gathering.rows))
      memory.copyWithin(gathering.offset + to, offset + from, offset + from + bytes);
    this.#meeting.meet();
  }

  /** Private memory: this part of a frame. */
  run({ frame, out }: Extract<PartCall, { method: "run" }>): void {
    const path = this.#path;
    path.load(frame);
    path.prepare?.(WHOLE);
    path.sum();
    new Uint8Array(out).set(this.#workspace.u8(path.image.offset, out.byteLength));
  }
}

/** Returns what handles each request. */
export function serveParts(): (request: PartRequest, reply: Reply) => void {
  const parts = new Map<number, Part>();
  let last: Promise<void> = Promise.resolve();

  function find(plan: number): Part {
    const part = parts.get(plan);
    if (!part) throw new SondeError("internal", "A helper does not know this plan");
    return part;
  }

  async function answer(request: PartRequest): Promise<PartResult> {
    switch (request.method) {
      case "hello":
        return null;
      case "build": {
        const part = parts.get(request.plan) ?? (await Part.create(request));
        parts.set(request.plan, part);
        await part.build(request);
        return null;
      }
      case "join":
        find(request.plan).join();
        return null;
      case "run": {
        find(request.plan).run(request);
        return { samples: request.frame.samples.buffer as ArrayBuffer, out: request.out };
      }
      case "forget":
        parts.delete(request.plan);
        return null;
    }
  }

  return (request, reply) => {
    last = last.then(async () => {
      const { id } = request;
      try {
        const result = await answer(request);
        if (id !== UNASKED)
          reply({ id, result } satisfies Answer<PartResult>, result ? [result.samples, result.out] : []);
      } catch (error) {
        reply({ id, error: toErrorMessage(error) } satisfies Answer<PartResult>);
      }
    });
  };
}

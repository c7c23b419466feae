/** Faults by the hundred on the way to a live source: frames go on, what is lost is told, nothing grows, nothing escapes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../host/errors.ts";
import { rotationLines } from "../../host/geometry/echopen.ts";
import { LinkedSource } from "../../host/live/linked-source.ts";
import type { ProtocolWriter } from "../../host/live/protocol.ts";
import type { Link, Transport } from "../../host/live/transport.ts";
import type { LineData } from "../../host/model.ts";
import { protocolOf } from "../../host/protocols/index.ts";
import { sondeWriter } from "../../host/protocols/sonde-encoder.ts";
import { FAULTS, FaultyWay, parseFaults } from "../../host/simulate/faults.ts";
import { randomNumbers } from "../../host/simulate/random.ts";
import { lost } from "../../host/transports/failures.ts";
import { Inbox } from "../../host/transports/inbox.ts";
import { FakeClock } from "../fake-clock.ts";
import { smallFrame } from "../host/live/small-protocol.ts";

const INFO: LineData = {
  kind: "lines",
  name: "faulty",
  format: "test",
  signal: "envelope",
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: [],
  lines: rotationLines(4, 0.5, 0, 1e-3),
  sampleCount: 50,
};
const PROTOCOL = await protocolOf("sonde");

let clock = new FakeClock();
const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** A device whose messages go a faulty way, cut into chunks anywhere. */
class FaultyDevice implements Transport {
  readonly name = "test://faulty";
  unplugs = 0;
  #inbox: Inbox | undefined;
  #writer: ProtocolWriter | undefined;

  async open(): Promise<Link> {
    const inbox = new Inbox();
    this.#writer = sondeWriter(INFO);
    for (const message of this.#writer.start()) inbox.push(message);
    this.#inbox = inbox;
    return {
      device: { name: "faulty", via: "test" },
      boundary: "stream",
      chunks: () => inbox.chunks(),
      write: async () => assert.unreachable("nothing is sent"),
      close: async () => inbox.close(),
    };
  }

  async speak(way: FaultyWay, number: number, random: () => number): Promise<void> {
    const samples = new Int16Array(200).fill(number);
    const messages = this.#inbox ? (this.#writer?.frame({ index: number, samples }) ?? []) : [];
    for (const step of messages.flatMap((message) => way.pass(message)))
      if (step.kind === "send")
        for (let at = 0; at < step.bytes.length; ) {
          const size = 1 + Math.floor(random() * step.bytes.length);
          this.#inbox?.push(step.bytes.slice(at, at + size));
          at += size;
        }
      else if (step.kind === "wait") await clock.advance(step.ms);
      else {
        this.unplugs++;
        this.#inbox?.fail(lost(this.name, "unplugged", "it was unplugged"));
        this.#inbox = undefined;
      }
  }
}

for (const fault of FAULTS)
  test(`1000 messages of which a tenth meet ${fault}: frames go on in order, young, and the link comes back`, async () => {
    clock = new FakeClock().install();
    try {
      const device = new FaultyDevice();
      const source = new LinkedSource(device, PROTOCOL);
      const way = new FaultyWay({ [fault]: 0.1 }, 3);
      const random = randomNumbers(8);
      const indices: number[] = [];
      void (async () => {
        for await (const frame of source.frames()) indices.push(frame.index);
      })();
      for (let number = 0; number < 1000; number++) {
        await device.speak(way, number, random);
        await clock.advance(20);
      }
      await clock.advance(2000);
      for (let number = 1000; number < 1005; number++) {
        await device.speak(new FaultyWay({}, 1), number, random);
        await clock.advance(20);
      }
      assert.ok(way.counts[fault] > 50, `${way.counts[fault]} faults`);
      assert.is(source.link.state, "live");
      assert.ok(
        indices.every(
          (index, k) => k === 0 || fault === "duplicate" || fault === "reorder" || index > indices[k - 1],
        ),
      );
      const least = { unplug: 300, truncate: 500 }[fault as string] ?? 700;
      assert.ok(indices.length > least, `${indices.length} frames`);
      const { lostFrames, skippedBytes, reconnections, staleFrames } = source.statistics;
      if (fault === "loss")
        assert.is(lostFrames, indices.at(-1)! - indices[0] + 1 - indices.length, "each lost frame is told");
      if (fault === "garbage" || fault === "truncate") assert.ok(skippedBytes > 0);
      if (fault === "unplug") assert.ok(reconnections > 20, `${reconnections} of ${device.unplugs}`);
      assert.is(staleFrames, 0);
      source.close();
      await clock.advance(1000);
      assert.is(clock.waiting, 0, "no timer is left");
      assert.equal(unhandled, []);
    } finally {
      clock.restore();
    }
  });

test("the same seed makes the same faults", () => {
  const run = (seed: number) => {
    const way = new FaultyWay(
      parseFaults(
        "loss=0.1,duplicate=0.1,reorder=0.1,truncate=0.1,garbage=0.1,flip=0.1,stall=0.05,unplug=0.05",
      ),
      seed,
    );
    return JSON.stringify(Array.from({ length: 200 }, (_, k) => way.pass(smallFrame(k))));
  };
  assert.is(run(4), run(4));
  assert.is.not(run(4), run(5));
});

test("faults that are none are refused by name", () => {
  assert.equal(parseFaults("loss,stall=0.5"), { loss: 0.01, stall: 0.5 });
  for (const text of ["rust", "loss=", "loss=1.1", "loss=-1", "loss=x", "loss=0.1=2"])
    try {
      parseFaults(text);
      assert.unreachable(text);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"), text);
      assert.match((error as Error).message, /loss, duplicate, reorder/);
    }
});

test.run();

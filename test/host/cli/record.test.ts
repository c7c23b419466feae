/** Devices that are none, recordings of them, and pictures for other programs, through the command line. */
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { connect, simulated } from "../../../host/connect.ts";
import { rotationLines } from "../../../host/geometry/echopen.ts";
import type { LiveSource } from "../../../host/live/live-source.ts";
import { createRecorder } from "../../../host/live/recorder.ts";
import { fileSink } from "../../../host/live/sinks.ts";
import { type LineData, samplesPerFrame } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import { aScans } from "../../../host/protocols/a-scans.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import { encodeIgtl } from "../../../host/protocols/openigtlink-messages.ts";
import { MechanicalSimulation } from "../../../host/simulate/mechanical.ts";
import { type Background, background } from "../../background.ts";
import { scratchFolder, sonde } from "../../command.ts";

const folder = scratchFolder();
const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; k < 500 && !condition(); k++) await wait(20);
  assert.ok(condition(), String(condition));
}

async function playing(
  words: readonly string[],
  act: (address: string, device: Background) => Promise<void>,
): Promise<void> {
  const device = await background(["probe", "simulate", ...words], / on ((?:tcp|ws|serial|udp):\/\/\S+),/);
  try {
    await act(device.found[1], device);
  } finally {
    await device.stop();
  }
}

test("a device of each protocol is understood at the other end", async () => {
  for (const [protocol, kind] of [
    ["sonde", "channels"],
    ["echopen-e2", "lines"],
    ["echopen-e3", "lines"],
    ["p0rk", "lines"],
    ["pic0rick", "lines"],
    ["wulpus", "lines"],
  ] as const)
    await playing(["--protocol", protocol, "--listen", "tcp://127.0.0.1:0"], async (address) => {
      const source = await connect(address, { protocol, waitMs: 20_000 });
      assert.is(source.info.kind, kind, protocol);
      for await (const frame of source.frames()) {
        assert.ok(frame.samples.some((value) => value !== 0));
        break;
      }
      const { lostFrames, skippedBytes } = source.statistics;
      assert.equal({ lostFrames, skippedBytes }, { lostFrames: 0, skippedBytes: 0 }, protocol);
      source.close();
    });
});

test("a device is reached by WebSocket, and by a pseudo-terminal where there is one", async () => {
  const ways =
    existsSync("/usr/bin/script") && process.platform === "linux"
      ? ["ws://127.0.0.1:0", "pty"]
      : ["ws://127.0.0.1:0"];
  for (const listen of ways)
    await playing(["--protocol", "echopen-e2", "--listen", listen], async (address) => {
      const source = await connect(address, { protocol: "echopen-e2", waitMs: 20_000 });
      for await (const frame of source.frames()) {
        assert.is(frame.samples.length, 64 * 1689);
        break;
      }
      source.close();
    });
});

test("a page from elsewhere does not reach a simulated device", () =>
  playing(["--protocol", "echopen-e2", "--listen", "ws://127.0.0.1:0"], async (address) => {
    const answer = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(address, { headers });
        const told = (status: number) => {
          resolve(status);
          socket.terminate();
        };
        socket.on("error", () => undefined);
        socket.on("open", () => told(101));
        socket.on("unexpected-response", (_request, response) => told(response.statusCode ?? 0));
      });
    assert.is(await answer({ Origin: "http://evil.example" }), 401);
    assert.is(await answer({ Origin: "null" }), 401);
    assert.is(await answer({ Host: "evil.example" }), 401);
    assert.is(await answer({ Origin: "http://localhost:8017" }), 101);
    assert.is(await answer({}), 101);
  }));

test("a recording ends after its time though the device has fallen silent", async () => {
  const { info } = await connect(simulated({ array: "linear" }), { where: "here" });
  const writer = await writerOf("sonde", info);
  const count = samplesPerFrame(info);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    for (const bytes of [...writer.start(), ...writer.frame({ index: 0, samples: new Int16Array(count) })])
      socket.write(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const words = ["--protocol", "sonde", "-o", `${folder}/silent.sonde`, "--seconds", "1", "--json"];
  const { code, stdout, stderr } = await sonde("record", `tcp://127.0.0.1:${port}`, ...words);
  server.close();
  assert.is(code, 0, stderr);
  assert.is(JSON.parse(stdout).frames, 1);
});

test("a recording of poses without a frame is kept", async () => {
  const server = createServer((socket) => {
    const pose = encodeIgtl("TRANSFORM", new Uint8Array(48), { device: "tracker", timeS: 1 });
    const timer = setInterval(() => socket.write(pose), 20);
    socket.on("error", () => undefined).on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const file = `${folder}/poses.sonde`;
  const words = ["--protocol", "openigtlink", "-o", file, "--seconds", "1", "--json"];
  const { code, stdout, stderr } = await sonde("record", `tcp://127.0.0.1:${port}`, ...words);
  server.close();
  assert.is(code, 0, stderr);
  const { frames, messages, warnings } = JSON.parse(stdout);
  assert.is(frames, 0);
  assert.ok(messages > 10 && /no frame came/.test(warnings[0]), stdout);
  const parser = (await protocolOf("sonde")).parser();
  const poses = parser
    .push(readFileSync(file))
    .filter((event) => event.kind === "message" && event.type === "TRANSFORM");
  assert.is(poses.length, messages);
  const told = await sonde("info", file);
  assert.is(told.code, 0, told.stderr);
  assert.match(told.stdout, /^frames +0$/m);
  assert.match(told.stdout, /^messages .* x TRANSFORM/m);
  const facts = JSON.parse((await sonde("info", file, "--json")).stdout);
  assert.is(facts.frames, 0);
  assert.is(facts.session.messages.TRANSFORM, messages);
});

test("a recording over lost links is whole, opens, makes pictures and plays as a device again", async () => {
  const file = `${folder}/session.sonde`;
  await playing(
    [
      "--protocol",
      "echopen-e2",
      "--listen",
      "tcp://127.0.0.1:0",
      "--rate",
      "20",
      "--fault",
      "unplug=0.002",
      "--seed",
      "4",
    ],
    async (address) => {
      const { code, stdout, stderr } = await sonde(
        "record",
        address,
        "--protocol",
        "echopen-e2",
        "-o",
        file,
        "--seconds",
        "4",
        "--json",
      );
      assert.is(code, 0, stderr);
      const report = JSON.parse(stdout) as {
        frames: number;
        bytes: number;
        dropped: number;
        reconnections: number;
      };
      assert.ok(report.frames > 5 && report.dropped === 0, stdout);
      const source = await open(file);
      assert.is(source.info.kind, "lines");
      assert.ok((source.info.frameCount ?? 0) >= report.frames);
      source.close();
      const again = await sonde("record", address, "--protocol", "echopen-e2", "-o", file, "--seconds", "1");
      assert.is(again.code, 2, "a recording is not written over");
    },
  );
  assert.is((await sonde("image", file, "-o", `${folder}/session.png`)).code, 0);
  await playing(["--protocol", "sonde", "--from", file, "--listen", "tcp://127.0.0.1:0"], async (address) => {
    const source = await connect(address, { protocol: "sonde", waitMs: 20_000 });
    assert.is(source.info.kind === "lines" && source.info.sampleCount, 1689);
    source.close();
  });
});

test("a recording is bounded in bytes, and of nothing there is none", async () => {
  await playing(
    ["--protocol", "echopen-e2", "--listen", "tcp://127.0.0.1:0", "--rate", "50"],
    async (address) => {
      const file = `${folder}/small.sonde`;
      const { code, stdout } = await sonde(
        "record",
        address,
        "--protocol",
        "echopen-e2",
        "-o",
        file,
        "--max-bytes",
        "1M",
        "--json",
      );
      assert.is(code, 0);
      assert.ok((JSON.parse(stdout) as { bytes: number }).bytes <= 2 ** 20, stdout);
      assert.ok(((await open(file)).info.frameCount ?? 0) >= 3);
    },
  );
  const none = `${folder}/none.sonde`;
  const { code, stderr } = await sonde(
    "record",
    "tcp://127.0.0.1:1",
    "--protocol",
    "echopen-e2",
    "-o",
    none,
    "--seconds",
    "0.5",
  );
  assert.is(code, 1);
  assert.match(stderr, /gave no frame/);
  assert.is(existsSync(none), false);
  for (const words of [
    ["--seconds", "0"],
    ["--max-bytes", "1"],
    ["--max-bytes", "lots"],
    ["--max-bytes", "4.1G"],
  ])
    assert.is(
      (await sonde("record", "tcp://127.0.0.1:1", "--protocol", "echopen-e2", "-o", none, ...words)).code,
      2,
      words.join(" "),
    );
  assert.is((await sonde("record", "tcp://127.0.0.1:1", "--protocol", "echopen-e2", "-o", "x.bin")).code, 2);
});

test("a device that plays a recording keeps its pauses, unless a rate is asked for", async () => {
  const file = `${folder}/pause.sonde`;
  const recorder = createRecorder(await fileSink(file));
  const info: LineData = {
    kind: "lines",
    name: "with a pause",
    format: "test",
    signal: "envelope",
    frameCount: null,
    soundSpeedMps: 1540,
    warnings: [],
    lines: rotationLines(4, 0.5, 0, 1e-3),
    sampleCount: 50,
  };
  recorder.add({ kind: "acquisition", info });
  [0, 0.1, 0.2, 1.2, 1.3, 1.4].forEach((timeS, index) => {
    recorder.add({ kind: "frame", frame: { index, timeS, samples: new Uint8Array(200).fill(index) } });
  });
  await recorder.close();
  const gaps = async (words: readonly string[]) => {
    const longest: number[] = [];
    const others: number[] = [];
    await playing(
      ["--protocol", "sonde", "--from", file, "--listen", "tcp://127.0.0.1:0", ...words],
      async (address) => {
        const source = await connect(address, { protocol: "sonde", waitMs: 20_000 });
        let before: { value: number; ms: number } | undefined;
        for await (const { samples } of source.frames()) {
          const now = { value: samples[0], ms: performance.now() };
          // Frames between which none was left out.
          if (before && now.value === before.value + 1)
            (now.value === 3 ? longest : others).push(now.ms - before.ms);
          before = now;
          if (longest.length >= 3 && others.length >= 6) break;
        }
        source.close();
      },
    );
    const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1];
    return median(longest) / median(others);
  };
  // Recorded: one of 1 s among some of 0.1 s. A busy machine shortens the one and lengthens the others.
  const own = await gaps([]);
  assert.ok(own > 4 && own < 16, `${own} times as long as the others`);
  const even = await gaps(["--rate", "10"]);
  assert.ok(even < 3, `${even} times as long as the others`);
});

test("what record may write the command line opens: over 1 GiB, up to 4", async () => {
  // A recording, and then nothing up to a size: the file has a hole, the disk is spared.
  const file = `${folder}/large.sonde`;
  copyFileSync(`${folder}/small.sonde`, file);
  truncateSync(file, 2 ** 30 + 2 ** 20);
  const { code, stdout, stderr } = await sonde("info", file, "--json");
  assert.is(code, 0, stderr);
  assert.ok(JSON.parse(stdout).frames >= 3);
  truncateSync(file, 2 ** 32 + 1);
  const larger = await sonde("info", file);
  assert.is(larger.code, 1);
  assert.match(larger.stderr, /over the limit of 4294967296; give a shorter recording/);
  rmSync(file);
});

test("a device that nobody could read is refused in words", async () => {
  for (const [words, sentence] of [
    [
      ["--protocol", "echopen-e4-control"],
      /"echopen-e4-control" carries no frames; choose one of sonde, (?!.*control)/,
    ],
    [
      ["--protocol", "echopen-e4", "--listen", "tcp://127.0.0.1:0"],
      /echopen-e4 comes in datagrams: give udp/,
    ],
    [["--protocol", "echopen-e2?bogus=1"], /"bogus" is no option of a protocol; choose among name, settings/],
  ] as const) {
    const { code, stderr } = await sonde("probe", "simulate", ...words);
    assert.is(code, 2, stderr);
    assert.match(stderr, sentence);
  }
});

test("a device that obeys is silent until it is started, and again when it is stopped", async () => {
  for (const protocol of ["p0rk", "wulpus", "pic0rick"])
    await playing(["--protocol", protocol, "--obey", "--listen", "tcp://127.0.0.1:0"], async (address) => {
      let frames = 0;
      let bytes = 0;
      let armed = false;
      let live: LiveSource | undefined;
      const connecting = connect(address, {
        protocol,
        onSource(source) {
          live = source;
          source.subscribe((event) => {
            if (event.kind === "frame") frames++;
            if (event.kind === "chunk") bytes += event.bytes.length;
            if (event.kind === "status") armed = event.status.state === "armed";
          });
        },
      });
      await until(() => live?.link.state === "waiting" || live?.link.state === "silent");
      await wait(300);
      assert.is(bytes, 0, `${protocol} speaks without being told`);
      if (protocol === "p0rk") await live?.order({ kind: "set", control: "pulser", value: "arm" });
      await live?.order({ kind: "start" });
      const source = await connecting;
      if (protocol === "pic0rick") {
        await until(() => frames === 1);
        await wait(400);
        assert.is(frames, 1, "it reads once an order");
      } else {
        await until(() => frames > 3);
        assert.is(armed, protocol === "p0rk");
        await source.order({ kind: "stop" });
        await wait(200);
        const then = bytes;
        await wait(400);
        assert.is(bytes, then, `${protocol} goes on though it was stopped`);
      }
      source.close();
    });
  const { code, stderr } = await sonde("probe", "simulate", "--protocol", "echopen-e2", "--obey");
  assert.is(code, 2);
  assert.match(stderr, /--obey: echopen-e2 takes no orders here/);
});

test("pictures come as OpenIGTLink images, with the size of a pixel", async () => {
  const server = await background(
    ["openigtlink", "simulated", "--listen", "tcp://127.0.0.1:0", "--height", "200"],
    /on (tcp:\/\/\S+) /,
  );
  try {
    const source = await connect(server.found[1], { protocol: "openigtlink", waitMs: 30_000 });
    const { info } = source;
    assert.ok(info.kind === "beamformed" && info.scan?.kind === "linear");
    if (info.kind === "beamformed" && info.scan?.kind === "linear") {
      assert.ok(info.scan.z.max > 0.03 && info.scan.z.max < 0.04, `${info.scan.z.max} m deep`);
      assert.ok(info.scan.x.max > 0.008 && info.scan.x.max < 0.013, `${info.scan.x.max} m wide`);
      assert.is(info.rows, 200);
    }
    source.close();
  } finally {
    await server.stop();
  }
});

/** A device that speaks only when it is told: what it hears, and lines of P0RK while it streams. */
async function obedient(act: (address: string, heard: () => string) => Promise<void>): Promise<void> {
  const info = aScans({
    name: "p",
    format: "t",
    signal: "rf",
    sampleCount: 256,
    sampleRateHz: 60e6,
    soundSpeedMps: 1540,
  });
  const writer = await writerOf("p0rk", info);
  let heard = "";
  let streaming = false;
  let index = 0;
  const server = createServer((socket) => {
    const timer = setInterval(() => {
      if (!streaming) return;
      const samples = Uint16Array.from({ length: 256 }, (_, k) => 512 + ((k * index) % 300));
      for (const bytes of writer.frame({ index, samples })) socket.write(bytes);
      index++;
    }, 20);
    socket.on("error", () => undefined).on("close", () => clearInterval(timer));
    socket.on("data", (data) => {
      heard += String(data);
      streaming = heard.lastIndexOf("stream start") > heard.lastIndexOf("stream stop");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await act(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, () => heard);
  } finally {
    server.close();
  }
}

const ORDERS = ["--protocol", "p0rk", "--set", "mode=raw", "--set", "pulser=arm", "--start"] as const;
const STARTED = "pulser arm\nstream start raw 20\n";
const STOPPED = `${STARTED}stream stop\npulser disarm\n`;

test("a device that speaks only when it is told is started by --start, recorded, and stopped at the end", () =>
  obedient(async (address, heard) => {
    const silent = `${folder}/untold.sonde`;
    const untold = await sonde("record", address, "--protocol", "p0rk", "-o", silent, "--seconds", "0.5");
    assert.is(untold.code, 1);
    assert.is(heard(), "", "nothing is sent without being asked for");
    const file = `${folder}/told.sonde`;
    const { code, stdout, stderr } = await sonde(
      "record",
      address,
      ...ORDERS,
      "-o",
      file,
      "--seconds",
      "1",
      "--json",
    );
    assert.is(code, 0, stderr);
    assert.ok(JSON.parse(stdout).frames > 10, stdout);
    assert.is(heard(), STOPPED);
    const wrong = await sonde(
      "record",
      address,
      ...ORDERS,
      "--set",
      "rate=100",
      "--set",
      "mode=envelope",
      "-o",
      silent,
    );
    assert.is(wrong.code, 2, wrong.stderr);
    assert.match(wrong.stderr, /rate is 100 Hz/);
    assert.is(existsSync(silent), false);
    for (const [option, sentence] of [
      ["gain", /NAME=VALUE/],
      ["gain=5000", /from 0 to 1023/],
      ["pulser=on", /disarm, arm/],
      ["depth=3", /no control "depth"/],
    ] as const) {
      const refused = await sonde("record", address, "--protocol", "p0rk", "--set", option, "-o", silent);
      assert.is(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, sentence);
    }
    const mute = await sonde("record", address, "--protocol", "echopen-e2", "--start", "-o", silent);
    assert.is(mute.code, 2, mute.stderr);
  }));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  test(`sonde record and sonde openigtlink stop the device they started when they hear ${signal}`, async () => {
    for (const words of [
      ["record", "-o", `${folder}/${signal}.sonde`],
      ["openigtlink", "--listen", "tcp://127.0.0.1:0"],
    ])
      await obedient(async (address, heard) => {
        const child = spawn(process.execPath, [cli, words[0], address, ...ORDERS, ...words.slice(1)]);
        while (heard() !== STARTED) await new Promise((resolve) => setTimeout(resolve, 20));
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.stdout.destroy();
        child.stderr.destroy();
        child.kill(signal);
        await exited;
        assert.is(heard(), STOPPED, words[0]);
      });
  });

test("sonde openigtlink says what it waits for", async () => {
  const server = await background(
    ["openigtlink", "tcp://127.0.0.1:1", "--protocol", "echopen-e2", "--listen", "tcp://127.0.0.1:0"],
    /tcp:\/\/127\.0\.0\.1:1 could not be reached/,
  );
  await server.stop();
});

test("the simulated sector is the same for the same seed, and beats", () => {
  const one = new MechanicalSimulation({ seed: 7 });
  const other = new MechanicalSimulation({ seed: 7 });
  assert.equal(one.frame(3), other.frame(3));
  const differs = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).filter((value, k) => Math.abs(value - b[k]) > 30).length;
  assert.ok(differs(one.frame(0).samples, one.frame(2).samples) > 100, "the vessel moves");
  const { samples } = one.frame(0);
  const { length } = samples;
  const mean = Array.from(samples).reduce((sum, value) => sum + value, 0) / length;
  assert.ok(Math.abs(mean - 50) < 3, `${mean}: the converter's offset`);
  assert.ok(differs(samples, new MechanicalSimulation({ seed: 8 }).frame(0).samples) > length / 4);
});

test("a device that was started is stopped though nobody reads what the command says any more", async () => {
  let heard = "";
  const device = createServer((socket) => {
    socket.on("data", (bytes) => (heard += bytes.toString("hex")));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => device.listen(0, "127.0.0.1", resolve));
  const { port } = device.address() as AddressInfo;
  const words = ["record", `tcp://127.0.0.1:${port}`, "--protocol", "wulpus", "--start"];
  const child = spawn(process.execPath, [cli, ...words, "-o", `${folder}/deaf.sonde`, "--seconds", "60"]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdout.destroy();
  child.stderr.destroy();
  try {
    await until(() => heard.startsWith("fa"));
    // It says that the device is silent, to nobody.
    await wait(1200);
    assert.is(child.exitCode, null, "it goes on");
    assert.not(/fb0+$/.test(heard));
    child.kill("SIGINT");
    await ended;
    assert.match(heard, /fb0+$/, "the order to stop");
  } finally {
    child.kill("SIGKILL");
    device.close();
  }
});

test.run();

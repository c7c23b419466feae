/**
 * A serial port as a file, `/dev/ttyACM0`, without native code; Node on Linux and macOS. `stty` sets speed and raw mode, the
 * terminal stream of Node reads it without holding a thread. Unplugging ends the stream.
 */
import type { DeviceName, Link, Transport } from "../live/transport.ts";
import { nodeModule } from "../worker/node.ts";
import { lost, reasonOf, stopped, unreachable } from "./failures.ts";
import { Inbox } from "./inbox.ts";

/** USB serial ports ignore the speed; this is what most say. */
export const DEFAULT_BAUD_RATE = 115_200;

/** `stty` sets the port up; it speaks of one line at most. */
async function setUp(path: string, baudRate: number): Promise<void> {
  const { execFile } = await nodeModule("child_process");
  const file = process.platform === "darwin" ? "-f" : "-F";
  await new Promise<void>((resolve, reject) => {
    execFile(
      "stty",
      [file, path, "raw", "-echo", "-hupcl", String(baudRate)],
      { timeout: 3000 },
      (error, _out, said) => {
        if (error) reject(new Error(said.trim() || error.message));
        else resolve();
      },
    );
  });
}

async function openLink(path: string, baudRate: number, device: DeviceName): Promise<Link> {
  const [fs, { ReadStream }] = await Promise.all([nodeModule("fs"), nodeModule("tty")]);
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  let stream: InstanceType<typeof ReadStream>;
  try {
    await setUp(path, baudRate);
    stream = new ReadStream(fd);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  const inbox = new Inbox({ onFull: () => stream.pause(), onDrained: () => stream.resume() });
  const gone = (why: string, cause?: unknown) => inbox.fail(lost(device.name, "unplugged", why, cause));
  stream.on("data", (chunk: Uint8Array) => inbox.push(chunk));
  stream.on("end", () => gone("the port is gone"));
  stream.on("error", (error) => gone(reasonOf(error), error));
  stream.on("close", () => gone("the port was closed"));
  return {
    device,
    boundary: "stream",
    chunks: () => inbox.chunks(),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        fs.write(fd, bytes, (error) => {
          if (error) reject(lost(device.name, "error", reasonOf(error), error));
          else resolve();
        });
      }),
    async close() {
      inbox.close();
      stream.destroy();
    },
  };
}

/** Opens a serial port by its path. @param baudRate 50 to 4000000; USB serial ports ignore it */
export function serial(path: string, baudRate: number = DEFAULT_BAUD_RATE): Transport {
  const name = `serial://${path}`;
  return {
    name,
    async open(signal) {
      if (signal?.aborted) throw stopped(name);
      if (process.platform === "win32")
        throw unreachable(
          name,
          "serial ports are read on Linux and macOS; use Web Serial in the page",
          undefined,
          true,
        );
      const { stat } = await nodeModule("fs/promises");
      const found = await stat(path).catch(() => undefined);
      if (!found) throw unreachable(name, `there is no ${path}`);
      if (!found.isCharacterDevice()) throw unreachable(name, `${path} is no serial port`, undefined, true);
      try {
        return await openLink(path, baudRate, { name: path, via: "serial" });
      } catch (error) {
        throw unreachable(name, reasonOf(error), error);
      }
    },
  };
}

/**
 * Videos by the browser's own encoders (WebCodecs) in WebM (webm-muxer) or MP4 (mp4-muxer) files, each picture at its own time.
 * The two muxers take 17 kB gzip; mediabunny, which follows them, 39 kB (November 2026).
 */
import type { Film, FilmSize } from "./film.ts";
import { endMp4, endWebm } from "./film-end.ts";

type Container = "webm" | "mp4";

/** WebCodecs' name and the muxer's. */
interface Codec {
  name: string;
  track: string;
}

/**
 * In the order tried. MP4: H.264 plays everywhere; where it cannot be made, what can be. Its baseline profile goes first, whose pictures
 * cannot refer to later ones: they come in their order, as the muxers need them. Levels: up to 1920 x 1088 at 30 Hz.
 */
const CODECS: Readonly<Record<Container, readonly Codec[]>> = {
  webm: [
    { name: "vp09.00.40.08", track: "V_VP9" },
    { name: "vp8", track: "V_VP8" },
    { name: "av01.0.08M.08", track: "V_AV1" },
  ],
  mp4: [
    { name: "avc1.42e028", track: "avc" },
    { name: "avc1.640028", track: "avc" },
    { name: "vp09.00.40.08", track: "vp9" },
    { name: "av01.0.08M.08", track: "av1" },
  ],
};

/** Speckle is hard to compress: bits per pixel and picture, and at most so many bits a second. */
const BITS_PER_PIXEL = 0.25;
const MOST_BITS_PER_S = 20e6;

/** Pictures that wait for the encoder. */
const MOST_WAITING = 4;
/** A picture that can be jumped to at least this often (s). */
const KEY_EVERY_S = 2;

function configuration({ name }: Codec, { width, height }: FilmSize, rateHz: number): VideoEncoderConfig {
  const bitrate = Math.min(MOST_BITS_PER_S, Math.round(width * height * rateHz * BITS_PER_PIXEL));
  return { codec: name, width, height, bitrate, framerate: rateHz, latencyMode: "quality" };
}

/** What this browser can encode in a container; undefined: nothing. */
export async function encoderFor(
  container: Container,
  size: FilmSize,
  rateHz: number,
): Promise<{ codec: Codec; config: VideoEncoderConfig } | undefined> {
  if (!globalThis.VideoEncoder) return undefined;
  for (const codec of CODECS[container]) {
    const config = configuration(codec, size, rateHz);
    // A name that a browser does not know makes it throw.
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported) return { codec, config };
  }
  return undefined;
}

interface Muxer {
  addVideoChunk(chunk: EncodedVideoChunk, meta?: EncodedVideoChunkMetadata): void;
  finalize(): void;
}

/** The muxer, and the parts of its file once it is finalized: of so many seconds. */
async function muxerFor(
  container: Container,
  track: string,
  size: FilmSize,
): Promise<[muxer: Muxer, file: (endS: number) => BlobPart[]]> {
  if (container === "webm") {
    const { Muxer, ArrayBufferTarget } = await import("webm-muxer");
    const target = new ArrayBufferTarget();
    return [
      new Muxer({ target, video: { codec: track, ...size }, type: "webm", firstTimestampBehavior: "offset" }),
      (endS) => endWebm(target.buffer, endS),
    ];
  }
  const { Muxer, ArrayBufferTarget } = await import("mp4-muxer");
  const target = new ArrayBufferTarget();
  return [
    new Muxer({
      target,
      video: { codec: track as "avc" | "vp9" | "av1", ...size },
      fastStart: "in-memory",
      firstTimestampBehavior: "offset",
    }),
    (endS) => endMp4(target.buffer, endS),
  ];
}

/**
 * The film as a video file; undefined where the browser has no encoder for it.
 * @param rateHz about how many pictures a second, for the bit rate
 * @throws whatever the encoder, or the film, throws
 */
export async function makeVideo(
  container: Container,
  film: Film,
  size: FilmSize,
  rateHz: number,
): Promise<Blob | undefined> {
  const chosen = await encoderFor(container, size, rateHz);
  if (!chosen) return undefined;
  const [muxer, file] = await muxerFor(container, chosen.codec.track, size);
  let failure: Error | undefined;
  const encoder = new VideoEncoder({
    output: (chunk, meta) => {
      try {
        muxer.addVideoChunk(chunk, meta);
      } catch (error) {
        // A film without this picture would be another.
        failure ??= error as Error;
      }
    },
    error: (error) => {
      failure = error;
    },
  });
  try {
    encoder.configure(chosen.config);
    let keyS = Number.NEGATIVE_INFINITY;
    let endS = 0;
    for await (const { canvas, timeS, durationS } of film) {
      const [timestamp, duration] = [Math.round(timeS * 1e6), Math.round(durationS * 1e6)];
      endS = timeS + durationS;
      const frame = new VideoFrame(canvas, { timestamp, duration });
      const keyFrame = timeS - keyS >= KEY_EVERY_S;
      if (keyFrame) keyS = timeS;
      encoder.encode(frame, { keyFrame });
      frame.close();
      while (encoder.encodeQueueSize > MOST_WAITING && !failure)
        await new Promise((resolve) => encoder.addEventListener("dequeue", resolve, { once: true }));
      if (failure) throw failure;
    }
    await encoder.flush();
    if (failure) throw failure;
    muxer.finalize();
    return new Blob(file(endS), { type: `video/${container}` });
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
}

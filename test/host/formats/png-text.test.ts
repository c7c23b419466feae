import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "../../../host/formats/crc32.ts";
import { readPngText } from "../../../host/formats/png-text.ts";
import { isSondeError, type Pipeline, pipelineOfPng, toPng } from "../../../host/index.ts";
import { random } from "./make.ts";
import { refuses } from "./refusal.ts";

const picture = {
  width: 5,
  height: 4,
  pixels: new Uint8ClampedArray(80).fill(255),
  regions: [],
  frameIndex: 0,
  referenceAmplitude: 1,
  elapsedMs: 0,
};
const pipeline: Pipeline = { soundSpeedMps: 1480, display: { gainDb: 3, tgcDb: [0, 1.5] } };
const withPipeline = () =>
  toPng(picture, { text: { Comment: "é", "sonde:pipeline": JSON.stringify(pipeline) } });

test("a PNG that Sonde wrote gives its pipeline back, as bytes and as a Blob", async () => {
  const bytes = await withPipeline();
  assert.equal(await pipelineOfPng(bytes), pipeline);
  assert.equal(await pipelineOfPng(new Blob([bytes])), pipeline);
  assert.is(readPngText(bytes, "Comment"), "é");
});

test("a PNG without a pipeline has none, and what is no PNG is refused", async () => {
  assert.is(await pipelineOfPng(await toPng(picture)), undefined);
  await refuses(pipelineOfPng(new Uint8Array(100)), "unsupported-format", /no PNG file/);
  await refuses(pipelineOfPng(new Uint8Array(0)), "unsupported-format", /no PNG file/);
  const text = { "sonde:pipeline": "[1, 2]" };
  await refuses(pipelineOfPng(await toPng(picture, { text })), "corrupt-file", /no JSON object/);
  text["sonde:pipeline"] = "{";
  await refuses(pipelineOfPng(await toPng(picture, { text })), "corrupt-file", /no JSON/);
});

test("plain text chunks of other programs are read as well", async () => {
  const bytes = await toPng(picture);
  const content = new TextEncoder().encode(`tEXtsonde:pipeline\0${JSON.stringify(pipeline)}`);
  const chunk = new Uint8Array(content.length + 8);
  new DataView(chunk.buffer).setUint32(0, content.length - 4);
  chunk.set(content, 4);
  new DataView(chunk.buffer).setUint32(content.length + 4, crc32(content));
  // Behind the signature and the header.
  const whole = new Uint8Array(
    await new Blob([bytes.subarray(0, 33), chunk, bytes.subarray(33)]).arrayBuffer(),
  );
  assert.equal(await pipelineOfPng(whole), pipeline);
});

test("a PNG cut anywhere says where it ends, or gives what lies before the cut", async () => {
  const bytes = await withPipeline();
  for (let length = 8; length < bytes.length; length++)
    try {
      assert.equal(await pipelineOfPng(bytes.subarray(0, length)), pipeline);
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
    }
});

test("2000 damaged PNG files give a pipeline, none, or one of Sonde's errors", async () => {
  const next = random(11);
  const bytes = await withPipeline();
  for (let round = 0; round < 2000; round++) {
    const copy = bytes.slice();
    for (let k = 0; k < 3; k++) copy[8 + Math.floor(next() * (copy.length - 8))] = Math.floor(next() * 256);
    try {
      await pipelineOfPng(copy);
    } catch (error) {
      assert.ok(isSondeError(error), String(error));
    }
  }
});

test.run();

/** What runs a session's frames: in order, and of those that wait the newest. */
import { setImmediate as turn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Frame, type Image, type Pipeline, type Plan, SondeError } from "../../host/index.ts";
import { type Job, Renderer } from "../../web/echo-viewer/controllers/renderer.ts";

/** A plan whose answers a test gives, and all that happens, in its order. */
function scene(given: { onImage?: (image: Image) => void } = {}) {
  const log: string[] = [];
  const answers: ((error?: SondeError) => void)[] = [];
  const recycled: (Image | undefined)[] = [];
  const shown: Image[] = [];
  const plan = {
    run: (frame: Frame, recycle?: Image) => {
      log.push(`run ${frame.index}`);
      recycled.push(recycle);
      return new Promise<Image>((resolve, reject) => {
        answers.push((error) =>
          error ? reject(error) : resolve({ frameIndex: frame.index } as unknown as Image),
        );
      });
    },
    update: async ({ display }: Pipeline) => {
      if (display?.dynamicRangeDb === 0) throw new SondeError("bad-option", "no");
      log.push(`update ${display?.dynamicRangeDb}`);
    },
    close: () => log.push("close"),
  } as unknown as Plan;
  const renderer = new Renderer(
    plan,
    {},
    {
      onImage: (image) => {
        log.push(`image ${image.frameIndex}`);
        shown.push(image);
        given.onImage?.(image);
      },
      onError: ({ message }) => log.push(`error ${message}`),
      onUpdated: () => log.push("updated"),
      onRefused: () => log.push("refused"),
    },
    (text) => text,
  );
  const job = (index: number): Job => ({ frame: { index } as Frame, arrivedAtMs: 0, position: index });
  const answer = async (error?: SondeError) => {
    answers.shift()!(error);
    await turn();
  };
  return { log, renderer, recycled, shown, job, answer };
}

test("one frame is run after another; the newest of those that wait wins", async () => {
  const { log, renderer, job, answer } = scene();
  for (const index of [0, 1, 2, 3]) renderer.submit(job(index));
  await answer();
  assert.equal(log, ["run 0", "image 0", "run 3"]);
  assert.is(renderer.dropped, 2);
  for (const index of [4, 5]) renderer.submit(job(index));
  await answer();
  assert.equal(log.slice(3), ["image 3", "run 5"]);
  await answer();
  assert.equal(log.slice(5), ["image 5"]);
  renderer.submit(job(6));
  await turn();
  assert.equal(log.slice(6), ["run 6"]);
});

test("what a picture asks for is done before the next frame is", async () => {
  const { log, renderer, job, answer } = scene({
    onImage: ({ frameIndex }) => {
      if (frameIndex === 0) renderer.update({ display: { dynamicRangeDb: 40 } });
    },
  });
  renderer.submit(job(0));
  renderer.submit(job(1));
  await answer();
  assert.equal(log, ["run 0", "image 0", "update 40", "updated", "run 1"]);
});

test("a picture that may be on the screen is not written into", async () => {
  const { renderer, recycled, shown, job, answer } = scene();
  for (let index = 0; index < 8; index++) {
    renderer.submit(job(index));
    renderer.submit(job(index + 1));
    await answer();
    const given = recycled.at(-1);
    assert.ok(given === undefined || given !== shown.at(-1), `frame ${index}`);
  }
  assert.ok(recycled.filter(Boolean).length >= 5, "memory is used again");
});

test("a change of the pipeline comes between two frames, and shows the last one again", async () => {
  const { log, renderer, job, answer } = scene();
  renderer.submit(job(0));
  renderer.submit(job(1));
  renderer.update({ display: { dynamicRangeDb: 40 } });
  await answer();
  assert.equal(log, ["run 0", "image 0", "update 40", "updated", "run 1"]);
  await answer();
  renderer.update({ display: { dynamicRangeDb: 50 } });
  await turn();
  assert.equal(log.slice(5), ["image 1", "update 50", "updated", "run 1"]);
  await answer();
  renderer.update({ display: { dynamicRangeDb: 0 } });
  await turn();
  assert.equal(log.slice(9), ["image 1", "refused", "run 1"]);
});

test("what is refused while a newer change waits puts nothing back: the newer one is what is asked for", async () => {
  const { log, renderer } = scene();
  renderer.update({ display: { dynamicRangeDb: 0 } });
  renderer.update({ display: { dynamicRangeDb: 40 } });
  await turn();
  assert.equal(log, ["update 40", "updated"]);
  renderer.update({ display: { dynamicRangeDb: 0 } });
  await turn();
  assert.equal(log.slice(2), ["refused"]);
});

test("a frame that fails is told, as is a reader or a listener that does, and the next ones go on", async () => {
  const { log, renderer, job, answer } = scene({
    onImage: ({ frameIndex }) => {
      if (frameIndex === 2) throw new Error("a listener");
    },
  });
  renderer.submit(job(0));
  renderer.submit(job(1));
  await answer(new SondeError("internal", "a frame"));
  assert.equal(log, ["run 0", "error a frame", "run 1"]);
  renderer.submit(job(2));
  await answer();
  await answer();
  assert.equal(log.slice(3), ["image 1", "run 2", "image 2", "error a listener"]);
  renderer.submit({ ...job(3), frame: () => Promise.reject(new SondeError("corrupt-file", "a file")) });
  await turn();
  renderer.submit(job(4));
  await answer();
  assert.equal(log.slice(7), ["error a file", "run 4", "image 4"]);
});

test("nothing follows the end", async () => {
  const { log, renderer, job, answer } = scene();
  renderer.submit(job(0));
  renderer.submit(job(1));
  renderer.close();
  await answer(new SondeError("aborted", "closed"));
  renderer.submit(job(2));
  await turn();
  assert.equal(log, ["run 0", "close"]);
});

test.run();

/** Files as a source. */
import assert from "node:assert/strict";
import type { MediaFile } from "../../../../cli/media/media_file.ts";
import { FileSource } from "../../../../cli/media/sources/file_source.ts";

const picture: MediaFile = {
  codec: "VP8",
  durationMs: 400,
  frames: Array.from({ length: 10 }, (_, index) => ({
    ...{ bytes: Uint8Array.of(index), atMs: index * 40, isKeyFrame: index % 5 === 0 },
  })),
};
const sound: MediaFile = {
  codec: "opus",
  durationMs: 400,
  frames: Array.from({ length: 20 }, (_, index) => ({
    ...{ bytes: Uint8Array.of(100 + index), atMs: index * 20, isKeyFrame: true },
  })),
};

Deno.test("FileSource plays picture and sound together, round after round", () => {
  const source = new FileSource([picture, sound]);
  const frames = [0, 200, 399, 400, 800].flatMap((at) => source.due(1_000 + at));

  assert.deepEqual(source.codecs, ["VP8", "opus"]);
  assert.equal(frames.filter(({ codec }) => codec === "VP8").length, 21);
  assert.equal(frames.filter(({ codec }) => codec === "opus").length, 41);
  assert.equal(frames.find(({ dueAt }) => dueAt === 1_400)?.bytes[0], 0);
});

Deno.test("FileSource goes on with a key frame where one is wanted, and not at every word", () => {
  const source = new FileSource([picture]);
  source.due(0);
  source.due(50);
  source.wantKeyFrame(60);
  const [first] = source.due(60);
  source.due(110);
  source.wantKeyFrame(110);
  const [second] = source.due(150);

  assert.deepEqual([first?.bytes[0], first?.isKeyFrame], [5, true]);
  assert.deepEqual([second?.bytes[0], second?.isKeyFrame], [7, false]);
});

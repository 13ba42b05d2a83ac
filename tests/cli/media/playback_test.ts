/** Files on one time line: in time, round after round, and through a jump. */
import assert from "node:assert/strict";
import type { MediaFile } from "../../../cli/media/media_file.ts";
import { Playback } from "../../../cli/media/playback.ts";

/** A second of pictures, 100 ms each, of which these are key frames. */
const picture = (...keys: number[]): MediaFile => fileOf("VP8", { count: 10, keys, ms: 100 });
const SOUND: MediaFile = fileOf("opus", { count: 50, ms: 20 });

Deno.test("Playback yields each frame once, when it is due, and is over with the last", () => {
  const playback = new Playback([SOUND, picture(0)], { isLooping: false, startedAt: 1_000 });

  assert.deepEqual(shown(playback, 999), []);
  assert.deepEqual(shown(playback, 1_020), ["opus 0 at 1000", "opus 1 at 1020", "VP8 0 at 1000"]);
  assert.deepEqual(shown(playback, 1_020), []);
  assert.equal(playback.due(1_950).length, 48 + 9 - 2);
  assert.equal(playback.isOver(1_999), false);
  assert.equal(playback.due(3_000).length, 2);
  assert.equal(playback.isOver(1_999), false);
  assert.equal(playback.isOver(2_000), true);
});

Deno.test("Playback begins again where it loops, without a gap", () => {
  const playback = new Playback([picture(0)], { isLooping: true, startedAt: 0 });
  playback.due(950);

  assert.deepEqual(shown(playback, 1_100), ["VP8 0 at 1000", "VP8 1 at 1100"]);
  assert.equal(playback.due(3_000).length, 8 + 10 + 1, "rounds that were slept through");
  assert.equal(playback.isOver(9_999), false);
});

Deno.test("Playback.jump goes on with the next key frame, and the sound with it", () => {
  const playback = new Playback([SOUND, picture(0, 5)], { isLooping: false, startedAt: 0 });
  playback.due(150);

  playback.jump(160);

  assert.deepEqual(shown(playback, 180), ["opus 25 at 160", "opus 26 at 180", "VP8 5 at 160"]);
  assert.equal(playback.due(659).length, 23 + 4);
  assert.equal(playback.isOver(659), false);
  assert.equal(playback.isOver(660), true);
});

Deno.test("Playback.jump without a key frame ahead takes the next round's, or the one before", () => {
  const looping = new Playback([picture(0, 2)], { isLooping: true, startedAt: 0 });
  const ending = new Playback([picture(0, 2)], { isLooping: false, startedAt: 0 });
  for (const playback of [looping, ending]) {
    playback.due(450);
    playback.jump(460);
  }

  assert.deepEqual(shown(looping, 460), ["VP8 0 at 460"]);
  assert.deepEqual(shown(ending, 460), ["VP8 2 at 460"]);
});

Deno.test("Playback.jump never gives two pictures one time, and leaves sound alone", () => {
  const playback = new Playback([picture(0, 1, 2)], { isLooping: true, startedAt: 0 });
  playback.due(0);
  playback.jump(0);
  const sound = new Playback([SOUND], { isLooping: true, startedAt: 0 });
  sound.due(0);
  sound.jump(10);

  assert.deepEqual(shown(playback, 5), ["VP8 1 at 5"]);
  assert.deepEqual(shown(sound, 20), ["opus 1 at 20"]);
});

function shown(playback: Playback, at: number): string[] {
  return playback.due(at).map(({ file, frame, dueAt }) =>
    `${file.codec} ${file.frames.indexOf(frame)} at ${dueAt}`
  );
}

function fileOf(
  codec: "VP8" | "opus",
  { count, ms, keys }: { count: number; ms: number; keys?: readonly number[] },
): MediaFile {
  const frames = Array.from({ length: count }, (_, index) => ({
    bytes: new Uint8Array([index]),
    atMs: index * ms,
    isKeyFrame: keys?.includes(index) ?? true,
  }));
  return { codec, frames, durationMs: count * ms };
}

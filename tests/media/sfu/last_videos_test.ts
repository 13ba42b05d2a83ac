/** Which pictures are forwarded at all. */
import assert from "node:assert/strict";
import { lastVideos, MAX_VIDEOS, type VideoCandidate } from "../../../src/media/sfu/last_videos.ts";

const everybody = [
  video("first"),
  video("second"),
  video("spoke", { spokeAtMs: 5 }),
  video("spoke later", { spokeAtMs: 9 }),
  video("wanted", { isWanted: true }),
  video("wanted and spoke", { isWanted: true, spokeAtMs: 1 }),
  video("screen", { isScreen: true }),
  video("paused", { isPaused: true, spokeAtMs: 99 }),
];

const choices: [max: number, tracks: string[]][] = [
  [0, ["screen"]],
  [1, ["screen"]],
  [2, ["screen", "wanted and spoke"]],
  [3, ["screen", "wanted and spoke", "wanted"]],
  [4, ["screen", "wanted and spoke", "wanted", "spoke later"]],
  [5, ["screen", "wanted and spoke", "wanted", "spoke later", "spoke"]],
  [6, ["screen", "wanted and spoke", "wanted", "spoke later", "spoke", "first"]],
  [99, ["screen", "wanted and spoke", "wanted", "spoke later", "spoke", "first", "second"]],
];
for (const [max, tracks] of choices) {
  Deno.test(`lastVideos of ${max}: ${tracks.join(", ")}`, () => {
    assert.deepEqual([...lastVideos(everybody, max)], tracks);
  });
}

Deno.test("lastVideos forwards 16 where nothing is said, and all of fewer", () => {
  const videos = Array.from({ length: 40 }, (_, n) => video(`${n}`));

  assert.equal(lastVideos(videos).size, MAX_VIDEOS);
  assert.deepEqual([...lastVideos(videos.slice(0, 3))], ["0", "1", "2"]);
  assert.equal(lastVideos([]).size, 0);
});

Deno.test("lastVideos forwards every screen, and none that is paused", () => {
  const screens = Array.from(
    { length: 20 },
    (_, n) => video(`${n}`, { isScreen: true, isPaused: n === 0 }),
  );

  const tracks = lastVideos([...screens, video("camera", { isWanted: true })]);

  assert.deepEqual([tracks.size, tracks.has("0"), tracks.has("camera")], [19, false, false]);
});

Deno.test("lastVideos changes only who spoke least lately for one who speaks", () => {
  const videos = Array.from({ length: 5 }, (_, n) => video(`${n}`, { spokeAtMs: n }));
  const before = lastVideos(videos, 3);

  const after = lastVideos([...videos.slice(1), video("0", { spokeAtMs: 9 })], 3);

  assert.deepEqual([[...before].sort(), [...after].sort()], [["2", "3", "4"], ["0", "3", "4"]]);
});

function video(trackId: string, more: Partial<VideoCandidate> = {}): VideoCandidate {
  return { trackId, isScreen: false, isWanted: false, isPaused: false, spokeAtMs: -1, ...more };
}

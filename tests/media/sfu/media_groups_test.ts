/** What belongs together of what participants publish, as one receiver wants it. */
import assert from "node:assert/strict";
import type { TrackSource, UserId } from "../../../src/protocol/mod.ts";
import type { SubscriptionWish } from "../../../src/media/port.ts";
import { forwardedVideos, groupTracks } from "../../../src/media/sfu/media_groups.ts";
import { Publication } from "../../../src/media/sfu/publication.ts";

const ids = {
  absSendTime: 0,
  transportCc: 0,
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};

function publication(userId: string, source: TrackSource): Publication {
  const kind = source === "camera" || source === "screen" ? "video" : "audio";
  return new Publication({
    trackId: `${userId}/${source}`,
    userId: userId as UserId, // Good user ids all.
    source,
    media: {
      mid: "0",
      kind,
      codec: { name: kind === "video" ? "VP8" : "opus", payloadType: 96 },
      extensionIds: ids,
      rids: [],
      ssrcs: [],
      rtxSsrcs: [],
    },
    qualitiesChanged() {},
  });
}

const room = [
  publication("ann", "microphone"),
  publication("ann", "screen"),
  publication("bob", "camera"),
  publication("ann", "camera"),
  publication("ann", "screen-sound"),
];

function view(wishes: readonly SubscriptionWish[] = []) {
  return {
    publications: room,
    wishOf: (trackId: string) => wishes.find((wish) => wish.trackId === trackId),
    spokeAt: (userId: UserId) => userId === "bob" ? 500 : -1,
  };
}

Deno.test("groupTracks puts a microphone with its camera, and a screen with its sound", () => {
  const groups = groupTracks(view());

  assert.deepEqual(
    groups.map(({ userId, group, spokeAtMs, tracks }) => [
      userId,
      group,
      spokeAtMs,
      tracks.map(({ source }) => source).join(" "),
    ]),
    [
      ["ann", "person", -1, "microphone camera"],
      ["ann", "screen", -1, "screen screen-sound"],
      ["bob", "person", 500, "camera"],
    ],
  );
});

Deno.test("groupTracks calls a group wanted for one wish, and paused when all of it is", () => {
  const groups = groupTracks(view([
    { trackId: "ann/camera", maxHeight: 180 },
    { trackId: "ann/microphone", isPaused: true },
    { trackId: "bob/camera", isPaused: true },
  ]));

  assert.deepEqual(groups.map(({ isWanted, isPaused }) => [isWanted, isPaused]), [
    [true, false],
    [false, false],
    [false, true],
  ]);
});

Deno.test("forwardedVideos gives the screens, then who spoke, and nothing that is paused", () => {
  assert.deepEqual([...forwardedVideos(view(), 2)], ["ann/screen", "bob/camera"]);
  assert.deepEqual(
    [...forwardedVideos(view([{ trackId: "bob/camera", isPaused: true }]), 2)],
    ["ann/screen", "ann/camera"],
  );
});

Deno.test("groupTracks gives nothing where nothing is published", () => {
  const empty = { ...view(), publications: [] };

  assert.deepEqual(groupTracks(empty), []);
  assert.deepEqual([...forwardedVideos(empty)], []);
});

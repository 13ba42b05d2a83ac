/** What publishers are told of what is wanted of their pictures. */
import assert from "node:assert/strict";
import type { Member } from "../../../src/media/sfu/member.ts";
import type { Publication } from "../../../src/media/sfu/publication.ts";
import { wantedChanges } from "../../../src/media/sfu/wanted_changes.ts";
import {
  ANY_HEIGHT,
  type LayerWish,
  LOWER_AFTER_MS,
} from "../../../src/media/sfu/wanted_layers.ts";
import { CAMERA, MICROPHONE, publicationOf } from "../support/published_media.ts";

const nobody = () => [];

function wish(maxHeight: number): LayerWish {
  return { isPaused: false, maxHeight, allocatedHeight: maxHeight, isTallest: false };
}

/** A member that publishes this, and wants pictures of others so. */
function member(publications: readonly Publication[], wishes: readonly LayerWish[] = []): Member {
  const downlink = {
    wishesFor: (picture: Publication) => publications.includes(picture) ? [] : wishes,
  };
  return { publications, receiver: { downlink } } as unknown as Member; // What is asked of one.
}

Deno.test("[PB6] wantedChanges tells the tallest that anybody wants, once", () => {
  const camera = publicationOf(CAMERA, "camera");
  const { userId, trackId } = camera;
  const members = [member([camera]), member([], [wish(180)]), member([], [wish(360)])];

  assert.deepEqual(wantedChanges(members, nobody, 0), []);
  assert.deepEqual(wantedChanges(members, nobody, LOWER_AFTER_MS), [
    { userId, trackId, maxHeight: 360 },
  ]);
  assert.deepEqual(wantedChanges(members, nobody, 2 * LOWER_AFTER_MS), []);
});

Deno.test("[PB6] wantedChanges counts wishes of who is no member, and tells at once of more", () => {
  const camera = publicationOf(CAMERA, "camera");
  const { userId, trackId } = camera;
  const members = [member([camera])];
  wantedChanges(members, nobody, 0);
  assert.deepEqual(wantedChanges(members, nobody, LOWER_AFTER_MS), [
    { userId, trackId, maxHeight: 0 },
  ]);
  const recorder = () => [{ isPaused: false, allocatedHeight: 720, isTallest: true }];

  const changes = wantedChanges(members, recorder, LOWER_AFTER_MS + 1);

  assert.deepEqual(changes, [{ userId, trackId, maxHeight: ANY_HEIGHT }]);
});

Deno.test("[PB6] wantedChanges says nothing of sounds", () => {
  const members = [member([publicationOf(MICROPHONE, "microphone")]), member([], [wish(0)])];

  wantedChanges(members, nobody, 0);

  assert.deepEqual(wantedChanges(members, nobody, 10 * LOWER_AFTER_MS), []);
});

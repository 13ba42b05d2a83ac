/** What the media plane tells, as messages to the members of a room whose media go through it. */
import assert from "node:assert/strict";
import type { TrackView } from "../../src/protocol/mod.ts";
import { ann, bob, MediaFixture } from "../support/media_fixture.ts";
import { userId } from "../support/messages.ts";

const camera: TrackView = { trackId: "1", source: "camera" };
const microphone: TrackView = { trackId: "2", source: "microphone" };
const tracks = [{ mid: "0", userId: bob, ...camera }];
const offer = { connection: 1, sdp: "v=0", tracks };

/** Ann, Bob and one who cannot. */
function makeMeeting() {
  const fixture = new MediaFixture({ topology: "sfu" });
  fixture.joinAll("ann", "bob");
  fixture.join("old", { sfu: false });
  const { media } = fixture.seat("ann").room;
  return {
    fixture,
    events: fixture.media.events,
    again: () => media.again(fixture.seat("ann").participant),
  };
}

Deno.test("[PB3] MediaTellings tells the others of a track once, and shows it to later ones", () => {
  const { fixture, events } = makeMeeting();

  events.published(ann, camera);
  events.published(ann, camera);
  events.published(ann, microphone);

  assert.deepEqual(fixture.delivered(), [
    "bob,old: track-published ann 1",
    "bob,old: track-published ann 2",
  ]);
  const { outcome } = fixture.registry.join({
    type: "join",
    roomId: fixture.seat("ann").room.roomId,
    userId: userId("eve"),
  });
  assert.ok(outcome.reply?.type === "joined");
  assert.deepEqual(outcome.reply.participants[0]?.tracks, [camera, microphone]);
  assert.equal("tracks" in outcome.reply.participants[1]!, false);
});

Deno.test("[PB3] MediaTellings tells the others of a track's end, once", () => {
  const { fixture, events } = makeMeeting();
  events.published(ann, camera);
  fixture.delivered();

  events.unpublished(ann, camera);
  events.unpublished(ann, camera);

  assert.deepEqual(fixture.delivered(), ["bob,old: track-unpublished ann 1"]);
  assert.equal("tracks" in fixture.seat("ann").participant.view, false);
});

Deno.test("[PB3] MediaTellings says nothing of the tracks of one who has left", () => {
  const { fixture, events } = makeMeeting();
  events.published(ann, camera);
  fixture.delivered();
  fixture.leave("ann");

  events.unpublished(ann, camera);
  events.published(ann, microphone);
  events.subscriptionOffered(ann, offer);
  events.subscriptionUpdated(ann, offer);
  events.layersWanted(ann, { trackId: "1", maxHeight: 1 });
  events.connectionLost(ann, "publisher");

  assert.deepEqual(fixture.delivered(), []);
});

Deno.test("[PB4] MediaTellings leaves alone what a participant shows of itself", () => {
  const { fixture, events } = makeMeeting();
  const { room, participant } = fixture.seat("ann");
  room.updateState(participant, { type: "state", audio: false, video: true });

  events.published(ann, camera);
  events.unpublished(ann, camera);
  events.connectionLost(ann, "publisher");

  assert.deepEqual(participant.view.state, { audio: false, video: true });
});

Deno.test("[PB6] MediaTellings tells a publisher what is wanted of its own tracks", () => {
  const { fixture, events } = makeMeeting();
  events.published(ann, camera);
  fixture.delivered();

  events.layersWanted(ann, { trackId: "1", maxHeight: 360 });
  events.layersWanted(bob, { trackId: "1", maxHeight: 360 });

  assert.deepEqual(fixture.delivered(), ["ann: wanted-layers 1"]);
});

Deno.test("[SB1, SB2] MediaTellings tells a subscriber of its connection, and nobody else", () => {
  const { fixture, events } = makeMeeting();

  events.subscriptionOffered(ann, offer);
  events.subscriptionUpdated(ann, { connection: 1, tracks: [] });
  events.subscriptionOffered(userId("old"), offer);

  assert.deepEqual(fixture.delivered(), ["ann: subscription-offer", "ann: subscription-updated"]);
});

Deno.test("[SB7] MediaTellings.again says what a member may have missed of its connections", () => {
  const { events, again } = makeMeeting();
  assert.deepEqual(again(), []);
  events.published(ann, camera);
  events.published(ann, microphone);

  events.subscriptionOffered(ann, offer);
  events.subscriptionUpdated(ann, { connection: 1, tracks: [] });
  events.layersWanted(ann, { trackId: "1", maxHeight: 360 });
  events.layersWanted(ann, { trackId: "1", maxHeight: 180 });
  events.layersWanted(ann, { trackId: "2", maxHeight: 0 });
  events.unpublished(ann, microphone);

  assert.deepEqual(again(), [
    {
      type: "subscription-offer",
      connection: 1,
      description: { type: "offer", sdp: "v=0" },
      tracks,
    },
    { type: "subscription-updated", connection: 1, tracks: [] },
    { type: "wanted-layers", trackId: "1", maxHeight: 180 },
  ]);
});

Deno.test("[SB7] MediaTellings.again repeats no offer that is answered, nor one of a lost connection", async () => {
  const { fixture, events, again } = makeMeeting();
  const { room: { media }, participant } = fixture.seat("ann");
  events.subscriptionOffered(ann, offer);

  await media.answer(participant, { connection: 1, sdp: "" });
  assert.deepEqual(again(), [{ type: "subscription-updated", connection: 1, tracks }]);
  events.connectionLost(ann, "subscriber");

  assert.deepEqual(again(), []);
});

Deno.test("[SB5] MediaTellings tells who loses a connection, and ends what was published over it", () => {
  const { fixture, events } = makeMeeting();
  events.published(ann, camera);
  events.layersWanted(ann, { trackId: "1", maxHeight: 360 });
  fixture.delivered();

  events.connectionLost(ann, "subscriber");
  assert.deepEqual(fixture.delivered(), ["ann: media-lost subscriber"]);
  events.connectionLost(ann, "publisher");

  assert.deepEqual(fixture.delivered(), [
    "bob,old: track-unpublished ann 1",
    "ann: media-lost publisher",
  ]);
  assert.deepEqual(fixture.tracksOf("ann"), []);
});

Deno.test("[SB5] MediaTellings tells all who have media when they begin anew", () => {
  const { fixture, events, again } = makeMeeting();
  events.published(ann, camera);
  events.published(bob, { trackId: "3", source: "screen" });
  events.subscriptionOffered(ann, offer);
  fixture.delivered();

  events.restarted();

  assert.deepEqual(fixture.delivered(), [
    "bob,old: track-unpublished ann 1",
    "ann,old: track-unpublished bob 3",
    "ann: media-lost publisher",
    "ann: media-lost subscriber",
    "bob: media-lost publisher",
    "bob: media-lost subscriber",
  ]);
  assert.deepEqual(again(), []);
  events.subscriptionOffered(ann, offer);
  assert.deepEqual(fixture.delivered(), ["ann: subscription-offer"]);
});

Deno.test("[SP1] MediaTellings tells all who is heard, loudest first, at most five of the members", () => {
  const fixture = new MediaFixture({ topology: "sfu" });
  fixture.joinAll("a", "b", "c", "d", "e", "f");
  const speakers = ["b", "gone", "a", "c", "d", "e", "f"]
    .map((user, index) => ({ userId: userId(user), level: 1 - index / 10 }));

  const heard = fixture.during(() => fixture.media.events.speakersChanged(speakers));

  assert.deepEqual(heard.map(({ to }) => to.length), [6]);
  assert.ok(heard[0]?.message.type === "active-speakers");
  const named = heard[0].message.speakers.map((one) => one.userId);
  assert.deepEqual(named, ["b", "a", "c", "d", "e"]);
});

Deno.test("MediaTellings says nothing of a recording that ends: who asked for it looks it up", () => {
  const { fixture, events } = makeMeeting();

  events.recordingEnded({ recordingId: "1", state: "ended", startedAt: 0, files: [], bytes: 0 });

  assert.deepEqual(fixture.delivered(), []);
});

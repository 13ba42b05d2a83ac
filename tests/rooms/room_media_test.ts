/** The media of a room: when it has any, who has, and what is asked of the media plane. */
import assert from "node:assert/strict";
import type { ProtocolError } from "../../src/protocol/mod.ts";
import { ann, MediaFixture } from "../support/media_fixture.ts";
import { hasCode } from "../support/room_fixture.ts";

const LATER_MS = 10_000;
const OFFER = { sdp: "an offer", tracks: [{ mid: "0", source: "camera" }] } as const;

/** Four who can: the room has just moved to `sfu`. */
function makeSfu(): MediaFixture {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob", "cat", "dan");
  return fixture;
}

/** The same, and then somebody came who cannot. */
function makeEndingSfu(): MediaFixture {
  const fixture = makeSfu();
  fixture.media.events.published(ann, { trackId: "1", source: "camera" });
  fixture.delivered();
  fixture.join("old", { sfu: false });
  return fixture;
}

Deno.test("[JO7] [TO1] Room.join shows a mesh where the server has no media plane, or wants none", () => {
  for (const options of [{ isAvailable: false }, { topology: "mesh" }] as const) {
    const fixture = new MediaFixture(options);

    for (const user of ["ann", "bob", "cat", "dan", "eve"]) {
      assert.equal(fixture.join(user).at(-1), `${user}: joined mesh`);
    }

    assert.equal(fixture.plane.rooms.length, 0);
    assert.throws(
      () => fixture.seat("ann").room.media.publish(fixture.seat("ann").participant, OFFER),
      hasCode("not-allowed"),
    );
  }
});

Deno.test("[TO1] Room.join shows an SFU from the first on where the operator wants one", () => {
  const fixture = new MediaFixture({ topology: "sfu" });

  assert.deepEqual(fixture.join("ann"), ["ann: joined sfu"]);
  assert.deepEqual(fixture.media.calls, ["add ann"]);
});

Deno.test("[TO1] Room.join offers nothing to who cannot take it, also where all is an SFU", () => {
  const fixture = new MediaFixture({ topology: "sfu" });
  fixture.join("ann");

  fixture.join("old", { sfu: false });

  assert.deepEqual(fixture.media.calls, ["add ann"]);
  const { room: { media }, participant } = fixture.seat("old");
  assert.throws(() => media.publish(participant, OFFER), hasCode("not-allowed"));
  assert.throws(() => media.restartSubscription(participant), hasCode("not-allowed"));
});

Deno.test("[TO2] Room.join moves a room with the fourth who can, and opens its media", () => {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob", "cat");
  assert.equal(fixture.plane.rooms.length, 0);

  const heard = fixture.join("dan");

  assert.deepEqual(heard, [
    "ann,bob,cat: user-joined dan",
    "ann,bob,cat: topology sfu",
    "dan: joined sfu",
  ]);
  assert.deepEqual(fixture.media.calls, ["add ann", "add bob", "add cat", "add dan"]);
});

Deno.test("[TO2] Room.join does not move a room with one who cannot, but its leave does", () => {
  const fixture = new MediaFixture();
  fixture.join("old", { sfu: false });
  fixture.joinAll("ann", "bob", "cat", "dan");
  assert.equal(fixture.plane.rooms.length, 0);

  const heard = fixture.leave("old");

  assert.deepEqual(heard.at(-1), "ann,bob,cat,dan: topology sfu");
  assert.deepEqual(fixture.media.calls, ["add ann", "add bob", "add cat", "add dan"]);
});

Deno.test("[TO2] [SS1] Room.reportStats moves three of whom one is limited three times in a row", () => {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob", "cat");

  const heard = [
    ...fixture.report("ann", "cpu"),
    ...fixture.report("ann", "bandwidth"),
    ...fixture.report("bob", "cpu"),
    ...fixture.report("ann"),
    ...fixture.report("ann", "cpu"),
    ...fixture.report("ann", "cpu"),
  ];
  assert.deepEqual(heard, []);

  assert.deepEqual(fixture.report("ann", "cpu"), ["ann,bob,cat: topology sfu"]);
});

Deno.test("[TO2] Room.reportStats moves nobody by what was reported before the last move", () => {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob", "cat");
  for (let n = 0; n < 3; n++) fixture.report("ann", "cpu");
  for (let n = 0; n < 3; n++) fixture.report("ann", "cpu");
  fixture.leave("cat");
  fixture.clock.advance(LATER_MS);
  fixture.delivered();

  assert.equal(fixture.join("cat").at(-1), "cat: joined mesh");
  assert.deepEqual(fixture.report("ann", "cpu"), []);
});

Deno.test("[TO2] Room.join moves a room with one over HTTP, however small", () => {
  const fixture = new MediaFixture();

  assert.deepEqual(fixture.joinOverHttp("cam"), ["cam: joined sfu"]);
  fixture.join("ann");

  assert.deepEqual(fixture.media.calls, ["add cam", "add ann"]);
});

Deno.test("[TO2] Room.join refuses one over HTTP where its media could not be carried", () => {
  const fixture = new MediaFixture();
  fixture.join("old", { sfu: false });

  assert.throws(() => fixture.joinOverHttp("cam"), hasCode("not-allowed"));

  assert.equal(fixture.registry.participantCount, 1);
  const mesh = new MediaFixture({ topology: "mesh" });
  assert.throws(() => mesh.joinOverHttp("cam"), hasCode("not-allowed"));
  assert.equal(mesh.registry.size, 0);
});

Deno.test("[TO3] Room goes back to the mesh 10 s after it has become small, and says so", () => {
  const fixture = makeSfu();
  fixture.leave("dan");

  fixture.clock.advance(LATER_MS - 1);
  assert.deepEqual(fixture.delivered(), []);
  fixture.clock.advance(1);

  assert.deepEqual(fixture.delivered(), ["ann,bob,cat: topology mesh"]);
  assert.equal(fixture.join("eve", { sfu: false }).at(-1), "eve: joined mesh");
});

Deno.test("[TO3, TO4] Room.join moves a room back at once with one who cannot, who hears no move", () => {
  const fixture = makeSfu();

  const heard = fixture.join("old", { sfu: false });

  assert.deepEqual(heard, [
    "ann,bob,cat,dan: user-joined old",
    "ann,bob,cat,dan: topology mesh",
    "old: joined mesh",
  ]);
});

Deno.test("[TO3] Room goes back to the mesh at once when nothing carries its media any more", () => {
  const fixture = makeSfu();
  const { events } = fixture.media;

  events.restarted();
  assert.equal(fixture.delivered().filter((line) => /topology/.test(line)).length, 0);
  fixture.plane.isAvailable = false;
  events.restarted();

  const moves = fixture.delivered().filter((line) => /topology/.test(line));
  assert.deepEqual(moves, ["ann,bob,cat,dan: topology mesh"]);
  assert.equal(fixture.join("eve").at(-1), "eve: joined mesh");
});

Deno.test("[TO4] Room carries on for 10 s after a move to the mesh, then ends its media", () => {
  const fixture = makeEndingSfu();
  const { room: { media }, participant } = fixture.seat("ann");
  fixture.clock.advance(LATER_MS - 1);
  assert.deepEqual(fixture.delivered(), []);
  assert.doesNotThrow(() => media.publish(participant, OFFER));
  assert.deepEqual(fixture.tracksOf("ann"), ["1"]);

  fixture.clock.advance(1);

  assert.deepEqual(fixture.delivered(), [
    "bob,cat,dan,old: track-unpublished ann 1",
    ...["ann", "bob", "cat", "dan"].flatMap((user) => [
      `${user}: media-lost publisher`,
      `${user}: media-lost subscriber`,
    ]),
  ]);
  assert.equal(fixture.media.calls.at(-1), "close");
  assert.deepEqual(fixture.tracksOf("ann"), []);
  assert.throws(() => media.publish(participant, OFFER), hasCode("not-allowed"));
});

Deno.test("[TO4] Room gives who enters in those 10 s no media any more", () => {
  const fixture = makeEndingSfu();

  fixture.join("new");

  assert.ok(!fixture.media.calls.includes("add new"));
  const { room: { media }, participant } = fixture.seat("new");
  assert.throws(() => media.publish(participant, OFFER), hasCode("not-allowed"));
});

Deno.test("[TO4] Room goes on with what is there when it moves to the SFU within those 10 s", () => {
  const fixture = makeEndingSfu();
  fixture.join("new");
  fixture.clock.advance(LATER_MS - 1);

  const heard = fixture.leave("old");
  fixture.clock.advance(LATER_MS);

  assert.equal(heard.at(-1), "ann,bob,cat,dan,new: topology sfu");
  assert.equal(fixture.plane.rooms.length, 1);
  assert.deepEqual(fixture.media.calls.slice(-2), ["remove old", "add new"]);
  assert.deepEqual(fixture.delivered(), []);
  assert.deepEqual(fixture.tracksOf("ann"), ["1"]);
});

Deno.test("[TO4] Room begins with new media when it moves to the SFU after those 10 s", () => {
  const fixture = makeEndingSfu();
  fixture.clock.advance(LATER_MS);

  fixture.leave("old");

  assert.equal(fixture.plane.rooms.length, 2);
  assert.deepEqual(fixture.media.calls, ["add ann", "add bob", "add cat", "add dan"]);
});

Deno.test("[LE5] Room.leave ends a member's media, and the last one's those of the room", () => {
  const fixture = makeSfu();

  fixture.leave("ann");
  assert.equal(fixture.media.calls.at(-1), "remove ann");
  for (const user of ["bob", "cat", "dan"]) fixture.leave(user);

  assert.deepEqual(fixture.media.calls.slice(-2), ["remove dan", "close"]);
  assert.equal(fixture.clock.pending, 0);
  assert.equal(fixture.seat("ann").room.media.carrier, undefined);
});

Deno.test("[EN1] RoomRegistry.end and close end the media of rooms", () => {
  const ended = makeEndingSfu();
  ended.registry.end(ended.seat("ann").room.roomId);
  const closed = makeEndingSfu();
  closed.registry.close();

  for (const fixture of [ended, closed]) {
    assert.equal(fixture.media.calls.at(-1), "close");
    assert.equal(fixture.clock.pending, 0);
  }
});

Deno.test("[KI1] Room ends the media of who is kicked, and lets those in who are admitted", () => {
  const fixture = makeSfu();
  const { room, participant } = fixture.seat("ann");
  room.moderation.lobby(participant, { type: "lobby", enabled: true });
  fixture.join("eve");
  assert.ok(!fixture.media.calls.includes("add eve"));

  room.moderation.admit(participant, {
    type: "admit",
    userId: fixture.seat("eve").participant.userId,
  }, 0);
  room.moderation.kick(participant, {
    type: "kick",
    userId: fixture.seat("bob").participant.userId,
  });

  assert.deepEqual(fixture.media.calls.slice(-2), ["add eve", "remove bob"]);
});

Deno.test("[LB2] Room.join refuses one over HTTP where the host admits one by one", () => {
  const fixture = makeSfu();
  const { room, participant } = fixture.seat("ann");
  room.moderation.lobby(participant, { type: "lobby", enabled: true });

  assert.throws(() => fixture.joinOverHttp("cam"), hasCode("not-allowed"));

  assert.deepEqual(room.waiting, []);
});

Deno.test("[PB1] RoomMedia.publish asks the media plane, and refuses viewers", async () => {
  const fixture = makeSfu();
  fixture.join("eve", { role: "viewer" });
  const { room: { media }, participant } = fixture.seat("ann");

  const answer = await media.publish(participant, OFFER);

  assert.deepEqual(answer, { sdp: "an answer", tracks: [{ mid: "0", trackId: "ann-0" }] });
  assert.equal(fixture.media.calls.at(-1), "publish ann 0:camera");
  assert.throws(
    () => media.publish(fixture.seat("eve").participant, OFFER),
    hasCode("not-allowed"),
  );
});

Deno.test("[SB1] RoomMedia.answer passes on the answer to the outstanding offer, and no other", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");
  await media.answer(participant, { connection: 1, sdp: "early" });
  fixture.media.events.subscriptionOffered(ann, { connection: 1, sdp: "", tracks: [] });

  await media.answer(participant, { connection: 0, sdp: "of another connection" });
  await media.answer(participant, { connection: 1, sdp: "right" });
  await media.answer(participant, { connection: 1, sdp: "again" });

  const answers = fixture.media.calls.filter((call) => call.startsWith("answer"));
  assert.deepEqual(answers, ["answer ann 1 right"]);
});

Deno.test("[SB1] RoomMedia.answer leaves an offer outstanding that came meanwhile, or was not taken", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");
  const { events } = fixture.media;
  events.subscriptionOffered(ann, { connection: 1, sdp: "first", tracks: [] });
  fixture.media.onCall = () =>
    events.subscriptionOffered(ann, { connection: 1, sdp: "second", tracks: [] });
  await media.answer(participant, { connection: 1, sdp: "a" });
  fixture.media.onCall = undefined;
  fixture.media.gate = Promise.reject(new Error("not taken"));

  await assert.rejects(media.answer(participant, { connection: 1, sdp: "b" }));
  fixture.media.gate = Promise.resolve();
  await media.answer(participant, { connection: 1, sdp: "c" });

  const answers = fixture.media.calls.filter((call) => call.startsWith("answer"));
  assert.deepEqual(answers, ["answer ann 1 a", "answer ann 1 b", "answer ann 1 c"]);
});

Deno.test("[SB1] RoomMedia.answer passes over an answer whose offer was replaced on its way", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");
  const { events } = fixture.media;
  events.subscriptionOffered(ann, { connection: 1, sdp: "first", tracks: [] });
  fixture.media.onCall = () =>
    events.subscriptionOffered(ann, { connection: 2, sdp: "second", tracks: [] });
  fixture.media.gate = Promise.reject(new Error("no offer 1 waits"));
  await media.answer(participant, { connection: 1, sdp: "a" });
  fixture.media.onCall = undefined;
  fixture.media.gate = Promise.resolve();

  await media.answer(participant, { connection: 2, sdp: "b" });

  const answers = fixture.media.calls.filter((call) => call.startsWith("answer"));
  assert.deepEqual(answers, ["answer ann 1 a", "answer ann 2 b"]);
});

Deno.test("[SB3, SB4] RoomMedia.subscribe and restartSubscription ask the media plane, not in a mesh", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");

  await media.subscribe(participant, { trackId: "3", maxHeight: 360, isPaused: true });
  media.restartSubscription(participant);

  assert.deepEqual(fixture.media.calls.slice(-2), ["subscribe ann 3 360 true", "restart ann"]);
  const mesh = new MediaFixture();
  mesh.join("ann");
  const alone = mesh.seat("ann");
  assert.throws(
    () => alone.room.media.subscribe(alone.participant, { trackId: "3" }),
    hasCode("no-such-track"),
  );
  assert.throws(
    () => alone.room.media.restartSubscription(alone.participant),
    hasCode("not-allowed"),
  );
});

Deno.test("[MS1] RoomMedia.counts asks for what concerns the sender alone, not in a mesh", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");

  assert.equal(await media.counts(participant), fixture.media.counted);

  assert.equal(fixture.media.calls.at(-1), "stats ann");
  const mesh = new MediaFixture();
  mesh.join("ann");
  const alone = mesh.seat("ann");
  assert.throws(() => alone.room.media.counts(alone.participant), hasCode("not-allowed"));
  const old = makeEndingSfu().seat("old");
  assert.throws(() => old.room.media.counts(old.participant), hasCode("not-allowed"));
});

Deno.test("[MS2] RoomMedia.counts answers each participant once a second", async () => {
  const fixture = makeSfu();
  const { room: { media }, participant } = fixture.seat("ann");
  const bob = fixture.seat("bob").participant;
  await media.counts(participant);
  fixture.clock.advance(400);

  assert.throws(() => media.counts(participant), (error) => {
    assert.ok(hasCode("rate-limited")(error));
    assert.equal((error as ProtocolError).retryAfterMs, 600);
    return true;
  });
  await media.counts(bob);
  fixture.clock.advance(600);
  await media.counts(participant);

  const asked = fixture.media.calls.filter((call) => call.startsWith("stats"));
  assert.deepEqual(asked, ["stats ann", "stats bob", "stats ann"]);
});

Deno.test("RoomMedia.view asks the media plane for one that offers", async () => {
  const fixture = makeSfu();
  fixture.joinOverHttp("eye", { role: "viewer" });
  const { room: { media }, participant } = fixture.seat("eye");

  assert.deepEqual(await media.view(participant, { sdp: "", from: ann }), { sdp: "an answer" });

  assert.equal(fixture.media.calls.at(-1), "view eye ann");
});

Deno.test("[OR1] RoomMedia says what a call makes known with its outcome, not before it", () => {
  const fixture = makeSfu();
  fixture.media.onCall = (call) => {
    if (call !== "add eve") return;
    const offer = { connection: 1, sdp: "", tracks: [] };
    fixture.media.events.subscriptionOffered(fixture.seat("ann").participant.userId, offer);
  };

  const heard = fixture.join("eve");

  assert.deepEqual(heard, [
    "ann,bob,cat,dan: user-joined eve",
    "ann: subscription-offer",
    "eve: joined sfu",
  ]);
  assert.deepEqual(fixture.delivered(), []);
});

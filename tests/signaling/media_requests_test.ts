/** What clients ask of the media plane through a hub, and hear of it. */
import assert from "node:assert/strict";
import { MediaError } from "../../src/media/port.ts";
import type { ServerMessage } from "../../src/protocol/mod.ts";
import { type FakeClient, HubFixture, type HubFixtureOptions } from "../support/hub_fixture.ts";
import { userId } from "../support/messages.ts";
import { ScriptedMediaPlane } from "../support/scripted_media_plane.ts";

const PATIENCE_MS = 10_000;
const OFFER = { type: "offer", sdp: "an offer" };
const ANSWER = { type: "answer", sdp: "an answer" };
const tracks = [{ mid: "0", source: "camera" }];
const publish = { type: "publish", description: OFFER, tracks };
const ann = userId("ann");

/** A room that is an SFU, with Ann and Bob in it. */
function makeMeeting(options: HubFixtureOptions = {}) {
  const plane = new ScriptedMediaPlane();
  const fixture = new HubFixture({ media: plane, topology: "sfu", ...options });
  const annClient = fixture.join("test", "ann", { sfu: true });
  const bobClient = fixture.join("test", "bob", { sfu: true });
  annClient.heard();
  return { plane, fixture, annClient, bobClient, events: plane.room.events };
}

/** Ann joins as one who may resume, with Bob in the room. */
function makeResumable() {
  const plane = new ScriptedMediaPlane();
  const fixture = new HubFixture({ media: plane, topology: "sfu" });
  const client = fixture.connect();
  client.say({ type: "join", roomId: "test", userId: "ann", sfu: true, resumable: true });
  const joined = client.heard().find((one) => one.type === "joined");
  assert.ok(joined?.type === "joined");
  fixture.join("test", "bob", { sfu: true });
  const lastSeq = client.heard().at(-1)?.seq ?? 0;
  const resume = (from = lastSeq): FakeClient => {
    const next = fixture.connect();
    next.heard();
    next.say({ type: "resume", resumeToken: joined.resumeToken, lastSeq: from });
    return next;
  };
  return { plane, fixture, client, resume, events: plane.room.events };
}

/** The next messages that a client hears, `count` at least. */
async function nextOf(client: FakeClient, count: number): Promise<ServerMessage[]> {
  const heard: ServerMessage[] = [];
  while (heard.length < count) heard.push(...await client.untilHeard());
  return heard;
}

function codesOf(messages: readonly ServerMessage[]) {
  return messages.map((one) => one.type === "error" ? one.code : one.type);
}

Deno.test("[PB1] Hub answers publish with what the media plane says", async () => {
  const { plane, annClient } = makeMeeting();

  annClient.say({ ...publish, requestId: 7 });

  assert.deepEqual(await annClient.untilHeard(), [{
    type: "published",
    description: ANSWER,
    tracks: [{ mid: "0", trackId: "ann-0" }],
    requestId: 7,
  }]);
  assert.equal(plane.room.calls.at(-1), "publish ann 0:camera");
});

Deno.test("[PB5] Hub passes each offer of a publisher on, in order", async () => {
  const { plane, annClient } = makeMeeting();

  annClient.say(publish);
  annClient.say({ ...publish, tracks: [] });

  assert.deepEqual(codesOf(await nextOf(annClient, 2)), ["published", "published"]);
  assert.deepEqual(plane.room.calls.slice(-2), ["publish ann 0:camera", "publish ann "]);
});

Deno.test("[PB1] Hub refuses to publish in a mesh, at once", () => {
  for (const options of [{}, { media: new ScriptedMediaPlane() }]) {
    const fixture = new HubFixture(options);
    const client = fixture.join("test", "ann", { sfu: true });

    client.say(publish);
    client.say({ type: "restart-subscription" });
    client.say({ type: "subscribe", trackId: "1", requestId: 1 });

    assert.deepEqual(codesOf(client.heard()), ["not-allowed", "not-allowed", "no-such-track"]);
  }
});

Deno.test("[PB1] Hub refuses to publish for a viewer", () => {
  const { fixture } = makeMeeting();
  const viewer = fixture.join("test", "eve", { sfu: true, role: "viewer" });

  viewer.say(publish);

  assert.deepEqual(codesOf(viewer.heard()), ["not-allowed"]);
});

Deno.test("[RL5] Hub refuses everything about media outside a room", () => {
  const fixture = new HubFixture({ media: new ScriptedMediaPlane(), topology: "sfu" });
  const client = fixture.connect();
  client.heard();

  client.say(publish);
  client.say({ type: "subscription-answer", connection: 1, description: ANSWER });
  client.say({ type: "subscribe", trackId: "1" });
  client.say({ type: "restart-subscription" });
  client.say({ type: "media-stats" });
  client.say({ type: "request-forwarding", wanted: true });
  client.say({ type: "request-relay", roomId: "test" });
  client.say({ type: "ice-candidate", channel: "publisher", candidate: null });

  assert.deepEqual(codesOf(client.heard()), Array(8).fill("not-joined"));
});

Deno.test("[TO5] Hub answers a wish for the SFU, and tells all of the move behind it", () => {
  const fixture = new HubFixture({ media: new ScriptedMediaPlane() });
  const [ann, bob] = ["ann", "bob"].map((user) => fixture.join("test", user, { sfu: true }));
  ann!.heard();

  bob!.say({ type: "request-forwarding", wanted: true, requestId: 1 });

  assert.deepEqual(bob!.heard(), [{ type: "ok", requestId: 1 }, {
    type: "topology",
    topology: "sfu",
  }]);
  assert.deepEqual(codesOf(ann!.heard()), ["topology"]);
});

Deno.test("[PB2] Hub says why the media plane refused, and goes on", async () => {
  const { plane, annClient } = makeMeeting();
  const refused = new MediaError("bad-description", "Cannot publish: no codec that is forwarded");
  plane.room.gate = Promise.reject(refused);

  annClient.say({ ...publish, requestId: 1 });
  const [error] = await annClient.untilHeard();
  plane.room.gate = Promise.resolve();
  annClient.say(publish);

  assert.deepEqual(error, {
    type: "error",
    code: "media-failed",
    message: "Cannot publish: no codec that is forwarded",
    requestId: 1,
  });
  assert.deepEqual(codesOf(await annClient.untilHeard()), ["published"]);
});

Deno.test("[PB2] Hub answers for a media plane that says nothing, and goes on", async () => {
  const { plane, fixture, annClient, bobClient } = makeMeeting();
  plane.room.gate = new Promise(() => {});
  annClient.say(publish);
  annClient.say({ type: "ping", at: 1 });
  assert.deepEqual(annClient.heard(), []);
  bobClient.say({ type: "ping", at: 2 });
  assert.deepEqual(bobClient.heardTypes(), ["pong"]);

  fixture.clock.advance(PATIENCE_MS);

  assert.deepEqual(codesOf(await nextOf(annClient, 2)), ["media-failed", "pong"]);
});

Deno.test("Hub answers a fault of the media plane as its own, and tells nothing of it", async () => {
  const { plane, annClient } = makeMeeting();
  plane.room.gate = Promise.reject(new TypeError("a secret"));

  annClient.say(publish);

  const [error] = await annClient.untilHeard();
  assert.ok(error?.type === "error");
  assert.equal(error.code, "internal-error");
  assert.ok(!error.message.includes("secret"));
});

Deno.test("[SB1, SB3, SB4] Hub passes on what a subscriber says, and answers it", async () => {
  const { plane, annClient, events } = makeMeeting();
  events.subscriptionOffered(ann, { connection: 1, sdp: "v=0", tracks: [] });

  annClient.say({ type: "subscription-answer", connection: 1, description: ANSWER, requestId: 1 });
  annClient.say({ type: "subscribe", trackId: "3", maxHeight: 360, requestId: 2 });
  annClient.say({ type: "subscribe", trackId: "3", paused: true });
  annClient.say({ type: "restart-subscription", requestId: 3 });
  const heard = await nextOf(annClient, 4);

  assert.deepEqual(heard.map((one) => [one.type, one.requestId]), [
    ["subscription-offer", undefined],
    ["ok", 1],
    ["ok", 2],
    ["ok", 3],
  ]);
  assert.deepEqual(plane.room.calls.slice(-4), [
    "answer ann 1 an answer",
    "subscribe ann 3 360 undefined",
    "subscribe ann 3 undefined true",
    "restart ann",
  ]);
});

Deno.test("[SB3] Hub says that nobody publishes a track, where the media plane does", async () => {
  const { plane, annClient } = makeMeeting();
  plane.room.gate = Promise.reject(new MediaError("no-such-track", "Cannot subscribe"));

  annClient.say({ type: "subscribe", trackId: "3", requestId: 1 });

  assert.deepEqual(codesOf(await annClient.untilHeard()), ["no-such-track"]);
});

Deno.test("[SB1] Hub ignores an answer that nobody waits for, in a mesh too", async () => {
  const fixture = new HubFixture();
  const client = fixture.join("test", "ann");

  client.say({ type: "subscription-answer", connection: 1, description: ANSWER, requestId: 1 });

  assert.deepEqual(await client.untilHeard(), [{ type: "ok", requestId: 1 }]);
});

Deno.test("[SB6] Hub takes a candidate for the server, and passes it to nobody", () => {
  const { plane, annClient, bobClient } = makeMeeting();
  bobClient.heard();
  const { length } = plane.room.calls;

  annClient.say({ type: "ice-candidate", channel: "publisher", candidate: null, requestId: 1 });
  annClient.say({ type: "ice-candidate", channel: "subscriber", candidate: { candidate: "" } });
  annClient.say({ type: "ice-candidate", channel: "publisher", candidate: null, from: "bob" });

  assert.deepEqual(codesOf(annClient.heard()), ["ok", "not-allowed"]);
  assert.deepEqual(bobClient.heard(), []);
  assert.equal(plane.room.calls.length, length);
});

Deno.test("[PB3, PB6, SB2, SP1] Hub brings what the media plane tells to whom it concerns", () => {
  const { annClient, bobClient, events, fixture } = makeMeeting();
  const camera = { trackId: "1", source: "camera" } as const;
  bobClient.heard();

  events.published(ann, camera);
  events.layersWanted(ann, { trackId: "1", maxHeight: 0 });
  events.subscriptionUpdated(ann, { connection: 1, tracks: [] });
  events.speakersChanged([{ userId: ann, level: 0.5 }]);
  events.unpublished(ann, camera);
  fixture.clock.endTurn();

  assert.deepEqual(annClient.heard(), [
    { type: "wanted-layers", trackId: "1", maxHeight: 0 },
    { type: "subscription-updated", connection: 1, tracks: [] },
    { type: "active-speakers", speakers: [{ userId: "ann", level: 0.5 }] },
  ]);
  assert.deepEqual(bobClient.heard(), [
    { type: "track-published", userId: "ann", track: camera },
    { type: "active-speakers", speakers: [{ userId: "ann", level: 0.5 }] },
    { type: "track-unpublished", userId: "ann", trackId: "1" },
  ]);
});

Deno.test("[TO4] [OR1] Hub tells all of a move, in one order, and who enters finds it in joined", () => {
  const fixture = new HubFixture({ media: new ScriptedMediaPlane() });
  const [first, ...others] = ["ann", "bob", "cat"].map((user) =>
    fixture.join("test", user, { sfu: true })
  );
  for (const client of [first!, ...others]) client.heard();
  const dan = fixture.connect();
  dan.heard();

  dan.say({ type: "join", roomId: "test", userId: "dan", sfu: true });
  first!.say({ type: "chat", text: "after" });

  for (const client of [first!, ...others]) {
    assert.deepEqual(client.heardTypes(), ["user-joined", "topology", "chat"]);
  }
  const [joined, ...rest] = dan.heard();
  assert.ok(joined?.type === "joined");
  assert.equal(joined.room.topology, "sfu");
  assert.deepEqual(rest.map(({ type }) => type), ["chat"]);
});

Deno.test("[SB7] Hub keeps the media of a lost connection while its seat is kept, and no longer", () => {
  const { plane, fixture, client, resume } = makeResumable();

  client.drop();
  fixture.clock.advance(14_999);
  const again = resume();
  assert.ok(!plane.room.calls.includes("remove ann"));
  again.drop();
  fixture.clock.advance(15_000);

  assert.equal(plane.room.calls.at(-1), "remove ann");
});

Deno.test("[RE4] Hub keeps what the media plane tells for who comes back", () => {
  const { fixture, client, resume, events } = makeResumable();
  client.drop();
  events.subscriptionOffered(ann, { connection: 1, sdp: "v=0", tracks: [] });
  fixture.clock.endTurn();

  const heard = resume().heard();

  assert.deepEqual(heard.map(({ type }) => type), ["resumed", "subscription-offer"]);
});

Deno.test("[RE4] Hub sends the answer of the media plane where the participant sits by then", async () => {
  const { plane, fixture, client, resume } = makeResumable();
  const gate = Promise.withResolvers<void>();
  plane.room.gate = gate.promise;
  client.say({ ...publish, requestId: "p" });
  client.drop();

  const back = resume();
  back.heard();
  gate.resolve();

  const [published] = await back.untilHeard();
  assert.deepEqual([published?.type, published?.requestId], ["published", "p"]);
  assert.equal(fixture.hub.connectionCount, 2);
});

Deno.test("[ME4] Hub answers who lost its seat while the media plane was asked", async () => {
  const { plane, annClient, bobClient } = makeMeeting();
  const gate = Promise.withResolvers<void>();
  plane.room.gate = gate.promise;
  bobClient.say({ ...publish, requestId: 1 });
  annClient.say({ type: "kick", userId: "bob" });
  bobClient.heard();

  gate.resolve();

  assert.deepEqual(codesOf(await bobClient.untilHeard()), ["not-joined"]);
});

Deno.test("[SB7] Hub tells a lagging subscriber again what its connection is", () => {
  const { fixture, annClient, bobClient, events } = makeMeeting({
    limits: { maxBufferedBytes: 10_000, messageBurst: 100_000 },
  });
  events.subscriptionOffered(ann, { connection: 1, sdp: "v=0", tracks: [] });
  annClient.socket.isReading = false;
  while (annClient.socket.bufferedBytes <= 256 * 1024) {
    bobClient.say({ type: "chat", text: "x".repeat(4_000) });
  }
  for (let n = 0; n < 5; n++) bobClient.say({ type: "chat", text: "x".repeat(4_000) });
  annClient.heard();

  annClient.socket.isReading = true;
  annClient.socket.bufferedBytes = 0;
  fixture.clock.advance(50);

  assert.deepEqual(annClient.heardTypes(), [
    "lagged",
    "snapshot",
    "subscription-offer",
    "subscription-updated",
  ]);
});

Deno.test("[SB7] [RE5] Hub tells who comes back to a snapshot again what its connection is", () => {
  const { fixture, client, resume, events } = makeResumable();
  client.drop();
  events.subscriptionOffered(ann, { connection: 1, sdp: "v=0", tracks: [] });
  for (let n = 0; n < 1_024; n++) events.speakersChanged([]);
  fixture.clock.endTurn();

  const heard = resume().heard();

  assert.deepEqual(heard.map(({ type }) => type), [
    "resumed",
    "subscription-offer",
    "subscription-updated",
  ]);
});

Deno.test("[BP3] Hub lets newer words of the media plane take the place of those that wait", () => {
  const { fixture, annClient, bobClient, events } = makeMeeting({
    limits: { messageBurst: 100_000 },
  });
  events.published(ann, { trackId: "1", source: "camera" });
  events.published(ann, { trackId: "2", source: "screen" });
  annClient.socket.isReading = false;
  while (annClient.socket.bufferedBytes <= 256 * 1024) {
    bobClient.say({ type: "chat", text: "x".repeat(4_000) });
  }
  bobClient.say({ type: "chat", text: "held" });

  events.speakersChanged([]);
  events.subscriptionUpdated(ann, { connection: 1, tracks: [] });
  events.layersWanted(ann, { trackId: "1", maxHeight: 720 });
  events.layersWanted(ann, { trackId: "2", maxHeight: 720 });
  events.subscriptionUpdated(ann, { connection: 2, tracks: [] });
  events.speakersChanged([{ userId: ann, level: 1 }]);
  events.layersWanted(ann, { trackId: "1", maxHeight: 360 });
  events.subscriptionUpdated(ann, { connection: 2, tracks: [] });
  annClient.heard();
  annClient.socket.isReading = true;
  annClient.socket.bufferedBytes = 0;
  fixture.clock.advance(50);

  const held = annClient.heard().map((one) => {
    if (one.type === "wanted-layers") return `${one.type} ${one.trackId} ${one.maxHeight}`;
    return one.type === "subscription-updated" ? `${one.type} ${one.connection}` : one.type;
  });
  assert.deepEqual(held, [
    "chat",
    "subscription-updated 1",
    "wanted-layers 2 720",
    "active-speakers",
    "wanted-layers 1 360",
    "subscription-updated 2",
  ]);
});

Deno.test("[LI7] Hub counts publish as what goes to everybody in the room", async () => {
  const { annClient } = makeMeeting({ rates: { room: { perSecond: 1, burst: 1 } } });

  annClient.say(publish);
  annClient.say(publish);

  assert.deepEqual(codesOf(await nextOf(annClient, 2)), ["published", "rate-limited"]);
});

Deno.test("[KI1, EN1, RE8] Hub ends the media of whoever loses its seat", () => {
  const { plane, annClient } = makeMeeting();

  annClient.say({ type: "kick", userId: "bob" });
  assert.equal(plane.room.calls.at(-1), "remove bob");
  annClient.say({ type: "end-room" });

  assert.equal(plane.room.calls.at(-1), "close");
});

/** Frames over the socket through a whole hub: who gets them, what is dropped, what is refused. */
import assert from "node:assert/strict";
import { decodeRelayFrame, RELAY_HEADER_BYTES } from "../../src/protocol/mod.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";
import { roomId, userId } from "../support/messages.ts";
import { frameWords, relayFrame } from "../support/relay_frames.ts";

const KEY = relayFrame({ isKey: true, number: 1 });
const UNREAD = 256 * 1024;

/** Ann broadcasts, bob and cat look on; nobody has asked for a frame yet. */
function setUp(options: ConstructorParameters<typeof HubFixture>[0] = {}) {
  const fixture = new HubFixture({ limits: { maxMessageBytes: 1_000 }, ...options });
  const ann = fixture.join("live", "ann", { role: "broadcaster", relay: true, resumable: true });
  const [bob, cat] = ["bob", "cat"].map((user) => fixture.join("live", user, { role: "viewer" }));
  for (const client of [ann, bob!]) client.heard();
  return { fixture, ann, bob: bob!, cat: cat! };
}

/** The same, and bob gets ann's frames. */
function setUpRelay(options: ConstructorParameters<typeof HubFixture>[0] = {}) {
  const all = setUp(options);
  ask(all.bob);
  all.ann.heard();
  return all;
}

function ask(client: FakeClient, more: Record<string, unknown> = {}): void {
  client.say({ type: "request-relay", roomId: "live", ...more });
  client.heard();
}

/** Each frame in words, since the last look. */
function shown({ socket }: FakeClient): string[] {
  return socket.bytes.splice(0).map(frameWords);
}

function codesOf(client: FakeClient): string[] {
  return client.heard().map((one) => one.type === "error" ? one.code : one.type);
}

Deno.test("[FR2] [FR6] RelayFanOut passes the same bytes to all who asked, with the source in them", () => {
  const { ann, bob, cat } = setUpRelay();
  ask(cat);
  const frame = relayFrame({ isKey: true, number: 1, timestampUs: 123_456, length: 900 });
  frame.fill(7, RELAY_HEADER_BYTES);

  ann.sayBytes(frame.slice());

  const [received] = bob.socket.bytes;
  const { sourceId, timestampUs, payload } = decodeRelayFrame(received!)!;
  assert.deepEqual([sourceId, timestampUs, payload.length], [1, 123_456, 900 - RELAY_HEADER_BYTES]);
  assert.ok(payload.every((byte) => byte === 7));
  assert.deepEqual(cat.socket.bytes, [received]);
  assert.deepEqual(codesOf(ann), ["relay-wanted", "relay-key-frame"]);
});

Deno.test("[FR2] RelayFanOut begins pictures with a key frame, and sound at once", () => {
  const { ann, bob } = setUpRelay();

  ann.sayBytes(relayFrame({ number: 1 }));
  ann.sayBytes(relayFrame({ kind: "opus", number: 1 }));
  ann.sayBytes(relayFrame({ isKey: true, number: 2 }));
  ann.sayBytes(relayFrame({ number: 3 }));

  assert.deepEqual(shown(bob), ["opus 1", "key vp8 2", "vp8 3"]);
  // The source was asked, because it began with another one.
  assert.deepEqual(codesOf(ann), ["relay-key-frame"]);
});

Deno.test("[FR2] RelayFanOut lets no frame overtake relay-started, in whatever turn it comes", () => {
  const { fixture, ann, bob, cat } = setUpRelay();
  cat.heard();

  cat.listener.onFrame(JSON.stringify({ type: "request-relay", roomId: "live" }));
  const before = cat.socket.frames.length;
  ann.listener.onBytes(KEY.slice());
  assert.equal(cat.socket.frames.length, before + 1);
  fixture.clock.endTurn();

  assert.deepEqual(codesOf(cat), ["relay-started"]);
  assert.deepEqual([shown(cat), shown(bob)], [["key vp8 1"], ["key vp8 1"]]);
});

Deno.test("[CO7] RelayFanOut refuses frames of one whom nobody has asked", () => {
  const { fixture, ann, bob } = setUp();

  ann.sayBytes(KEY.slice());
  bob.sayBytes(KEY.slice());
  fixture.connect().sayBytes(KEY.slice());

  assert.deepEqual([codesOf(ann), codesOf(bob)], [["bad-message"], ["bad-message"]]);
  assert.equal(fixture.observer.counts["frame in"], undefined);
});

Deno.test("[CO7] [ER3] RelayFanOut refuses what is no frame, and ten of them end the connection", () => {
  const { ann } = setUpRelay();
  const none = KEY.slice();
  none[0] = 9;

  for (let n = 0; n < 9; n++) ann.sayBytes(none.slice());
  ann.sayBytes(KEY.slice());
  for (let n = 0; n < 9; n++) ann.sayBytes(new Uint8Array(n));
  assert.equal(ann.socket.closed, undefined);
  ann.sayBytes(new Uint8Array(0));

  assert.deepEqual(ann.socket.closed, { code: 1008, reason: "bad-message" });
});

Deno.test("[FR6] RelayFanOut refuses a frame that is too long, and the connection goes on", () => {
  const { ann, bob } = setUpRelay();

  ann.sayBytes(relayFrame({ isKey: true, length: 3_001 }));
  ann.sayBytes(relayFrame({ isKey: true, length: 3_000, number: 2 }));

  assert.deepEqual(codesOf(ann), ["message-too-large"]);
  assert.deepEqual(shown(bob), ["key vp8 2"]);
});

Deno.test("[FR6] RelayFanOut drops in silence what nobody wants any more, and after a leave too", () => {
  const { fixture, ann, bob } = setUpRelay();
  ask(bob, { active: false });
  ann.heard();

  ann.sayBytes(KEY.slice());
  ann.sayBytes(relayFrame({ kind: "jpeg", pictureId: 1 }));
  ann.say({ type: "leave" });
  ann.sayBytes(KEY.slice());

  assert.deepEqual(codesOf(ann), ["leaved"]);
  assert.deepEqual(shown(bob), []);
  assert.equal(fixture.observer.counts["frame in"], 3);
});

Deno.test("[FR6] RelayFanOut drops beyond the bucket of frames, asks for a key frame, and says nothing", () => {
  const { fixture, ann, bob } = setUpRelay();
  ann.sayBytes(KEY.slice());
  for (let n = 2; n <= 300; n++) ann.sayBytes(relayFrame({ number: n }));
  assert.equal(shown(bob).length, 300);

  ann.sayBytes(relayFrame({ number: 301 }));
  assert.deepEqual(codesOf(ann), ["relay-key-frame"]);
  fixture.clock.advance(100);
  ann.sayBytes(relayFrame({ number: 302 }));
  ann.sayBytes(relayFrame({ kind: "opus", number: 1 }));
  ann.sayBytes(relayFrame({ isKey: true, number: 303 }));
  ann.say({ type: "ping", at: 1 });

  assert.deepEqual(shown(bob), ["opus 1", "key vp8 303"]);
  assert.deepEqual(codesOf(ann), ["pong"]);
  assert.equal(fixture.observer.counts["frame dropped rate"], 1);
});

Deno.test("[FR7] RelayFanOut drops for a reader that is behind until it has read, then to a key frame", () => {
  const { fixture, ann, bob, cat } = setUpRelay();
  ask(cat);
  ann.sayBytes(KEY.slice());
  fixture.clock.advance(1_000);
  ann.heard();
  shown(bob);
  shown(cat);

  bob.socket.bufferedBytes = UNREAD - 10;
  ann.sayBytes(relayFrame({ number: 2 }));
  bob.socket.bufferedBytes = UNREAD / 2;
  ann.sayBytes(relayFrame({ number: 3 }));
  ann.sayBytes(relayFrame({ kind: "opus", number: 1 }));
  assert.deepEqual([shown(bob), codesOf(ann)], [[], []]);

  bob.socket.bufferedBytes = 0;
  ann.sayBytes(relayFrame({ kind: "opus", number: 2 }));
  ann.sayBytes(relayFrame({ number: 4 }));
  assert.deepEqual(codesOf(ann), ["relay-key-frame"]);
  ann.sayBytes(relayFrame({ isKey: true, number: 5 }));
  ann.sayBytes(relayFrame({ number: 6 }));

  assert.deepEqual(shown(bob), ["opus 2", "key vp8 5", "vp8 6"]);
  assert.deepEqual(shown(cat), [
    "vp8 2",
    "vp8 3",
    "opus 1",
    "opus 2",
    "vp8 4",
    "key vp8 5",
    "vp8 6",
  ]);
  assert.equal(fixture.observer.counts["frame dropped reader"], 4);
});

Deno.test("[FR7] RelayFanOut gives a reader that was behind nothing before it has read nearly all", () => {
  const { ann, bob } = setUpRelay();
  bob.socket.bufferedBytes = UNREAD + 1;
  ann.sayBytes(KEY.slice());

  bob.socket.bufferedBytes = 20_000;
  ann.sayBytes(relayFrame({ isKey: true, number: 2 }));
  assert.deepEqual(shown(bob), []);
  bob.socket.bufferedBytes = 16_000;
  ann.sayBytes(relayFrame({ isKey: true, number: 3 }));

  assert.deepEqual(shown(bob), ["key vp8 3"]);
});

Deno.test("[FR7] [BP1] RelayFanOut never fills a reader so far that its messages wait", () => {
  const { ann, bob } = setUpRelay();
  bob.socket.isReading = false;

  for (let n = 0; n < 200; n++) ann.sayBytes(relayFrame({ isKey: true, length: 3_000, number: n }));
  const { bufferedBytes } = bob.socket;
  assert.ok(bufferedBytes <= UNREAD && bufferedBytes > UNREAD - 3_000, `${bufferedBytes}`);
  bob.say({ type: "ping", at: 1 });

  assert.ok(bob.socket.bufferedBytes > bufferedBytes);
});

Deno.test("[FR5] RelayFanOut asks for a key frame twice a second however many viewers wait", () => {
  const { fixture, ann, cat } = setUpRelay();
  ask(cat);
  ann.heard();

  for (let n = 0; n < 100; n++) {
    ann.sayBytes(relayFrame({ number: n }));
    fixture.clock.advance(20);
  }

  // In two seconds, the first of them with the second viewer.
  assert.deepEqual(codesOf(ann), new Array(4).fill("relay-key-frame"));
});

Deno.test("[FR8] [RE3] RelayFanOut goes on with a key frame for a viewer that was away", () => {
  const fixture = new HubFixture({ limits: { maxMessageBytes: 1_000 } });
  const ann = fixture.join("live", "ann", { role: "broadcaster", relay: true });
  const bob = fixture.connect();
  bob.say({ type: "join", roomId: "live", userId: "bob", role: "viewer", resumable: true });
  const joined = bob.heard().at(-1);
  assert.ok(joined?.type === "joined" && joined.resumeToken);
  ask(bob);
  ann.sayBytes(KEY.slice());
  bob.drop();
  ann.sayBytes(relayFrame({ number: 2 }));
  fixture.clock.advance(1_000);
  ann.heard();

  const again = fixture.connect();
  again.say({ type: "resume", resumeToken: joined.resumeToken, lastSeq: 1 });
  assert.deepEqual(codesOf(ann), ["relay-key-frame", "participant-updated"]);
  ann.sayBytes(relayFrame({ number: 3 }));
  ann.sayBytes(relayFrame({ isKey: true, number: 4 }));

  assert.deepEqual(shown(again), ["key vp8 4"]);
  assert.deepEqual(shown(bob), ["key vp8 1"]);
});

Deno.test("[FR4] [FR8] RelayFanOut tells a source that was away what is wanted, and takes its frames", () => {
  const fixture = new HubFixture({ limits: { maxMessageBytes: 1_000 } });
  const ann = fixture.connect();
  ann.say({
    type: "join",
    ...{ roomId: "live", userId: "ann", role: "broadcaster", relay: true, resumable: true },
  });
  const joined = ann.heard().at(-1);
  assert.ok(joined?.type === "joined" && joined.resumeToken);
  const bob = fixture.join("live", "bob", { role: "viewer" });
  ask(bob);
  ann.sayBytes(KEY.slice());
  ann.drop();
  fixture.clock.advance(1_000);

  const again = fixture.connect();
  again.heard();
  again.say({ type: "resume", resumeToken: joined.resumeToken, lastSeq: 2 });
  assert.deepEqual(codesOf(again), ["resumed", "relay-wanted", "relay-key-frame"]);
  again.sayBytes(relayFrame({ number: 2 }));
  again.sayBytes(relayFrame({ isKey: true, number: 3 }));

  assert.deepEqual(shown(bob), ["key vp8 1", "key vp8 3"]);
});

Deno.test("[FR4] [BP2] RelayFanOut tells a source that lagged what is wanted", () => {
  const { fixture, ann, cat } = setUpRelay({
    limits: { maxBufferedBytes: 1_000, maxMessageBytes: 10_000, messageBurst: 100_000 },
  });
  ann.socket.bufferedBytes = UNREAD + 1;
  for (let n = 0; n < 9; n++) cat.say({ type: "chat", text: "x".repeat(1_000) });

  ann.socket.bufferedBytes = 0;
  fixture.clock.advance(50);

  const heard = ann.heard();
  assert.deepEqual(heard.slice(-3).map(({ type }) => type), ["lagged", "snapshot", "relay-wanted"]);
});

Deno.test("[FR4] [FR6] Hub.watchPictures asks for pictures, hands them over, and ends with their source", () => {
  const { fixture, ann } = setUp();
  const received: (string | number)[] = [];
  const watch = (width: number) =>
    fixture.hub.watchPictures({
      roomId: roomId("live"),
      userId: userId("ann"),
      width,
      framesPerSecond: 5,
      received: (jpeg, at) => received.push(jpeg.length, at),
      ended: (reason) => received.push(reason),
    });
  const first = watch(320);
  watch(640);
  fixture.clock.endTurn();
  const wanted = ann.heard().at(-1);
  assert.ok(wanted?.type === "relay-wanted");
  assert.deepEqual([wanted.video, wanted.viewers, wanted.pictures.length], [false, 2, 2]);

  ann.sayBytes(relayFrame({ kind: "jpeg", pictureId: 2, timestampUs: 77, length: 124 }));
  first.close();
  ann.sayBytes(relayFrame({ kind: "jpeg", pictureId: 1, timestampUs: 78 }));
  ann.drop();
  fixture.clock.advance(15_000);

  assert.deepEqual(received, [100, 77, "timeout"]);
});

Deno.test("[FR3] Hub.watchPictures refuses no room, nobody, and who cannot", () => {
  const { fixture } = setUp();
  const watch = (room: string, user: string) => () =>
    fixture.hub.watchPictures({
      roomId: roomId(room),
      userId: userId(user),
      width: 320,
      framesPerSecond: 5,
      received() {},
      ended() {},
    });

  assert.throws(watch("other", "ann"), { code: "room-not-found" });
  assert.throws(watch("live", "dan"), { code: "no-such-participant" });
  assert.throws(watch("live", "bob"), { code: "media-failed" });
});

Deno.test("[FR8] [LE6] Hub.close ends what watches pictures", async () => {
  const { fixture } = setUp();
  const ended: string[] = [];
  fixture.hub.watchPictures({
    roomId: roomId("live"),
    userId: userId("ann"),
    width: 320,
    framesPerSecond: 5,
    received() {},
    ended: (reason) => ended.push(reason),
  });

  const closed = fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });
  fixture.clock.advance(1_000);
  await closed;

  assert.deepEqual(ended, ["room-ended"]);
});

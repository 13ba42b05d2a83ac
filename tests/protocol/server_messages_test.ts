/** What each message of the server must hold, at its edges. */
import assert from "node:assert/strict";
import { Compile } from "typebox/compile";
import { ERROR_CODES, serverMessages, type ServerMessageType } from "../../src/protocol/mod.ts";

/** Fields beside `type` that the schema must take, and must refuse. */
type Cases = { good: Record<string, unknown>[]; bad: Record<string, unknown>[] };

const limits = {
  maxMessageBytes: 65_536,
  messagesPerSecond: 0.5,
  messageBurst: 200,
  maxParticipants: 1_000,
};
const welcome = {
  protocol: "signalbox.v1",
  connectionId: "c1",
  iceServers: [],
  heartbeatMs: 15_000,
  limits,
};
const bob = { userId: "bob", role: "viewer", state: {}, joinedAt: 1 };
const room = { roomId: "test", kind: "live", topology: "mesh", createdAt: 1 };
const joined = { roomId: "test", userId: "bob", users: ["bob"], participants: [bob], room };
const track = { trackId: "3", source: "camera" };
const carried = { mid: "1", userId: "ann", ...track };
const counted = { packets: 9, bytes: 900, lost: 0, nacks: 0, plis: 1, retransmitted: 0 };
const camera = { trackId: "3", source: "camera" };
const layer = { rid: "h", bitrateKbps: 480, width: 640, height: 360 };
const received = {
  ...{ userId: "ann", rid: "", height: 0, paused: true, bitrateKbps: 0, roundTripMs: 0.5 },
};
const left = { roomId: "test", userId: "bob", reason: "left" };
const delivery = { from: "ann", at: 1, messageId: "1" };

const cases: Record<ServerMessageType, Cases> = {
  welcome: {
    good: [
      welcome,
      { ...welcome, iceServers: [{ urls: "stun:a" }, { urls: ["turn:a"], username: "u" }] },
    ],
    bad: [
      { ...welcome, protocol: "signalbox.v2" },
      { ...welcome, connectionId: 1 },
      { ...welcome, iceServers: {} },
      { ...welcome, iceServers: [{ url: "stun:a" }] },
      { ...welcome, heartbeatMs: 0.5 },
      { ...welcome, limits: {} },
      { ...welcome, limits: { ...limits, maxParticipants: "many" } },
    ],
  },
  joined: {
    good: [
      joined,
      { ...joined, participants: [{ ...bob, name: "Bob", state: { hand: true } }] },
      { ...joined, participants: [{ ...bob, tracks: [track] }] },
      { ...joined, room: { ...room, topology: "sfu" } },
    ],
    bad: [
      { ...joined, participants: [{ ...bob, host: false }] },
      { ...joined, users: "bob" },
      { ...joined, users: ["no spaces"] },
      { ...joined, participants: [{}] },
      { ...joined, participants: [{ ...bob, role: "host" }] },
      { ...joined, participants: [{ ...bob, tracks: [{ trackId: "3" }] }] },
      { ...joined, room: { ...room, kind: "party" } },
      { ...joined, room: { ...room, topology: "ring" } },
    ],
  },
  resumed: {
    good: [
      { missed: 0, lastSeq: 0 },
      { missed: 0, lastSeq: 9, snapshot: { users: ["bob"], participants: [bob], room } },
    ],
    bad: [{}, { missed: 1 }, { missed: -1, lastSeq: 0 }, { missed: 0, lastSeq: 0, snapshot: {} }],
  },
  lagged: { good: [{ dropped: 1 }], bad: [{}, { dropped: 0 }, { dropped: 1.5 }] },
  snapshot: {
    good: [
      { roomId: "test", userId: "bob", users: ["bob"], participants: [bob], room },
      {
        roomId: "test",
        userId: "bob",
        users: ["bob"],
        participants: [{ ...bob, connected: false }],
        room,
        seq: 3,
      },
    ],
    bad: [{}, { roomId: "test", userId: "bob", users: [], participants: [] }],
  },
  "user-joined": {
    good: [{ roomId: "test", userId: "bob", participant: bob }],
    bad: [
      { roomId: "test", userId: "bob" },
      { roomId: "test", userId: "bob", participant: { ...bob, joinedAt: "now" } },
    ],
  },
  leaved: {
    good: [left, { roomId: "test", userId: "bob" }],
    bad: [{ userId: "bob" }, { ...left, reason: "bored" }],
  },
  "user-left": {
    good: [
      left,
      { ...left, reason: "disconnected" },
      { ...left, reason: "slow-consumer" },
      { ...left, reason: "room-ended" },
      { ...left, reason: "kicked" },
    ],
    bad: [{ roomId: "test", userId: "bob" }, { ...left, reason: "" }],
  },
  "room-created": {
    good: [{ roomId: "482913", hostKey: "k" }],
    bad: [{}, { roomId: 482913, hostKey: "k" }, { roomId: "482913" }],
  },
  waiting: { good: [{ roomId: "test", userId: "bob" }], bad: [{}, { roomId: "test" }] },
  knock: {
    good: [{ userId: "bob", role: "viewer" }, { userId: "bob", name: "Bob", role: "participant" }],
    bad: [{ userId: "bob" }, { userId: "bob", role: "guest" }],
  },
  "knock-ended": {
    good: [{ userId: "bob", reason: "denied" }],
    bad: [{ userId: "bob" }, { userId: "bob", reason: "bored" }],
  },
  "host-changed": { good: [{ userId: "bob" }], bad: [{}, { userId: "" }] },
  "room-updated": {
    good: [{ room }, { room: { ...room, locked: true, lobby: true } }],
    bad: [{}, { room: { ...room, locked: false } }],
  },
  "token-expiring": { good: [{ expiresAt: 1 }], bad: [{}, { expiresAt: "now" }] },
  "token-refreshed": { good: [{ expiresAt: 1, requestId: 1 }], bad: [{}, { expiresAt: 0.5 }] },
  topology: {
    good: [{ topology: "mesh" }, { topology: "sfu" }],
    bad: [{}, { topology: "ring" }],
  },
  published: {
    good: [
      { description: { type: "answer", sdp: "" }, tracks: [] },
      { description: { type: "answer", sdp: "" }, tracks: [{ mid: "0", trackId: "3" }] },
    ],
    bad: [
      { description: { type: "answer", sdp: "" } },
      { tracks: [] },
      { description: { type: "offer", sdp: "" }, tracks: [] },
      { description: { type: "answer", sdp: "" }, tracks: [{ mid: "0" }] },
      { description: { type: "answer", sdp: "" }, tracks: [{ trackId: "3" }] },
    ],
  },
  "track-published": {
    good: [{ userId: "ann", track }],
    bad: [{ track }, { userId: "ann" }, { userId: "ann", track: { ...track, source: "video" } }],
  },
  "track-unpublished": {
    good: [{ userId: "ann", trackId: "3" }],
    bad: [{ userId: "ann" }, { trackId: "3" }, { userId: "ann", trackId: 3 }],
  },
  "subscription-offer": {
    good: [
      { connection: 0, description: { type: "offer", sdp: "" }, tracks: [] },
      { connection: 1, description: { type: "offer", sdp: "" }, tracks: [carried] },
    ],
    bad: [
      { description: { type: "offer", sdp: "" }, tracks: [] },
      { connection: 1, tracks: [] },
      { connection: 1, description: { type: "answer", sdp: "" }, tracks: [] },
      { connection: 1, description: { type: "offer", sdp: "" } },
      { connection: 1, description: { type: "offer", sdp: "" }, tracks: [{ mid: "1", ...track }] },
    ],
  },
  "subscription-updated": {
    good: [{ connection: 1, tracks: [] }, { connection: 1, tracks: [carried] }],
    bad: [{ tracks: [] }, { connection: 1 }, { connection: -1, tracks: [] }],
  },
  "active-speakers": {
    good: [{ speakers: [] }, {
      speakers: [{ userId: "ann", level: 0 }, { userId: "b", level: 1 }],
    }],
    bad: [{}, { speakers: [{ userId: "ann" }] }, { speakers: [{ userId: "ann", level: 1.1 }] }],
  },
  "wanted-layers": {
    good: [{ trackId: "3", maxHeight: 0 }],
    bad: [{ trackId: "3" }, { maxHeight: 0 }, { trackId: "3", maxHeight: -1 }],
  },
  "media-lost": {
    good: [{ channel: "publisher" }, { channel: "subscriber" }],
    bad: [{}, { channel: "viewer" }],
  },
  "media-stats": {
    good: [
      { published: [], received: [] },
      { published: [], received: [], estimateKbps: 0, requestId: 1 },
      {
        published: [{ ...camera, codec: "AV1", layers: [{ ...layer, ...counted }] }],
        received: [{ ...camera, ...received, ...counted }],
        estimateKbps: 2_400,
      },
    ],
    bad: [
      {},
      { published: [] },
      { published: [{ ...camera, codec: "AV1" }], received: [] },
      { published: [{ ...camera, codec: "AV1", layers: [layer] }], received: [] },
      { published: [], received: [{ ...camera, ...received }] },
      { published: [], received: [{ ...camera, ...received, ...counted, lost: -1 }] },
      { published: [], received: [{ ...camera, ...received, ...counted, userId: "" }] },
      { published: [], received: [], estimateKbps: -1 },
    ],
  },
  mute: {
    good: [{ from: "ann", kind: "audio" }],
    bad: [{ from: "ann" }, { from: "ann", kind: "hand" }],
  },
  offer: {
    good: [{ from: "ann", description: { type: "offer", sdp: "" }, more: 1 }],
    bad: [
      { description: { type: "offer", sdp: "" } },
      { from: "ann", description: { type: "answer", sdp: "" } },
    ],
  },
  answer: {
    good: [{ from: "ann", description: { type: "pranswer", sdp: "" } }],
    bad: [{ from: "ann" }, { from: "ann", description: { type: "offer", sdp: "" } }],
  },
  "ice-candidate": {
    good: [{ from: "ann", candidate: null }, { from: "ann", candidate: { candidate: "" } }],
    bad: [{ from: "ann" }, { from: "ann", candidate: "" }],
  },
  chat: {
    good: [{ ...delivery, text: "Hello" }, { ...delivery, text: "Psst", to: "bob" }],
    bad: [delivery, { ...delivery, text: "Hello", at: "now" }, { text: "Hello" }],
  },
  data: {
    good: [{ ...delivery, payload: null }, { ...delivery, payload: [1], to: "bob" }],
    bad: [delivery, { ...delivery, payload: 1, messageId: 1 }],
  },
  "participant-updated": {
    good: [
      { userId: "ann", state: {} },
      { userId: "ann", state: { audio: true } },
      { userId: "ann", connected: false },
    ],
    bad: [{ state: {} }, { userId: "ann", state: { audio: "on" } }, {
      userId: "ann",
      connected: 0,
    }],
  },
  "stats-summary": {
    good: [
      { viewerCount: 0, bitrateKbps: 0, paths: {} },
      { viewerCount: 3, bitrateKbps: 1.5, paths: { p2p: 1, turn: 2, sfu: 0, relay: 0 } },
    ],
    bad: [
      { viewerCount: -1, bitrateKbps: 0, paths: {} },
      { viewerCount: 0, bitrateKbps: -1, paths: {} },
      { viewerCount: 0, bitrateKbps: 0 },
      { viewerCount: 0, bitrateKbps: 0, paths: { p2p: 0.5 } },
    ],
  },
  "relay-started": {
    good: [{ userId: "ann", sourceId: 1 }],
    bad: [{}, { userId: "ann" }, { userId: "ann", sourceId: 0 }, { userId: "", sourceId: 1 }],
  },
  "relay-wanted": {
    good: [
      { video: false, audio: false, pictures: [], viewers: 0, maxFrameBytes: 262_144 },
      {
        video: true,
        audio: true,
        pictures: [{ pictureId: 1, width: 640, framesPerSecond: 0.2 }],
        viewers: 2,
        maxFrameBytes: 4_096,
      },
    ],
    bad: [
      {},
      { video: true, audio: true, pictures: [], viewers: -1, maxFrameBytes: 1 },
      {
        video: true,
        audio: true,
        pictures: [{ pictureId: 1, width: 640, framesPerSecond: 0 }],
        viewers: 1,
        maxFrameBytes: 1,
      },
    ],
  },
  "relay-key-frame": { good: [{}], bad: [{ requestId: "" }] },
  pong: { good: [{ at: 1 }], bad: [{}, { at: "1" }] },
  ok: { good: [{}, { requestId: "a" }], bad: [{ requestId: "" }, { requestId: null }] },
  error: {
    good: [
      ...Object.keys(ERROR_CODES).map((code) => ({ code, message: "Cannot" })),
      { code: "rate-limited", message: "Cannot", retryAfterMs: 1, requestId: 1 },
      { code: "server-shutting-down", message: "Stopping", reconnectAfterMs: 1 },
    ],
    bad: [
      { message: "Cannot" },
      { code: "bad-message" },
      { code: "no-such-code", message: "Cannot" },
      { code: "rate-limited", message: "Cannot", retryAfterMs: 0.5 },
    ],
  },
};

for (const [type, { good, bad }] of Object.entries(cases)) {
  Deno.test(`serverMessages.${type} takes and refuses what it should`, () => {
    const validator = Compile(serverMessages[type as ServerMessageType]);

    for (const fields of good) {
      assert.ok(validator.Check({ type, ...fields }), `refused ${JSON.stringify(fields)}`);
    }
    for (const fields of bad) {
      assert.equal(validator.Check({ type, ...fields }), false, `took ${JSON.stringify(fields)}`);
    }
    assert.equal(validator.Check({ ...good[0] }), false, "took a message without a type");
    assert.equal(validator.Check({ ...good[0], type: "other" }), false, "took another type");
  });
}

Deno.test("serverMessages have a case here, each with both good and bad fields", () => {
  assert.deepEqual(Object.keys(cases), Object.keys(serverMessages));
  for (const { good, bad } of Object.values(cases)) assert.ok(good.length > 0 && bad.length > 0);
});

/** What each message of a client may be, at its edges. The door itself is tested in decode_test. */
import assert from "node:assert/strict";
import { Compile } from "typebox/compile";
import { clientMessages, type ClientMessageType, decodeValue } from "../../src/protocol/mod.ts";

/** Fields beside `type` that the schema must take, and must refuse. */
type Cases = { good: Record<string, unknown>[]; bad: Record<string, unknown>[] };

const offer = { type: "offer", sdp: "v=0" };
const answer = { type: "answer", sdp: "v=0" };

const cases: Record<ClientMessageType, Cases> = {
  join: {
    good: [
      { roomId: "test" },
      { roomId: "test", userId: "ann", name: "Ann", role: "viewer", requestId: 0 },
      { roomId: "test", role: "participant" },
      { roomId: "test", role: "broadcaster" },
      { roomId: "test", token: "", passcode: "", resumable: false, sfu: true, relay: true },
    ],
    bad: [
      {},
      { roomId: "" },
      { roomId: "test", userId: null },
      { roomId: "test", name: "" },
      { roomId: "test", role: "" },
      { roomId: "test", token: 1 },
      { roomId: "test", passcode: 1234 },
      { roomId: "test", resumable: 1 },
      { roomId: "test", hostKey: 1 },
      { roomId: "test", sfu: "yes" },
      { roomId: "test", relay: 1 },
    ],
  },
  resume: {
    good: [{ resumeToken: "x", lastSeq: 0 }, { resumeToken: "x".repeat(64), lastSeq: 2 ** 53 - 1 }],
    bad: [
      {},
      { resumeToken: "x" },
      { lastSeq: 0 },
      { resumeToken: "", lastSeq: 0 },
      { resumeToken: "x".repeat(65), lastSeq: 0 },
      { resumeToken: 1, lastSeq: 0 },
      { resumeToken: "x", lastSeq: -1 },
      { resumeToken: "x", lastSeq: 0.5 },
      { resumeToken: "x", lastSeq: "0" },
      { resumeToken: "x", lastSeq: 2 ** 53 },
    ],
  },
  leave: {
    good: [{}, { roomId: "test" }, { userId: "ann" }, { roomId: "test", userId: "ann" }],
    bad: [{ roomId: "" }, { userId: "" }, { roomId: null }],
  },
  "create-room": {
    good: [{ kind: "meeting" }, { kind: "live", lobby: true, passcode: "x".repeat(128) }],
    bad: [{}, { kind: "" }, { kind: "Live" }, { kind: ["live"] }, { kind: "live", lobby: 1 }, {
      kind: "live",
      passcode: "",
    }, { kind: "live", passcode: "x".repeat(129) }],
  },
  offer: {
    good: [
      { to: "bob", description: offer },
      { to: "bob", description: { ...offer, sdp: "" } },
      { to: "bob", description: { ...offer, extra: 1 }, from: "ann", streams: {} },
    ],
    bad: [
      { to: "bob" },
      { description: offer },
      { to: "", description: offer },
      { to: ["bob"], description: offer },
      { to: "bob", description: answer },
      { to: "bob", description: { type: "offer" } },
      { to: "bob", description: { sdp: "v=0" } },
      { to: "bob", description: "v=0" },
      { to: "bob", description: offer, from: 1 },
    ],
  },
  answer: {
    good: [
      { to: "bob", description: answer },
      { to: "bob", description: { ...answer, type: "pranswer" } },
    ],
    bad: [
      { to: "bob" },
      { description: answer },
      { to: "bob", description: offer },
      { to: "bob", description: { type: "answer", sdp: null } },
      { to: "bob", description: { type: "rollback", sdp: "" } },
    ],
  },
  "ice-candidate": {
    good: [
      { to: "bob", candidate: null },
      { to: "bob", candidate: { candidate: "" } },
      { to: "bob", candidate: { candidate: "", sdpMid: null, sdpMLineIndex: null } },
      { to: "bob", candidate: { candidate: "", sdpMid: "", usernameFragment: null } },
      { to: "bob", candidate: { candidate: "", sdpMLineIndex: 0, usernameFragment: "a" } },
      { channel: "publisher", candidate: null },
      { channel: "subscriber", candidate: { candidate: "" } },
    ],
    bad: [
      { to: "bob" },
      { candidate: null },
      { to: "bob", channel: "publisher", candidate: null },
      { channel: "publisher" },
      { channel: "", candidate: null },
      { to: "bob", candidate: "" },
      { to: "bob", candidate: {} },
      { to: "bob", candidate: [] },
      { to: "bob", candidate: { candidate: "", sdpMid: 0 } },
      { to: "bob", candidate: { candidate: "", sdpMLineIndex: 0.5 } },
      { to: "bob", candidate: { candidate: "", sdpMLineIndex: "0" } },
    ],
  },
  chat: {
    good: [
      { text: "x" },
      { text: "\0\n" },
      { text: "x".repeat(4_000) },
      { text: "😀".repeat(4_000) },
      { text: "Psst", to: "bob" },
    ],
    bad: [
      {},
      { text: "" },
      { text: "x".repeat(4_001) },
      { text: "😀".repeat(4_001) },
      { text: null },
      { text: "x", to: "" },
      { text: "x", to: null },
      { text: "x", from: {} },
    ],
  },
  state: {
    good: [
      {},
      { audio: true },
      { audio: false, video: false, screen: true, hand: true },
    ],
    bad: [{ audio: "on" }, { video: 1 }, { screen: null }, { hand: [] }],
  },
  data: {
    good: [
      { payload: null },
      { payload: 0 },
      { payload: "" },
      { payload: [[], {}] },
      { payload: { slide: 4 }, to: "bob" },
    ],
    bad: [{}, { payload: 1, to: "" }, { payload: 1, to: 1 }],
  },
  publish: {
    good: [
      { description: offer, tracks: [] },
      { description: offer, tracks: [{ mid: "0", source: "microphone" }] },
      { description: offer, tracks: mids(4).map((mid) => ({ mid, source: "screen-sound" })) },
    ],
    bad: [
      { description: offer },
      { tracks: [] },
      { description: answer, tracks: [] },
      { description: offer, tracks: {} },
      { description: offer, tracks: [{ mid: "0" }] },
      { description: offer, tracks: [{ mid: 0, source: "camera" }] },
      { description: offer, tracks: [{ mid: "", source: "camera" }] },
      { description: offer, tracks: [{ mid: "x".repeat(17), source: "camera" }] },
      { description: offer, tracks: [{ mid: "0", source: "video" }] },
      { description: offer, tracks: mids(5).map((mid) => ({ mid, source: "camera" })) },
    ],
  },
  "subscription-answer": {
    good: [
      { connection: 0, description: answer },
      { connection: 2 ** 53 - 1, description: { ...answer, type: "pranswer" } },
    ],
    bad: [
      { connection: 1 },
      { description: answer },
      { connection: -1, description: answer },
      { connection: 0.5, description: answer },
      { connection: "1", description: answer },
      { connection: 1, description: offer },
    ],
  },
  subscribe: {
    good: [
      { trackId: "3" },
      { trackId: "x".repeat(64), maxHeight: 0, paused: true },
      { trackId: "3", maxHeight: 16_384, paused: false },
    ],
    bad: [
      {},
      { trackId: "" },
      { trackId: 3 },
      { trackId: "x".repeat(65) },
      { trackId: "3", maxHeight: -1 },
      { trackId: "3", maxHeight: 16_385 },
      { trackId: "3", maxHeight: 0.5 },
      { trackId: "3", paused: 1 },
    ],
  },
  "restart-subscription": { good: [{}], bad: [{ requestId: {} }] },
  "media-stats": { good: [{}], bad: [{ requestId: "" }] },
  "request-forwarding": {
    good: [{ wanted: true }, { wanted: false }],
    bad: [{}, { wanted: 1 }, { wanted: null }],
  },
  "request-relay": {
    good: [{ roomId: "123456" }, { roomId: "test", userId: "ann", active: false }],
    bad: [{}, { roomId: "" }, { roomId: "test", userId: "" }, { roomId: "test", active: "no" }],
  },
  kick: { good: [{ userId: "bob" }], bad: [{}, { userId: "" }, { userId: null }] },
  mute: {
    good: ["audio", "video", "screen"].map((kind) => ({ userId: "bob", kind })),
    bad: [{ userId: "bob" }, { kind: "audio" }, { userId: "bob", kind: "hand" }],
  },
  lock: { good: [{ locked: true }, { locked: false }], bad: [{}, { locked: 1 }] },
  lobby: { good: [{ enabled: true }, { enabled: false }], bad: [{}, { enabled: "on" }] },
  admit: { good: [{ userId: "bob" }], bad: [{}, { userId: "" }] },
  deny: { good: [{ userId: "bob" }], bad: [{}, { userId: ["bob"] }] },
  "end-room": { good: [{}], bad: [{ requestId: -1 }] },
  "refresh-token": { good: [{ token: "x" }], bad: [{}, { token: "" }, { token: 1 }] },
  stats: {
    good: [
      {},
      { bitrateKbps: 0 },
      { bitrateKbps: 1e7 },
      { bitrateKbps: 0.5, path: "p2p" },
      { path: "turn" },
      { path: "sfu" },
      { path: "relay" },
      { limitedBy: "cpu" },
      { limitedBy: "bandwidth" },
    ],
    bad: [
      { bitrateKbps: -0.1 },
      { bitrateKbps: 1e7 + 1 },
      { bitrateKbps: null },
      { bitrateKbps: NaN },
      { path: "" },
      { path: null },
      { limitedBy: "other" },
      { limitedBy: null },
    ],
  },
  ping: {
    good: [{ at: 0 }, { at: -1.5 }, { at: 1e300 }],
    bad: [{}, { at: null }, { at: "0" }, { at: Infinity }, { at: NaN }],
  },
};

for (const [type, { good, bad }] of Object.entries(cases)) {
  Deno.test(`clientMessages.${type} takes and refuses what it should`, () => {
    const validator = Compile(clientMessages[type as ClientMessageType]);

    for (const fields of good) {
      assert.ok(validator.Check({ type, ...fields }), `refused ${JSON.stringify(fields)}`);
    }
    for (const fields of bad) {
      assert.equal(validator.Check({ type, ...fields }), false, `took ${JSON.stringify(fields)}`);
    }
    assert.equal(validator.Check({ ...good[0] }), false, "took a message without a type");
    assert.equal(validator.Check({ ...good[0], type: "other" }), false, "took another type");
    assert.equal(validator.Check({ ...good[0], type, requestId: "" }), false, "took a bad id");
  });
}

Deno.test("clientMessages have a case here, each with both good and bad fields", () => {
  assert.deepEqual(Object.keys(cases), Object.keys(clientMessages));
  for (const { good, bad } of Object.values(cases)) assert.ok(good.length > 0 && bad.length > 0);
});

Deno.test("[SB6] decode takes a candidate for a participant or a channel, not for both or none", () => {
  const good = [{ to: "bob" }, { channel: "publisher" }, { channel: "subscriber" }];
  const bad = [{}, { to: "bob", channel: "publisher" }];

  for (const fields of good) {
    const message = { type: "ice-candidate", candidate: null, ...fields };
    assert.deepEqual(decodeValue(message), { ok: true, message });
  }
  for (const fields of bad) {
    const decoded = decodeValue({ type: "ice-candidate", candidate: null, ...fields });
    assert.deepEqual(decoded, {
      ok: false,
      code: "bad-message",
      message: "Cannot ice-candidate: must have either to or channel",
      requestId: undefined,
    });
  }
});

function mids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n}`);
}

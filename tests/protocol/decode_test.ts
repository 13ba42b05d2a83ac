/** The door of the server, rule by rule: what a frame must be, and what each refusal says. */
import assert from "node:assert/strict";
import {
  type ClientMessageType,
  decode,
  type Decoded,
  decodeValue,
  type ErrorCode,
  MAX_DEPTH,
  MAX_REQUEST_ID_LENGTH,
} from "../../src/protocol/mod.ts";

const MAX_BYTES = 65_536;

Deno.test("[ME1] decode takes the least that each type demands", () => {
  const least: Record<ClientMessageType, Record<string, unknown>> = {
    join: { roomId: "test" },
    resume: { resumeToken: "x", lastSeq: 0 },
    leave: {},
    "create-room": { kind: "live" },
    offer: { to: "bob", description: { type: "offer", sdp: "" } },
    answer: { to: "bob", description: { type: "pranswer", sdp: "" } },
    "ice-candidate": { to: "bob", candidate: null },
    chat: { text: "x" },
    state: {},
    data: { payload: null },
    publish: { description: { type: "offer", sdp: "" }, tracks: [] },
    "subscription-answer": { connection: 0, description: { type: "answer", sdp: "" } },
    subscribe: { trackId: "3" },
    "restart-subscription": {},
    "media-stats": {},
    "request-forwarding": { wanted: true },
    "request-relay": { roomId: "test" },
    kick: { userId: "bob" },
    mute: { userId: "bob", kind: "audio" },
    lock: { locked: true },
    lobby: { enabled: false },
    admit: { userId: "bob" },
    deny: { userId: "bob" },
    "end-room": {},
    "refresh-token": { token: "x" },
    stats: {},
    ping: { at: 0 },
  };

  for (const [type, fields] of Object.entries(least)) {
    const message = { type, ...fields };

    assert.deepEqual(decodeObject(message), { ok: true, message });
  }
});

Deno.test("[ME1] decode refuses a frame that is not JSON", () => {
  const frames = [
    "",
    " ",
    "join",
    "{",
    '{"type":"leave"',
    '{"type":"leave"}}',
    '{"type":"leave",}',
    "{'type':'leave'}",
    '{type:"leave"}',
    '{"type":"leave"}\0',
    '\0{"type":"leave"}',
    '\uFEFF{"type":"leave"}',
    '{"type":"leave"}{"type":"leave"}',
    '{"type":"le\nave"}',
    '{"type":"ping","at":NaN}',
    '{"type":"ping","at":Infinity}',
    '{"type":"ping","at":01}',
    '{"type":"\\ud8"}',
    "undefined",
    "[".repeat(50_000),
    '{"type":'.repeat(8_000),
  ];

  for (const frame of frames) {
    assertRefused(decode(frame, MAX_BYTES), "bad-message", frame, /it is not JSON$/);
  }
});

Deno.test("[ME1] decode refuses JSON that is not an object", () => {
  const frames = ["null", "true", "0", "-0", "1e999", '"join"', "[]", '[{"type":"leave"}]'];

  for (const frame of frames) {
    assertRefused(decode(frame, MAX_BYTES), "bad-message", frame, /it is not a JSON object$/);
  }
});

Deno.test("[ME1] decodeValue refuses what is not an object, as decode does", () => {
  for (const value of [undefined, null, 1, "leave", true, [], [{ type: "leave" }], 1n, Symbol()]) {
    assertRefused(decodeValue(value), "bad-message", String(value), /it is not a JSON object$/);
  }
  assert.ok(decodeValue({ type: "leave" }).ok);
});

Deno.test("[ME1] decode refuses a type that is not a string", () => {
  for (const type of [undefined, null, 0, true, [], ["leave"], {}, { toString: "leave" }]) {
    assertRefused(decodeObject({ type }), "bad-message", typeof type, /"type" is not a string$/);
  }
});

Deno.test("[ME1] decode refuses a message that is not of the shape its type demands", () => {
  const messages: Record<string, unknown>[] = [
    { type: "join" },
    { type: "join", roomId: "test", name: "" },
    { type: "join", roomId: "test", role: "admin" },
    { type: "join", roomId: "test", role: "Viewer" },
    { type: "join", roomId: "test", token: 1 },
    { type: "join", roomId: "test", passcode: null },
    { type: "join", roomId: "test", resumable: "yes" },
    { type: "create-room" },
    { type: "create-room", kind: "party" },
    { type: "offer", to: "bob" },
    { type: "offer", to: "bob", description: null },
    { type: "offer", to: "bob", description: { type: "answer", sdp: "" } },
    { type: "offer", to: "bob", description: { type: "offer" } },
    { type: "offer", description: { type: "offer", sdp: "" } },
    { type: "answer", to: "bob", description: { type: "rollback", sdp: "" } },
    { type: "ice-candidate", to: "bob" },
    { type: "ice-candidate", to: "bob", candidate: "candidate:1" },
    { type: "ice-candidate", to: "bob", candidate: { candidate: "", sdpMLineIndex: -1 } },
    { type: "publish", description: { type: "offer", sdp: "" } },
    { type: "subscription-answer", description: { type: "answer", sdp: "" } },
    { type: "subscribe", trackId: "" },
    { type: "chat" },
    { type: "chat", text: "" },
    { type: "chat", text: "x".repeat(4_001) },
    { type: "chat", text: ["x"] },
    { type: "state", audio: 1 },
    { type: "state", hand: null },
    { type: "data" },
    { type: "stats", bitrateKbps: -1 },
    { type: "stats", path: "pigeon" },
    { type: "ping" },
    { type: "ping", at: "now" },
  ];

  for (const message of messages) {
    assertRefused(decodeObject(message), "bad-message", JSON.stringify(message), /^Cannot /);
  }
});

Deno.test("[ME1] decode says which field is wrong", () => {
  assertRefused(decodeObject({ type: "ping", at: "now" }), "bad-message", "ping", /"at"/);
  assertRefused(
    decodeObject({ type: "offer", to: "bob", description: { type: "offer", sdp: 1 } }),
    "bad-message",
    "offer",
    /"description\/sdp"/,
  );
});

Deno.test("[ME1] decode says everything that would have been right", () => {
  const cases = [
    [{ type: "create-room", kind: "party" }, '"kind" must be "meeting" or must be "live"'],
    [{ type: "leave", requestId: -1 }, '"requestId" must be string or must be >= 0'],
    [{ type: "state", audio: 1 }, '"audio" must be boolean'],
    [{ type: "chat" }, "must have required properties text"],
    [
      { type: "ice-candidate", to: "bob", candidate: 1 },
      '"candidate" must be object or must be null',
    ],
  ] as const;

  for (const [message, expected] of cases) {
    const decoded = decodeObject(message);

    assert.equal(decoded.ok ? "" : decoded.message, `Cannot ${message.type}: ${expected}`);
  }
});

Deno.test("[ME1] decode refuses a number beyond what a double holds", () => {
  assertRefused(decode('{"type":"ping","at":1e999}', MAX_BYTES), "bad-message", "1e999", /"at"/);
  assert.ok(decode('{"type":"ping","at":1.7976931348623157e308}', MAX_BYTES).ok);
  assert.ok(decode('{"type":"ping","at":-5e-324}', MAX_BYTES).ok);
});

Deno.test("[ME1] decode takes the last of two equal keys, as JSON.parse does", () => {
  const decoded = decode('{"type":"leave","type":"ping","at":1,"at":2}', MAX_BYTES);

  assert.deepEqual(decoded, { ok: true, message: { type: "ping", at: 2 } });
});

Deno.test("[ME1] decode takes a frame with any white space that JSON allows", () => {
  assert.ok(decode(' \t\r\n{ "type" :\n"leave" } \n', MAX_BYTES).ok);
});

Deno.test("[ME2] decode refuses a type that does not exist", () => {
  const types = [
    "",
    "Join",
    "join ",
    " join",
    "joined",
    "welcome",
    "jo\u0301in",
    "ｊoin",
    "j\u200Boin",
  ];

  for (const type of types) {
    assertRefused(decodeObject({ type }), "unknown-type", type, /^Cannot read a message of type "/);
  }
});

Deno.test("[ME2] decode does not take a property of every object for a type", () => {
  for (const type of ["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"]) {
    assertRefused(decodeObject({ type }), "unknown-type", type, /^Cannot read/);
  }
});

Deno.test("[ME2] decode names an unknown type in one line that turns no text around", () => {
  const type = '\0\x07\n\x7F\x85\u2028\u202E\u2066\uD800"\\';

  const decoded = decodeObject({ type });

  assertRefused(decoded, "unknown-type", type, /^Cannot read a message of type "[\x20-\x7E]+"$/);
});

Deno.test("[ME2] decode cuts a type that is too long for a sentence", () => {
  for (
    const type of ["x".repeat(60_000), "\0".repeat(80), "😀".repeat(10_000), "x".repeat(79) + "😀"]
  ) {
    assertRefused(decodeObject({ type }), "unknown-type", type.slice(0, 9), /…"$/);
  }
});

Deno.test("[ME3] decode takes a message of exactly the limit and refuses one byte more", () => {
  for (const text of ["x", "é", "語", "😀", "\uD800"]) {
    const frame = `{"type":"chat","text":"${text.repeat(200)}"}`;
    const bytes = new TextEncoder().encode(frame).length;

    assert.ok(decode(frame, bytes).ok, text);
    assertRefused(decode(frame, bytes - 1), "message-too-large", text, RegExp(` ${bytes - 1} `));
  }
});

Deno.test("[ME3] decode counts bytes, not characters", () => {
  const frame = `{"type":"chat","text":"${"語".repeat(100)}"}`;

  assert.ok(frame.length < 200);
  assertRefused(decode(frame, 200), "message-too-large", frame, /200 bytes/);
});

Deno.test("[ME3] decode refuses a message of a megabyte, and takes it where that is allowed", () => {
  const frame = JSON.stringify({ type: "data", payload: "x".repeat(1 << 20) });

  assertRefused(decode(frame, MAX_BYTES), "message-too-large", "1 MB", /65536 bytes/);
  assert.ok(decode(frame, 2 << 20).ok);
});

Deno.test("[ME3] decode does not parse what is too large", () => {
  assertRefused(decode("{".repeat(11), 10), "message-too-large", "{", /10 bytes/);
});

Deno.test("[ME4] decode takes every good requestId", () => {
  const ids = [
    "a",
    " ",
    "0",
    "\0",
    "\uD800",
    "__proto__",
    "x".repeat(MAX_REQUEST_ID_LENGTH),
    "😀".repeat(MAX_REQUEST_ID_LENGTH),
    0,
    1,
    Number.MAX_SAFE_INTEGER,
  ];

  for (const requestId of ids) {
    const decoded = decodeObject({ type: "leave", requestId });

    assert.deepEqual(decoded, { ok: true, message: { type: "leave", requestId } });
  }
});

Deno.test("[ME4] decode refuses every bad requestId and repeats none of them", () => {
  const ids = [
    "",
    "x".repeat(MAX_REQUEST_ID_LENGTH + 1),
    "😀".repeat(MAX_REQUEST_ID_LENGTH + 1),
    "a" + "\u0301".repeat(MAX_REQUEST_ID_LENGTH),
    -1,
    0.5,
    Number.MAX_SAFE_INTEGER + 1,
    1e300,
    null,
    true,
    [],
    ["a"],
    {},
  ];

  for (const requestId of ids) {
    const decoded = decodeObject({ type: "leave", requestId });

    assertRefused(decoded, "bad-message", JSON.stringify(requestId), /"requestId"/);
    assert.equal(decoded.ok ? 0 : decoded.requestId, undefined);
  }
});

Deno.test("[ME4] decode repeats a valid requestId in every refusal of an object", () => {
  const refused: [ErrorCode, Record<string, unknown>][] = [
    ["bad-message", {}],
    ["bad-message", { type: 1 }],
    ["bad-message", { type: "ping" }],
    ["bad-message", { type: "data", payload: nested(MAX_DEPTH) }],
    ["bad-message", { type: "data", payload: JSON.parse('{"__proto__":1}') }],
    ["unknown-type", { type: "nonsense" }],
    ["invalid-room-id", { type: "join", roomId: "" }],
    ["invalid-user-id", { type: "chat", text: "x", to: "" }],
  ];

  for (const requestId of [0, 7, "a1"]) {
    for (const [code, message] of refused) {
      const decoded = decodeObject({ ...message, requestId });

      assertRefused(decoded, code, JSON.stringify(message), /^Cannot /);
      assert.equal(decoded.ok ? undefined : decoded.requestId, requestId);
    }
  }
});

Deno.test("[ME4] decode repeats no requestId of a frame that it did not read", () => {
  const frames: [ErrorCode, string, number][] = [
    ["message-too-large", '{"type":"leave","requestId":1}', 10],
    ["bad-message", '{"type":"leave","requestId":1', MAX_BYTES],
    ["bad-message", '[{"type":"leave","requestId":1}]', MAX_BYTES],
  ];

  for (const [code, frame, maxBytes] of frames) {
    const decoded = decode(frame, maxBytes);

    assertRefused(decoded, code, frame, /^Cannot /);
    assert.equal(decoded.ok ? 0 : decoded.requestId, undefined);
  }
});

Deno.test("[ME5] decode ignores fields that a message does not define, whatever their names", () => {
  const message = {
    type: "leave",
    constructor: 1,
    prototype: { polluted: true },
    toString: null,
    hasOwnProperty: "x",
    "": 0,
    "constructor.prototype": {},
    roomID: "not an id",
  };

  assert.deepEqual(decodeObject(message), { ok: true, message });
});

Deno.test("[ME5] decode keeps undefined fields of a relayed message for the receiver", () => {
  const message = {
    type: "offer",
    to: "bob",
    description: { type: "offer", sdp: "v=0", extra: [1, { deep: true }] },
    streams: { camera: "0" },
  };

  assert.deepEqual(decodeObject(message), { ok: true, message });
});

Deno.test("[ME6] decode takes a message nested to the bound and refuses one level more", () => {
  for (const nest of [nested, nestedArrays, nestedMixed]) {
    const deepest = decodeObject({ type: "data", payload: nest(MAX_DEPTH - 1) });
    const tooDeep = decodeObject({ type: "data", payload: nest(MAX_DEPTH) });

    assert.ok(deepest.ok, JSON.stringify(deepest));
    assertRefused(tooDeep, "bad-message", nest.name, /nested deeper than 32 levels$/);
  }
});

Deno.test("[ME6] decode bounds the nesting of fields that it ignores", () => {
  const frame = `{"type":"leave","more":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;

  assertRefused(decode(frame, MAX_BYTES), "bad-message", "leave", /nested deeper/);
});

Deno.test("[ME6] decode refuses the key __proto__ at any depth", () => {
  const frames = [
    '{"__proto__":{"type":"leave"}}',
    '{"type":"leave","__proto__":{}}',
    '{"type":"leave","__proto__":null}',
    '{"__proto__":1,"type":"leave"}',
    '{"type":"leave","\\u005f_proto__":1}',
    '{"type":"data","payload":{"__proto__":{"isAdmin":true}}}',
    '{"type":"data","payload":[[{"a":[{"__proto__":0}]}]]}',
    '{"type":"offer","to":"bob","description":{"type":"offer","sdp":"","__proto__":[]}}',
    '{"type":"nonsense","__proto__":1}',
  ];

  for (const frame of frames) {
    assertRefused(decode(frame, MAX_BYTES), "bad-message", frame, /"__proto__" is not allowed$/);
  }
  assert.equal("isAdmin" in {}, false);
});

Deno.test("[ME6] decode takes __proto__ as a value, and constructor as a key", () => {
  const payload = { text: "__proto__", constructor: { prototype: { isAdmin: true } } };

  assert.ok(decodeObject({ type: "data", payload }).ok);
  assert.ok(decodeObject({ type: "chat", text: "__proto__" }).ok);
  assert.equal("isAdmin" in {}, false);
});

Deno.test("decode gives the same answer to the same frame", () => {
  for (const frame of ['{"type":"join","roomId":"a b","name":1}', '{"type":"leave"}', "x"]) {
    assert.deepEqual(decode(frame, MAX_BYTES), decode(frame, MAX_BYTES));
  }
});

function decodeObject(message: Record<string, unknown>): Decoded {
  return decode(JSON.stringify(message), MAX_BYTES);
}

/** Fails unless `decoded` is a refusal with `code` whose sentence matches and is fit to be shown. */
function assertRefused(decoded: Decoded, code: ErrorCode, what: string, sentence: RegExp): void {
  assert.ok(!decoded.ok, `${what.slice(0, 80)} was taken`);
  assert.equal(decoded.code, code, what.slice(0, 80));
  assert.match(decoded.message, sentence);
  assert.doesNotMatch(decoded.message, /\p{Cc}|\p{Cs}|\p{Cf}|\.$/u);
  assert.ok(decoded.message.length < 300, `${decoded.message.length} characters`);
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { inner: nested(levels - 1) };
}

function nestedArrays(levels: number): unknown {
  return levels === 0 ? 1 : [nestedArrays(levels - 1)];
}

function nestedMixed(levels: number): unknown {
  return levels === 0 ? 1 : [{ before: [], inner: nestedArrays(levels - 2) }];
}

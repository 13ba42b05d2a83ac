/** Frames: every message once, in order, in as few frames as the bound allows. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MAX_PACKED_LENGTH,
  packFrames,
  SOCKET_PATH,
  SUBPROTOCOL,
  unpackFrame,
} from "../../src/protocol/mod.ts";

/** Messages as the server encodes them: objects of any JSON values. */
const messages = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), {
  maxLength: 40,
});
const bounds = fc.nat({ max: 100 });

Deno.test("[CO1] the WebSocket is at /ws", () => {
  assert.equal(SOCKET_PATH, "/ws");
});

Deno.test("[CO3] the subprotocol is a token that a handshake may carry", () => {
  assert.equal(SUBPROTOCOL, "signalbox.v1");
  assert.match(SUBPROTOCOL, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/); // RFC 9110, section 5.6.2
});

Deno.test("[CO4] unpackFrame returns the one message of a bare frame", () => {
  assert.deepEqual(unpackFrame('{"type":"leave"}'), [{ type: "leave" }]);
});

Deno.test("[CO4] unpackFrame throws SyntaxError for what is not JSON", () => {
  for (const frame of ["", "{", "leave", "[{}", '{"a":1}{"b":2}']) {
    assert.throws(() => unpackFrame(frame), SyntaxError, frame);
  }
});

Deno.test("[CO6] packFrames makes no frame of nothing", () => {
  assert.deepEqual(packFrames([]), []);
});

Deno.test("[CO6] packFrames leaves one message bare and puts several into an array", () => {
  assert.deepEqual(packFrames(['{"a":1}']), ['{"a":1}']);
  assert.deepEqual(packFrames(['{"a":1}', '{"b":2}']), ['[{"a":1},{"b":2}]']);
});

Deno.test("[CO6] packFrames begins a new frame where the bound is reached", () => {
  assert.deepEqual(packFrames(["{}", "{}", "{}"], 6), ["[{},{}]", "{}"]);
  assert.deepEqual(packFrames(["{}", "{}", "{}"], 5), ["{}", "{}", "{}"]);
  assert.deepEqual(packFrames(["{}", "{}", "{}"], 0), ["{}", "{}", "{}"]);
});

Deno.test("[CO6] packFrames gives a message beyond the bound a frame of its own", () => {
  const long = JSON.stringify({ text: "x".repeat(MAX_PACKED_LENGTH) });

  assert.deepEqual(packFrames(["{}", long, "{}", "{}"]), ["{}", long, "[{},{}]"]);
});

Deno.test("[CO6] packFrames fills frames of a burst up to the bound", () => {
  const burst = new Array<string>(10_000).fill(JSON.stringify({ text: "x".repeat(87) }));

  const frames = packFrames(burst);

  assert.equal(frames.length, Math.ceil(burst.length * 101 / MAX_PACKED_LENGTH));
  for (const frame of frames) assert.ok(frame.length <= MAX_PACKED_LENGTH + 1);
});

Deno.test("[CO5] packFrames and unpackFrame keep every message once, in order", () => {
  fc.assert(fc.property(messages, bounds, (sent, maxLength) => {
    const frames = packFrames(sent.map((message) => JSON.stringify(message)), maxLength);

    assert.deepEqual(frames.flatMap(unpackFrame), JSON.parse(JSON.stringify(sent)));
  }));
});

Deno.test("[CO6] packFrames packs no more than the bound and never a frame that could be joined", () => {
  fc.assert(
    fc.property(messages, bounds, (sent, maxLength) => {
      const frames = packFrames(sent.map((message) => JSON.stringify(message)), maxLength);

      const lengths = frames.map((frame) => {
        const isPacked = frame.startsWith("[");
        // Brackets and commas: an array of n messages is n + 1 longer than its messages.
        if (isPacked) assert.ok(frame.length - 1 <= maxLength);
        return isPacked ? frame.length - 1 : frame.length + 1;
      });
      for (let index = 1; index < frames.length; index++) {
        const first = JSON.stringify(unpackFrame(frames[index]!)[0]);
        assert.ok(lengths[index - 1]! + first.length + 1 > maxLength);
      }
    }),
    { numRuns: 500 },
  );
});

/** Messages out of a stream. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_FRAME_LENGTH, StreamFrames } from "../../src/turn/stream_frames.ts";
import { METHOD, writeMessage } from "../../src/turn/stun_message.ts";

const stun = writeMessage({
  ...{ kind: "request", method: METHOD.binding, transactionId: new Uint8Array(12) },
  attributes: [],
});
/** Five bytes over channel 0x4001, with their padding. */
const channel = Uint8Array.of(0x40, 1, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0);

Deno.test("StreamFrames cuts the same messages however the stream comes", () => {
  const messages = [stun, channel, channel, stun];
  const stream = Uint8Array.from(messages.flatMap((message) => [...message]));
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sizes) => {
    const frames = new StreamFrames();
    const found: number[][] = [];
    for (let at = 0, turn = 0; at < stream.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      for (const frame of frames.take(stream.subarray(at, at + size)) ?? []) found.push([...frame]);
      at += size;
    }
    assert.deepEqual(found, messages.map((message) => [...message]));
  }));
});

Deno.test("StreamFrames gives up a stream that is none of TURN, or says it is too long", () => {
  assert.equal(new StreamFrames().take(new TextEncoder().encode("GET / HTTP/1.1\r\n")), undefined);
  assert.equal(new StreamFrames().take(Uint8Array.of(0x80, 3, 1, 2)), undefined, "RTP");
  assert.equal(new StreamFrames().take(Uint8Array.of(0x40, 0, 0xff, 0xff)), undefined);
  const longest = MAX_FRAME_LENGTH - 4;
  assert.deepEqual(
    new StreamFrames().take(Uint8Array.of(0x40, 0, longest >> 8, longest & 255)),
    [],
  );
});

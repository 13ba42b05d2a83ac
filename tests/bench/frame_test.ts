/**
 * The bench's frame codec.
 */
import assert from "node:assert/strict";
import { encodeFrame, type FrameHeader, patchPayload, payloadOffset, readFrame } from "./frame.ts";

for (const length of [0, 5, 125, 126, 65_535, 65_536, 300_000]) {
  Deno.test(`encodeFrame masks ${length} bytes so that they come back unmasked`, () => {
    const payload = "x".repeat(length);

    const frame = encodeFrame(payload);

    assert.equal(unmasked(frame), payload);
  });

  Deno.test(`readFrame finds a payload of ${length} bytes and refuses it a byte short`, () => {
    const frame = serverFrame(length);
    const header: FrameHeader = { opcode: 0, payloadStart: 0, payloadEnd: 0 };

    const isWhole = readFrame(frame, { from: 0, end: frame.length }, header);
    const payloadBytes = header.payloadEnd - header.payloadStart;
    const isShortRead = readFrame(frame, { from: 0, end: frame.length - 1 }, header);

    assert.ok(isWhole);
    assert.equal(header.opcode, 1);
    assert.equal(payloadBytes, length);
    assert.ok(!isShortRead);
  });
}

Deno.test("patchPayload changes one byte of a masked payload", () => {
  const frame = encodeFrame("sent-at:0");

  patchPayload(frame, payloadOffset(frame), 8, 0x37);

  assert.equal(unmasked(frame), "sent-at:7");
});

function unmasked(frame: Uint8Array): string {
  const start = payloadOffset(frame);
  const mask = frame.subarray(start - 4, start);
  const payload = frame.slice(start).map((byte, index) => byte ^ mask[index & 3]!);
  return new TextDecoder().decode(payload);
}

/** RFC 6455, section 5.2, without a mask. */
function serverFrame(length: number): Uint8Array {
  const head = length < 126
    ? [0x81, length]
    : length < 65_536
    ? [0x81, 126, length >> 8, length & 0xff]
    : [0x81, 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  return frame;
}

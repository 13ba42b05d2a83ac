/** What a synthetic packet says of itself is read as it was written, and nothing else is. */
import assert from "node:assert/strict";
import {
  type Payload,
  PAYLOAD_BYTES,
  PayloadReader,
  writePayload,
} from "../../../cli/media/payload.ts";

const PAYLOAD: Payload = {
  ...{ publication: 3, frame: 70_000, ordinal: 4_000_000_000, timestamp: 4_294_967_295 },
  ...{ sentAt: 1_234.5, isKeyFrame: true, isFrameStart: true, isFrameEnd: false },
};
const PLACE = { from: 6, at: 9 };

function written(length = 100, payload: Partial<Payload> = {}): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  writePayload(bytes, { ...PAYLOAD, ...payload }, PLACE);
  return bytes;
}

Deno.test("PayloadReader reads what writePayload wrote, and leaves what stands before it", () => {
  const bytes = written();
  const reader = new PayloadReader();

  assert.equal(reader.read(bytes, { ...PLACE, end: 100 }), true);

  const { sentAt: _, ...rest } = PAYLOAD;
  const { publication, frame, ordinal, timestamp, isKeyFrame, isFrameStart, isFrameEnd } = reader;
  assert.deepEqual(
    { publication, frame, ordinal, timestamp, isKeyFrame, isFrameStart, isFrameEnd },
    rest,
  );
  assert.deepEqual([...bytes.subarray(0, 9)], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("PayloadReader.delayAt tells the delay, also when the time that is written goes round", () => {
  const reader = new PayloadReader();
  for (const sentAt of [0, 1_234.5, 2 ** 32 / 64 - 1, 3 * 2 ** 32 / 64 + 17]) {
    assert.equal(reader.read(written(100, { sentAt }), { ...PLACE, end: 100 }), true);

    assert.ok(Math.abs(reader.delayAt(sentAt + 42) - 42) <= 1 / 32, `${sentAt}`);
  }
});

Deno.test("PayloadReader refuses a packet of which a single bit is another, but where it may be", () => {
  const bytes = written();
  const reader = new PayloadReader();
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);

    const isChangeable = bit >> 3 < PLACE.from;
    assert.equal(reader.read(changed, { ...PLACE, end: 100 }), isChangeable, `bit ${bit}`);
  }
});

Deno.test("PayloadReader refuses what is cut off, too short, or beyond the end", () => {
  const reader = new PayloadReader();
  const bytes = written();

  for (const end of [0, 9, 9 + PAYLOAD_BYTES - 1, 99, 101]) {
    assert.equal(reader.read(bytes, { ...PLACE, end }), false, `${end}`);
  }
  assert.equal(reader.read(new Uint8Array(100), { ...PLACE, end: 100 }), false);
  assert.equal(reader.read(written(9 + PAYLOAD_BYTES), { ...PLACE, end: 9 + PAYLOAD_BYTES }), true);
});

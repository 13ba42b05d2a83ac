/** The binary frames of relayed media: what goes in comes out, and nothing else is taken for one. */
import fc from "fast-check";
import {
  decodeRelayFrame,
  encodeRelayFrame,
  RELAY_HEADER_BYTES,
  RELAY_KINDS,
  type RelayFrame,
  type RelayKind,
  stampRelaySource,
} from "../../src/protocol/mod.ts";
import assert from "node:assert/strict";

const frame: RelayFrame = {
  kind: "vp8",
  isKey: true,
  pictureId: 0,
  sourceId: 7,
  timestampUs: 1_767_225_600_000_000,
  number: 41,
  width: 1280,
  height: 720,
  payload: Uint8Array.of(1, 2, 3),
};

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const anyFrame = fc.record({
  kind: fc.constantFrom(...Object.keys(RELAY_KINDS) as RelayKind[]), // Its own keys.
  isKey: fc.boolean(),
  pictureId: u16,
  sourceId: u32,
  timestampUs: fc.maxSafeNat(),
  number: u32,
  width: u16,
  height: u16,
  payload: fc.uint8Array({ minLength: 1, maxLength: 64 }),
});

Deno.test("[FR6] encodeRelayFrame makes what decodeRelayFrame reads", () => {
  fc.assert(fc.property(anyFrame, (frame) => {
    const isAlone = frame.kind === "opus" || frame.kind === "jpeg";

    const decoded = decodeRelayFrame(encodeRelayFrame(frame));

    assert.deepEqual(decoded, { ...frame, isKey: frame.isKey || isAlone });
  }));
});

Deno.test("[FR6] decodeRelayFrame takes no bytes that are no frame, and throws at none", () => {
  const good = encodeRelayFrame(frame);
  const withByte = (at: number, value: number) => good.map((byte, n) => n === at ? value : byte);

  assert.equal(decodeRelayFrame(new Uint8Array()), undefined);
  assert.equal(decodeRelayFrame(good.subarray(0, RELAY_HEADER_BYTES)), undefined, "no payload");
  assert.equal(decodeRelayFrame(withByte(0, 0)), undefined, "no such kind");
  assert.equal(decodeRelayFrame(withByte(0, 5)), undefined, "no such kind");
  assert.equal(decodeRelayFrame(withByte(1, 2)), undefined, "no such flag");
  assert.equal(decodeRelayFrame(withByte(8, 0xff)), undefined, "no such time");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
    decodeRelayFrame(bytes);
  }));
});

Deno.test("[FR6] encodeRelayFrame refuses what does not fit", () => {
  assert.throws(() => encodeRelayFrame({ ...frame, width: 65_536 }), RangeError);
  assert.throws(() => encodeRelayFrame({ ...frame, height: 65_536 }), RangeError);
  assert.throws(() => encodeRelayFrame({ ...frame, timestampUs: 0.5 }), RangeError);
  assert.throws(() => encodeRelayFrame({ ...frame, timestampUs: -1 }), RangeError);
});

Deno.test("[FR6] stampRelaySource writes the source and nothing else, also into a view", () => {
  const bytes = new Uint8Array([9, 9, ...encodeRelayFrame({ ...frame, sourceId: 0 })]).subarray(2);

  stampRelaySource(bytes, 0xfedc_ba98);

  assert.deepEqual(decodeRelayFrame(bytes), { ...frame, sourceId: 0xfedc_ba98 });
});

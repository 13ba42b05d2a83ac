/** The frames of streams: there and back, their layout, and bytes that are none. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  creditFor,
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
  FRAGMENT_COST_BYTES,
  MAX_FRAGMENT_BYTES,
  MAX_LABEL_BYTES,
  MAX_STREAM_ID,
  STREAM_ENDS,
} from "../../src/protocol/data_frame.ts";

const address = fc.record({
  streamId: fc.integer({ min: 0, max: MAX_STREAM_ID }),
  isOpener: fc.boolean(),
  userId: fc.oneof(
    fc.stringMatching(/^[a-z0-9_.-]{1,64}$/),
    fc.constantFrom("Ж".repeat(64), "𠀀".repeat(64), "ann"),
  ),
});
const credit = fc.integer({ min: 0, max: 0xffff_ffff });
const body = fc.oneof(
  fc.record({
    type: fc.constant("open"),
    credit,
    label: fc.string({ unit: "grapheme", maxLength: 20 }),
  }),
  fc.record({
    type: fc.constant("data"),
    isText: fc.boolean(),
    isLast: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 300 }),
  }),
  fc.record({ type: fc.constant("credit"), credit }),
  fc.record({ type: fc.constant("close"), reason: fc.constantFrom(...STREAM_ENDS) }),
);
const anyFrame = fc.tuple(address, body)
  .map(([where, what]) => ({ ...where, ...what }) as DataFrame); // One of each makes a frame.

Deno.test("[DC1] decodeDataFrame reads what encodeDataFrame wrote", () => {
  fc.assert(fc.property(anyFrame, (frame) => {
    assert.deepEqual(decodeDataFrame(encodeDataFrame(frame)), frame);
  }));
});

/** The layout: other implementations are written by it. */
const layouts: [frame: DataFrame, hex: string][] = [
  [
    { type: "open", streamId: 1, isOpener: true, userId: "ann", credit: 0x40000, label: "f:1" },
    "80 00000001 03 616e6e 00040000 663a31",
  ],
  [
    {
      type: "data",
      streamId: 0x01020304,
      isOpener: false,
      userId: "bob",
      isText: true,
      isLast: false,
      payload: Uint8Array.of(0x68, 0x69),
    },
    "31 01020304 03 626f62 6869",
  ],
  [
    {
      type: "data",
      streamId: 2,
      isOpener: true,
      userId: "bob",
      isText: false,
      isLast: true,
      payload: Uint8Array.of(),
    },
    "81 00000002 03 626f62",
  ],
  [
    { type: "credit", streamId: MAX_STREAM_ID, isOpener: false, userId: "a", credit: 0xffff_ffff },
    "02 ffffffff 01 61 ffffffff",
  ],
  [
    { type: "close", streamId: 3, isOpener: true, userId: "a", reason: "gone" },
    "83 00000003 01 61 05",
  ],
];
for (const [frame, hex] of layouts) {
  Deno.test(`[DC1] encodeDataFrame of ${frame.type}: ${hex}`, () => {
    assert.equal(toHex(encodeDataFrame(frame)), hex.replaceAll(" ", ""));
    assert.deepEqual(decodeDataFrame(fromHex(hex)), frame);
  });
}

Deno.test("[DC1] encodeDataFrame takes the longest user id: 64 characters of four bytes", () => {
  const frame: DataFrame = {
    ...{ type: "close", streamId: 1, isOpener: true, reason: "closed" },
    userId: "𠀀".repeat(64),
  };

  assert.equal(encodeDataFrame(frame)[5], 0);
  assert.deepEqual(decodeDataFrame(encodeDataFrame(frame)), frame);
});

/** Bytes that are no frame. */
const broken: Record<string, string> = {
  "nothing": "",
  "half a header": "80 0000",
  "an unknown type": "84 00000001 01 61 00",
  "a user id that is cut": "83 00000001 03 6161",
  "a user id of 256 bytes that are not there": "83 00000001 00 05",
  "a user id that is no UTF-8": "83 00000001 02 c328 00",
  "a label that is no UTF-8": "80 00000001 01 61 00000000 c328",
  "a credit that is cut": "82 00000001 01 61 000000",
  "an open without a credit": "80 00000001 01 61",
  "a close without a reason": "83 00000001 01 61",
  "a close for an unknown reason": "83 00000001 01 61 06",
  "a label that is too long": `80 00000001 01 61 00000000 ${"61".repeat(MAX_LABEL_BYTES + 1)}`,
  "a fragment that is too long": `81 00000001 01 61 ${"00".repeat(MAX_FRAGMENT_BYTES + 1)}`,
};
for (const [what, hex] of Object.entries(broken)) {
  Deno.test(`[DC1] decodeDataFrame of ${what}: none`, () => {
    assert.equal(decodeDataFrame(fromHex(hex)), undefined);
  });
}

Deno.test("[DC1] decodeDataFrame throws at no bytes whatever", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const frame = decodeDataFrame(bytes);
      if (frame !== undefined) encodeDataFrame(frame);
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("encodeDataFrame throws for what no frame can say", () => {
  const where = { streamId: 1, isOpener: true, userId: "ann" };
  const payload = new Uint8Array(MAX_FRAGMENT_BYTES + 1);

  const impossible: DataFrame[] = [
    { type: "close", ...where, userId: "", reason: "closed" },
    { type: "close", ...where, userId: "x".repeat(257), reason: "closed" },
    { type: "data", ...where, isText: false, isLast: true, payload },
    { type: "open", ...where, credit: 0, label: "x".repeat(MAX_LABEL_BYTES + 1) },
  ];
  for (const frame of impossible) assert.throws(() => encodeDataFrame(frame), RangeError);
});

Deno.test("[DC4] creditFor counts a fragment with what it costs to keep", () => {
  assert.equal(creditFor(new Uint8Array(0)), FRAGMENT_COST_BYTES);
  assert.equal(creditFor(new Uint8Array(1_000)), 1_000 + FRAGMENT_COST_BYTES);
});

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array {
  const digits = hex.replaceAll(" ", "").match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => parseInt(pair, 16));
}

/** Bits of H.264, and the units that hold them. */
import assert from "node:assert/strict";
import {
  BitWriter,
  contentOf,
  UNIT_TYPES,
  unitOf,
} from "../../../../cli/media/pattern/bit_writer.ts";

Deno.test("BitWriter writes bits, and numbers as Exp-Golomb codes", () => {
  const writer = new BitWriter();
  for (const value of [0, 1, 2, 3, 7]) writer.unsigned(value);
  for (const value of [0, 1, -1]) writer.signed(value);
  writer.bits(0xffffffff, 32);
  writer.trail();

  const text = [...writer.written].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  assert.equal(
    text.slice(0, 27),
    "1" + "010" + "011" + "00100" + "0001000" + "1" + "010" + "011" + "1",
  );
  assert.match(text.slice(26), /^1{32}10*$/);
  assert.ok(writer.isAligned);
});

Deno.test("BitWriter.fill writes whole bytes behind what was aligned, beyond any first size", () => {
  const writer = new BitWriter();
  writer.bit(1);
  writer.align();
  writer.fill(7, 10_000);

  assert.equal(writer.written.length, 10_001);
  assert.deepEqual([writer.written[0], writer.written[1], writer.written[10_000]], [0x80, 7, 7]);
});

Deno.test("unitOf lets nothing look like a start code, and contentOf takes that back", () => {
  const content = Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 0, 3, 9, 0, 0, 2, 0, 0, 4]);

  const unit = unitOf(UNIT_TYPES.slice, content);

  assert.equal(unit[0], 0x61);
  assert.equal(unitOf(UNIT_TYPES.extraInformation, content)[0], 0x06);
  for (let at = 0; at + 2 < unit.length; at++) {
    assert.ok(unit[at] !== 0 || unit[at + 1] !== 0 || unit[at + 2]! === 3 || unit[at + 2]! > 3);
  }
  assert.deepEqual(contentOf(unit), content);
});

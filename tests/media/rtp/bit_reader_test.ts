/** Numbers of any number of bits. */
import assert from "node:assert/strict";
import { BitReader } from "../../../src/media/rtp/bit_reader.ts";
import { bits, hex } from "./hex.ts";

Deno.test("BitReader.bits reads across bytes, the highest bit first", () => {
  const reader = open(hex("a5 5a ff 00 ff"));

  assert.equal(reader.bits(1), 1);
  assert.equal(reader.bits(2), 0b01);
  assert.equal(reader.bits(9), 0b001010101);
  assert.equal(reader.bits(0), 0);
  assert.equal(reader.bits(20), 0xaff00);
  assert.equal(reader.isOverrun, false);
});

Deno.test("BitReader.bits reads 32 bits without a sign", () => {
  assert.equal(open(hex("ffffffff")).bits(32), 0xffffffff);
});

Deno.test("BitReader reads zeros beyond the end, and says so", () => {
  const reader = open(hex("ff"));
  assert.equal(reader.bits(4), 0xf);

  assert.equal(reader.bits(5), 0);
  assert.equal(reader.isOverrun, true);
  assert.equal(reader.flag(), false);
  assert.equal(reader.expGolomb(), 0);

  reader.open(hex("80"), 0, 1);
  assert.equal(reader.isOverrun, false);
  assert.equal(reader.flag(), true);
});

Deno.test("BitReader.open keeps to the part it is given", () => {
  const reader = new BitReader();
  reader.open(hex("00 ff 00"), 1, 2);
  assert.equal(reader.bits(8), 0xff);
  assert.equal(reader.isOverrun, false);
  assert.equal(reader.bits(1), 0);
  assert.equal(reader.isOverrun, true);

  reader.open(hex("ff"), 0, 100);
  reader.skip(8);
  assert.equal(reader.isOverrun, false);
  reader.skip(1);
  assert.equal(reader.isOverrun, true);
});

Deno.test("BitReader.nonSymmetric reads the table of ns(5) (AV1, section 4.10.7)", () => {
  const table = [["00", 0], ["01", 1], ["10", 2], ["110", 3], ["111", 4]] as const;

  for (const [digits, value] of table) {
    const reader = open(bits(`${digits}1`));
    assert.equal(reader.nonSymmetric(5), value, digits);
    assert.equal(reader.flag(), true, digits);
  }
  assert.equal(open(hex("ff")).nonSymmetric(1), 0);
});

Deno.test("BitReader.expGolomb reads the table of H.264, section 9.1", () => {
  const table = [["1", 0], ["010", 1], ["011", 2], ["00100", 3], ["0001010", 9]] as const;

  for (const [digits, value] of table) assert.equal(open(bits(digits)).expGolomb(), value, digits);
  const longest = open(bits(`${"0".repeat(31)}1${"1".repeat(31)}`));
  assert.equal(longest.expGolomb(), 2 ** 32 - 2);
});

Deno.test("BitReader.signedExpGolomb reads the table of H.264, section 9.1.1", () => {
  const table = [["1", 0], ["010", 1], ["011", -1], ["00100", 2], ["00101", -2]] as const;

  for (const [digits, value] of table) {
    assert.equal(open(bits(digits)).signedExpGolomb() + 0, value, digits);
  }
});

Deno.test("BitReader.expGolomb takes no number of more bits than any field has", () => {
  const reader = open(bits(`${"0".repeat(40)}1`));

  assert.equal(reader.expGolomb(), 0);
  assert.equal(reader.isOverrun, true);
});

function open(bytes: Uint8Array): BitReader {
  const reader = new BitReader();
  reader.open(bytes, 0, bytes.length);
  return reader;
}

/** Templates of dependency descriptors, by hand (av1-rtp-spec, section A.8.3). */
import assert from "node:assert/strict";
import { BitReader } from "../../../src/media/rtp/bit_reader.ts";
import { TemplateStructure } from "../../../src/media/rtp/template_structure.ts";
import { bits } from "./hex.ts";

/** What follows, so that a part of the wrong length is seen. */
const MARK = "1011";

Deno.test("TemplateStructure.read ends exactly where the structure ends", () => {
  const table = {
    "one template, nothing else": "000000 00000 11 10 0 0 0",
    "decode targets": "000000 00010 11 101010 0 00 0",
    "frame differences": "000000 00000 11 10 10001 10010 0 0 0",
    // Two targets, ns(3) of 1 is "10"; ns(1) takes no bits; one difference.
    "one chain": "000000 00001 11 1010 0 10 1111 0",
    // ns(3) of 2 is "11"; each target names one of two chains.
    "two chains": "000000 00001 11 1010 0 11 0 1 1111 0000 0",
    "sizes": "000000 00000 11 10 0 0 1 0000000011110000 0000000010000110",
  };

  for (const [what, digits] of Object.entries(table)) {
    const reader = open(`${digits} ${MARK}`);
    assert.ok(new TemplateStructure().read(reader), what);
    assert.equal(reader.bits(4), 0b1011, what);
  }
});

Deno.test("TemplateStructure.read keeps ids, layers and sizes", () => {
  const structure = new TemplateStructure();
  // 0/0, 0/0, 0/1, 1/0 and 1/1.
  const layers = "00 01 10 01 11";
  const sizes = "0000000011101111 0000000010000110 0000000111011111 0000000100001101";

  const meanings = "0".repeat(10);
  assert.ok(structure.read(open(`101010 00000 ${layers} ${meanings} 00000 0 1 ${sizes}`)));

  assert.equal(structure.templateOffset, 42);
  assert.equal(structure.templateCount, 5);
  assert.equal(structure.spatialLayers, 2);
  assert.deepEqual([...structure.spatialIds.slice(0, 5)], [0, 0, 0, 1, 1]);
  assert.deepEqual([...structure.temporalIds.slice(0, 5)], [0, 0, 1, 0, 1]);
  assert.deepEqual([...structure.widths], [240, 480, 0, 0]);
  assert.deepEqual([...structure.heights], [135, 270, 0, 0]);
});

Deno.test("TemplateStructure.read refuses what is cut or beyond bounds", () => {
  const zeros = "0".repeat(300);
  const table = {
    "nothing": "",
    "no layers": "000000 00000",
    "cut in the layers": "000000 00000 01 01",
    "cut in the differences": "000000 00000 11 10 1",
    "cut in the sizes": "000000 00000 11 10 0 0 1 0000000011110000 000000001000",
    "five spatial layers": `000000 00000 10 10 10 10 11 ${zeros}`,
    "nine temporal layers": `000000 00000 ${"01".repeat(8)} 11 ${zeros}`,
    "65 templates": `000000 00000 ${"00".repeat(64)} 11 ${zeros}`,
  };

  for (const [what, digits] of Object.entries(table)) {
    assert.equal(new TemplateStructure().read(open(digits)), false, what);
  }
  const most = `000000 00000 ${"00".repeat(63)} 11 ${zeros}`;
  assert.equal(new TemplateStructure().read(open(most)), true);
});

function open(digits: string): BitReader {
  const bytes = bits(digits);
  const reader = new BitReader();
  reader.open(bytes, 0, bytes.length);
  return reader;
}

/** Headers of WebM files that say in the end what nobody knew at first. */
import assert from "node:assert/strict";
import { findCues, seekableHeader } from "../../../src/media/record/webm_header.ts";
import { hex } from "../rtp/hex.ts";

const SEGMENT = "18538067 ff";
/** TimestampScale of a million. */
const SCALE = "2ad7b1 83 0f4240";
const INFO = `1549a966 10000007 ${SCALE}`;
const TRACKS = "1654ae6b 83 ae81aa";
/** As many bytes as are told, of a tag that says nothing. */
const tags = (content: number) =>
  `1254c367 1000${content.toString(16).padStart(4, "0")} ${"20".repeat(content)}`;
const SEEK_HEAD = "114d9b74 95 4dbb 92 53ab84 1c53bb6b 53ac88 0000000000001234";
const DURATION = "4489 88 40c3880000000000"; // 10,000
const END = { durationMs: 10_000, cuesPosition: 0x1234 };

Deno.test("seekableHeader puts length and cues in the place of the tags", () => {
  const header = hex(`${SEGMENT} ${INFO} ${TRACKS} ${tags(64)}`);

  const seekable = seekableHeader(header, END)!;

  assert.equal(seekable.length, header.length);
  const expected = hex(`${SEGMENT} ${SEEK_HEAD} 1549a966 92 ${SCALE} ${DURATION} ${TRACKS}`);
  assert.deepEqual(seekable.subarray(0, expected.length), expected);
  const rest = seekable.subarray(expected.length);
  assert.equal(rest[0], 0xec, "what is left is void");
  assert.deepEqual(rest.subarray(1, 9), hex(`0100000000000000`).with(7, rest.length - 9));
});

Deno.test("seekableHeader fills whatever is left, or leaves the header as it is", () => {
  const lengths = new Set<number>();
  for (let content = 20; content < 60; content++) {
    const header = hex(`${SEGMENT} ${INFO} ${TRACKS} ${tags(content)}`);
    const seekable = seekableHeader(header, END);
    if (seekable === undefined) continue;
    assert.equal(seekable.length, header.length);
    lengths.add(content);
  }

  // There is room from some length on, but for the one that leaves a single byte.
  assert.equal(lengths.size, 60 - Math.min(...lengths) - 1);
});

Deno.test("seekableHeader leaves alone what is no header", () => {
  for (
    const digits of [
      "",
      "ff",
      INFO,
      `${SEGMENT} ${TRACKS} ${tags(64)}`,
      `${SEGMENT} 00 00 00`,
      `1a45dfa3 80 ${SEGMENT} ${INFO}`,
    ]
  ) {
    assert.equal(seekableHeader(hex(digits), END), undefined, digits);
  }
});

Deno.test("findCues finds the cues that a file ends with", () => {
  const cues = "1c53bb6b 10000003 bb8100";

  assert.equal(findCues(hex(cues)), 0);
  assert.equal(findCues(hex(`a3 84 1c53bb6b 00 ${cues}`)), 7);
  assert.equal(findCues(hex(`${cues} 00`)), -1);
  assert.equal(findCues(hex("1c53bb6b 10000003 bb81")), -1);
  assert.equal(findCues(hex("")), -1);
});

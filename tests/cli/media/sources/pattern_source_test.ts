/** The test pattern as a source. */
import assert from "node:assert/strict";
import { unitsOf } from "../../../../cli/media/annex_b.ts";
import { readFrameMark } from "../../../../cli/media/pattern/frame_mark.ts";
import { PatternSource } from "../../../../cli/media/sources/pattern_source.ts";
import type { SourceFrame } from "../../../../cli/media/sources/frame_source.ts";

const epochOf = (at: number) => 1_000_000 + at;
const numberOf = ({ bytes }: SourceFrame) =>
  unitsOf(bytes).map((unit) => readFrameMark(unit)).find((mark) => mark !== undefined)!;

Deno.test("PatternSource gives 25 pictures and 50 pieces of sound a second, on one time line", () => {
  const source = new PatternSource({ hasPicture: true, hasSound: true, epochOf });
  const frames: SourceFrame[] = [];
  for (let at = 5; at < 1_005; at += 5) frames.push(...source.due(at));

  const pictures = frames.filter(({ codec }) => codec === "H264");
  assert.deepEqual(source.codecs, ["H264", "opus"]);
  assert.equal(pictures.length, 25);
  assert.equal(frames.length - pictures.length, 50);
  assert.deepEqual(pictures.map((one) => numberOf(one).number), [...Array(25).keys()]);
  assert.equal(numberOf(pictures[3]!).madeAtMs, 1_000_000 + 5 + 3 * 40);
  assert.deepEqual(pictures.filter(({ isKeyFrame }) => isKeyFrame).length, 1);
});

Deno.test("PatternSource makes a key frame when one is wanted, and not more often than it may", () => {
  const source = new PatternSource({ hasPicture: true, hasSound: false, epochOf });
  const keys: number[] = [];
  for (let at = 0; at < 2_000; at += 40) {
    source.wantKeyFrame();
    for (const frame of source.due(at)) if (frame.isKeyFrame) keys.push(frame.dueAt);
  }

  assert.deepEqual(keys, [0, 200, 400, 600, 800, 1_000, 1_200, 1_400, 1_600, 1_800]);
});

Deno.test("PatternSource makes one by itself every four seconds, and skips what is far too late", () => {
  const source = new PatternSource({ hasPicture: true, hasSound: true, epochOf });
  const keys: number[] = [];
  for (let at = 0; at <= 8_000; at += 40) {
    for (const frame of source.due(at)) {
      if (frame.codec === "H264" && frame.isKeyFrame) keys.push(frame.dueAt);
    }
  }
  assert.deepEqual(keys, [0, 4_000, 8_000]);

  const late = source.due(60_000);

  assert.ok(late.length < 50, `${late.length} frames`);
  assert.ok(late.every(({ dueAt }) => dueAt >= 59_500 && dueAt <= 60_000));
});

/** Sounds without holes. */
import assert from "node:assert/strict";
import { SILENCE } from "../../../src/media/record/opus_reader.ts";
import { MAX_FILLED_MS, SoundLine } from "../../../src/media/record/sound_line.ts";

const PACKET = Uint8Array.of(1);

/** What was written: the time of each packet, negative where it is silence. */
function makeLine(startMs = 1_000) {
  const written: number[] = [];
  const line = new SoundLine(startMs, (data, atMs, durationMs) => {
    assert.equal(durationMs, 20);
    written.push(data === SILENCE ? -atMs : atMs);
  });
  const add = (...times: number[]) => times.forEach((atMs) => line.add(PACKET, atMs, 20));
  return { line, written, add };
}

Deno.test("SoundLine puts packets in a row that are nearly in one", () => {
  const { line, written, add } = makeLine();

  add(1_000, 1_020.4, 1_039.2, 1_062, 1_090);

  assert.deepEqual(written, [1_000, 1_020, 1_040, 1_060, 1_080]);
  assert.equal(line.endMs, 1_100);
});

Deno.test("SoundLine fills what is missing with silence", () => {
  const { written, add } = makeLine();

  add(1_000, 1_060, 1_095);

  assert.deepEqual(written, [1_000, -1_020, -1_040, 1_060, 1_095]);
});

Deno.test("SoundLine drops what would sound twice", () => {
  const { written, add } = makeLine();

  add(1_000, 1_000, 1_005, 1_020, 1_025, 1_040);

  assert.deepEqual(written, [1_000, 1_020, 1_040]);
});

Deno.test("SoundLine follows a clock that drifts", () => {
  const { line, add } = makeLine(0);

  for (let count = 0; count < 1_000; count++) add(count * 20.02);

  assert.ok(Math.abs(line.endMs - 1_000 * 20.02) <= 20, `${line.endMs}`);
});

Deno.test("SoundLine.fillUpTo fills to a time, but not beyond, and not after hours", () => {
  const { line, written } = makeLine();

  line.fillUpTo(1_059);
  assert.deepEqual(written, [-1_000, -1_020]);
  line.fillUpTo(1_000);
  assert.equal(written.length, 2);
  line.fillUpTo(3_600_000);

  assert.equal(written.length, 2 + MAX_FILLED_MS / 20);
  assert.equal(line.endMs, 3_600_000);
});

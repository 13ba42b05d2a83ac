/** Times as people read them. */
import assert from "node:assert/strict";
import { durationText } from "../../../../static/state/live/durations.ts";

const texts: [ms: number, text: string][] = [
  [0, "0:00"],
  [999, "0:00"],
  [7_400, "0:07"],
  [61_000, "1:01"],
  [3_599_999, "59:59"],
  [3_600_000, "1:00:00"],
  [36_125_000, "10:02:05"],
  [-5, "0:00"],
];

for (const [ms, text] of texts) {
  Deno.test(`durationText of ${ms} ms: ${text}`, () => {
    assert.equal(durationText(ms), text);
  });
}

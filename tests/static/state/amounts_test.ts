/** Sizes and lengths of time as people read them. */
import assert from "node:assert/strict";
import { clockText, sizeText } from "../../../static/state/amounts.ts";

Deno.test("sizeText takes the unit in which the number is short", () => {
  const sizes = [0, 1, 999, 1_000, 1_234_567, 123_456_789, 5e9, 7e12];

  assert.deepEqual(sizes.map((bytes) => sizeText(bytes, "en")), [
    ...["0 bytes", "1 byte", "999 bytes", "1 kB", "1.2 MB", "123 MB", "5 GB", "7,000 GB"],
  ]);
});

Deno.test("sizeText speaks the language", () => {
  assert.match(sizeText(5, "zh-CN"), /^5\s?字节$/u);
});

Deno.test("clockText shows hours only when there are some", () => {
  const times = [-5, 0, 7_999, 60_000, 754_000, 3_600_000, 36_061_000];

  assert.deepEqual(times.map(clockText), [
    ...["0:00", "0:00", "0:07", "1:00", "12:34", "1:00:00", "10:01:01"],
  ]);
});

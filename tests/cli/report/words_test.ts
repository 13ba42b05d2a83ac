/** Numbers in words and strokes. */
import assert from "node:assert/strict";
import {
  bar,
  counted,
  duration,
  printable,
  sparkline,
  thousands,
} from "../../../cli/report/words.ts";

for (
  const [ms, text] of [[0, "0.00 ms"], [0.424, "0.42 ms"], [12.4, "12 ms"], [1_500, "1.50 s"], [
    125_000,
    "2 m 05 s",
  ]] as const
) {
  Deno.test(`duration writes ${ms} as ${text}`, () => {
    assert.equal(duration(ms), text);
  });
}

Deno.test("thousands and counted write numbers for people", () => {
  assert.equal(thousands(1_234_567.4), "1,234,567");
  assert.equal(counted(1, "user"), "1 user");
  assert.equal(counted(0, "room"), "0 rooms");
});

Deno.test("sparkline draws its highest value full and nothing as nothing", () => {
  assert.equal(sparkline([0, 1, 2, 4, 8], 10), " ▂▃▅█");
  assert.equal(sparkline([], 10), "");
  assert.equal(sparkline([0, 0], 10), "  ");
});

Deno.test("sparkline fits its columns", () => {
  assert.equal(sparkline(Array.from({ length: 1_000 }, (_, index) => index), 24).length, 24);
});

Deno.test("bar is as wide as it should be at every fraction", () => {
  for (let eighth = -2; eighth <= 90; eighth++) {
    const { filled, empty } = bar(eighth / 80, 10);
    assert.equal((filled + empty).length, 10);
  }
  assert.equal(bar(1, 4).filled, "████");
});

Deno.test("printable takes the power from control and direction marks", () => {
  assert.equal(printable("a\u001b[31mb\u0000\n\u007f\u009b\u202Ec"), "a␛[31mb␀␊\uFFFD\uFFFDc");
  assert.equal(printable("早上好 👋 é"), "早上好 👋 é");
});

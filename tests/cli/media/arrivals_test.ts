/** Which packets of a row have come, and which are missing since when. */
import assert from "node:assert/strict";
import { Arrivals } from "../../../cli/media/arrivals.ts";

Deno.test("Arrivals tells what is next, late and again", () => {
  const arrivals = new Arrivals(10);

  assert.deepEqual([11, 14, 12, 12, 11, 15].map((number) => arrivals.take(number, 0)), [
    ...["next", "next", "late", "again", "again", "next"],
  ]);
  assert.deepEqual([arrivals.first, arrivals.complete, arrivals.highest], [10, 12, 15]);
  arrivals.take(13, 0);
  assert.equal(arrivals.complete, 15);
});

Deno.test("Arrivals gives up what is missing for too long, once", () => {
  const arrivals = new Arrivals(0);
  arrivals.take(3, 100);
  arrivals.take(5, 200);

  assert.deepEqual(arrivals.overdue(199, 100), []);
  assert.deepEqual(arrivals.overdue(200, 100), [1, 2]);
  assert.deepEqual(arrivals.overdue(300, 100), [4]);
  assert.deepEqual(arrivals.overdue(Infinity, 0), []);
  assert.equal(arrivals.complete, 5);
  assert.deepEqual([arrivals.take(4, 400), arrivals.take(4, 400)], ["too late", "again"]);
});

/** What is missing is asked for in time, again after a round trip, and given up in the end. */
import assert from "node:assert/strict";
import { MissingPackets } from "../../../src/media/sfu/missing_packets.ts";

Deno.test("MissingPackets asks for a gap once what is only out of order had its time", () => {
  const missing = new MissingPackets();

  assert.equal(missing.skipped(10, 13, 0), true);
  assert.deepEqual(missing.due(10, 50), []);
  assert.deepEqual(missing.due(20, 50), [11, 12]);
});

Deno.test("MissingPackets asks again after a round trip, and no sooner than 40 ms", () => {
  const missing = new MissingPackets();
  missing.skipped(1, 3, 0);

  assert.deepEqual(missing.due(20, 200), [2]);
  assert.deepEqual(missing.due(260, 200), []);
  assert.deepEqual(missing.due(270, 4), [2]);
  assert.deepEqual(missing.due(300, 4), []);
  assert.deepEqual(missing.due(310, 4), [2]);
});

Deno.test("MissingPackets forgets what came after all", () => {
  const missing = new MissingPackets();
  missing.skipped(65_534, 2, 0);

  assert.equal(missing.came(65_535), true);
  assert.equal(missing.came(65_535), false);
  assert.equal(missing.came(7), false);
  assert.deepEqual(missing.due(20, 0), [0, 1]);
});

Deno.test("MissingPackets gives up after eight times", () => {
  const missing = new MissingPackets();
  missing.skipped(1, 3, 0);
  let asked = 0;

  for (let at = 0; at < 1_000; at += 10) asked += missing.due(at, 0).length;

  assert.equal(asked, 8);
  assert.equal(missing.size, 0);
});

Deno.test("MissingPackets gives up what is older than a second", () => {
  const missing = new MissingPackets();
  missing.skipped(1, 3, 0);

  assert.deepEqual(missing.due(1_001, 0), []);
  assert.equal(missing.size, 0);
});

Deno.test("MissingPackets gives up an outage, and says so", () => {
  const missing = new MissingPackets();

  assert.equal(missing.skipped(0, 200, 0), true);
  assert.equal(missing.skipped(200, 400, 0), false);
  assert.equal(missing.size, 0);
  missing.skipped(1, 3, 0);
  missing.clear();
  assert.deepEqual(missing.due(100, 0), []);
});

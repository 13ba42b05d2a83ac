/** A meter follows what it is given, and comes to rest when nothing comes. */
import assert from "node:assert/strict";
import { RateMeter } from "../../../src/media/sfu/rate_meter.ts";

function run(meter: RateMeter, fromMs: number, toMs: number, bytesPerMs: number): void {
  for (let at = fromMs; at < toMs; at += 25) {
    meter.add(25 * bytesPerMs);
    meter.tick(at + 25);
  }
}

Deno.test("RateMeter comes to the rate of an even stream", () => {
  const meter = new RateMeter();
  meter.tick(0);

  run(meter, 0, 1_000, 125);

  assert.equal(Math.round(meter.bitrate / 1_000), 1_000);
  assert.equal(meter.bytes, 125_000);
});

Deno.test("RateMeter follows a change within a second", () => {
  const meter = new RateMeter();
  meter.tick(0);
  run(meter, 0, 1_000, 125);

  run(meter, 1_000, 2_000, 250);

  assert.ok(meter.bitrate > 1_900_000 && meter.bitrate <= 2_000_000, `${meter.bitrate}`);
});

Deno.test("RateMeter comes to rest", () => {
  const meter = new RateMeter();
  meter.tick(0);
  run(meter, 0, 1_000, 125);

  for (let at = 1_000; at <= 5_000; at += 250) meter.tick(at);

  assert.equal(meter.bitrate, 0);
});

Deno.test("RateMeter takes readings that are close together for one", () => {
  const meter = new RateMeter();
  meter.tick(0);
  meter.add(1_000_000);
  meter.tick(1);

  assert.equal(meter.bitrate, 0);
});

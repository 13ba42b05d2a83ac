/** One participant cannot send more than its share, and all of its share. */
import assert from "node:assert/strict";
import { IngressLimit, MAX_INGRESS_BITRATE } from "../../../src/media/sfu/ingress_limit.ts";

/** What of a stream of `bitrate` comes in over ten seconds, bits a second. */
function takenOf(bitrate: number): number {
  const limit = new IngressLimit();
  const packetMs = 1_200 * 8 * 1_000 / bitrate;
  let bits = 0;
  for (let at = 0; at < 10_000; at += packetMs) if (limit.take(1_200, at)) bits += 1_200 * 8;
  return bits / 10;
}

Deno.test("IngressLimit takes all of a stream within it", () => {
  assert.ok(Math.abs(takenOf(15_000_000) / 15_000_000 - 1) < 0.01);
});

Deno.test("IngressLimit takes no more than its rate of 60 Mbit/s, but for one burst", () => {
  const taken = takenOf(60_000_000);

  assert.ok(taken > MAX_INGRESS_BITRATE * 0.99 && taken < MAX_INGRESS_BITRATE * 1.06, `${taken}`);
});

Deno.test("IngressLimit counts what was too much", () => {
  const limit = new IngressLimit();

  for (let n = 0; n < 2_000; n++) limit.take(1_200, 0);

  assert.equal(limit.dropped, 2_000 - Math.floor(MAX_INGRESS_BITRATE / 2 / (1_200 * 8)));
});

/** How much is sent over the socket, by what waits in it. */
import assert from "node:assert/strict";
import {
  BITRATES,
  CUT_MS,
  EMPTY_BYTES,
  EMPTY_MS,
  FULL_BYTES,
  FULL_MS,
  RAISE_MS,
  RelayRate,
} from "../../../../static/call/relay/relay_rate.ts";

/** So many bytes in the socket, on a path where nothing waits. */
function waits(bytes: number, ms = 0): { bytes: number; ms: number } {
  return { bytes, ms };
}

Deno.test("RelayRate sends less while what it sends waits long on its way", () => {
  const rate = new RelayRate();

  rate.look(0, waits(0, FULL_MS + 1));
  for (let at = 0; at < 5 * RAISE_MS; at += 100) rate.look(at, waits(0, EMPTY_MS + 1));

  assert.equal(rate.bitrate, BITRATES.first * 0.6);
});

Deno.test("RelayRate sends less while the socket is full, down to its least", () => {
  const rate = new RelayRate();

  rate.look(0, waits(FULL_BYTES + 1));
  const first = rate.bitrate;
  rate.look(CUT_MS - 1, waits(FULL_BYTES + 1));
  const tooSoon = rate.bitrate;
  for (let n = 1; n < 20; n++) rate.look(n * CUT_MS, waits(FULL_BYTES + 1));

  assert.equal(first, BITRATES.first * 0.6);
  assert.equal(tooSoon, first);
  assert.equal(rate.bitrate, BITRATES.least);
  assert.equal(rate.height, 240);
});

Deno.test("RelayRate sends more when the socket has been empty for a while, up to its most", () => {
  const rate = new RelayRate();

  rate.look(0, waits(0));
  rate.look(RAISE_MS - 1, waits(EMPTY_BYTES));
  const early = rate.bitrate;
  for (let n = 1; n < 40; n++) rate.look(n * RAISE_MS, waits(0));

  assert.equal(early, BITRATES.first);
  assert.equal(rate.bitrate, BITRATES.most);
  assert.equal(rate.height, 720);
});

Deno.test("RelayRate stays as it is while something waits and not too much", () => {
  const rate = new RelayRate();

  for (let at = 0; at < 10 * RAISE_MS; at += 100) rate.look(at, waits(EMPTY_BYTES + 1));

  assert.equal(rate.bitrate, BITRATES.first);
});

Deno.test("RelayRate makes pictures smaller once one was too long, and no taller again", () => {
  const rate = new RelayRate();
  const before = rate.height;

  rate.overflowed();
  const after = rate.height;
  for (let n = 0; n < 40; n++) rate.look(n * RAISE_MS, waits(0));

  assert.deepEqual([before, after, rate.height], [480, 360, 360]);
});

Deno.test("RelayRate does not change the size back and forth around a border", () => {
  const rate = new RelayRate();
  const heights = [rate.height];
  let at = 0;

  for (let n = 0; n < 30; n++) {
    rate.look(at += CUT_MS, waits(n % 2 === 0 ? FULL_BYTES + 1 : 0));
    for (let m = 0; m < 3; m++) rate.look(at += RAISE_MS, waits(0));
    if (heights.at(-1) !== rate.height) heights.push(rate.height);
  }

  assert.ok(heights.length <= 3, `${heights}`);
});

/** What a receiver reports of a stream (RFC 3550, appendix A). */
import assert from "node:assert/strict";
import { Reception } from "../../../src/media/sfu/reception.ts";

function received(numbers: readonly number[], clockRate = 90_000): Reception {
  const reception = new Reception(clockRate);
  numbers.forEach((number, n) => reception.count(number, n * clockRate / 100, n * 10));
  return reception;
}

Deno.test("Reception counts an even stream without loss or jitter", () => {
  const reception = received([1, 2, 3, 4]);

  assert.equal(reception.received, 4);
  assert.deepEqual(reception.report(), {
    fractionLost: 0,
    packetsLost: 0,
    highestSequenceNumber: 4,
    jitter: 0,
  });
});

Deno.test("Reception says how far ahead a packet is", () => {
  const reception = new Reception(90_000);

  const ahead = [10, 11, 14, 12, 12].map((number) => reception.count(number, 0, 0));

  assert.deepEqual(ahead, [Number.NaN, 1, 3, -2, -2]);
});

Deno.test("Reception reports the fraction that was lost since the report before", () => {
  const reception = received([1, 2, 5, 6]);

  assert.equal(reception.report().fractionLost, 2 / 6);
  assert.equal(reception.report().fractionLost, 0);
  assert.equal(reception.report().packetsLost, 2);
  for (const number of [7, 8, 9, 12]) reception.count(number, 0, 0);
  assert.equal(reception.report().fractionLost, 2 / 6);
  assert.equal(reception.lost, 4);
});

Deno.test("Reception counts the rounds of the 16 bits", () => {
  const reception = received([65_534, 65_535, 0, 1]);

  assert.equal(reception.report().highestSequenceNumber, 0x10000 + 1);
  assert.equal(reception.lost, 0);
});

Deno.test("Reception takes a jump for another stream", () => {
  const reception = received([1, 2, 3]);

  assert.equal(reception.count(30_000, 0, 0), Number.NaN);
  assert.equal(reception.lost, 0);
  assert.equal(reception.report().highestSequenceNumber, 30_000);
});

Deno.test("Reception takes packets that came twice for no loss and no gain", () => {
  const reception = received([1, 2, 2, 2, 3]);

  assert.equal(reception.report().fractionLost, 0);
  assert.equal(reception.lost, 0);
});

Deno.test("Reception measures jitter in units of the timestamp", () => {
  const reception = new Reception(48_000);
  // Every other packet comes 5 ms late: 240 units up, 240 down.
  for (let n = 0; n < 400; n++) reception.count(n, n * 960, n * 20 + (n % 2) * 5);

  assert.ok(Math.abs(reception.report().jitter - 240) <= 1, `${reception.report().jitter}`);
});

Deno.test("Reception reports nothing lost before anything came", () => {
  assert.equal(new Reception(90_000).lost, 0);
});

/** A token's end, on a clock that stands still. */
import assert from "node:assert/strict";
import { Expiry } from "../../src/access/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function makeExpiry() {
  const clock = new FakeClock();
  const said: string[] = [];
  const expiry = new Expiry(clock, {
    warn: (expiresAt) => said.push(`warn ${expiresAt - clock.now()}`),
    end: () => said.push("end"),
  });
  return { clock, said, expiry };
}

Deno.test("[TK6] Expiry warns a minute before, then ends, each once", () => {
  const { clock, said, expiry } = makeExpiry();
  expiry.watch(clock.now() + 3_600_000);

  clock.advance(3_539_999);
  assert.deepEqual(said, []);
  clock.advance(1);
  assert.deepEqual(said, ["warn 60000"]);
  clock.advance(60_000);
  assert.deepEqual(said, ["warn 60000", "end"]);
  clock.advance(1e9);
  assert.equal(said.length, 2);
});

Deno.test("[TK6] Expiry warns at once where less than a minute is left", () => {
  const { clock, said, expiry } = makeExpiry();

  expiry.watch(clock.now() + 5_000);
  clock.advance(0);
  assert.deepEqual(said, ["warn 5000"]);
  clock.advance(5_000);

  assert.deepEqual(said, ["warn 5000", "end"]);
});

Deno.test("[TK7] Expiry forgets the former token when it watches another", () => {
  const { clock, said, expiry } = makeExpiry();
  expiry.watch(clock.now() + 100_000);
  clock.advance(50_000);

  expiry.watch(clock.now() + 1_000_000);
  clock.advance(100_000);

  assert.deepEqual(said, ["warn 60000"]);
});

Deno.test("[TK6] Expiry waits longer than a timer can", () => {
  const { clock, said, expiry } = makeExpiry();
  const days = 100 * 86_400_000;

  expiry.watch(clock.now() + days);
  clock.advance(days - 1);

  assert.deepEqual(said, ["warn 60000"]);
  clock.advance(1);
  assert.deepEqual(said, ["warn 60000", "end"]);
});

Deno.test("Expiry.close stops to watch, twice as well", () => {
  const { clock, said, expiry } = makeExpiry();
  expiry.watch(clock.now() + 1);

  expiry.close();
  expiry.close();
  clock.advance(10);

  assert.deepEqual(said, []);
  assert.equal(clock.pending, 0);
});

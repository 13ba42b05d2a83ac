/** Whether a reader reads, from unread bytes alone. */
import assert from "node:assert/strict";
import { MAX_UNREAD_BYTES, SLOW_CONSUMER_MS } from "../../src/protocol/mod.ts";
import { ReaderWatch } from "../../src/signaling/reader_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("[BP1] ReaderWatch.look tells who keeps up from who is behind", () => {
  const watch = new ReaderWatch(new FakeClock());

  assert.equal(watch.look(0), "reads");
  assert.equal(watch.look(MAX_UNREAD_BYTES), "reads");
  assert.equal(watch.look(MAX_UNREAD_BYTES + 1), "behind");
});

Deno.test("[BP4] ReaderWatch.look gives up a reader that takes nothing for 10 s", () => {
  const clock = new FakeClock();
  const watch = new ReaderWatch(clock);
  const unread = MAX_UNREAD_BYTES * 2;
  watch.look(unread);

  clock.advance(SLOW_CONSUMER_MS - 1);
  assert.equal(watch.look(unread), "behind");
  clock.advance(1);
  assert.equal(watch.look(unread), "stalled");
});

Deno.test("[BP4] ReaderWatch.look waits for a reader that takes a little now and then", () => {
  const clock = new FakeClock();
  const watch = new ReaderWatch(clock);
  const unread = MAX_UNREAD_BYTES * 2;

  for (let n = 0; n < 10; n++) {
    assert.equal(watch.look(unread - n), "behind");
    clock.advance(SLOW_CONSUMER_MS - 1);
  }
});

Deno.test("[BP4] ReaderWatch.look starts anew once the reader has caught up", () => {
  const clock = new FakeClock();
  const watch = new ReaderWatch(clock);
  watch.look(MAX_UNREAD_BYTES * 2);
  clock.advance(SLOW_CONSUMER_MS - 1);
  watch.look(10);
  watch.look(MAX_UNREAD_BYTES * 2);

  clock.advance(SLOW_CONSUMER_MS - 1);

  assert.equal(watch.look(MAX_UNREAD_BYTES * 2), "behind");
});

/** What is told in passing: for a while, a few at once, and until it is dismissed. */
import assert from "node:assert/strict";
import { MAX_NOTICES, type Notice, NOTICE_MS, Notices } from "../../../static/state/notices.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const named = (who: string): Notice => ({ kind: "host", who });
const asking: Notice = { kind: "asked-to-mute", by: "Bob", what: "video", isDone: false };

Deno.test("Notices take a notice away after a while", () => {
  const clock = new FakeClock();
  const notices = new Notices(clock);

  notices.add(named("Ann"));
  clock.advance(NOTICE_MS - 1);
  const before = notices.list.value.length;
  clock.advance(1);

  assert.equal(before, 1);
  assert.deepEqual(notices.list.value, []);
});

Deno.test("a notice that asks for something stays until it is dismissed", () => {
  const clock = new FakeClock();
  const notices = new Notices(clock);

  notices.add(asking);
  clock.advance(NOTICE_MS * 10);
  const [shown] = notices.list.value;
  notices.dismiss(shown!.id);
  notices.dismiss(shown!.id);

  assert.deepEqual(shown?.notice, asking);
  assert.deepEqual(notices.list.value, []);
});

Deno.test("the oldest notice goes when there are too many", () => {
  const notices = new Notices(new FakeClock());

  for (let index = 0; index <= MAX_NOTICES; index++) notices.add(named(`user ${index}`));

  assert.equal(notices.list.value.length, MAX_NOTICES);
  assert.deepEqual(notices.list.value[0]?.notice, named("user 1"));
});

Deno.test("the same notice again is shown once, as a new one", () => {
  const notices = new Notices(new FakeClock());

  notices.add(named("Ann"));
  const [first] = notices.list.value;
  notices.add(named("Ann"));

  assert.equal(notices.list.value.length, 1);
  assert.notEqual(notices.list.value[0]?.id, first?.id);
});

Deno.test("Notices.clear leaves no timer behind", () => {
  const clock = new FakeClock();
  const notices = new Notices(clock);
  notices.add(named("Ann"));
  notices.add(asking);

  notices.clear();

  assert.deepEqual(notices.list.value, []);
  assert.equal(clock.pending, 0);
});

/** The serial queue of a connection. */
import assert from "node:assert/strict";
import { Inbox } from "../../src/signaling/inbox.ts";

/** An inbox whose handling of `wait` ends when the test says so. */
function makeInbox() {
  const handled: string[] = [];
  const open: (() => void)[] = [];
  const inbox = new Inbox<string>((message) => {
    handled.push(message);
    return message === "wait" ? new Promise((resolve) => open.push(resolve)) : undefined;
  });
  return { inbox, handled, finish: async () => (open.shift()!(), await Promise.resolve()) };
}

Deno.test("[OR3] Inbox.take handles at once while nothing waits", () => {
  const { inbox, handled } = makeInbox();

  inbox.take("a");
  assert.deepEqual(handled, ["a"]);
  inbox.take("b");
  assert.deepEqual(handled, ["a", "b"]);
});

Deno.test("[PC3] Inbox.take keeps the order behind one that waits, and behind the next", async () => {
  const { inbox, handled, finish } = makeInbox();

  for (const message of ["wait", "a", "wait", "b"]) inbox.take(message);
  assert.deepEqual(handled, ["wait"]);
  await finish();
  assert.deepEqual(handled, ["wait", "a", "wait"]);
  await finish();

  assert.deepEqual(handled, ["wait", "a", "wait", "b"]);
});

Deno.test("Inbox.take refuses when too many wait, and takes again after", async () => {
  const { inbox, handled, finish } = makeInbox();
  inbox.take("wait");
  for (let n = 0; n < 256; n++) assert.equal(inbox.take("x"), true);

  assert.equal(inbox.take("y"), false);
  await finish();

  assert.equal(handled.length, 257);
  assert.equal(inbox.take("z"), true);
});

Deno.test("Inbox.close forgets what waits", async () => {
  const { inbox, handled, finish } = makeInbox();
  inbox.take("wait");
  inbox.take("x");

  inbox.close();
  await finish();

  assert.deepEqual(handled, ["wait"]);
});

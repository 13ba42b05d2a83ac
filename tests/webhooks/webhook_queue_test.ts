/** Events on their way to one URL: in order, tried again, bounded, and dropped with a word. */
import assert from "node:assert/strict";
import { readWebhookKey } from "../../src/webhooks/mod.ts";
import {
  ATTEMPT_TIMEOUT_MS,
  MAX_TRYING_MS,
  MAX_WAITING,
  WebhookQueue,
} from "../../src/webhooks/webhook_queue.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";
import { occurrence, WEBHOOK_SECRET, WebhookFixture } from "../support/webhook_fixture.ts";

const URL_WITH_SECRETS = "https://user:secret@app.example/hook?key=secret";

/** A queue whose jitter is `thousandths` of the random half of each pause. */
function makeQueue(...thousandths: number[]) {
  const fixture = new WebhookFixture();
  const queue = new WebhookQueue({
    url: URL_WITH_SECRETS,
    key: readWebhookKey(WEBHOOK_SECRET),
    clock: fixture.clock,
    random: new ScriptedRandom(...thousandths),
    log: fixture.log,
    observer: fixture,
    fetch: fixture.fetch,
  });
  let count = 0;
  const add = (...rooms: string[]) => {
    for (const room of rooms) queue.add({ id: `id-${++count}`, at: 1, ...occurrence(room) });
  };
  return { fixture, queue, add };
}

Deno.test("WebhookQueue sends nothing within the turn of the room", async () => {
  const { fixture, queue, add } = makeQueue();

  add("one");
  assert.deepEqual([fixture.deliveries.length, queue.size], [0, 1]);
  await fixture.settle();

  assert.deepEqual([fixture.deliveries.length, queue.size], [1, 0]);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("WebhookQueue delivers in order, one at a time", async () => {
  const { fixture, add } = makeQueue();
  fixture.answers = ["silent", 200];

  add("one", "two", "three");
  await fixture.pass(ATTEMPT_TIMEOUT_MS - 1);
  assert.deepEqual(fixture.rooms, ["one"]);
  await fixture.pass(1);
  await fixture.pass(1_000);

  assert.deepEqual(fixture.rooms, ["one", "one", "two", "three"]);
  assert.deepEqual(fixture.outcomes, ["delivered", "delivered", "delivered"]);
});

Deno.test("WebhookQueue signs each attempt with its own time, and the event with one id", async () => {
  const { fixture, add } = makeQueue(0);
  const later = new Response(null, { status: 503, headers: { "retry-after": "15" } });
  fixture.answers = [later, 200];

  add("one");
  await fixture.pass(15_250);

  const [first, second] = fixture.deliveries;
  const headers = (name: string) => [first, second].map((one) => one?.headers.get(name));
  assert.equal(first?.text, second?.text);
  assert.deepEqual(headers("webhook-id"), ["id-1", "id-1"]);
  assert.deepEqual(headers("webhook-timestamp"), ["1767225600", "1767225615"]);
  const [before, after] = headers("webhook-signature");
  assert.notEqual(before, after);
});

for (const answer of ["unreachable", 408, 429, 500, 503] as const) {
  Deno.test(`WebhookQueue tries again after ${answer}, with pauses that grow`, async () => {
    const { fixture, add } = makeQueue(0);
    fixture.answers = [answer];

    add("one");
    await fixture.settle();
    // The pauses are multiples of this: each attempt is made at its own time.
    for (let n = 0; n < 140; n++) await fixture.pass(250);

    const times = fixture.deliveries.map(({ atMs }) => atMs);
    assert.deepEqual(times, [0, 250, 750, 1_750, 3_750, 7_750, 15_750, 30_750]);
    assert.deepEqual(fixture.outcomes, []);
  });
}

Deno.test("WebhookQueue jitters its pauses", async () => {
  const { fixture, add } = makeQueue(0, 500, 999);
  fixture.answers = [500];

  add("one");
  await fixture.settle();
  for (let n = 0; n < 4_000; n++) await fixture.pass(1);

  const times = fixture.deliveries.map(({ atMs }) => atMs);
  assert.deepEqual(times, [0, 250, 1_000, 2_999]);
});

Deno.test("WebhookQueue waits as long as the receiver asks, and its own pause on top", async () => {
  const { fixture, add } = makeQueue(0);
  const busy = new Response(null, { status: 429, headers: { "retry-after": "20" } });
  fixture.answers = [busy, 200];

  add("one");
  await fixture.pass(20_249);
  assert.equal(fixture.deliveries.length, 1);
  await fixture.pass(1);

  assert.equal(fixture.deliveries.length, 2);
  assert.deepEqual(fixture.outcomes, ["delivered"]);
});

Deno.test("WebhookQueue gives an attempt 10 s", async () => {
  const { fixture, add } = makeQueue(0);
  fixture.answers = ["silent"];

  add("one");
  await fixture.pass(ATTEMPT_TIMEOUT_MS);

  assert.deepEqual(fixture.logged, [
    "warn webhooks fail https://app.example/hook no answer within 10000 ms id-1 room-started",
  ]);
  await fixture.pass(250);
  assert.deepEqual(fixture.deliveries.map(({ atMs }) => atMs), [0, 10_250]);
});

for (const status of [301, 400, 401, 404, 410]) {
  Deno.test(`WebhookQueue drops at once what is refused with ${status}, and goes on`, async () => {
    const { fixture, add } = makeQueue();
    fixture.answers = [status, 200];

    add("one", "two");
    await fixture.settle();

    assert.deepEqual(fixture.rooms, ["one", "two"]);
    assert.deepEqual(fixture.outcomes, ["refused", "delivered"]);
    assert.deepEqual(fixture.deliveries.map(({ body }) => body.dropped), [undefined, 1]);
  });
}

Deno.test("WebhookQueue gives an event up after five minutes, and says so with the next", async () => {
  const { fixture, add } = makeQueue(0);
  fixture.answers = ["unreachable"];

  add("one", "two");
  await fixture.settle();
  while (fixture.outcomes.length === 0) await fixture.pass(250);
  const givenUpAt = fixture.clock.elapsed();
  fixture.answers = [200];
  await fixture.pass(0);
  while (fixture.outcomes.length < 2) await fixture.pass(250);

  assert.ok(givenUpAt > MAX_TRYING_MS - 30_000 && givenUpAt <= MAX_TRYING_MS, `${givenUpAt}`);
  assert.deepEqual(fixture.outcomes, ["expired", "delivered"]);
  assert.equal(fixture.deliveries.at(-1)?.body.dropped, 1);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("WebhookQueue holds so many and drops the newest, counted where the gap is", async () => {
  const { fixture, queue, add } = makeQueue(0);
  fixture.answers = [500, 200];

  for (let n = 1; n <= MAX_WAITING; n++) add(`room-${n}`);
  add("lost", "lost");
  assert.equal(queue.size, MAX_WAITING);
  assert.deepEqual(fixture.outcomes, ["overflowed", "overflowed"]);
  await fixture.pass(250);
  add("next", "last");
  await fixture.settle();

  const { deliveries } = fixture;
  assert.ok(!fixture.rooms.includes("lost"));
  assert.deepEqual(deliveries.at(-2)?.body.roomId, "next");
  assert.deepEqual(
    deliveries.flatMap(({ body }) => body.dropped === undefined ? [] : [body]),
    [deliveries.at(-2)?.body],
  );
  assert.equal(deliveries.at(-2)?.body.dropped, 2);
});

Deno.test("WebhookQueue adds up what is dropped in front of an event and behind it", async () => {
  const { fixture, add } = makeQueue();
  fixture.answers = [410, 410, 200];

  add("one");
  await fixture.settle();
  add("two");
  await fixture.settle();
  add("three");
  await fixture.settle();

  assert.deepEqual(fixture.deliveries.map(({ body }) => body.dropped), [undefined, 1, 2]);
});

Deno.test("WebhookQueue logs a burst once, its end too, and nothing secret of the URL", async () => {
  const { fixture, add } = makeQueue(0);
  fixture.answers = [500, 500, 500, 200];

  add("one");
  await fixture.settle();
  for (let n = 0; n < 20; n++) await fixture.pass(250);
  for (let n = 0; n < MAX_WAITING + 5; n++) add("flood");
  await fixture.settle();

  assert.deepEqual(fixture.logged, [
    "warn webhooks fail https://app.example/hook status 500 id-1 room-started",
    "info webhooks work again https://app.example/hook",
    "warn webhooks overflow https://app.example/hook 10000",
    "info webhooks caught up https://app.example/hook 5",
  ]);
});

Deno.test("WebhookQueue logs once while a receiver refuses everything", async () => {
  const { fixture, add } = makeQueue();
  fixture.answers = [404];

  for (let n = 0; n < 20; n++) {
    add("one");
    await fixture.settle();
  }

  assert.equal(fixture.outcomes.length, 20);
  assert.deepEqual(fixture.logged, [
    "warn webhooks fail https://app.example/hook status 404 id-1 room-started",
  ]);
});

Deno.test("WebhookQueue.close delivers what waits, without the pause it was in", async () => {
  const { fixture, queue, add } = makeQueue(0);
  fixture.answers = [500, 200];
  add("one", "two");
  await fixture.settle();

  const closed = queue.close(1_000);
  await fixture.settle();
  await closed;

  assert.deepEqual(fixture.outcomes, ["delivered", "delivered"]);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("WebhookQueue.close tries nothing twice", async () => {
  const { fixture, queue, add } = makeQueue(0);
  fixture.answers = [500];
  add("one", "two");

  const closed = queue.close(1_000);
  await fixture.settle();
  await closed;

  assert.deepEqual(fixture.rooms, ["one", "two"]);
  assert.deepEqual(fixture.outcomes, ["unsent", "unsent"]);
  assert.equal(fixture.logged.at(-1), "warn webhooks unsent https://app.example/hook 2");
});

Deno.test("WebhookQueue.close waits no longer than it was given, and drops the rest", async () => {
  const { fixture, queue, add } = makeQueue();
  fixture.answers = ["silent"];
  add("one", "two", "three");
  await fixture.settle();

  const closed = queue.close(1_000);
  await fixture.pass(1_000);
  await closed;

  assert.deepEqual(fixture.rooms, ["one"]);
  assert.deepEqual(fixture.outcomes, ["unsent", "unsent", "unsent"]);
  assert.deepEqual(fixture.logged, ["warn webhooks unsent https://app.example/hook 3"]);
  assert.deepEqual([queue.size, fixture.clock.pending], [0, 0]);
});

Deno.test("WebhookQueue takes nothing after its close, which can be called twice", async () => {
  const { fixture, queue, add } = makeQueue();
  await queue.close(1_000);
  await queue.close(1_000);

  add("late");
  await fixture.pass(1_000);

  assert.deepEqual([fixture.deliveries, fixture.outcomes], [[], ["unsent"]]);
  assert.equal(fixture.clock.pending, 0);
});

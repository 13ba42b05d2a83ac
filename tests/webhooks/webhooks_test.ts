/** What happens, told to every URL. */
import assert from "node:assert/strict";
import { Webhooks } from "../../src/webhooks/mod.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";
import { occurrence, WEBHOOK_SECRET, WebhookFixture } from "../support/webhook_fixture.ts";

function makeWebhooks(...urls: string[]) {
  const fixture = new WebhookFixture();
  const webhooks = new Webhooks({
    urls,
    secret: WEBHOOK_SECRET,
    clock: fixture.clock,
    random: new ScriptedRandom(0),
    log: fixture.log,
    observer: fixture,
    fetch: fixture.fetch,
  });
  return { fixture, webhooks };
}

Deno.test("Webhooks tells every URL the same event, with an id and its time", async () => {
  const { fixture, webhooks } = makeWebhooks("http://a.example/", "http://b.example/hook");

  webhooks.happened(occurrence("one"));
  fixture.clock.stall(5_000);
  webhooks.happened(occurrence("two"));
  await fixture.settle();

  assert.deepEqual(fixture.deliveries.map(({ url, body }) => [url, body.roomId]).sort(), [
    ["http://a.example/", "one"],
    ["http://a.example/", "two"],
    ["http://b.example/hook", "one"],
    ["http://b.example/hook", "two"],
  ]);
  const [first] = fixture.deliveries;
  assert.deepEqual(first?.body, {
    id: "1".padStart(22, "0"),
    at: Date.UTC(2026, 0, 1),
    type: "room-started",
    roomId: "one",
    kind: "meeting",
    participants: 0,
  });
  const ids = new Set(fixture.deliveries.map(({ body }) => body.id));
  assert.equal(ids.size, 2, "an event has one id, whoever hears of it");
});

Deno.test("Webhooks lets no URL wait for another", async () => {
  const { fixture, webhooks } = makeWebhooks("http://a.example/", "http://b.example/");
  fixture.answers = ["silent", 200];

  webhooks.happened(occurrence("one"));
  webhooks.happened(occurrence("two"));
  await fixture.settle();

  const told = fixture.deliveries.map(({ url, body }) => `${new URL(url).host} ${body.roomId}`);
  assert.deepEqual(told, ["a.example one", "b.example one", "b.example two"]);
  const closed = webhooks.close(1_000);
  await fixture.pass(1_000);
  await closed;
});

Deno.test("Webhooks.close takes what happens no more, and can be called twice", async () => {
  const { fixture, webhooks } = makeWebhooks("http://a.example/");

  await webhooks.close(0);
  await webhooks.close(0);
  webhooks.happened(occurrence("late"));
  await fixture.settle();

  assert.deepEqual([fixture.deliveries, fixture.outcomes], [[], ["unsent"]]);
});

Deno.test("Webhooks refuses a secret that is too short", () => {
  const fixture = new WebhookFixture();
  const { clock, log } = fixture;
  const random = new ScriptedRandom();

  assert.throws(
    () => new Webhooks({ urls: [], secret: "short", clock, random, log, observer: fixture }),
    RangeError,
  );
});

/** What the server counts of our media, while somebody looks. */
import assert from "node:assert/strict";
import type { ClientMessage, ServerMessage } from "../../../src/protocol/mod.ts";
import { isOfCall } from "../../../static/call/sfu/request_ids.ts";
import { COUNTERS_PERIOD_MS, ServerCounters } from "../../../static/state/server_counters.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Counters of somebody whose media go through the server, unless the test says otherwise. */
function makeCounters() {
  const clock = new FakeClock();
  const sent: ClientMessage[] = [];
  const way = { isForwarded: true, isOpen: true };
  const counters = new ServerCounters({
    clock,
    send: (message) => {
      if (way.isOpen) sent.push(message);
      return way.isOpen;
    },
    isForwarded: () => way.isForwarded,
  });
  const answer = (more: Partial<ServerMessage> = {}) => {
    const { requestId } = sent.at(-1)!;
    const message = { type: "media-stats", published: [], received: [], requestId, ...more };
    counters.receive(message as ServerMessage); // Of a type that it reads, or is to ignore.
  };
  return { clock, sent, way, counters, answer, shown: () => counters.counters.value };
}

Deno.test("[MS1] ServerCounters asks while somebody looks, and shows what is answered", () => {
  const { clock, sent, counters, answer, shown } = makeCounters();
  clock.advance(10_000);
  assert.deepEqual(sent, []);

  const look = counters.watch();
  assert.deepEqual(sent.map(({ type }) => type), ["media-stats"]);
  answer({ estimateKbps: 900 });
  assert.deepEqual(shown(), { published: [], received: [], estimateKbps: 900 });
  clock.advance(COUNTERS_PERIOD_MS);
  answer();

  assert.deepEqual(shown(), { published: [], received: [] });
  assert.equal(sent.length, 2);
  look();
  look();
  clock.advance(10 * COUNTERS_PERIOD_MS);
  assert.equal(sent.length, 2);
  assert.equal(shown(), undefined);
});

Deno.test("ServerCounters asks once for several who look, until the last has gone", () => {
  const { clock, sent, counters } = makeCounters();

  const [one, other] = [counters.watch(), counters.watch()];
  clock.advance(COUNTERS_PERIOD_MS);
  one();
  clock.advance(COUNTERS_PERIOD_MS);
  assert.equal(sent.length, 3);
  other();
  clock.advance(COUNTERS_PERIOD_MS);

  assert.equal(sent.length, 3);
});

Deno.test("[MS2] ServerCounters asks nothing in a mesh, and what it is refused is told to nobody", () => {
  const { clock, sent, way, counters, answer, shown } = makeCounters();
  way.isForwarded = false;
  counters.watch();
  assert.equal(sent.length, 0);
  way.isForwarded = true;
  clock.advance(COUNTERS_PERIOD_MS);
  answer();
  clock.advance(COUNTERS_PERIOD_MS);

  answer({ type: "error", code: "rate-limited", message: "" });

  assert.notEqual(shown(), undefined);
  assert.ok(isOfCall(sent.at(-1)?.requestId));
  way.isForwarded = false;
  clock.advance(COUNTERS_PERIOD_MS);
  assert.equal(shown(), undefined);
});

Deno.test("ServerCounters takes no answer to somebody else's question, nor one that came too late", () => {
  const { clock, sent, counters, answer, shown } = makeCounters();
  const look = counters.watch();
  answer({ requestId: "other" });
  assert.equal(shown(), undefined);
  const { requestId } = sent[0]!;
  clock.advance(COUNTERS_PERIOD_MS);
  answer({ ...(requestId === undefined ? {} : { requestId }) });
  assert.equal(shown(), undefined);

  look();
  answer();

  assert.equal(shown(), undefined);
});

Deno.test("ServerCounters shows nothing that is old, and goes on when the socket is back", () => {
  const { clock, sent, way, counters, answer, shown } = makeCounters();
  counters.watch();
  answer();
  way.isOpen = false;
  clock.advance(2 * COUNTERS_PERIOD_MS);
  assert.notEqual(shown(), undefined);

  clock.advance(COUNTERS_PERIOD_MS);

  assert.equal(shown(), undefined);
  way.isOpen = true;
  clock.advance(COUNTERS_PERIOD_MS);
  answer();
  assert.equal(sent.length, 2);
  assert.notEqual(shown(), undefined);
});

Deno.test("ServerCounters.forget drops what is of another call", () => {
  const { counters, answer, shown } = makeCounters();
  counters.watch();
  answer();

  counters.forget();

  assert.equal(shown(), undefined);
});

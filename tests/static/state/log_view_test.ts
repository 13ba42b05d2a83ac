/** The picture of the log: drawn a few times a second, held by a pause, narrowed by a filter. */
import assert from "node:assert/strict";
import { LOG_PERIOD_MS, LogView } from "../../../static/state/log_view.ts";
import { SignalingLog } from "../../../static/state/signaling_log.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("LogView draws once a period however many messages come", () => {
  const { view, clock, say } = setUp();
  let pictures = -1;
  const stop = view.snapshot.subscribe(() => pictures++);

  for (let count = 0; count < 1_000; count++) say("chat");
  const early = pictures;
  clock.advance(LOG_PERIOD_MS);

  assert.equal(early, 0);
  assert.equal(pictures, 1);
  assert.equal(view.snapshot.value.entries.length, 1_000);
  stop();
});

Deno.test("LogView goes on collecting in a pause and shows it afterwards", () => {
  const { view, clock, say } = setUp();
  say("join");
  view.togglePause();

  say("chat");
  say("ping");
  say("chat");
  clock.advance(LOG_PERIOD_MS);
  const held = view.snapshot.value;
  view.togglePause();

  assert.deepEqual(held.entries.map(({ type }) => type), ["join"]);
  assert.equal(held.waiting, 2);
  assert.equal(view.snapshot.value.entries.length, 3);
  assert.equal(view.snapshot.value.waiting, 0);
});

Deno.test("LogView holds its picture in a pause although the log drops what is in it", () => {
  const { view, clock, say } = setUp(new SignalingLog(2));
  say("join");
  view.togglePause();

  for (let count = 0; count < 9; count++) say("chat");
  clock.advance(LOG_PERIOD_MS);

  assert.deepEqual(view.snapshot.value.entries.map(({ type }) => type), ["join"]);
  assert.equal(view.snapshot.value.dropped, 8);
});

Deno.test("LogView.setFilter narrows at once, in a pause too", () => {
  const { view, say } = setUp();
  say("join");
  say("chat");
  view.togglePause();

  view.setFilter({ type: "chat" });

  assert.deepEqual(view.snapshot.value.entries.map(({ type }) => type), ["chat"]);
  assert.equal(view.snapshot.value.total, 2);
  assert.deepEqual(view.snapshot.value.types, ["chat", "join"]);
});

Deno.test("LogView.collected is everything that passes the filter, what a pause hides included", () => {
  const { view, say } = setUp();
  view.togglePause();
  say("chat");
  say("join");
  view.setFilter({ type: "chat" });

  assert.deepEqual(view.collected().map(({ type }) => type), ["chat"]);
});

Deno.test("LogView.clear empties the log and the picture", () => {
  const { view, clock, say } = setUp();
  say("join");
  clock.advance(LOG_PERIOD_MS);

  view.clear();

  assert.equal(view.snapshot.value.total, 0);
  assert.deepEqual(view.collected(), []);
});

function setUp(log?: SignalingLog): { view: LogView; clock: FakeClock; say: (t: string) => void } {
  const clock = new FakeClock();
  const view = new LogView(clock, log);
  return {
    view,
    clock,
    say: (type) => view.add({ user: "ann", direction: "in", message: { type } }),
  };
}

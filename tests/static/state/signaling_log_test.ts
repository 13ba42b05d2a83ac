/** The log: bounded, honest about what it dropped, and filtered as asked. */
import assert from "node:assert/strict";
import {
  choicesIn,
  type Direction,
  filterEntries,
  type LogFilter,
  OPEN_FILTER,
  SignalingLog,
} from "../../../static/state/signaling_log.ts";

Deno.test("SignalingLog keeps the newest entries and counts what it dropped", () => {
  const log = new SignalingLog(10);

  for (let number = 1; number <= 37; number++) add(log, "in", { type: "chat", number });

  assert.deepEqual(log.entries.map(({ id }) => id), [28, 29, 30, 31, 32, 33, 34, 35, 36, 37]);
  assert.equal(log.dropped, 27);
});

Deno.test("SignalingLog.clear forgets everything and goes on counting", () => {
  const log = new SignalingLog(2);
  for (let number = 0; number < 5; number++) add(log, "in", { type: "chat" });

  log.clear();
  add(log, "out", { type: "leave" });

  assert.equal(log.dropped, 0);
  assert.deepEqual(log.entries.map(({ id, type }) => [id, type]), [[6, "leave"]]);
});

Deno.test("SignalingLog gives an older list that later messages do not change", () => {
  const log = new SignalingLog();
  add(log, "in", { type: "chat" });
  const before = log.entries;

  add(log, "in", { type: "chat" });

  assert.equal(before.length, 1);
});

Deno.test("SignalingLog takes what is no message as raw", () => {
  const log = new SignalingLog();
  for (const message of [{ raw: "hello" }, 5, null, [1], { type: 7 }]) add(log, "out", message);

  assert.deepEqual(log.entries.map(({ type }) => type), ["raw", "raw", "raw", "raw", "raw"]);
});

Deno.test("filterEntries narrows by text, type, user and direction together", () => {
  const log = filled();
  const found = (change: Partial<LogFilter>) =>
    filterEntries(log.entries, { ...OPEN_FILTER, ...change }).map(({ id }) => id);

  assert.deepEqual(found({}), [1, 2, 3, 4]);
  assert.deepEqual(found({ text: " HELLO " }), [2, 3]);
  assert.deepEqual(found({ type: "chat" }), [2, 3]);
  assert.deepEqual(found({ user: "bob" }), [4]);
  assert.deepEqual(found({ direction: "out" }), [1, 2]);
  assert.deepEqual(found({ type: "chat", direction: "in" }), [3]);
  assert.deepEqual(found({ text: "nowhere" }), []);
});

Deno.test("[PI1] filterEntries hides ping and pong until they are asked for", () => {
  const all = filterEntries(filled().entries, { ...OPEN_FILTER, pings: true });

  assert.deepEqual(all.map(({ type }) => type).slice(4), ["ping", "pong"]);
});

Deno.test("choicesIn lists every type and user once, sorted", () => {
  assert.deepEqual(choicesIn(filled().entries), {
    types: ["chat", "join", "joined", "ping", "pong"],
    users: ["ann", "bob"],
  });
});

function filled(): SignalingLog {
  const log = new SignalingLog();
  add(log, "out", { type: "join", roomId: "test" });
  add(log, "out", { type: "chat", text: "hello" });
  add(log, "in", { type: "chat", text: "Hello back" });
  add(log, "in", { type: "joined", roomId: "test" }, "bob");
  add(log, "out", { type: "ping", at: 1 });
  add(log, "in", { type: "pong", at: 1 });
  return log;
}

function add(log: SignalingLog, direction: Direction, message: unknown, user = "ann"): void {
  log.add({ at: 1_000, user, direction, message });
}

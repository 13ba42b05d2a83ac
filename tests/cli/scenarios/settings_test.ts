/** What a run chooses when it is not told. */
import assert from "node:assert/strict";
import {
  planCalls,
  planChat,
  roomIdOf,
  type SimulationSettings,
} from "../../../cli/scenarios/settings.ts";

const SETTINGS: SimulationSettings = {
  scenario: "verify",
  arrival: undefined,
  users: 5,
  rooms: 1,
  room: "test",
  rate: undefined,
  durationMs: undefined,
  holdMs: 0,
  churn: 0,
  dropRatio: 0.3,
  seed: 1,
  timeoutMs: 1_000,
};

for (
  const [what, changes, expected] of [
    ["a small run: two messages each in a second", {}, { messages: 10, perSecond: 10 }],
    ["a large room: one each in ten seconds", { users: 1_000 }, {
      messages: 1_000,
      perSecond: 100,
    }],
    ["many rooms: what a tester can send", { users: 5_000, rooms: 1_000 }, {
      messages: 10_000,
      perSecond: 2_500,
    }],
    ["a rate", { rate: 2 }, { messages: 10, perSecond: 2 }],
    ["a duration", { durationMs: 4_000 }, { messages: 20, perSecond: 5 }],
    ["both", { rate: 3, durationMs: 10_000 }, { messages: 30, perSecond: 3 }],
  ] as const
) {
  Deno.test(`planChat fits ${what}`, () => {
    assert.deepEqual(planChat({ ...SETTINGS, ...changes }), expected);
  });
}

Deno.test("roomIdOf numbers rooms where there are several", () => {
  assert.equal(roomIdOf(SETTINGS, 0), "test");
  assert.equal(roomIdOf({ ...SETTINGS, rooms: 3 }, 2), "test-3");
});

Deno.test("planCalls lets each pair call once a second, or as told", () => {
  assert.deepEqual(planCalls(SETTINGS, 4), { messages: 20, perSecond: 4 });
  assert.deepEqual(planCalls(SETTINGS, 4_000), { messages: 1_250, perSecond: 250 });
  assert.deepEqual(planCalls({ ...SETTINGS, rate: 2, durationMs: 3_000 }, 4), {
    messages: 6,
    perSecond: 2,
  });
});

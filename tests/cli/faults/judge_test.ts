/** Which message is hit: by chance from a seed, by count, by time, and of whom. */
import assert from "node:assert/strict";
import type { Course, FaultPlan } from "../../../cli/faults/fault_plan.ts";
import { type Decision, Judge, rollOf } from "../../../cli/faults/judge.ts";

const chance: FaultPlan = { faults: [{ kind: "drop", probability: 0.1 }] };

Deno.test("Judge does the same to the same messages, whenever they come", () => {
  const early = decisions(judge(chance), 1_000, () => 0);
  const late = decisions(judge(chance), 1_000, (index) => index * 977);

  assert.ok(early.length > 50, `${early.length} decisions`);
  assert.deepEqual(late, early);
});

const others: readonly [what: string, about: Partial<Parameters<typeof judge>[1]>][] = [
  ["seed", { seed: 2 }],
  ["user", { key: "user-2" }],
  ["connection", { connection: 2 }],
  ["direction", { direction: "to-server" }],
];

for (const [what, about] of others) {
  Deno.test(`Judge does something else with another ${what}`, () => {
    const places = (list: Decision[]) => list.map(({ index }) => index);

    assert.notDeepEqual(
      places(decisions(judge(chance, about), 1_000)),
      places(decisions(judge(chance), 1_000)),
    );
  });
}

Deno.test("Judge counts only what fits a rule: other messages between change nothing", () => {
  const plan: FaultPlan = { faults: [{ kind: "drop", type: "chat", probability: 0.3 }] };
  const alone = judge(plan);
  const among = judge(plan);
  const hit = (one: Judge, types: string[]) => types.map((type) => one.judge(type, 0).length);

  const plain = Array.from({ length: 100 }, () => hit(alone, ["chat"])[0]);
  const mixed = Array.from(
    { length: 100 },
    (_, index) => hit(among, [...Array(index % 3).fill("user-joined"), "chat"]).at(-1),
  );

  assert.deepEqual(mixed, plain);
});

for (const probability of [0, 0.01, 0.5, 0.99, 1]) {
  Deno.test(`Judge hits about one in ${1 / probability} where a rule says ${probability}`, () => {
    const plan: FaultPlan = { faults: [{ kind: "cut", probability }] };

    const { length } = decisions(judge(plan), 20_000);

    // Five standard deviations, of a choice that is the same in each run.
    const spread = 5 * Math.sqrt(20_000 * probability * (1 - probability));
    assert.ok(Math.abs(length - 20_000 * probability) <= spread, `${length} hits`);
  });
}

Deno.test("Judge hits every Nth message that fits, from the Nth on", () => {
  const plan: FaultPlan = { faults: [{ kind: "drop", every: 3 }] };

  assert.deepEqual(decisions(judge(plan), 10).map(({ index }) => index), [3, 6, 9]);
});

Deno.test("Judge hits once at a time, with the first message from then on", () => {
  const plan: FaultPlan = { faults: [{ kind: "cut", atMs: 500 }] };

  const hits = decisions(judge(plan), 10, (index) => index * 100);

  assert.deepEqual(hits.map(({ index }) => index), [5]);
});

Deno.test("Judge strikes once by the clock, and then no message", () => {
  const one = judge({ faults: [{ kind: "half-open", atMs: 500, user: "user-1" }] });

  assert.equal(one.strike(0)?.decision.type, "(time)");
  assert.equal(one.strike(0), undefined);
  assert.deepEqual(one.judge("chat", 1_000), []);
  assert.equal(one.strike(1), undefined);
});

Deno.test("Judge leaves alone whom a rule does not name, until it knows who speaks", () => {
  const plan: FaultPlan = { faults: [{ kind: "drop", user: "ann" }] };
  const name = { key: "", connection: 1, user: undefined as string | undefined };
  const one = new Judge(plan, { seed: 1, name, direction: "to-server" });

  const before = one.judge("join", 0).length;
  name.user = "ann";
  const after = one.judge("chat", 0).length;
  name.user = "bob";

  assert.deepEqual([before, after, one.judge("chat", 0).length], [0, 1, 0]);
});

Deno.test("Judge applies a rule in its direction alone", () => {
  const plan: FaultPlan = { faults: [{ kind: "drop", direction: "to-client" }] };

  assert.equal(decisions(judge(plan, { direction: "to-server" }), 3).length, 0);
  assert.equal(decisions(judge(plan, { direction: "to-client" }), 3).length, 3);
});

Deno.test("Judge says in the log whose message it was, which, and how late it gets", () => {
  const plan: FaultPlan = { faults: [{ kind: "jitter", ms: 20 }, { kind: "latency", ms: 80 }] };

  const [jitter, latency] = decisions(judge(plan), 1);

  const same = { user: "user-1", connection: 1, direction: "to-client", index: 1, type: "chat" };
  assert.deepEqual(latency, { ...same, fault: "latency", rule: 1, ms: 80 });
  assert.deepEqual({ ...jitter, ms: 0 }, { ...same, fault: "jitter", rule: 0, ms: 0 });
  const lags = decisions(judge({ faults: [{ kind: "jitter", ms: 20 }] }), 500).map(({ ms }) => ms!);
  assert.deepEqual([Math.min(...lags), Math.max(...lags)], [0, 20]);
});

Deno.test("rollOf spreads over the whole range, also for texts that differ in one letter", () => {
  const tenths = new Array(10).fill(0);
  for (let number = 0; number < 10_000; number++) {
    const roll = rollOf(`1,user-1,1,to-client,0,${number},hit`);
    assert.ok(roll >= 0 && roll < 1);
    tenths[Math.floor(roll * 10)]++;
  }

  assert.ok(tenths.every((count) => count > 850 && count < 1_150), `${tenths}`);
});

function judge(
  plan: FaultPlan,
  { seed = 1, key = "user-1", connection = 1, direction = "to-client" }: {
    seed?: number;
    key?: string;
    connection?: number;
    direction?: Course;
  } = {},
): Judge {
  return new Judge(plan, { seed, name: { key, connection, user: key }, direction });
}

function decisions(
  one: Judge,
  messages: number,
  elapsed: (index: number) => number = () => 0,
): Decision[] {
  return Array.from({ length: messages }, (_, index) => one.judge("chat", elapsed(index + 1)))
    .flat().map(({ decision }) => decision);
}

/** The file of faults: what is taken, and that what is not is named with its place. */
import assert from "node:assert/strict";
import {
  ALTERING,
  ENDING,
  FaultPlanError,
  faultSchemas,
  parseFaultPlan,
  TRANSPARENT,
} from "../../../cli/faults/fault_plan.ts";

Deno.test("parseFaultPlan reads every kind of fault as it stands", () => {
  const plan = {
    seed: 7,
    faults: [
      { kind: "latency", ms: 80, direction: "to-client", user: "user-1*", type: "chat" },
      { kind: "jitter", ms: 20 },
      { kind: "bandwidth", bytesPerSecond: 20_000, direction: "both" },
      { kind: "drop", type: "chat", probability: 0.01 },
      { kind: "duplicate", every: 50 },
      { kind: "reorder" },
      { kind: "half-open", atMs: 5_000 },
      { kind: "stop-reading", forMs: 3_000, direction: "to-client" },
      { kind: "cut", every: 3 },
      { kind: "byte-wise", bytes: 10 },
      { kind: "fragment", pieces: 4 },
      { kind: "clock-skew", ms: -5_000, user: "ann" },
    ],
  };

  assert.deepEqual(parseFaultPlan(JSON.stringify(plan)), plan);
  assert.deepEqual(plan.faults.map(({ kind }) => kind).sort(), Object.keys(faultSchemas).sort());
});

const refused: readonly [text: string, named: RegExp][] = [
  ["", /^it is not JSON: /],
  ["[]", /^the file is \[\]: expected an object$/],
  ["{}", /^faults is missing: expected a list/],
  ['{"faults":[],"sed":1}', /^sed is not known: allowed are seed, faults$/],
  ['{"faults":[],"seed":-1}', /^seed is -1: expected a whole number/],
  ['{"faults":[7]}', /^faults\[0\] is 7: expected an object$/],
  ['{"faults":[{}]}', /^faults\[0\]\.kind is missing: expected one of latency, jitter, /],
  ['{"faults":[{"kind":"lag"}]}', /^faults\[0\]\.kind is "lag": expected one of latency/],
  [
    '{"faults":[{"kind":"drop"},{"kind":"drop","tpye":"chat"}]}',
    /^faults\[1\]\.tpye is not known: allowed are kind, direction, user, type, probability, every, atMs$/,
  ],
  ['{"faults":[{"kind":"latency"}]}', /^faults\[0\]: must have required properties ms$/],
  ['{"faults":[{"kind":"latency","ms":"80"}]}', /^faults\[0\]\.ms is "80": must be integer$/],
  ['{"faults":[{"kind":"latency","ms":1,"every":2}]}', /^faults\[0\]\.every is not known/],
  ['{"faults":[{"kind":"drop","probability":2}]}', /^faults\[0\]\.probability is 2: must be <= 1/],
  ['{"faults":[{"kind":"drop","direction":"up"}]}', /^faults\[0\]\.direction is "up": /],
  ['{"faults":[{"kind":"cut","every":0}]}', /^faults\[0\]\.every is 0: must be >= 1$/],
  ['{"faults":[{"kind":"fragment","pieces":1}]}', /^faults\[0\]\.pieces is 1: must be >= 2$/],
  [
    '{"faults":[{"kind":"cut","every":2,"probability":1}]}',
    /^faults\[0\] has probability and every: expected one of them$/,
  ],
];

for (const [text, named] of refused) {
  Deno.test(`parseFaultPlan refuses ${text.slice(0, 60) || "nothing"}`, () => {
    assert.throws(() => parseFaultPlan(text), (error) => {
      assert.ok(error instanceof FaultPlanError);
      assert.match(error.message, named);
      return true;
    });
  });
}

Deno.test("every kind of fault is transparent, ends a connection, or alters what arrives", () => {
  const kinds = [...TRANSPARENT, ...ENDING, ...ALTERING];

  assert.deepEqual(kinds.toSorted(), Object.keys(faultSchemas).sort());
});

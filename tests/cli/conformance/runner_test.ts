/** The runner: the verdict of each way in which a check can end. */
import assert from "node:assert/strict";
import { check, loneCheck, slowCheck, type Stage } from "../../../cli/conformance/check.ts";
import { demand } from "../../../cli/conformance/expectation.ts";
import { EndError } from "../../../cli/conformance/raw_socket.ts";
import { runChecks } from "../../../cli/conformance/runner.ts";
import type { Transcript } from "../../../cli/conformance/transcript.ts";
import { type CheckResult, Finding, NotApplicable } from "../../../cli/conformance/verdict.ts";
import { systemClock } from "../../../src/base/mod.ts";

const words = { title: "a title", does: "does something" };

class TestStage implements Stage {
  readonly notes: string[] = [];
  unheard: string | undefined;
  cleared = 0;
  readonly transcript: Transcript;

  constructor(transcript: Transcript) {
    this.transcript = transcript;
  }

  settle(): Promise<void> {
    demand(this.unheard === undefined, "nothing more", this.unheard);
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.cleared++;
    return Promise.resolve();
  }
}

type Run = (stage: TestStage) => Promise<void>;

async function run(
  ends: readonly Run[],
  options: { signal?: AbortSignal; unless?: (id: string) => string | undefined } = {},
): Promise<{ results: CheckResult[]; stages: TestStage[]; told: string[] }> {
  const stages: TestStage[] = [];
  const told: string[] = [];
  const checks = ends.map((end, n) =>
    n % 2 === 0
      ? check<TestStage>(`XX${n}`, words, end)
      : slowCheck<TestStage>(`XX${n}`, words, end)
  );
  const { signal = new AbortController().signal, unless } = options;
  const results = await runChecks([{ name: "Section", checks }], {
    clock: systemClock,
    signal,
    unless,
    makeStage: (transcript) => {
      const stage = new TestStage(transcript);
      stages.push(stage);
      return stage;
    },
    onResult: ({ id }) => told.push(id),
  });
  return { results, stages, told };
}

Deno.test("runChecks passes a check that comes to its end, in the order of the list", async () => {
  const { results, stages, told } = await run(Array.from({ length: 20 }, () => async () => {}));

  assert.deepEqual(results.map(({ verdict }) => verdict), Array(20).fill("passed"));
  assert.deepEqual(results.map(({ id }) => id), Array.from({ length: 20 }, (_, n) => `XX${n}`));
  assert.equal(told.length, 20);
  assert.ok(stages.every(({ cleared }) => cleared === 1));
});

Deno.test("runChecks gives a lone check the server to itself, before all others", async () => {
  let running = 0;
  let beside = 0;
  const order: string[] = [];
  const run = async () => {
    running++;
    await Promise.resolve();
    beside = Math.max(beside, running);
    running--;
  };
  const alone = async () => {
    assert.equal(running, 0);
    running++;
    await Promise.resolve();
    assert.equal(running, 1);
    running--;
  };
  const checks = [
    ...["A", "B"].map((id) => check<TestStage>(id, words, run)),
    slowCheck<TestStage>("C", words, run),
    ...["D", "E"].map((id) => loneCheck<TestStage>(id, words, alone)),
  ];

  const results = await runChecks([{ name: "Section", checks }], {
    clock: systemClock,
    signal: new AbortController().signal,
    makeStage: (transcript) => new TestStage(transcript),
    onResult: ({ id }) => order.push(id),
  });

  assert.deepEqual(results.map(({ verdict }) => verdict), Array(5).fill("passed"));
  assert.deepEqual(order.slice(0, 2), ["D", "E"]);
  assert.ok(beside > 1);
});

Deno.test("runChecks fails a finding with its frames, and what nobody expected", async () => {
  const { results } = await run([
    (stage) => {
      stage.transcript.add("ann", "<", "the frame");
      throw new Finding("one", "another");
    },
    (stage) => {
      stage.unheard = "a message too many";
      return Promise.resolve();
    },
    () => Promise.reject(new EndError("the server is gone")),
    () => Promise.reject(new Deno.errors.ConnectionRefused("refused")),
  ]);

  assert.deepEqual(results.map(({ verdict }) => verdict), Array(4).fill("failed"));
  assert.deepEqual([results[0]?.expected, results[0]?.seen], ["one", "another"]);
  assert.deepEqual(results[0]?.transcript.map(({ text }) => text), ["the frame"]);
  assert.equal(results[1]?.seen, "a message too many");
  assert.equal(results[2]?.seen, "the server is gone");
});

Deno.test("runChecks tells what does not apply from a checker that broke", async () => {
  const { results, stages } = await run([
    () => Promise.reject(new NotApplicable("no such thing")),
    () => Promise.reject(new TypeError("a bug of the checker")),
    async () => {},
  ], { unless: (id) => id === "XX2" ? "not here" : undefined });

  assert.deepEqual(results.map(({ verdict }) => verdict), [
    "not applicable",
    "error",
    "not applicable",
  ]);
  assert.equal(results[0]?.reason, "no such thing");
  assert.match(results[1]?.reason ?? "", /a bug of the checker/);
  assert.equal(results[2]?.reason, "not here");
  assert.ok(stages.every(({ cleared }) => cleared === 1));
});

Deno.test("runChecks begins nothing once it is told to stop", async () => {
  const controller = new AbortController();
  controller.abort();

  const { results } = await run([async () => {}], { signal: controller.signal });

  assert.deepEqual(results, []);
});

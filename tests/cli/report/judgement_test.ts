/** What a run is held against changes the exit code, not the verdict. */
import assert from "node:assert/strict";
import { blocksToText, Latency } from "../../../cli/measure/latency.ts";
import { parseSlo } from "../../../cli/measure/slo.ts";
import {
  BaselineError,
  judgeReport,
  parseBaseline,
  readingsOf,
} from "../../../cli/report/judgement.ts";
import { junitOf } from "../../../cli/report/junit.ts";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { summarize } from "../../../cli/report/summary.ts";
import { SeededRandom } from "../../../cli/scenarios/random.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { mediaReport, verifiedReport } from "../../support/simulation_reports.ts";

const plain = makeStream(() => {}, { isTty: false, hasColour: false });

Deno.test("judgeReport fails a verified run that misses an objective, in every report", () => {
  const slos = [parseSlo("join.p95<1ms"), parseSlo("errors==0")];

  const report = judgeReport(verifiedReport, { slos, baseline: undefined });

  assert.deepEqual([report.verdict, report.exitCode], ["verified", 1]);
  assert.deepEqual(report.slos.map(({ isMet }) => isMet), [false, true]);
  const text = summarize(report, plain);
  assert.match(text, /✘ join\.p95<1ms {2}2\.00 ms\n {2}✔ errors==0 {5}0\n/);
  assert.match(text, /✔ VERIFIED .* ✘ 1 of 2 objectives missed/);
  const xml = junitOf(report);
  assert.match(xml, /tests="4" failures="1"/);
  assert.match(
    xml,
    /name="join\.p95&lt;1ms" time="0">\n +<failure type="slo" message="measured 2\.00 ms"/,
  );
});

Deno.test("judgeReport leaves other exit codes as they are", () => {
  const slos = [parseSlo("join.p95<1ms")];
  const judge = (report: SimulationReport) => judgeReport(report, { slos, baseline: undefined });

  assert.equal(judge({ ...verifiedReport, verdict: "interrupted", exitCode: 130 }).exitCode, 130);
  const unreachable = judge({ ...verifiedReport, verdict: "unreachable", exitCode: 3 });
  assert.deepEqual([unreachable.exitCode, unreachable.slos], [3, []]);
});

Deno.test("judgeReport compares with an earlier run and says what differs", () => {
  const earlier = withJoins(1, 1);
  const baseline = parseBaseline(
    "before.json",
    JSON.stringify({ ...earlier, settings: { ...earlier.settings, users: 4 } }),
  );

  const same = judgeReport(withJoins(1, 2), { slos: [], baseline });
  const worse = judgeReport(withJoins(2, 3), { slos: [], baseline });

  assert.deepEqual([same.exitCode, worse.exitCode], [0, 1]);
  const verdicts = worse.baseline!.comparisons.map(({ metric, verdict }) => [metric, verdict]);
  assert.deepEqual(verdicts, [
    ...[["join.p50", "worse"], ["join.p95", "worse"], ["join.p99", "worse"]],
    ["throughput.received", "unknown"],
  ]);
  const text = summarize(worse, plain);
  assert.match(text, /against before\.json, with 99 % confidence\n {2}! users 4, now 5\n/);
  assert.match(text, /worse {4}join\.p50 .*: \+\d+ % to \+\d+ %/);
  assert.match(text, /✘ 3 figures worse than before/);
  assert.match(
    junitOf(worse),
    /classname="simulate\.baseline" name="join\.p50" time="0">\n +<failure/,
  );
});

Deno.test("judgeReport says that one of two runs had media, or others", () => {
  const baselineOf = (report: typeof mediaReport) =>
    parseBaseline("before.json", JSON.stringify({ ...report, latency: withJoins(1, 1).latency }));
  const differences = (report: typeof mediaReport, before: typeof mediaReport) =>
    judgeReport(report, { slos: [], baseline: baselineOf(before) }).baseline!.differences;

  assert.deepEqual(differences(mediaReport, mediaReport), []);
  assert.deepEqual(differences(mediaReport, verifiedReport), ["no media, now --media synthetic"]);
});

for (
  const [text, words] of [
    ["{", /no JSON/],
    ["null", /no report/],
    ['{"format":"other"}', /no report/],
    ['{"format":"signalbox-simulate/1","latency":{}}', /stored no samples/],
  ] as const
) {
  Deno.test(`parseBaseline refuses ${text}`, () => {
    assert.throws(() => parseBaseline("b.json", text), (error) => {
      assert.ok(error instanceof BaselineError);
      assert.match(error.message, words);
      return true;
    });
  });
}

Deno.test("readingsOf knows every kind of metric", () => {
  const server = { cpuShare: 0.5, maxRssBytes: 9 };
  const readings = readingsOf({ ...verifiedReport, server });

  const metrics =
    "join.p90 errors findings throughput.received tester.lateP99 server.cpu server.rss";
  assert.deepEqual(metrics.split(" ").map(readings), [1.5, 0, 0, 84, 2, 0.5, 9]);
  assert.equal(readings("relay.p50"), undefined);
  assert.equal(readingsOf(verifiedReport)("server.rss"), undefined);
});

/** A report of 2,000 joins that take about `scale` times 5 ms. */
function withJoins(scale: number, seed: number): SimulationReport {
  const random = new SeededRandom(seed);
  const latency = new Latency();
  for (let index = 0; index < 2_000; index++) latency.record(scale * (4 + 2 * random.next()));
  const { join } = verifiedReport.latency;
  const blocks = blocksToText(latency.blocks);
  return { ...verifiedReport, latency: { ...verifiedReport.latency, join: { ...join, blocks } } };
}

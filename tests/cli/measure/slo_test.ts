/** Objectives: what is read, what is refused with which words, what holds. */
import assert from "node:assert/strict";
import { describeMeasured, judgeSlos, parseSlo, SloError } from "../../../cli/measure/slo.ts";

for (
  const [text, metric, operator, bound] of [
    ["join.p95<300ms", "join.p95", "<", 300],
    ["broadcast.max <= 1.5s", "broadcast.max", "<=", 1_500],
    ["relay.mean<800us", "relay.mean", "<", 0.8],
    ["connect.p50>1ms", "connect.p50", ">", 1],
    ["resume.p99<2s", "resume.p99", "<", 2_000],
    ["errors==0", "errors", "==", 0],
    ["findings<=3", "findings", "<=", 3],
    ["throughput.received>=50000/s", "throughput.received", ">=", 50_000],
    ["tester.lateP99<50ms", "tester.lateP99", "<", 50],
    ["server.cpu<80%", "server.cpu", "<", 0.8],
    ["server.cpu<0.8", "server.cpu", "<", 0.8],
    ["server.rss<200MB", "server.rss", "<", 200_000_000],
  ] as const
) {
  Deno.test(`parseSlo reads ${text}`, () => {
    const slo = parseSlo(text);

    assert.deepEqual({ ...slo, bound: +slo.bound.toFixed(6) }, { text, metric, operator, bound });
  });
}

for (
  const [text, words] of [
    ["", /something like join\.p95<300ms/],
    ["join.p95", /something like/],
    ["joins.p95<300ms", /no metric is called "joins\.p95"; known are connect\|join\|.*server\.rss/],
    ["join.p97<300ms", /no metric is called/],
    ["constructor<1", /no metric is called/],
    ["join.p95=300ms", /"=" is no operator; known are <= >= == < >/],
    ["join.p95!=300ms", /"!=" is no operator/],
    ["join.p95<1.2.3ms", /"1\.2\.3" is no number/],
    ["join.p95<300", /join\.p95 takes ms, s, us, not no unit/],
    ["join.p95<300MB", /join\.p95 takes ms, s, us, not "MB"/],
    ["errors==0ms", /errors takes no unit, not "ms"/],
    ["server.rss<200toString", /takes MB, kB, GB/],
  ] as const
) {
  Deno.test(`parseSlo refuses "${text}" and names what is known`, () => {
    assert.throws(() => parseSlo(text), (error) => {
      assert.ok(error instanceof SloError);
      assert.match(error.message, words);
      return true;
    });
  });
}

for (
  const [operator, below, equal, above] of [
    ["<", true, false, false],
    ["<=", true, true, false],
    [">", false, false, true],
    [">=", false, true, true],
    ["==", false, true, false],
  ] as const
) {
  Deno.test(`judgeSlos knows ${operator}`, () => {
    const slo = parseSlo(`join.p95${operator}10ms`);

    const met = [9, 10, 11].map((ms) => judgeSlos([slo], () => ms)[0]!.isMet);

    assert.deepEqual(met, [below, equal, above]);
  });
}

Deno.test("judgeSlos does not meet what was not measured", () => {
  assert.deepEqual(judgeSlos([parseSlo("server.rss<1GB")], () => undefined), [
    { slo: "server.rss<1GB", isMet: false, measured: null },
  ]);
});

Deno.test("describeMeasured says a figure in its unit", () => {
  const said = [
    describeMeasured("join.p95<300ms", 41.4),
    describeMeasured("server.rss < 1GB", 123_456_789),
    describeMeasured("server.cpu<80%", 0.5),
    describeMeasured("throughput.received>1", 1_000.4),
    describeMeasured("errors==0", 3),
    describeMeasured("errors==0", null),
  ];

  assert.deepEqual(said, ["41 ms", "123.5 MB", "50 %", "1000/s", "3", "not measured"]);
});

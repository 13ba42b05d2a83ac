/** What the soak prints, and the exit codes. */
import assert from "node:assert/strict";
import { makeStream } from "../../cli/terminal.ts";
import { Ledger } from "./ledger.ts";
import { exitCodeOf, heading, lineOf, summarize } from "./report.ts";
import { cyclesOf, sampleOf } from "./sample_fixture.ts";
import { readSettings, type SoakSettings } from "./settings.ts";
import type { SoakReport } from "./soak.ts";
import { judgeCycles } from "./verdict.ts";

const plain = makeStream(() => {}, { isTty: false, hasColour: false });

// Nobody asks for help here.
const settings = readSettings(["--seed", "7"]) as SoakSettings;

function reportOf(more: Partial<SoakReport> = {}): SoakReport {
  const cycles = more.cycles ?? cyclesOf(20, {});
  return {
    settings,
    elapsedMs: 1_201_000,
    isInterrupted: false,
    counts: new Ledger().counts,
    errors: { "bad-message": 1_234 },
    messages: 2_000_000,
    series: judgeCycles(cycles, settings.tolerances),
    surprises: [],
    surpriseCount: 0,
    cycles,
    ...more,
  };
}

const leaking = cyclesOf(20, { restAt: (n) => ({ residentMb: 150 + 5 * n }) });

Deno.test("lineOf stands under its heading, with rates and errors since the line before", () => {
  const before = sampleOf({ atMs: 10_000, messages: 1_000, errors: { "bad-message": 5 } });
  const sample = sampleOf({
    atMs: 3_670_000,
    messages: 1_000 + 3_660 * 12,
    errors: { "bad-message": 5, "resume-expired": 2 },
  });

  const line = lineOf(sample, before, { ...new Ledger().counts, joins: 1_500 });

  assert.match(line, /^1:01:10 +0 +0 +150\.0 +20\.0 +30 +0 +3 +2\.0 +12 +1,500 +0 +0 +0 {2}/);
  assert.ok(line.endsWith("  resume-expired 2"));
  assert.equal(line.indexOf("  resume-expired"), heading().length);
});

Deno.test("lineOf counts from the start on the first line, and shows what is unknown", () => {
  const line = lineOf(
    sampleOf({ atMs: 2_000, messages: 100, descriptors: undefined }),
    undefined,
    new Ledger().counts,
  );

  assert.match(line, /^ +0:02 .* - .* 50 +0 +0 +0 +0$/);
});

Deno.test("summarize tells each series and that nothing grows", () => {
  const text = summarize(reportOf(), plain);

  assert.match(text, /resident memory at rest +150\.0 MB +150\.0 MB +0\.0 MB +8\.0 MB {2}holds/);
  assert.match(text, /✔ HOLDS {2}nothing grows after 20:01, 20 cycles/);
  assert.match(text, /errors: bad-message 1,234/);
  assert.match(text, /deno task soak --minutes 20 --users 60 --rooms 12 --seed 7/);
  assert.equal(exitCodeOf(reportOf()), 0);
});

Deno.test("summarize names what grows", () => {
  const report = reportOf({ cycles: leaking });

  assert.match(summarize(report, plain), /✘ FAILED {2}resident memory at rest grew after 20:01/);
  assert.match(summarize(report, plain), /resident memory at rest .* 300\.0 MB +8\.0 MB {2}grows/);
  assert.equal(exitCodeOf(report), 1);
});

Deno.test("summarize tells surprises, without what would move the cursor", () => {
  const report = reportOf({ surprises: ["ann: a second answer\u001b[2J"], surpriseCount: 3 });
  const text = summarize(report, plain);

  assert.match(text, /✘ ann: a second answer␛\[2J\n✘ FAILED {2}3 surprises after/);
  assert.equal(exitCodeOf(report), 1);
});

Deno.test("summarize says that an interrupted run is undecided, or what it found so far", () => {
  const early = reportOf({ isInterrupted: true, cycles: [] });
  const late = reportOf({ isInterrupted: true, cycles: leaking });

  assert.match(summarize(early, plain), /\? UNDECIDED \(interrupted\) {2}too few samples/);
  assert.match(summarize(late, plain), /✘ FAILED \(interrupted\) {2}resident memory/);
  assert.deepEqual([exitCodeOf(early), exitCodeOf(late)], [130, 130]);
});

Deno.test("Ledger keeps the first surprises, counts all, and none after it was closed", () => {
  const ledger = new Ledger();
  for (let n = 0; n < 50; n++) ledger.surprise(`${n}`);
  ledger.close();
  ledger.surprise("late");

  assert.equal(ledger.surpriseCount, 50);
  assert.deepEqual([ledger.surprises.length, ledger.surprises[0]], [20, "0"]);
});

/** The reports of a conformance run: what each says of each verdict, and what it does not let through. */
import assert from "node:assert/strict";
import { htmlOf } from "../../../../cli/conformance/report/html.ts";
import { reportOf } from "../../../../cli/conformance/report/conformance_report.ts";
import { junitOf } from "../../../../cli/conformance/report/junit.ts";
import { summarize, verdictLine } from "../../../../cli/conformance/report/matrix.ts";
import { Progress } from "../../../../cli/conformance/report/progress.ts";
import type { CheckResult } from "../../../../cli/conformance/verdict.ts";
import { makeStream } from "../../../../cli/terminal.ts";

const base = {
  title: "a title",
  does: "does <b>it</b>",
  notes: [],
  durationMs: 12,
  transcript: [],
};
const passed: CheckResult = { ...base, id: "JO1", section: "Join", verdict: "passed" };
const failed: CheckResult = {
  ...base,
  id: "JO2",
  section: "Join",
  verdict: "failed",
  expected: 'users ["ann"]',
  seen: "<script>&\u0007</script>",
  transcript: [{ atMs: 1.5, who: "ann", way: "<", text: "the frame" }],
};
const left: CheckResult = {
  ...base,
  id: "LE1",
  section: "Leave",
  verdict: "not applicable",
  reason: "no leave",
};
const broken: CheckResult = {
  ...base,
  id: "LE2",
  section: "Leave",
  verdict: "error",
  reason: "a bug",
};
const facts = {
  dialect: "signalbox",
  url: "ws://127.0.0.1:1/ws",
  isOwn: false,
  startedAt: new Date(0),
  durationMs: 1_500,
  isInterrupted: false,
};
const bad = reportOf([passed, failed, left, broken], facts);
const good = reportOf([passed, left], facts);

function plain(): { text: () => string; stream: ReturnType<typeof makeStream> } {
  let text = "";
  const stream = makeStream((more) => text += more, { isTty: false, hasColour: false });
  return { text: () => text, stream };
}

Deno.test("reportOf counts the verdicts and knows the exit code", () => {
  assert.deepEqual(bad.totals, { passed: 1, failed: 1, "not applicable": 1, error: 1 });
  assert.deepEqual([bad.verdict, bad.exitCode], ["fails", 1]);
  assert.deepEqual([good.verdict, good.exitCode], ["conforms", 0]);
  assert.equal(reportOf([passed, broken], facts).exitCode, 1);
  assert.equal(reportOf([passed], { ...facts, isInterrupted: true }).exitCode, 130);
});

Deno.test("summarize shows failures with their frames, the matrix by section, and reasons", () => {
  const text = summarize(bad, plain().stream);

  assert.match(text, /✘ JO2 a title\n {4}expected users \["ann"\]\n {4}seen {5}<script>&␇/);
  assert.match(text, / 2 ms {2}ann < the frame/);
  assert.match(text, /Join +✔ JO1 {2}✘ JO2\n/);
  assert.match(text, /Leave +– LE1 {2}! LE2\n/);
  assert.match(text, /– LE1 {3}no leave/);
  assert.match(text, /✘ FAILS {2}1 passed, 1 failed, 1 not applicable, 1 error of the checker in/);
  assert.match(verdictLine(good, plain().stream), /^✔ CONFORMS {2}1 passed, 0 failed, 1 not/);
});

Deno.test("junitOf has a testcase for each rule, and escapes what it is given", () => {
  const xml = junitOf(bad);

  assert.match(xml, /tests="4" failures="1" errors="1" skipped="1" time="1.500"/);
  assert.match(xml, /name="\[JO2\] a title"[^>]*>\n\s+<failure message="[^"<]*&lt;script&gt;&amp;/);
  assert.match(xml, /<skipped message="no leave"\/>/);
  assert.match(xml, /<error message="the checker broke">a bug/);
  assert.ok(!xml.includes("\u0007"));
});

Deno.test("htmlOf stands by itself, and shows nothing of a server as markup", () => {
  const html = htmlOf(bad);

  assert.match(html, /<h1>Fails<\/h1>/);
  assert.match(html, /&lt;script&gt;/);
  assert.ok(!/<script|<link|https?:\/\/(?!127)/.test(html));
  assert.match(html, /does &lt;b&gt;it/);
});

Deno.test("Progress tells a pipe of failures alone", () => {
  const { text, stream } = plain();
  const progress = new Progress(stream, 4);

  for (const result of bad.checks) progress.add(result);
  progress.end();

  assert.equal(text().split("\n").length, 3);
  assert.match(text(), /^JO2 failed: expected users .*\nLE2 error: a bug\n$/);
});

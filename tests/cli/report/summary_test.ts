/** The end of a run on the terminal. */
import assert from "node:assert/strict";
import { summarize, verdictLine } from "../../../cli/report/summary.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { verifiedReport, wrongReport } from "../../support/simulation_reports.ts";

const plain = makeStream(() => {}, { isTty: false, hasColour: false });
const colourful = makeStream(() => {}, { isTty: true, hasColour: true });

Deno.test("verdictLine says each verdict in one line", () => {
  assert.equal(
    verdictLine(verifiedReport, plain),
    "✔ VERIFIED  5 users in 1 room, 83 messages in 968 ms",
  );
  assert.match(verdictLine(wrongReport, plain), /^✘ WRONG {2}1 finding; 5 users in 1 room/);
  assert.match(
    verdictLine({ ...verifiedReport, verdict: "interrupted" }, plain),
    /^■ INTERRUPTED {2}83 messages until then, nothing wrong in them/,
  );
  assert.equal(
    verdictLine({ ...verifiedReport, verdict: "unreachable", notes: ["refused"] }, plain),
    "✘ UNREACHABLE  Cannot connect to ws://127.0.0.1:40000/ws: refused. " +
      "Start a server with: deno task start",
  );
});

Deno.test("summarize shows checks, times, counts and how to repeat the run", () => {
  const text = summarize(verifiedReport, plain);

  assert.match(text, /✔ JO3 {2}each user-joined once {2}10\n/);
  assert.match(text, /– LE5 .*not checked/);
  assert.match(text, /join +1\.00 ms +2\.00 ms +3\.00 ms +3\.50 ms {2}█▃?/);
  assert.match(text, /5 joins, 10 chats, 3 leaves, 2 drops/);
  assert.match(text, /Again: deno task simulate --users 5 --room test --seed 7/);
});

Deno.test("summarize shows findings, and how many more there are", () => {
  const [finding] = wrongReport.findings;

  const text = summarize({ ...wrongReport, findings: [finding!], findingsTotal: 30 }, plain);

  assert.match(text, /✘ CH2 /);
  assert.match(text, /and 18 more/);
});

Deno.test("summarize lets no control character of a finding through", () => {
  const text = summarize({ ...wrongReport, checks: verifiedReport.checks }, plain);

  // deno-lint-ignore no-control-regex -- They are what must not be there.
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
});

Deno.test("summarize says when the tester was too late to be believed", () => {
  const tester = { ...verifiedReport.tester, isSaturated: true, lateP99Ms: 88 };

  assert.match(
    summarize({ ...verifiedReport, tester }, plain),
    /The tester, not the server, was the limit \(late by 88 ms/,
  );
});

Deno.test("summarize colours only where colour is welcome", () => {
  assert.ok(!summarize(verifiedReport, plain).includes("\u001b"));
  assert.ok(summarize(verifiedReport, colourful).includes("\u001b[32m"));
});

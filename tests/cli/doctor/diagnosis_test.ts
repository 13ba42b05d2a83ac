/** The doctor's verdict, its lines and its document. */
import assert from "node:assert/strict";
import { diagnose, lineOf, verdictOf } from "../../../cli/doctor/diagnosis.ts";
import type { Result } from "../../../cli/doctor/run_checks.ts";
import { makeStream } from "../../../cli/terminal.ts";

const PLAIN = makeStream(() => {}, { isTty: false, hasColour: false });
const result = (id: string, state: Result["state"]): Result => ({
  id,
  title: id,
  state,
  found: "x",
});

for (
  const [results, verdict, exitCode] of [
    [[result("deno", "ok"), result("hsts", "warn"), result("port", "skipped")], "ok", 0],
    [[result("deno", "ok"), result("upgrade", "fail")], "fail", 1],
    [[result("deno", "fail"), result("tcp", "fail")], "unreachable", 3],
    [[result("dns", "fail")], "unreachable", 3],
  ] as const
) {
  Deno.test(`diagnose finds ${JSON.stringify(results.map(({ state }) => state))} ${verdict}`, () => {
    const diagnosis = diagnose(results, undefined);

    assert.deepEqual([diagnosis.verdict, diagnosis.exitCode, diagnosis.url], [
      verdict,
      exitCode,
      null,
    ]);
    assert.deepEqual(JSON.parse(JSON.stringify(diagnosis)), diagnosis);
  });
}

Deno.test("lineOf shows what was found and what to change, and no control characters", () => {
  const line = lineOf(
    { ...result("tls", "fail"), found: "bad\u001b[31m\n", advice: "renew" },
    PLAIN,
  );

  assert.match(line, /^✘ tls {24}bad␛\[31m␊\n {2}→ renew\n$/);
});

Deno.test("verdictOf counts", () => {
  const diagnosis = diagnose(
    [result("a", "ok"), result("b", "warn"), result("c", "fail")],
    "ws://x",
  );

  assert.equal(verdictOf(diagnosis, PLAIN), "✘ UNWELL  1 ok, 1 warning, 1 failed, 0 skipped\n");
});

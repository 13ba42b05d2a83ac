/**
 * The proof that the checks find what is wrong: the command against a server with one fault. Each must
 * end with exit code 1 and name the rule, and with 0 on the same server without the fault.
 */
import assert from "node:assert/strict";
import { conformance } from "../../../cli/commands/conformance.ts";
import type { ConformanceReport } from "../../../cli/conformance/report/conformance_report.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { faults } from "../../support/faults.ts";
import { startFaultyServer } from "../../support/faulty_server.ts";
import { TestServer } from "../../support/test_server.ts";

/** The rule that the fault breaks, and what is seen of it. */
const expectations: Record<keyof typeof faults, { rule: string; seen: RegExp }> = {
  "drop-user-left": { rule: "LE3", seen: /"pong"|nothing within/ },
  "drop-user-joined": { rule: "JO3", seen: /"pong"|nothing within/ },
  "leak-user-joined": { rule: "OR2", seen: /"user-joined"/ },
  "leak-chat": { rule: "OR2", seen: /"chat"/ },
  "duplicate-user-joined": { rule: "JO3", seen: /"user-joined"/ },
  "duplicate-user-left": { rule: "LE3", seen: /"user-left"/ },
  "duplicate-chat": { rule: "CH1", seen: /"chat"/ },
  "reorder": { rule: "OR3", seen: /^\["data","3"\]$/ },
  "lose-chat": { rule: "CH1", seen: /"pong"|nothing within/ },
  "alter-chat": { rule: "CH2", seen: /"Altered"/ },
  "wrong-sender": { rule: "CH1", seen: /"from":"bob"/ },
  "wrong-message-id": { rule: "CH3", seen: /"messageId":"x"/ },
  "wrong-reason": { rule: "LE4", seen: /"slow-consumer"/ },
  "wrong-room-id": { rule: "JO3", seen: /"elsewhere"/ },
  "tell-oneself": { rule: "JO3", seen: /"user-joined"/ },
  "short-roster": { rule: "JO2", seen: /^\["ann"\]$/ },
  "shuffled-roster": { rule: "JO2", seen: /^\["ann","eve"\]$/ },
  "ignore-leave": { rule: "LE2", seen: /nothing within/ },
  "answer-twice": { rule: "LE2", seen: /"leaved"/ },
  "no-welcome": { rule: "CO2", seen: /"hello"/ },
  "nonsense": { rule: "JO3", seen: /"type":7/ },
};

Deno.test("every fault of the fixture has a rule that it breaks", () => {
  assert.deepEqual(Object.keys(expectations).sort(), Object.keys(faults).sort());
});

for (const [fault, { rule, seen }] of Object.entries(expectations)) {
  Deno.test(`[${rule}] conformance finds the fault ${fault}`, async () => {
    const server = TestServer.start();
    const good = `ws://127.0.0.1:${server.port}/ws`;
    const faulty = startFaultyServer(good, fault);

    const wrong = await check(`ws://127.0.0.1:${faulty.addr.port}/ws`, rule, "1s");
    const right = await check(good, rule, "10s");

    assert.equal(wrong.code, 1);
    const [result] = wrong.report.checks;
    assert.deepEqual([result?.id, result?.verdict], [rule, "failed"]);
    assert.match(result?.seen ?? "", seen);
    assert.ok((result?.expected ?? "") !== "" && (result?.transcript.length ?? 0) > 0);
    assert.deepEqual([right.code, right.report.totals.passed], [0, 1]);
    await faulty.shutdown();
    await server.close();
  });
}

async function check(
  url: string,
  rule: string,
  timeout: string,
): Promise<{ code: number; report: ConformanceReport }> {
  let text = "";
  const quiet = { isTty: false, hasColour: false };
  const terminal = {
    out: makeStream((more) => text += more, quiet),
    err: makeStream(() => {}, quiet),
  };
  const args = ["--url", url, "--only", rule, "--json", "-", "--timeout", timeout];
  return { code: await conformance(args, { terminal }), report: JSON.parse(text) };
}

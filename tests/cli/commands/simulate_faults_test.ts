/**
 * The proof that the harness finds what is wrong: `simulate` against a server with one fault, as its
 * users run it. Each fault must end with exit code 1 and name the rule, the user and the message.
 */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { faults, GHOST_ROOM } from "../../support/faults.ts";
import { runCli } from "../../support/run_cli.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";

/** A finding that the fault must lead to, and how many there are. */
type Expected = { rule: string; message: RegExp; seen: RegExp; count?: number };

const expectations: Record<string, Expected> = {
  "drop-user-left": { rule: "LE3", message: /^user-left of user-\d$/, seen: /^none$/ },
  "drop-user-joined": { rule: "JO3", message: /^user-joined of user-\d$/, seen: /^none$/ },
  "leak-user-joined": { rule: "OR2", message: /^user-joined of "user-\d"$/, seen: /roomId "test-/ },
  "leak-chat": { rule: "OR2", message: /^chat /, seen: /who is in room "test-/ },
  "duplicate-user-joined": {
    rule: "JO3",
    message: /^user-joined of user-\d$/,
    seen: /another one/,
  },
  "duplicate-user-left": { rule: "LE3", message: /^user-left of user-\d$/, seen: /another one/ },
  "duplicate-chat": { rule: "CH1", message: /^chat /, seen: /another one/ },
  "reorder": { rule: "OR1", message: /^chat /, seen: /first$/ },
  "lose-chat": { rule: "CH1", message: /^chat /, seen: /^none$/ },
  "alter-chat": { rule: "CH2", message: /^chat "Altered"$/, seen: /another/, count: 2 },
  "wrong-sender": { rule: "CH1", message: /^chat /, seen: /^from "user-\d"$/, count: 2 },
  "wrong-message-id": { rule: "CH3", message: /^chat /, seen: /^x$/ },
  "wrong-reason": { rule: "LE4", message: /^user-left of user-\d$/, seen: /"slow-consumer"/ },
  "wrong-room-id": {
    rule: "JO3",
    message: /^user-joined of "user-\d"$/,
    seen: /"elsewhere"/,
    count: 2,
  },
  "tell-oneself": { rule: "JO3", message: /^user-joined of "user-\d"$/, seen: /^one$/ },
  "short-roster": { rule: "JO2", message: /^joined of user-\d$/, seen: /^users \[user-\d/ },
  "shuffled-roster": { rule: "JO2", message: /^joined of user-\d$/, seen: /^users \[user-\d/ },
  "ignore-leave": { rule: "ME4", message: /^leave$/, seen: /^none$/ },
  "answer-twice": { rule: "ME4", message: /^leaved$/, seen: /another answer/ },
  "no-welcome": { rule: "CO2", message: /^first message$/, seen: /hello/ },
  "nonsense": { rule: "ME1", message: /^a message$/, seen: /7/, count: 2 },
  [GHOST_ROOM]: { rule: "LE5", message: /^GET .api.rooms.test-1$/, seen: /^the room$/, count: 2 },
};

Deno.test("every fault of the fixture has an expectation", () => {
  assert.deepEqual(Object.keys(expectations).sort(), [...Object.keys(faults), GHOST_ROOM].sort());
});

for (const [fault, { rule, message, seen, count = 1 }] of Object.entries(expectations)) {
  Deno.test(`[${rule}] simulate finds the fault ${fault}`, async () => {
    await using server = await SpawnedServer.start("./faulty_server.ts", fault);

    const { code, out } = await runCli("simulate", [
      ...["--url", server.url, "--users", "6", "--rooms", "2", "--room", "test"],
      ...["--seed", "1", "--rate", "200", "--timeout", "700ms", "--json"],
    ]);

    assert.equal(code, 1);
    const report: SimulationReport = JSON.parse(out);
    assert.equal(report.verdict, "wrong");
    const found = report.findings.find((finding) =>
      finding.rule === rule && message.test(finding.message) && seen.test(finding.seen)
    );
    assert.ok(found !== undefined, `not found among ${JSON.stringify(report.findings, null, 1)}`);
    if (fault !== GHOST_ROOM) assert.match(found.userId, /^user-[1-6]$/);
    assert.match(found.roomId, /^test-[12]$/);
    assert.ok(report.findingsTotal <= count, JSON.stringify(report.findings, null, 1));
  });
}

for (
  const [fault, context] of [
    ["alter-chat", /"type":"chat"[^<]*"text":"Altered"/],
    ["lose-chat", /"type":"(chat|user-joined|joined)"/],
    ["nonsense", /<code>\{"type":7\}<\/code>/],
  ] as const
) {
  Deno.test(`simulate --html shows the fault ${fault} among the messages around it`, async () => {
    await using server = await SpawnedServer.start("./faulty_server.ts", fault);
    const file = await Deno.makeTempFile({ suffix: ".html" });

    const { code } = await runCli("simulate", [
      ...["--url", server.url, "--users", "6", "--rooms", "2", "--room", "test"],
      ...["--seed", "1", "--rate", "200", "--timeout", "700ms", "--quiet", "--html", file],
    ]);
    const html = await Deno.readTextFile(file);
    await Deno.remove(file);

    assert.equal(code, 1);
    assert.match(html, /<h1>Wrong<\/h1>/);
    const [around = ""] = /<ol class="context">.*?<\/ol>/s.exec(html) ?? [];
    assert.match(around.replaceAll("&quot;", '"'), context);
    assert.match(around, /class="received"/);
  });
}

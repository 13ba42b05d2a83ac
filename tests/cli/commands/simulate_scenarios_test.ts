/** Each scenario of the table, as its users run it, with few users and in little time. */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { SCENARIOS } from "../../../cli/scenarios/table.ts";
import { runCli } from "../../support/run_cli.ts";

/** What a scenario must have done, beside having verified all of its rules. */
const DONE: Record<string, (report: SimulationReport) => boolean> = {
  verify: ({ counts }) => counts.chats > 0 && counts.leaves > 0,
  "join-storm": ({ counts, latency }) => counts.joins === 8 && latency.connect.count >= 8,
  churn: ({ counts }) => counts.returns > 0,
  relay: ({ counts, latency }) => counts.calls > 0 && latency.relay.count === counts.calls * 16,
  chat: ({ counts, latency }) => counts.chats > 0 && latency.broadcast.count > counts.chats,
  reconnect: ({ counts, latency }) =>
    counts.resumes > 0 && counts.resumes === counts.losses &&
    latency.resume.count === counts.resumes,
  idle: ({ counts, latency }) => counts.joins === 0 && latency.connect.count === 8,
  mixed: ({ counts }) => counts.calls > 0 && counts.chats > 0 && counts.losses === counts.resumes,
};

Deno.test("every scenario has a test and a summary that fits a line", () => {
  assert.deepEqual(Object.keys(DONE), Object.keys(SCENARIOS));
  for (const [name, { summary }] of Object.entries(SCENARIOS)) {
    assert.ok(summary.length <= 64, `${name}: ${summary.length}`);
  }
});

for (const [name, isDone] of Object.entries(DONE)) {
  Deno.test(`simulate --scenario ${name} verifies what it puts to the test`, async () => {
    const report = await simulateJson(
      ...["--scenario", name, "--users", "8", "--rooms", "2", "--seed", "3", "--duration", "1s"],
      ...["--churn", "1", "--hold", "400ms"],
    );

    assert.equal(report.verdict, "verified", JSON.stringify(report.findings, null, 1));
    const missing = report.checks.filter(({ state }) => state !== "passed");
    // Who takes a break in a second is chance; the rules of all of a mix need more than one.
    const rare = name === "mixed" ? ["RE3", "RE4"] : [];
    assert.deepEqual(missing.map(({ rule }) => rule).filter((rule) => !rare.includes(rule)), []);
    assert.ok(isDone(report), JSON.stringify([report.counts, report.latency], null, 1));
  });
}

for (
  const [kind, flags] of [
    ["poisson", ["--rate", "40"]],
    ["ramp", ["--ramp", "300ms"]],
    ["burst", []],
  ] as const
) {
  Deno.test(`simulate verifies users who arrive by ${kind}`, async () => {
    const report = await simulateJson("--users", "8", "--arrival", kind, ...flags);

    assert.equal(report.verdict, "verified", JSON.stringify(report.findings, null, 1));
    assert.equal(report.settings.arrival?.kind, kind);
    const connect = report.phases.find(({ name }) => name === "connect")!;
    if (kind === "ramp") assert.ok(connect.ms >= 250, `${connect.ms} ms`);
  });
}

Deno.test("[RL1] simulate finds that a server does not pass on what it is sent", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    roomWithoutRelay(),
  );

  const { code, out } = await runCli("simulate", [
    ...["--url", `ws://127.0.0.1:${server.addr.port}`, "--scenario", "relay", "--users", "2"],
    ...["--duration", "500ms", "--timeout", "500ms", "--json"],
  ]);
  await server.shutdown();

  assert.equal(code, 1);
  const report: SimulationReport = JSON.parse(out);
  const lost = report.findings.filter(({ rule, seen }) => rule === "RL1" && seen === "none");
  assert.ok(lost.length > 0, JSON.stringify(report.findings, null, 1));
  assert.match(lost[0]!.message, /^(offer|ice-candidate) of "user-[12]"$/);
});

/** A server of one room that lets people join, takes what they send each other, and loses it. */
function roomWithoutRelay(): (request: Request) => Response {
  const members = new Map<string, WebSocket>();
  const participants: object[] = [];
  return (request) => {
    if (request.headers.get("upgrade") === null) return new Response("no API", { status: 404 });
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
    socket.onopen = () => socket.send('{"type":"welcome","protocol":"signalbox.v1"}');
    socket.onmessage = ({ data }) => {
      const { type, userId, name, roomId, requestId } = JSON.parse(data);
      if (requestId === undefined) return;
      if (type !== "join") return socket.send(JSON.stringify({ type: "ok", requestId }));
      const participant = { userId, name };
      for (const member of members.values()) {
        member.send(JSON.stringify({ type: "user-joined", roomId, userId, participant }));
      }
      members.set(userId, socket);
      participants.push(participant);
      const users = [...members.keys()];
      const joined = { type: "joined", roomId, userId, users, participants, requestId };
      socket.send(JSON.stringify(joined));
    };
    return response;
  };
}

async function simulateJson(...args: string[]): Promise<SimulationReport> {
  const { out, err } = await runCli("simulate", [...args, "--json"]);
  assert.notEqual(out, "", err);
  return JSON.parse(out);
}

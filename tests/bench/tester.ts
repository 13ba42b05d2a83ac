/**
 * `deno task bench:tester`: what the load tester itself costs, beside a bare client of `ws` that
 * only counts: memory of a user, CPU time of a received message, and whether one process keeps up
 * with 10,000 users and 100,000 received messages a second. Rounds take turns, each against a fresh
 * server process.
 */
import { parseArgs } from "node:util";
import { ServerProcess } from "../support/server_process.ts";
import { print, say } from "./output.ts";
import { median } from "./statistics.ts";
import type { SideOrder, SideReport } from "./tester_side.ts";

const SIDES = ["verifying", "bare"] as const;

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "3" },
      users: { type: "string", default: "10000" },
      members: { type: "string", default: "1000" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string", default: "10" },
    },
  });
  const reports: Record<string, SideReport[]> = { verifying: [], bare: [] };
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const side of SIDES) {
      const report = await measure({
        side,
        users: Number(values.users),
        members: Number(values.members),
        perSecond: Number(values.rate),
        seconds: Number(values.seconds),
      });
      reports[side]!.push(report);
      say(`round ${round}, ${side}: ${JSON.stringify(report)}`);
      if (report.findings > 0) Deno.exitCode = 1;
    }
  }
  print(
    "| tester | kB a user | of it live | received a second | CPU us a message | of a core | late p99, ms |",
  );
  print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const side of SIDES) print(lineOf(side, reports[side]!));
}

function lineOf(side: string, reports: readonly SideReport[]): string {
  const of = (figure: (report: SideReport) => number) => median(reports.map(figure));
  const cells = [
    of(({ kbPerUser }) => kbPerUser).toFixed(1),
    of(({ liveKbPerUser }) => liveKbPerUser).toFixed(1),
    Math.round(of(({ receivedPerSecond }) => receivedPerSecond)).toLocaleString("en-US"),
    of(({ cpuUs }) => cpuUs).toFixed(2),
    `${Math.round(of(({ threadShare }) => threadShare) * 100)} %`,
    of(({ lateP99Ms }) => lateP99Ms).toFixed(0),
  ];
  return `| ${side} | ${cells.join(" | ")} |`;
}

async function measure(order: Omit<SideOrder, "url">): Promise<SideReport> {
  const limit = String(order.users + 100);
  await using server = await ServerProcess.start({
    args: [
      ...["--max-connections", limit, "--max-participants", limit, "--max-rooms", limit],
      ...["--message-rate", "1000000", "--message-burst", "1000000"],
      ...["--max-buffered-bytes", "268435456", "--log-level", "error"],
    ],
  });
  const url = `${server.address.replace("http", "ws")}/ws`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-net", "--allow-read", "--v8-flags=--expose-gc"],
      "--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE",
      new URL("./tester_side.ts", import.meta.url).pathname,
      JSON.stringify({ ...order, url }),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`The side "${order.side}" ended with ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

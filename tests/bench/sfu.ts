/**
 * `deno task bench:sfu`: what a forwarded packet costs the process that forwards it, beside the engine
 * alone and beside Janus where that is installed, for one publisher with 1,000 packets of 1,200 bytes
 * a second and some subscribers, and what delay it adds. All in one run, taking turns, because the
 * machine is shared; a figure says something beside the others of its row.
 */
import { parseArgs } from "node:util";
import { print, say } from "./output.ts";
import { startProgram } from "./sfu/program.ts";
import { HEADER, KINDS, memoryOf, rowOf } from "./sfu/table.ts";
import type { Kind, Outcome, Outcomes } from "./sfu/table.ts";
import { cpuUsBetween, readCpu, readRssKb } from "./usage.ts";

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      subscribers: { type: "string", default: "1,10,20,50" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "5" },
    },
  });
  const kinds = KINDS.filter((kind) => kind !== "janus" || hasJanus());
  const all = new Map<number, Outcomes>();
  print(HEADER);
  for (const subscribers of values.subscribers.split(",").map(Number)) {
    const outcomes: Record<Kind, Outcome[]> = { ours: [], bare: [], janus: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const kind of kinds) {
        const outcome = await run(kind, { subscribers, seconds: Number(values.seconds) });
        say(`${subscribers} ${kind}: ${JSON.stringify(outcome)}`);
        outcomes[kind].push(outcome);
      }
    }
    all.set(subscribers, outcomes);
    print(rowOf(subscribers, outcomes));
  }
  print(`\n${memoryOf(all)}`);
}

async function run(
  kind: Kind,
  { subscribers, seconds }: { subscribers: number; seconds: number },
): Promise<Outcome> {
  await using forwarder = kind === "janus"
    ? startProgram("janus.ts", [], ["--allow-run=janus", "--allow-write"])
    : startProgram("forwarder.ts", ["--kind", kind]);
  const [port, pid] = (await forwarder.line()).split(" ").map(Number) as [number, number];
  await using load = startProgram("load.ts", [
    ...["--url", `http://127.0.0.1:${port}`],
    ...["--subscribers", `${subscribers}`],
    ...["--seconds", `${seconds}`],
  ]);
  await load.line();
  const cpu = readCpu(pid);
  const report = JSON.parse(await load.line()) as {
    sent: number;
    received: number;
    p50Us: number;
    p99Us: number;
  };
  const cpuUs = cpuUsBetween(cpu, readCpu(pid));
  return {
    packetUs: cpuUs / report.received,
    p50Ms: report.p50Us / 1_000,
    p99Ms: report.p99Us / 1_000,
    share: report.received / (report.sent * subscribers),
    residentKb: readRssKb(pid),
  };
}

function hasJanus(): boolean {
  const { success } = new Deno.Command("sh", { args: ["-c", "command -v janus"] }).outputSync();
  return success;
}

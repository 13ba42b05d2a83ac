/**
 * `deno task bench`: Signalbox against minimal `ws`, socket.io and Bun servers, side by side in one
 * run, as CPU time a delivered message and latency, with ratios against `ws`.
 *
 * The servers take turns within each round and start in another order each round, so that a machine
 * that is shared slows all of them alike; the figures are medians over the rounds.
 */
import { HELP, type Options, readOptions } from "./options.ts";
import { print, say } from "./output.ts";
import { report } from "./report.ts";
import type { Result } from "./result.ts";
import { SERVERS } from "./servers.ts";
import { runSession } from "./session.ts";
import { WORKLOADS } from "./workloads/mod.ts";

if (import.meta.main) Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  let options: Options | "help";
  try {
    options = readOptions(args);
  } catch (error) {
    say(`${messageOf(error)}\n\n${HELP}`);
    return 2;
  }
  if (options === "help") {
    print(HELP);
    return 0;
  }
  const results = await runAll(options);
  print(report(results, options));
  return results.some((result) => result.failure !== undefined) ? 1 : 0;
}

async function runAll({ rounds, only, servers }: Options): Promise<Result[]> {
  const workloads = WORKLOADS.filter((workload) => only.includes(workload.kind));
  const chosen = SERVERS.filter((server) => servers.includes(server.family));
  const results = workloads.flatMap((workload) =>
    chosen.map((server): Result => ({ workload, server, sessions: [], failure: undefined }))
  );
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads) {
      const rows = results.filter((result) => result.workload === workload);
      for (let turn = 0; turn < rows.length; turn++) {
        await runTurn(rows[(turn + round) % rows.length]!, round);
      }
    }
  }
  return results;
}

async function runTurn(result: Result, round: number): Promise<void> {
  const { workload, server } = result;
  const place = `round ${round + 1}, ${workload.title}, ${server.title}`;
  try {
    const session = await runSession(server, workload);
    result.sessions.push(session);
    say(`${place}: ${session.cpuUs.toFixed(2)} us, p99 ${session.p99Ms.toFixed(2)} ms`);
  } catch (error) {
    result.failure = messageOf(error);
    say(`${place}: ${result.failure}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

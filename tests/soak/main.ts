/**
 * `deno task soak`: starts a fresh server process, runs the soak against it, says how it goes and what
 * it comes to. Exit codes: 0 holds, 1 grows or was wrong, 2 usage, 130 interrupted.
 */
import { UsageError } from "../../cli/arguments.ts";
import { interruptSignal } from "../../cli/interrupt.ts";
import { systemTerminal, type Terminal } from "../../cli/terminal.ts";
import { systemClock } from "../../src/base/mod.ts";
import { ServerProcess } from "../support/server_process.ts";
import { exitCodeOf, heading, lineOf, summarize } from "./report.ts";
import type { Sample } from "./sampler.ts";
import { readSettings, SOAK_HELP, type SoakSettings } from "./settings.ts";
import { soak, type SoakReport } from "./soak.ts";

const WRONG = 1;
const USAGE = 2;
/** Lines between two headings. */
const LINES_A_HEADING = 20;

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const settings = readSettings(args);
    if (settings === "help") {
      terminal.out.write(SOAK_HELP);
      return 0;
    }
    return await run(settings, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\nThe flags: deno task soak --help\n`);
    return USAGE;
  }
}

async function run(settings: SoakSettings, { out, err }: Terminal): Promise<number> {
  const { minutes, users, rooms, seed, graceMs } = settings;
  if (settings.json !== undefined) await writeJson(settings.json, {}); // Sooner than in an hour.
  const signal = interruptSignal();
  const server = await ServerProcess.start({
    args: ["--listener", "ws", "--resume-grace-ms", `${graceMs}`],
  });
  out.write(
    `Signalbox soak  ${minutes} min, ${users} users, ${rooms} rooms, seed ${seed}, ` +
      `server ${server.pid} at ${server.address}\n`,
  );
  let report: SoakReport | undefined;
  let exitCode: number | undefined;
  try {
    let [before, lines]: [Sample | undefined, number] = [undefined, 0];
    report = await soak({
      settings,
      server,
      clock: systemClock,
      signal,
      onSample: (sample, counts) => {
        if (lines++ % LINES_A_HEADING === 0) out.write(`${out.style("dim", heading())}\n`);
        out.write(`${lineOf(sample, before, counts)}\n`);
        before = sample;
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    out.write(`${out.style("red", "✘ FAILED")}  the server cannot be sampled: ${reason}\n`);
  } finally {
    exitCode = await stop(server);
  }
  if (report === undefined) {
    err.write(`The server said:\n${server.said}\n`);
    return WRONG;
  }
  if (exitCode !== 0 && !report.isInterrupted) {
    const surprises = [...report.surprises, `the server ended with exit code ${exitCode}`];
    report = { ...report, surprises, surpriseCount: report.surpriseCount + 1 };
  }
  if (settings.json !== undefined) await writeJson(settings.json, report);
  out.write(summarize(report, out));
  return exitCodeOf(report);
}

/** Resolves to the exit code; `undefined` when the server has gone already. */
async function stop(server: ServerProcess): Promise<number | undefined> {
  try {
    return await server.stop();
  } catch (error) {
    // Ctrl-C reaches the server too, as a member of the same group of processes.
    if (error instanceof TypeError || error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeJson(path: string, value: object): Promise<void> {
  try {
    await Deno.writeTextFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --json "${path}": ${reason}`, { cause: error });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args, systemTerminal()));

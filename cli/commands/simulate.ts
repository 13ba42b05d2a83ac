/**
 * `deno task simulate`: reads the flags, starts a server when none is named, runs the simulation,
 * writes the reports, returns the exit code. `main.ts` calls it, and so do the tests.
 */
import { type Clock, systemClock } from "../../src/base/mod.ts";
import { UsageError } from "../arguments.ts";
import { InjectedFaults } from "../faults/injected_faults.ts";
import { JsonLines } from "../json_lines.ts";
import { type LocalServer, startLocalServer } from "../local_server.ts";
import { htmlOf } from "../report/html.ts";
import { junitOf } from "../report/junit.ts";
import { LiveDisplay } from "../report/live_display.ts";
import { reportOf, type SimulationReport } from "../report/simulation_report.ts";
import { summarize, verdictLine } from "../report/summary.ts";
import { counted } from "../report/words.ts";
import { Simulation } from "../scenarios/simulation.ts";
import { readTarget } from "../target.ts";
import { CaptureRecorder } from "../trace/capture.ts";
import type { Terminal } from "../terminal.ts";
import { readSimulateFlags, type SimulateFlags } from "./simulate_flags.ts";
import { SIMULATE_HELP } from "./simulate_help.ts";

/** With faults, a server of our own notices a silent connection soon. */
const FAULTY_HEARTBEAT_MS = 1_000;

/** What the command runs with. */
export type CommandContext = {
  readonly terminal: Terminal;
  /** Told to stop (Ctrl-C); default: never. */
  readonly signal?: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
};

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function simulate(args: readonly string[], context: CommandContext): Promise<number> {
  const flags = readSimulateFlags(args);
  if (flags === "help") {
    context.terminal.out.write(SIMULATE_HELP);
    return 0;
  }
  const target = flags.url === undefined ? undefined : readTarget(flags.url);
  let server: LocalServer | undefined;
  try {
    if (target === undefined) {
      const heartbeatMs = flags.faults === undefined ? undefined : FAULTY_HEARTBEAT_MS;
      server = await startLocalServer({ ...flags.settings, heartbeatMs });
    }
    const url = server?.url ?? flags.url!; // One of both: without --url there is a local server.
    const report = await run(flags, { ...context, url, isLocal: server !== undefined });
    await write(flags, report, context.terminal);
    return report.exitCode;
  } finally {
    await server?.close();
  }
}

async function run(
  flags: SimulateFlags,
  context: CommandContext & { url: string; isLocal: boolean },
): Promise<SimulationReport> {
  const { terminal, clock = systemClock, signal = new AbortController().signal } = context;
  const { settings } = flags;
  const target = readTarget(context.url);
  const faultLog = flags.faultLog === undefined
    ? undefined
    : JsonLines.create("fault-log", flags.faultLog);
  const recorder = flags.record === undefined
    ? undefined
    : new CaptureRecorder(JsonLines.create("record", flags.record), clock);
  const faults = flags.faults === undefined ? undefined : InjectedFaults.start({
    plan: flags.faults,
    seed: settings.seed,
    socketUrl: target.socketUrl,
    clock,
    onDecision: (decision) => faultLog?.add(decision),
  });
  const simulation = new Simulation({
    ...{ settings, target, clock, signal, faults },
    trace: (userId) => recorder?.traceOf(userId),
  });
  const display = new LiveDisplay(simulation, terminal.err, clock);
  if (!flags.isQuiet) {
    const { style } = terminal.err;
    const where = context.isLocal ? `a server of its own` : target.socketUrl;
    terminal.err.write(
      `${style("bold", "Signalbox simulate")}  ${counted(settings.users, "user")}, ` +
        `${counted(settings.rooms, "room")}, seed ${settings.seed}, ${where}\n`,
    );
    display.start();
  }
  const startedAt = new Date(clock.now());
  try {
    await simulation.execute();
  } finally {
    if (!flags.isQuiet) display.stop();
    await faults?.close();
  }
  faultLog?.close();
  recorder?.close();
  const { isLocal } = context;
  return reportOf(simulation, { settings, url: target.socketUrl, isLocal, startedAt });
}

async function write(
  flags: SimulateFlags,
  report: SimulationReport,
  { out, err }: Terminal,
): Promise<void> {
  await writeFile("junit", flags.junit, () => junitOf(report));
  await writeFile("html", flags.html, () => htmlOf(report));
  if (flags.isJson) out.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (report.verdict === "unreachable") err.write(`${verdictLine(report, err)}\n`);
  else if (flags.isQuiet) out.write(`${verdictLine(report, out)}\n`);
  else out.write(summarize(report, out));
}

async function writeFile(
  flag: string,
  path: string | undefined,
  makeText: () => string,
): Promise<void> {
  if (path === undefined) return;
  try {
    await Deno.writeTextFile(path, makeText());
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --${flag} "${path}": ${reason}`, { cause: error });
  }
}

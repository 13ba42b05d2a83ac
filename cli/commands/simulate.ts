/**
 * `deno task simulate`: reads the flags, starts a server when none is named, runs the simulation,
 * writes the reports, returns the exit code. `main.ts` calls it, and so do the tests.
 */
import { type Clock, logger, systemClock } from "../../src/base/mod.ts";
import { UsageError } from "../arguments.ts";
import { InjectedFaults } from "../faults/injected_faults.ts";
import { JsonLines } from "../json_lines.ts";
import { type LocalServer, startLocalServer } from "../local_server.ts";
import { countOpenable, SPARE_FILES } from "../measure/file_limit.ts";
import { metricsReader, ServerUsage } from "../measure/server_usage.ts";
import { loadMediaEngine, type PeerEngine } from "../media/engine.ts";
import { writeOutput } from "../output_file.ts";
import { htmlOf } from "../report/html.ts";
import { type Baseline, judgeReport, parseBaseline } from "../report/judgement.ts";
import { junitOf } from "../report/junit.ts";
import { LiveDisplay } from "../report/live_display.ts";
import { REPORT_SCHEMA } from "../report/report_schema.ts";
import { reportOf, type SimulationReport, withoutToken } from "../report/simulation_report.ts";
import { summarize, verdictLine } from "../report/summary.ts";
import { counted } from "../report/words.ts";
import { Simulation } from "../scenarios/simulation.ts";
import { findScenario } from "../scenarios/table.ts";
import { Testers } from "../scenarios/testers.ts";
import { readTarget } from "../target.ts";
import { CaptureRecorder } from "../trace/capture.ts";
import type { Terminal } from "../terminal.ts";
import { mergeTraces } from "../trace/frame_trace.ts";
import { Timeline, type TimelineRecord } from "../trace/timeline.ts";
import { readSimulateFlags, type SimulateFlags } from "./simulate_flags.ts";
import { listScenarios, SIMULATE_HELP } from "./simulate_help.ts";
import { simulateSearch } from "./simulate_search.ts";

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

/** What came of a run, and who sent what where a report draws that. */
type Outcome = {
  readonly report: SimulationReport;
  readonly timeline: TimelineRecord | undefined;
};

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function simulate(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.includes("--json-schema")) {
    context.terminal.out.write(`${JSON.stringify(REPORT_SCHEMA, undefined, 2)}\n`);
    return 0;
  }
  const flags = readSimulateFlags(args);
  const { out } = context.terminal;
  if (flags === "help") {
    out.write(SIMULATE_HELP);
    return 0;
  }
  if (flags === "scenarios") {
    out.write(listScenarios());
    return 0;
  }
  if (flags.search !== undefined) {
    const { search } = flags;
    return await simulateSearch(
      { ...flags, search },
      context,
      async (settings) => {
        const probe = { ...flags, settings, html: undefined, isQuiet: true };
        return (await runOnServer(probe, context)).report;
      },
    );
  }
  const baseline = await readBaseline(flags.baseline);
  const outcome = await runOnServer(flags, context);
  const report = judgeReport(outcome.report, { slos: flags.slos, baseline });
  write(flags, { ...outcome, report }, context.terminal);
  return report.exitCode;
}

/** One run against the server that is named, or against a fresh one. */
async function runOnServer(flags: SimulateFlags, context: CommandContext): Promise<Outcome> {
  if (flags.url !== undefined) readTarget(flags.url);
  checkFileLimit(flags);
  let server: LocalServer | undefined;
  try {
    if (flags.url === undefined) {
      const heartbeatMs = flags.faults === undefined ? undefined : FAULTY_HEARTBEAT_MS;
      const bounds = findScenario(flags.settings.scenario)?.server;
      const { media } = flags.settings;
      // In a mesh the server carries none.
      const hasMedia = media !== undefined && media.path !== "mesh";
      server = await startLocalServer({ ...flags.settings, ...bounds, heartbeatMs, hasMedia });
    }
    const url = server?.url ?? flags.url!; // One of both: without --url there is a local server.
    return await run(flags, { ...context, url, server });
  } finally {
    await server?.close();
  }
}

async function run(
  flags: SimulateFlags,
  context: CommandContext & { url: string; server: LocalServer | undefined },
): Promise<Outcome> {
  const { terminal, clock = systemClock, signal = new AbortController().signal, server } = context;
  const { settings, processes: count } = flags;
  const target = readTarget(context.url);
  const { users } = settings;
  // Several testers keep their frames to themselves: a drawing of one would pass for all.
  const isDrawn = flags.html !== undefined && count === 1;
  const timeline = isDrawn ? new Timeline({ clock, users }) : undefined;
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
  const trace = (userId: string) =>
    mergeTraces([timeline?.tracer(userId), recorder?.traceOf(userId)]);
  const engine = settings.media === undefined ? undefined : await loadEngine();
  const simulation = count === 1
    ? new Simulation({ settings, target, clock, signal, trace, faults, engine })
    : new Testers({ settings, url: target.socketUrl, clock, signal, count });
  simulation.run.findings.onKept = (finding) => timeline?.mark(finding);
  const display = new LiveDisplay(simulation, terminal.err, clock);
  const usage = new ServerUsage(server?.read ?? metricsReader(target.metricsUrl, clock), clock);
  if (!flags.isQuiet) {
    const { style } = terminal.err;
    const where = server === undefined ? withoutToken(target.socketUrl) : "a server of its own";
    terminal.err.write(
      `${style("bold", "Signalbox simulate")}  ${counted(settings.users, "user")}, ` +
        `${counted(settings.rooms, "room")}, seed ${settings.seed}, ${where}\n`,
    );
    display.start();
  }
  const startedAt = new Date(clock.now());
  await usage.start();
  try {
    await simulation.execute();
  } finally {
    if (!flags.isQuiet) display.stop();
    await faults?.close();
  }
  faultLog?.close();
  recorder?.close();
  const about = { settings, url: target.socketUrl, isLocal: server !== undefined, startedAt };
  const report = reportOf(simulation, { ...about, server: await usage.stop() });
  return { report, timeline: timeline?.record(report.findings) };
}

/** The engine of the media; rejects with UsageError where this machine has none. */
async function loadEngine(): Promise<PeerEngine> {
  try {
    return await loadMediaEngine(logger("media"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --media synthetic: ${reason}`, { cause: error });
  }
}

/**
 * Each connection takes a file, and one more where the server is in this process too; so do the two
 * connections for media, which have an address of each family.
 */
function checkFileLimit({ settings: { users, media }, url }: SimulateFlags): void {
  const each = (url === undefined ? 2 : 1) + (media === undefined ? 0 : 4);
  const needed = users * each + SPARE_FILES;
  const openable = countOpenable(needed);
  if (openable >= needed) return;
  const more = url === undefined ? ", or start the server by itself and name it with --url" : "";
  throw new UsageError(
    `Cannot use --users ${users}: they need ${needed} open files, and this machine allows ` +
      `${openable}. Allow more with: ulimit -n ${needed + SPARE_FILES}${more}`,
  );
}

async function readBaseline(file: string | undefined): Promise<Baseline | undefined> {
  if (file === undefined) return undefined;
  try {
    return parseBaseline(file, await Deno.readTextFile(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --baseline "${file}": ${reason}`, { cause: error });
  }
}

function write(
  flags: SimulateFlags,
  { report, timeline }: Outcome,
  { out, err }: Terminal,
): void {
  writeOutput("junit", flags.junit, () => junitOf(report));
  writeOutput("html", flags.html, () => htmlOf(report, timeline));
  if (flags.isJson) out.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (report.verdict === "unreachable") err.write(`${verdictLine(report, err)}\n`);
  else if (flags.isQuiet) out.write(`${verdictLine(report, out)}\n`);
  else out.write(summarize(report, out));
}

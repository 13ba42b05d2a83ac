/**
 * `deno task conformance`: reads the flags, starts servers when none is named, runs the checks, writes
 * the reports, returns the exit code. `main.ts` calls it, and so do the tests.
 */
import { type Clock, systemClock } from "../../src/base/mod.ts";
import { UsageError } from "../arguments.ts";
import type { Section } from "../conformance/check.ts";
import { sections as rules } from "../conformance/checks/all.ts";
import { OwnServers } from "../conformance/own_servers.ts";
import { foreignPlace, ownPlace, type Place } from "../conformance/place.ts";
import { handshakeStatus } from "../conformance/reach.ts";
import { type ConformanceReport, reportOf } from "../conformance/report/conformance_report.ts";
import { htmlOf } from "../conformance/report/html.ts";
import { junitOf } from "../conformance/report/junit.ts";
import { summarize, verdictLine } from "../conformance/report/matrix.ts";
import { Progress } from "../conformance/report/progress.ts";
import { runChecks } from "../conformance/runner.ts";
import { randomSuffix, Scene } from "../conformance/scene.ts";
import { Transcript } from "../conformance/transcript.ts";
import type { CheckResult } from "../conformance/verdict.ts";
import { ConnectError } from "../client.ts";
import { neutralSection } from "../dialects/checks.ts";
import { dialectNamed } from "../dialects/dialects.ts";
import { DialectScene } from "../dialects/scene.ts";
import { printable } from "../report/words.ts";
import { writeOutput } from "../output_file.ts";
import { readTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { type ConformanceFlags, readConformanceFlags } from "./conformance_flags.ts";
import { CONFORMANCE_HELP } from "./conformance_help.ts";

/** What the command runs with. */
export type ConformanceContext = {
  readonly terminal: Terminal;
  /** Told to stop (Ctrl-C); default: never. */
  readonly signal?: AbortSignal;
  /** TOKEN_SECRET of the environment; default none. */
  readonly tokenSecret?: string | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
};

const UNREACHABLE = 3;
/** Rules that can be checked where every upgrade takes a token. */
const TOKEN_RULE = /^TK/;
/** The settings of the server under test where the run starts it: short waits, all else as usual. */
const OWN_FLAGS = ["--heartbeat-ms", "1000", "--resume-grace-ms", "4000"] as const;

/** What a run has to do with. */
type Run = {
  readonly flags: ConformanceFlags;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function conformance(
  args: readonly string[],
  context: ConformanceContext,
): Promise<number> {
  const { terminal, clock = systemClock, signal = new AbortController().signal } = context;
  const flags = readConformanceFlags(args, { tokenSecret: context.tokenSecret });
  if (flags === "help") {
    terminal.out.write(CONFORMANCE_HELP);
    return 0;
  }
  refuseUnknownRules(flags);
  if (flags.isList) {
    terminal.out.write(listOf(flags));
    return 0;
  }
  const run = { flags, terminal, clock, signal };
  try {
    const report = flags.dialect === "signalbox" ? await checkOurs(run) : await checkDialect(run);
    write(flags, report, terminal);
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const { style } = terminal.err;
    terminal.err.write(
      `${style(["red", "bold"], "✘ UNREACHABLE")}  Cannot connect to ${flags.url}: ` +
        `${printable(error.message)}. Start a server with: deno task start\n`,
    );
    return UNREACHABLE;
  }
}

/** Every rule of our protocol, and what all dialects have in common. */
async function checkOurs(run: Run): Promise<ConformanceReport> {
  const { flags, clock } = run;
  const servers = flags.url === undefined ? new OwnServers(clock) : undefined;
  try {
    const { place, isTokenDemanded } = servers === undefined
      ? await placeBehind(run)
      : { place: await startOwn(servers, flags), isTokenDemanded: false };
    const { timeoutMs, isSlow } = flags;
    const unless = (id: string) =>
      isTokenDemanded && !TOKEN_RULE.test(id)
        ? "every upgrade takes an access token there, and these checks come without"
        : undefined;
    return await report(run, place, async (onResult) => {
      const options = { clock, signal: run.signal, onResult, unless };
      const ours = await runChecks(chosen(rules, flags), {
        ...options,
        makeStage: (transcript) =>
          new Scene({ place, servers, clock, timeoutMs, isSlow, transcript }),
      });
      return [...ours, ...await runNeutral(run, place, options)];
    });
  } finally {
    await servers?.close();
  }
}

/** What another dialect has in common with ours. */
async function checkDialect(run: Run): Promise<ConformanceReport> {
  const { flags, clock, signal } = run;
  const url = flags.url!; // The flags demand one with a dialect.
  if (!URL.canParse(url)) throw new UsageError(`Cannot use --url "${url}": it is no URL`);
  const { timeoutMs } = flags;
  const dialect = dialectNamed(flags.dialect);
  const transcript = new Transcript(clock);
  // One client, at once gone: a run against nothing is no run of failures.
  await (await dialect.open({ url, id: randomSuffix(), clock, timeoutMs, transcript })).drop();
  const known = { listener: undefined, tokenSecret: undefined };
  const place: Place = { address: url, socketUrl: url, stop: undefined, ...known };
  return await report(
    run,
    place,
    (onResult) => runNeutral(run, place, { clock, signal, onResult, unless: undefined }),
  );
}

async function runNeutral(
  { flags, clock }: Run,
  { socketUrl }: Place,
  options: Omit<Parameters<typeof runChecks<DialectScene>>[1], "makeStage">,
): Promise<CheckResult[]> {
  const dialect = dialectNamed(flags.dialect);
  const { timeoutMs } = flags;
  return await runChecks(chosen([neutralSection], flags), {
    ...options,
    makeStage: (transcript) =>
      new DialectScene({ dialect, url: socketUrl, clock, timeoutMs, transcript }),
  });
}

/** Runs `check`, shows how far it is, and draws up the report. */
async function report(
  { flags, terminal, clock, signal }: Run,
  place: Place,
  check: (onResult: (result: CheckResult) => void) => Promise<CheckResult[]>,
): Promise<ConformanceReport> {
  const total = allChecks(flags).length;
  const progress = new Progress(terminal.err, total);
  const startedAt = new Date(clock.now());
  const begunAt = clock.elapsed();
  const results = await check((result) => {
    if (!flags.isQuiet) progress.add(result);
  });
  progress.end();
  return reportOf(results, {
    dialect: flags.dialect,
    url: place.socketUrl,
    isOwn: place.stop !== undefined,
    startedAt,
    durationMs: clock.elapsed() - begunAt,
    isInterrupted: signal.aborted && results.length < total,
  });
}

async function startOwn(
  servers: OwnServers,
  { listener = "ws" }: ConformanceFlags,
): Promise<Place> {
  const server = await servers.start(...OWN_FLAGS, "--listener", listener);
  return ownPlace(server, { listener, tokenSecret: undefined });
}

/** The server of `--url`, and whether its door asks for a token. Rejects with ConnectError. */
async function placeBehind({ flags, clock }: Run): Promise<
  { place: Place; isTokenDemanded: boolean }
> {
  const { listener, tokenSecret, timeoutMs } = flags;
  const { socketUrl } = readTarget(flags.url!); // checkOurs asks only where there is one.
  const place = foreignPlace(socketUrl, { listener, tokenSecret: undefined });
  const status = await handshakeStatus(place, { clock, timeoutMs });
  if (status === 101) return { place, isTokenDemanded: false };
  if (status !== 401) throw new ConnectError(`it answers with HTTP ${status}`);
  if (tokenSecret === undefined) {
    throw new UsageError(
      `Cannot check ${flags.url}: it demands access tokens; give their --token-secret`,
    );
  }
  return { place: { ...place, tokenSecret }, isTokenDemanded: true };
}

function allChecks(flags: ConformanceFlags): { id: string; title: string; does: string }[] {
  const all = flags.dialect === "signalbox" ? [...rules, neutralSection] : [neutralSection];
  return all.flatMap(({ checks }) => checks.filter(({ id }) => isChosen(id, flags)));
}

function chosen<S>(sections: readonly Section<S>[], flags: ConformanceFlags): Section<S>[] {
  return sections.map(({ name, checks }) => ({
    name,
    checks: checks.filter(({ id }) => isChosen(id, flags)),
  }));
}

function isChosen(id: string, { only }: ConformanceFlags): boolean {
  return only === undefined || only.includes(id);
}

function refuseUnknownRules(flags: ConformanceFlags): void {
  const known = new Set(allChecks({ ...flags, only: undefined }).map(({ id }) => id));
  const unknown = flags.only?.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new UsageError(`Cannot use --only "${unknown}": no rule of that name; see --list`);
}

function listOf(flags: ConformanceFlags): string {
  return allChecks(flags).map(({ id, title, does }) => `${id.padEnd(6)}${title}\n      ${does}\n`)
    .join("");
}

function write(
  flags: ConformanceFlags,
  report: ConformanceReport,
  { out }: Terminal,
): void {
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  if (flags.json !== "-") writeOutput("json", flags.json, () => json);
  writeOutput("junit", flags.junit, () => junitOf(report));
  writeOutput("html", flags.html, () => htmlOf(report));
  if (flags.json === "-") out.write(json);
  else if (flags.isQuiet) out.write(`${verdictLine(report, out)}\n`);
  else out.write(summarize(report, out));
}

/**
 * `deno task replay`: plays a capture against a server and says where what comes back differs. Starts a
 * server when none is named. `main.ts` calls it, and so do the tests.
 */
import { systemClock } from "../../src/base/mod.ts";
import { durationOf, numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import { type LocalServer, startLocalServer } from "../local_server.ts";
import { writeOutput } from "../output_file.ts";
import { compare, type Difference } from "../replay/comparison.ts";
import { type ReplayOutcome, replayScript, UnreachableError } from "../replay/replay.ts";
import { readScript, type Script } from "../replay/script.ts";
import { counted, duration, printable } from "../report/words.ts";
import { readTarget } from "../target.ts";
import type { Stream, Terminal } from "../terminal.ts";
import { CaptureError, readCapture } from "../trace/capture_format.ts";

const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_SPEED = 1_000_000;
const ROOM_PREFIX = /^[\p{L}\p{N}_.-]{1,32}$/u;
/** Differences that are printed, and letters of each message; `--json` holds all. */
const MAX_PRINTED = 12;
const MAX_LETTERS = 200;
const EXIT = { same: 0, differs: 1, unreachable: 3, interrupted: 130 } as const;

const HELP = `Play a capture again, and compare what comes back with what came then.

Usage: deno task replay FILE [--flag value ...]

FILE is what "simulate --record" wrote, or the download of the test page's log. Each captured
client gets a connection of its own and sends what it sent then, in the same order and at the
same times; but never before what had to come first has come, so any speed is right. What
each client receives must be what it received then. Not compared are times, ids that the
server makes, packing, "stats-summary", the server's settings in "welcome", the words of
errors, and which of two people was first where all see one order.

  --url URL            the server, ws(s):// or http(s)://; without it one is started
                       in this process
  --speed N            2: twice as fast; max: as fast as it goes [1]
  --room-prefix TEXT   goes before each room's id, to keep out of rooms that exist
  --timeout TIME       how long nothing may come before it counts as missing [20s]
  --json FILE          writes the outcome and every difference as JSON
  --help               this text

Exit codes
  0  the same          1  something differs: who, which line, expected, seen
  2  a flag, or a line of FILE, cannot be used      3  no connection to --url
  130  interrupted

Examples
  deno task simulate --users 20 --record run.jsonl
  deno task replay run.jsonl --speed max
  deno task replay signalbox-test-2026-01-01T00-00-00.jsonl --url http://127.0.0.1:8080
  deno task replay run.jsonl --url wss://rooms.example.org --room-prefix replay- --json out.json
`;

/** What the command is given. */
export type ReplayContext = {
  readonly terminal: Terminal;
  /** Ends it early. */
  readonly signal: AbortSignal;
};

/** What `--json` writes. */
export type ReplayReport = {
  /** Changes when a field changes its meaning. */
  readonly format: "signalbox-replay/1";
  readonly verdict: "same" | "differs" | "interrupted";
  readonly exitCode: number;
  readonly capture: string;
  readonly url: string;
  readonly clients: number;
  readonly sent: number;
  readonly received: number;
  /** How long the capture took, and the replay. */
  readonly capturedMs: number;
  readonly replayedMs: number;
  /** How often something was waited for in vain. */
  readonly givenUp: number;
  readonly differences: readonly Difference[];
};

/** Runs the command; resolves to the exit code, rejects with UsageError. */
export async function replay(args: readonly string[], context: ReplayContext): Promise<number> {
  const { terminal, signal } = context;
  const isFile = args[0] !== undefined && !args[0].startsWith("-");
  const flags = readFlags(isFile ? args.slice(1) : args, {
    url: "string",
    speed: "string",
    "room-prefix": "string",
    timeout: "string",
    json: "string",
  });
  if (flags.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  if (!isFile) throw new UsageError("Cannot replay without a capture: expected FILE first");
  const roomPrefix = textOf(flags, "room-prefix") ?? "";
  if (roomPrefix !== "" && !ROOM_PREFIX.test(roomPrefix)) {
    throw new UsageError(
      `Cannot use --room-prefix "${roomPrefix}": expected 1 to 32 letters, digits, "_", "-", "."`,
    );
  }
  const speed = flags.speed === "max"
    ? Infinity
    : numberOf(flags, "speed", { from: 0.01, to: MAX_SPEED }) ?? 1;
  const timeoutMs = durationOf(flags, "timeout") ?? DEFAULT_TIMEOUT_MS;
  const given = textOf(flags, "url");
  const target = given === undefined ? undefined : readTarget(given);
  const json = textOf(flags, "json");
  const capture = args[0]!; // `isFile` looked at it.
  const script = readFile(capture);
  let server: LocalServer | undefined;
  try {
    if (target === undefined) server = await startLocalServer(sizeOf(script));
    const url = target?.socketUrl ?? server!.url; // One of both.
    terminal.err.write(
      `${terminal.err.style("bold", "Signalbox replay")}  ` +
        `${counted(script.clients.length, "client")}, ${duration(script.durationMs)} captured, ` +
        `${target === undefined ? "a server of its own" : url}\n`,
    );
    const startedAt = systemClock.elapsed();
    const options = { url, speed, roomPrefix, timeoutMs, clock: systemClock, signal };
    const outcome = await replayScript(script, options);
    const replayedMs = systemClock.elapsed() - startedAt;
    const about = { capture, url, replayedMs, isInterrupted: signal.aborted };
    const report = reportOf(script, outcome, about);
    writeOutput("json", json, () => `${JSON.stringify(report, undefined, 2)}\n`);
    terminal.out.write(summaryOf(report, terminal.out));
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    terminal.err.write(
      `Cannot connect to ${given}: ${error.message}. Start a server with: deno task start\n`,
    );
    return EXIT.unreachable;
  } finally {
    await server?.close();
  }
}

function readFile(path: string): Script {
  try {
    const script = readScript(readCapture(Deno.readTextFileSync(path)));
    if (script.clients.length > 0) return script;
    throw new CaptureError("nobody is in it");
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot replay "${path}": ${reason}`, { cause: error });
  }
}

function sizeOf({ clients }: Script): { users: number; rooms: number } {
  const connections = clients.reduce((sum, one) => sum + one.connections.length, 0);
  return { users: connections, rooms: connections };
}

function reportOf(
  script: Script,
  outcome: ReplayOutcome,
  about: { capture: string; url: string; replayedMs: number; isInterrupted: boolean },
): ReplayReport {
  const { capture, url, replayedMs, isInterrupted } = about;
  const { connections, sent, received, givenUp } = outcome;
  const differences = isInterrupted ? [] : compare(connections);
  const verdict = isInterrupted ? "interrupted" : differences.length === 0 ? "same" : "differs";
  return {
    format: "signalbox-replay/1",
    verdict,
    exitCode: EXIT[verdict],
    ...{ capture, url, clients: script.clients.length, sent, received },
    ...{ capturedMs: script.durationMs, replayedMs: Math.round(replayedMs), givenUp, differences },
  };
}

function summaryOf(report: ReplayReport, { style }: Stream): string {
  const { differences, verdict, clients, sent, received, capturedMs, replayedMs } = report;
  const lines = differences.slice(0, MAX_PRINTED).flatMap((difference) => {
    const { user, line, isAfter, expected, seen } = difference;
    const place = isAfter ? `after line ${line}` : `line ${line}`;
    return [
      `${style("red", "✘")} ${style("bold", printable(user))}, ${place}`,
      `    ${style("dim", "expected")} ${shown(expected)}`,
      `    ${style("dim", "seen    ")} ${shown(seen)}`,
    ];
  });
  const more = differences.length - MAX_PRINTED;
  if (more > 0) lines.push(style("dim", `  and ${more} more`));
  const what = `${counted(clients, "client")}, ${counted(sent, "message")} sent, ` +
    `${received.toLocaleString("en-US")} received`;
  const took = style("dim", `in ${duration(replayedMs)}; captured in ${duration(capturedMs)}`);
  const word = {
    same: style(["green", "bold"], "✔ SAME"),
    differs: `${style(["red", "bold"], "✘ DIFFERS")}  ${
      counted(differences.length, "difference")
    };`,
    interrupted: style(["yellow", "bold"], "■ INTERRUPTED"),
  }[verdict];
  return `${
    [...lines, ...(lines.length > 0 ? [""] : []), `${word}  ${what} ${took}`].join("\n")
  }\n`;
}

function shown(message: unknown): string {
  if (message === undefined) return "nothing";
  const text = printable(JSON.stringify(message));
  return text.length > MAX_LETTERS ? `${text.slice(0, MAX_LETTERS)}…` : text;
}

/**
 * `deno task doctor`: looks at this machine and at a running server, and says of each thing whether it
 * is well, what was found, and what to change. Sends nothing that others in a room would see.
 */
import { type Clock, systemClock } from "../../src/base/mod.ts";
import { durationOf, numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import { diagnose, lineOf, verdictOf } from "../doctor/diagnosis.ts";
import type { ToolRunner } from "../doctor/check.ts";
import { type CheckContexts, runChecks } from "../doctor/run_checks.ts";
import { readSite, tokenInUrl } from "../doctor/site.ts";
import { Interrupted } from "../scenarios/waiting.ts";
import type { Terminal } from "../terminal.ts";

const DEFAULT_PORT = 8080;
const DEFAULT_MAX_CONNECTIONS = 10_000;
const INTERRUPTED = 130;

const HELP = `Look whether this machine can run a server, and whether a running one is well.

Usage: deno task doctor [--flag value ...]

Each check says ok, warn (!) or fail, what was found, and what to change. With --url a
running server is looked at through whatever stands before it: name, certificate, proxy,
WebSocket, heartbeat, limits, clock. Each TURN URL that clients are told of is asked for a
relay, over UDP, TCP or TLS, and the media port for a connection, by WHIP in a room of the
doctor's own (with a token only where its room is named doctor-...). Nobody in a room notices.

  --url URL            the server, http(s):// or ws(s)://; without it this machine alone
  --port N             the port that a server shall take here [8080; with --url none]
  --max-connections N  how many connections it shall hold [10000]
  --token TOKEN        the access token to show, where the server demands one; better as
                       SIGNALBOX_TOKEN in the environment
  --origin ORIGIN      the origin of the page that opens the socket [that of --url]
  --wait TIME          how long a connection stays silent, e.g. 60s [a heartbeat and a
                       quarter]; 0s: not at all
  --json               one JSON document on the output
  --help               this text

For a certificate authority of your own set DENO_CERT=ca.pem.

Exit codes
  0  well, warnings allowed    1  something fails    2  a flag cannot be used
  3  no connection to --url    130  interrupted

Examples
  deno task doctor
  deno task doctor --port 443 --max-connections 50000
  deno task doctor --url https://rooms.example.org
  deno task doctor --url https://rooms.example.org --wait 90s --json
  SIGNALBOX_TOKEN=... deno task doctor --url wss://rooms.example.org/ws
`;

/** What the command runs with. */
export type DoctorOptions = {
  readonly terminal: Terminal;
  /** Told to stop (Ctrl-C); default: never. */
  readonly signal?: AbortSignal;
  /** SIGNALBOX_TOKEN of the environment. */
  readonly token?: string | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
};

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function doctor(args: readonly string[], options: DoctorOptions): Promise<number> {
  const { out } = options.terminal;
  const flags = readFlags(args, {
    url: "string",
    port: "string",
    "max-connections": "string",
    token: "string",
    origin: "string",
    wait: "string",
    json: "boolean",
  });
  if (flags.help === true) {
    out.write(HELP);
    return 0;
  }
  const isJson = flags.json === true;
  const contexts = readContexts(flags, options);
  try {
    const results = await runChecks(contexts, (result) => {
      if (!isJson) out.write(lineOf(result, out));
    });
    const diagnosis = diagnose(results, contexts.site?.site.socketUrl);
    if (isJson) out.write(`${JSON.stringify(diagnosis, undefined, 2)}\n`);
    else out.write(`\n${verdictOf(diagnosis, out)}`);
    return diagnosis.exitCode;
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    throw error;
  }
}

function readContexts(flags: ReturnType<typeof readFlags>, options: DoctorOptions): CheckContexts {
  const { clock = systemClock, signal = new AbortController().signal } = options;
  const url = textOf(flags, "url");
  const port = numberOf(flags, "port", { from: 1, to: 65_535, isWhole: true });
  const maxConnections = numberOf(flags, "max-connections", { from: 1, to: 1e7, isWhole: true });
  const waitMs = durationOf(flags, "wait");
  const fromFlags = textOf(flags, "token");
  const origin = originOf(textOf(flags, "origin"));
  if (url === undefined) {
    const useless = ["token", "origin", "wait"].find((flag) => flags[flag] !== undefined);
    if (useless !== undefined) throw new UsageError(`Cannot use --${useless} without --url`);
  }
  const machine = {
    port: port ?? (url === undefined ? DEFAULT_PORT : undefined),
    maxConnections: maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    denoVersion: Deno.version.deno,
    runTool,
  };
  if (url === undefined) return { machine, site: undefined };
  const site = readSite(url);
  const token = fromFlags ?? tokenInUrl(url) ?? (options.token === "" ? undefined : options.token);
  return { machine, site: { site, clock, signal, token, origin: origin ?? site.origin, waitMs } };
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && new URL(text).origin !== "null") return new URL(text).origin;
  throw new UsageError(
    `Cannot use --origin "${text}": expected something like https://example.org`,
  );
}

/** Asks a program of the machine; whatever prevents it, nothing is known. */
const runTool: ToolRunner = async (program, args) => {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return undefined; // Not installed, or not allowed: the check says what it does not know.
  }
};

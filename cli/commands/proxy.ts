/**
 * `deno task proxy`: stands in front of a server and lets go wrong what the flags say, until it is
 * ended. `main.ts` calls it, and so do the tests.
 */
import { systemClock } from "../../src/base/mod.ts";
import { SOCKET_PATH } from "../../src/protocol/wire.ts";
import { numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import { FAULT_FLAGS, FAULT_HELP, readFaultFlags } from "../faults/fault_flags.ts";
import type { FaultPlan } from "../faults/fault_plan.ts";
import { connectTo, FaultProxy } from "../faults/fault_proxy.ts";
import type { Decision } from "../faults/judge.ts";
import { JsonLines } from "../json_lines.ts";
import { counted } from "../report/words.ts";
import { readTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";

const DEFAULT_LISTEN = "127.0.0.1:9090";
const MAX_SEED = 2 ** 32 - 1;
const UNREACHABLE = 3;
const FLUSH_MS = 200;

const HELP = `Put faults between clients and a server, without root.

Usage: deno task proxy --to URL [--flag value ...]

Any client can use it, a browser too: HTTP passes through, WebSockets get the faults. The
same seed does the same to the same messages, whatever the time.

  --to URL             the server, ws(s):// or http(s)://
  --listen HOST:PORT   where clients connect; port 0 for any free one [${DEFAULT_LISTEN}]
  --seed N             repeats the choices [that of the file, else 1]
  --log FILE           writes each decision as a line of JSON
  --help               this text
Faults
${FAULT_HELP}
A user is known once it says "join"; rules for users hit from then on. A connection that
resumes a seat does not say whose it is.

Exit codes
  0  ended by Ctrl-C        2  a flag or the file cannot be used        3  no server at --to

Examples
  deno task proxy --to http://127.0.0.1:8080 --latency 80ms --jitter 20ms
  deno task proxy --to http://127.0.0.1:8080 --drop chat:0.01 --seed 7 --log faults.jsonl
  deno task proxy --to wss://rooms.example.org --listen 127.0.0.1:9000 --fault train.json
  deno task proxy --to http://127.0.0.1:8080 --half-open @20s --fault-user ann
`;

/** What the command is given. */
export type ProxyContext = {
  readonly terminal: Terminal;
  /** Ends it. */
  readonly signal: AbortSignal;
};

/** Runs `deno task proxy` until `signal` aborts; resolves to the exit code, rejects with UsageError. */
export async function proxy(args: readonly string[], context: ProxyContext): Promise<number> {
  const { terminal, signal } = context;
  const flags = readFlags(args, {
    ...FAULT_FLAGS,
    to: "string",
    listen: "string",
    seed: "string",
    log: "string",
  });
  if (flags.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  const to = textOf(flags, "to");
  if (to === undefined) throw new UsageError("Cannot start a proxy without --to");
  const target = targetOf(to);
  const address = addressOf(textOf(flags, "listen") ?? DEFAULT_LISTEN);
  const plan: FaultPlan = readFaultFlags(flags) ?? { faults: [] };
  const seed = numberOf(flags, "seed", { from: 0, to: MAX_SEED, isWhole: true }) ?? plan.seed ?? 1;
  if (!await isReachable(target)) {
    terminal.err.write(`Cannot connect to ${to}. Start a server with: deno task start\n`);
    return UNREACHABLE;
  }
  const path = textOf(flags, "log");
  const log = path === undefined ? undefined : JsonLines.create("log", path);
  let hits = 0;
  const onDecision = (decision: Decision) => {
    hits++;
    log?.add(decision);
  };
  const running = listen({ ...address, target, plan, seed, clock: systemClock, onDecision });
  // A log that is read while the proxy runs must not lag behind by a block.
  const stopFlushing = systemClock.every(FLUSH_MS, () => log?.flush());
  terminal.out.write(
    `Proxy on http://${running.address} to ${target.origin}, ` +
      `${counted(plan.faults.length, "fault")}, seed ${seed}\n`,
  );
  await untilAborted(signal);
  stopFlushing();
  await running.close();
  log?.close();
  terminal.out.write(`${counted(hits, "decision")}\n`);
  return 0;
}

function listen(options: Parameters<typeof FaultProxy.listen>[0]): FaultProxy {
  try {
    return FaultProxy.listen(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    const { hostname, port } = options;
    throw new UsageError(`Cannot use --listen "${hostname}:${port}": ${reason}`, { cause: error });
  }
}

/** Only the origin: the clients bring the path. */
function targetOf(text: string): URL {
  const { pathname, origin } = new URL(readTarget(text).socketUrl.replace(/^ws/, "http"));
  if (pathname === SOCKET_PATH) return new URL(origin);
  throw new UsageError(`Cannot use --to "${text}": expected no path, the clients bring it`);
}

function addressOf(text: string): { hostname: string; port: number } {
  const match = /^(?:\[([\da-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match !== null && port < 65_536) return { hostname: match[1] ?? match[2]!, port };
  throw new UsageError(`Cannot use --listen "${text}": expected like ${DEFAULT_LISTEN}`);
}

async function isReachable(target: URL): Promise<boolean> {
  try {
    (await connectTo(target)).close();
    return true;
  } catch {
    return false; // Whatever the reason, there is nothing to stand in front of.
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

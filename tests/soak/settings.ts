/**
 * The flags of the soak into settings, and how long each part of a cycle takes. Pure.
 */
import { numberOf, readFlags, textOf, UsageError } from "../../cli/arguments.ts";

const MINUTE_MS = 60_000;
/** Two of them are warm-up, and the trend needs the other six. */
const FEWEST_CYCLES = 8;
/** The trend compares any two of them. */
const MOST_CYCLES = 400;
/** Shorter than a real server's, so that many seats expire within a cycle. */
const LONGEST_GRACE_MS = 2_000;
/** And longer than a busy machine stalls a process for, mostly. */
const SHORTEST_GRACE_MS = 300;
/** One process plays all users. */
const MOST_USERS = 2_000;
const MAX_SEED = 2 ** 32 - 1;
/** In a run this long the process is grown up by the end of the warm-up. */
const LONG_MINUTES = 10;
/** What may grow by how much. */
const LONG_TOLERANCES: Tolerances = { memoryMb: 8, driftMs: 10 };
/** A short run is all youth, and its cycles are shorter than what the p99 of the drift looks back. */
const SHORT_TOLERANCES: Tolerances = { memoryMb: 128, driftMs: 500 };
/** How often a line is printed. */
const LINE_MS = 10_000;

/** What memory and the drift of the event loop may grow by in a run. */
export type Tolerances = { readonly memoryMb: number; readonly driftMs: number };

/** What the user asked for, and what follows of it. */
export type SoakSettings = {
  readonly minutes: number;
  /** Wanderers at once; meetings come on top. */
  readonly users: number;
  /** Rooms that the wanderers meet in at one time. */
  readonly rooms: number;
  readonly seed: number;
  readonly json: string | undefined;
  readonly cycles: number;
  /** A cycle: users churn, then all settle and go, then nobody is there for a while. */
  readonly cycleMs: number;
  readonly busyMs: number;
  readonly restMs: number;
  readonly lineMs: number;
  readonly graceMs: number;
  readonly tolerances: Tolerances;
};

/** What `--help` prints. */
export const SOAK_HELP: string =
  `Let users come and go for a long time, and judge that nothing of the server grows.

Usage: deno task soak [--flag value ...]

A fresh server process (the start task, on the ws listener) meets users who chat, relay, drop,
resume, are taken over, stop to read, send garbage, hold meetings with passcodes and lobbies.
Again and again everybody leaves; then memory, open files, stays and timers are compared.

  --minutes N     how long [20]
  --users N       users at once, beside the meetings [60]
  --rooms N       rooms at once [12]
  --seed N        repeats who does what [random, printed]
  --json FILE     the report with every sample, as JSON
  --help          this text

Exit codes
  0  nothing grows              1  something grows, or the server did what no rule allows
  2  a flag cannot be used      130  interrupted; the verdict is the one so far

Examples
  deno task soak
  deno task soak --minutes 480 --users 200 --rooms 40 --json soak.json
  deno task soak --minutes 1 --users 20 --seed 7
`;

/** Reads the flags; `"help"` when they ask for it. Throws {@linkcode UsageError}. */
export function readSettings(args: readonly string[]): SoakSettings | "help" {
  const flags = readFlags(args, {
    minutes: "string",
    users: "string",
    rooms: "string",
    seed: "string",
    json: "string",
  });
  if (flags.help) return "help";
  const minutes = numberOf(flags, "minutes", { from: 0.05, to: 100_000 }) ?? 20;
  const users = numberOf(flags, "users", { from: 1, to: MOST_USERS, isWhole: true }) ?? 60;
  const rooms = numberOf(flags, "rooms", { from: 1, to: MOST_USERS, isWhole: true }) ??
    Math.min(12, users);
  if (rooms > users) {
    throw new UsageError(`Cannot use --rooms ${rooms} with --users ${users}: a room needs a user`);
  }
  const seed = numberOf(flags, "seed", { from: 0, to: MAX_SEED, isWhole: true }) ??
    crypto.getRandomValues(new Uint16Array(1))[0]!;
  const cycles = Math.max(FEWEST_CYCLES, Math.min(MOST_CYCLES, Math.round(minutes)));
  const cycleMs = minutes * MINUTE_MS / cycles;
  const graceMs = Math.round(
    Math.max(SHORTEST_GRACE_MS, Math.min(LONGEST_GRACE_MS, cycleMs / 4)),
  );
  return {
    minutes,
    users,
    rooms,
    seed,
    json: textOf(flags, "json"),
    cycles,
    cycleMs,
    busyMs: cycleMs * 0.7,
    restMs: cycleMs * 0.1,
    lineMs: Math.min(LINE_MS, cycleMs / 2),
    graceMs,
    tolerances: minutes < LONG_MINUTES ? SHORT_TOLERANCES : LONG_TOLERANCES,
  };
}

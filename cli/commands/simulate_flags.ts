/**
 * The flags of `simulate` into settings: defaults, ranges, and what does not go together.
 */
import {
  durationOf,
  type FlagTable,
  numberOf,
  readFlags,
  textOf,
  UsageError,
} from "../arguments.ts";
import { FAULT_FLAGS, faultFlagsAgain, readFaultFlags } from "../faults/fault_flags.ts";
import type { FaultPlan } from "../faults/fault_plan.ts";
import { DEFAULT_DROP_RATIO, type SimulationSettings } from "../scenarios/settings.ts";

/** What the user asked for. */
export type SimulateFlags = {
  readonly settings: SimulationSettings;
  /** The server; undefined: start one. */
  readonly url: string | undefined;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly junit: string | undefined;
  readonly html: string | undefined;
  /** What is to go wrong; undefined: nothing. */
  readonly faults: FaultPlan | undefined;
  readonly faultLog: string | undefined;
  readonly record: string | undefined;
};

const TABLE: FlagTable = {
  users: "string",
  room: "string",
  rooms: "string",
  url: "string",
  rate: "string",
  duration: "string",
  hold: "string",
  churn: "string",
  "drop-ratio": "string",
  seed: "string",
  timeout: "string",
  json: "boolean",
  junit: "string",
  html: "string",
  quiet: "boolean",
  auto: "boolean",
  ...FAULT_FLAGS,
  "fault-log": "string",
  record: "string",
};

/** One process holds both ends of a local run: 20,000 descriptors are a common limit. */
const MAX_USERS = 20_000;
/** Rule ID1. */
const ROOM_ID = /^[\p{L}\p{N}_.-]{1,64}$/u;
const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_TIMEOUT_MS = 10_000;

/** Reads the flags; `"help"` when they ask for it. Throws {@linkcode UsageError}. */
export function readSimulateFlags(args: readonly string[]): SimulateFlags | "help" {
  const flags = readFlags(args, TABLE);
  if (flags.help) return "help";
  const users = numberOf(flags, "users", { from: 1, to: MAX_USERS, isWhole: true }) ?? 5;
  const rooms = numberOf(flags, "rooms", { from: 1, to: MAX_USERS, isWhole: true }) ?? 1;
  const room = textOf(flags, "room") ?? "simulation";
  if (rooms > users) {
    throw new UsageError(`Cannot use --rooms ${rooms} with --users ${users}: a room needs a user`);
  }
  if (!ROOM_ID.test(rooms === 1 ? room : `${room}-${rooms}`)) {
    throw new UsageError(
      `Cannot use --room "${room}": expected 1 to 64 letters, digits, "_", "-", "."`,
    );
  }
  const faults = readFaultFlags(flags);
  const faultLog = textOf(flags, "fault-log");
  if (faultLog !== undefined && faults === undefined) {
    throw new UsageError("Cannot use --fault-log without a fault");
  }
  return {
    faults,
    faultLog,
    record: textOf(flags, "record"),
    url: textOf(flags, "url"),
    isJson: flags.json === true,
    isQuiet: flags.quiet === true,
    junit: textOf(flags, "junit"),
    html: textOf(flags, "html"),
    settings: {
      users,
      rooms,
      room,
      rate: numberOf(flags, "rate", { from: 0.1, to: 1e6 }),
      durationMs: durationOf(flags, "duration"),
      holdMs: durationOf(flags, "hold") ?? 0,
      churn: numberOf(flags, "churn", { from: 0, to: 10 }) ?? 0,
      dropRatio: numberOf(flags, "drop-ratio", { from: 0, to: 1 }) ?? DEFAULT_DROP_RATIO,
      seed: numberOf(flags, "seed", { from: 0, to: MAX_SEED, isWhole: true }) ?? newSeed(),
      ...(faults === undefined ? {} : { faults: faultFlagsAgain(flags) }),
      timeoutMs: Math.max(100, durationOf(flags, "timeout") ?? DEFAULT_TIMEOUT_MS),
    },
  };
}

/** A seed short enough to be typed again. */
function newSeed(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 1;
}

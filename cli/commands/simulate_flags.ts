/**
 * The flags of `simulate` into settings: defaults, ranges, and what does not go together.
 */
import {
  durationOf,
  type Flags,
  type FlagTable,
  listOf,
  numberOf,
  readFlags,
  textOf,
  UsageError,
} from "../arguments.ts";
import { FAULT_FLAGS, faultFlagsAgain, readFaultFlags } from "../faults/fault_flags.ts";
import type { FaultPlan } from "../faults/fault_plan.ts";
import { MEDIA_FLAGS, readMediaFlags } from "../media/media_flags.ts";
import { parseSlo, type Slo, SloError } from "../measure/slo.ts";
import { type Arrival, ARRIVALS } from "../scenarios/arrivals.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { DEFAULT_DROP_RATIO, type SimulationSettings } from "../scenarios/settings.ts";
import { DEFAULT_SCENARIO, findScenario, SCENARIOS } from "../scenarios/table.ts";

/** What the user asked for. */
export type SimulateFlags = {
  readonly settings: SimulationSettings;
  /** The server; undefined: start one. */
  readonly url: string | undefined;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly junit: string | undefined;
  readonly html: string | undefined;
  /** Objectives that the run has to meet. */
  readonly slos: readonly Slo[];
  /** An earlier report to compare with. */
  readonly baseline: string | undefined;
  /** Testers side by side. */
  readonly processes: number;
  /** What is to go wrong; undefined: nothing. */
  readonly faults: FaultPlan | undefined;
  readonly faultLog: string | undefined;
  readonly record: string | undefined;
  /** Looks for the largest run that holds, instead of running once. */
  readonly search: SearchFlags | undefined;
};

/** What is searched for. */
export type SearchFlags = {
  /** What has to hold, beside the objectives. */
  readonly slo: Slo;
  /** What grows. */
  readonly by: "users" | "rate";
  /** How far. */
  readonly max: number;
};

const TABLE: FlagTable = {
  scenario: "string",
  users: "string",
  room: "string",
  rooms: "string",
  url: "string",
  arrival: "string",
  ramp: "string",
  rate: "string",
  duration: "string",
  hold: "string",
  churn: "string",
  "drop-ratio": "string",
  seed: "string",
  timeout: "string",
  slo: "list",
  baseline: "string",
  search: "string",
  "search-by": "string",
  "search-max": "string",
  processes: "string",
  json: "boolean",
  junit: "string",
  html: "string",
  quiet: "boolean",
  auto: "boolean",
  ...MEDIA_FLAGS,
  ...FAULT_FLAGS,
  "fault-log": "string",
  record: "string",
};

/** A typing error, not a wish; how many a machine can hold is tried out when the run begins. */
const MAX_USERS = 1_000_000;
/** Threads beyond this many wait for each other on any machine of today. */
const MAX_PROCESSES = 64;
const DEFAULT_USERS = 5;
const DEFAULT_RAMP_MS = 10_000;
const DEFAULT_SEARCH_MAX = 10_000;
/** Rule ID1. */
const ROOM_ID = /^[\p{L}\p{N}_.-]{1,64}$/u;
const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Reads the flags; `"help"` when they ask for it, `"scenarios"` for the list of them. Throws
 * {@linkcode UsageError}.
 */
export function readSimulateFlags(args: readonly string[]): SimulateFlags | "help" | "scenarios" {
  const flags = readFlags(args, TABLE);
  if (flags.help) return "help";
  if (flags.scenario === "list") return "scenarios";
  const chosen = readSettings(flags);
  const processes = numberOf(flags, "processes", { from: 1, to: MAX_PROCESSES, isWhole: true }) ??
    1;
  if (processes > chosen.rooms) {
    throw new UsageError(
      `Cannot use --processes ${processes} with --rooms ${chosen.rooms}: each takes whole rooms`,
    );
  }
  const faults = readFaultFlags(flags);
  const settings = withMedia(chosen, { flags, isFaulty: faults !== undefined, processes });
  checkFaults(settings, { isFaulty: faults !== undefined, flags, processes });
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
    slos: listOf(flags, "slo").map((text) => readSlo("slo", text)),
    baseline: textOf(flags, "baseline"),
    processes,
    search: readSearch(flags, settings),
    settings: faults === undefined ? settings : { ...settings, faults: faultFlagsAgain(flags) },
  };
}

/** The settings with the media that the flags ask for: they are about one tester and a single run. */
function withMedia(
  settings: SimulationSettings,
  { flags, isFaulty, processes }: { flags: Flags; isFaulty: boolean; processes: number },
): SimulationSettings {
  const { users, rooms, churn, scenario } = settings;
  const media = readMediaFlags(flags, {
    ...{ users, rooms, churn, scenario },
    takesMedia: findScenario(scenario)?.takesMedia === true,
    others: [
      ...isFaulty ? ["faults"] : [],
      ...processes > 1 ? [`--processes ${processes}`] : [],
      ...flags.search === undefined ? [] : ["--search"],
    ],
  });
  return media === undefined ? settings : { ...settings, media };
}

/** Faults and captures belong to one tester, and a scenario must be able to lose users. */
function checkFaults(
  { scenario }: SimulationSettings,
  { isFaulty, flags, processes }: { isFaulty: boolean; flags: Flags; processes: number },
): void {
  const subject = isFaulty ? "faults" : flags.record === undefined ? undefined : "--record";
  if (subject === undefined) return;
  if (processes > 1) throw new UsageError(`Cannot use ${subject} with --processes ${processes}`);
  if (flags.search !== undefined) {
    throw new UsageError(`Cannot use ${subject} with --search: it is about a single run`);
  }
  if (!isFaulty || findScenario(scenario)?.takesFaults === true) return;
  const known = Object.keys(SCENARIOS).filter((name) => SCENARIOS[name]?.takesFaults === true);
  throw new UsageError(
    `Cannot use faults with --scenario ${scenario}: known are ${known.join(", ")}`,
  );
}

function readSettings(flags: Flags): SimulationSettings {
  const name = textOf(flags, "scenario") ?? DEFAULT_SCENARIO;
  const scenario = findScenario(name);
  if (scenario === undefined) {
    const known = Object.keys(SCENARIOS).join(", ");
    throw new UsageError(`Cannot use --scenario "${name}": known are ${known}; --scenario list`);
  }
  const { defaults = {} } = scenario;
  const rate = numberOf(flags, "rate", { from: 0.1, to: 1e6 }) ?? defaults.rate;
  const whole = { from: 1, to: MAX_USERS, isWhole: true };
  const settings: SimulationSettings = {
    scenario: name,
    users: numberOf(flags, "users", whole) ?? defaults.users ?? DEFAULT_USERS,
    rooms: numberOf(flags, "rooms", whole) ?? defaults.rooms ?? 1,
    room: textOf(flags, "room") ?? "simulation",
    arrival: readArrival(flags, rate) ?? defaults.arrival,
    rate,
    durationMs: durationOf(flags, "duration") ?? defaults.durationMs,
    holdMs: durationOf(flags, "hold") ?? defaults.holdMs ?? 0,
    churn: numberOf(flags, "churn", { from: 0, to: 10 }) ?? defaults.churn ?? 0,
    dropRatio: numberOf(flags, "drop-ratio", { from: 0, to: 1 }) ?? defaults.dropRatio ??
      DEFAULT_DROP_RATIO,
    seed: numberOf(flags, "seed", { from: 0, to: MAX_SEED, isWhole: true }) ?? newSeed(),
    timeoutMs: Math.max(100, durationOf(flags, "timeout") ?? DEFAULT_TIMEOUT_MS),
  };
  checkRooms(settings, scenario);
  return settings;
}

function checkRooms(settings: SimulationSettings, { minMembers = 1 }: Scenario): void {
  const { users, rooms, room, scenario } = settings;
  if (rooms > users) {
    throw new UsageError(`Cannot use --rooms ${rooms} with --users ${users}: a room needs a user`);
  }
  if (Math.floor(users / rooms) < minMembers) {
    throw new UsageError(
      `Cannot use --scenario ${scenario} with --users ${users} in ${rooms} rooms: a room needs ` +
        `${minMembers} users`,
    );
  }
  if (!ROOM_ID.test(rooms === 1 ? room : `${room}-${rooms}`)) {
    throw new UsageError(
      `Cannot use --room "${room}": expected 1 to 64 letters, digits, "_", "-", "."`,
    );
  }
}

function readArrival(flags: Flags, rate: number | undefined): Arrival | undefined {
  const text = textOf(flags, "arrival");
  const rampMs = durationOf(flags, "ramp");
  if (rampMs !== undefined && text !== "ramp") {
    throw new UsageError(`Cannot use --ramp "${flags.ramp}" without --arrival ramp`);
  }
  switch (text) {
    case undefined:
      return undefined;
    case "poisson":
      if (rate !== undefined) return { kind: "poisson", perSecond: rate };
      throw new UsageError(`Cannot use --arrival poisson without --rate`);
    case "ramp":
      return { kind: "ramp", rampMs: rampMs ?? DEFAULT_RAMP_MS };
    case "burst":
      return { kind: "burst" };
    default:
      throw new UsageError(`Cannot use --arrival "${text}": known are ${ARRIVALS.join(", ")}`);
  }
}

function readSearch(flags: Flags, settings: SimulationSettings): SearchFlags | undefined {
  const text = textOf(flags, "search");
  const by = textOf(flags, "search-by") ?? "users";
  const max = numberOf(flags, "search-max", { from: 1, to: MAX_USERS, isWhole: true });
  for (const name of text === undefined ? ["search-by", "search-max"] : []) {
    if (flags[name] !== undefined) throw new UsageError(`Cannot use --${name} without --search`);
  }
  if (text === undefined) return undefined;
  for (const name of ["baseline", "junit", "html"]) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`Cannot use --${name} with --search: it is about a single run`);
  }
  if (by !== "users" && by !== "rate") {
    throw new UsageError(`Cannot use --search-by "${by}": known are users, rate`);
  }
  if (by === "rate" && settings.rate === undefined) {
    throw new UsageError(`Cannot use --search-by rate without --rate, where it begins`);
  }
  return { slo: readSlo("search", text), by, max: max ?? DEFAULT_SEARCH_MAX };
}

function readSlo(flag: string, text: string): Slo {
  try {
    return parseSlo(text);
  } catch (error) {
    if (!(error instanceof SloError)) throw error;
    throw new UsageError(`Cannot use --${flag} "${text}": ${error.message}`, { cause: error });
  }
}

/** A seed short enough to be typed again. */
function newSeed(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 1;
}

/**
 * `deno task fuzz`: reads the flags, starts a server when none is named, takes random schedules or a
 * saved one, tells and saves what broke. `main.ts` calls it.
 */
import { type Clock, systemClock } from "../../src/base/mod.ts";
import { ConnectError } from "../client.ts";
import {
  type Failure,
  Fuzz,
  type FuzzOutcome,
  type FuzzSettings,
  Interrupted,
} from "../fuzz/fuzz.ts";
import { MemoryTrend } from "../fuzz/memory_trend.ts";
import { type FuzzReport, linesOf, summarizeFuzz } from "../fuzz/report.ts";
import { readSchedule, type Schedule, writeSchedule } from "../fuzz/schedule_file.ts";
import { ServerView } from "../fuzz/server_view.ts";
import { type LocalServer, startLocalServer } from "../local_server.ts";
import { writeOutput } from "../output_file.ts";
import { counted, thousands } from "../report/words.ts";
import { readTarget } from "../target.ts";
import type { Stream, Terminal } from "../terminal.ts";
import { FUZZ_HELP, type FuzzFlags, readFuzzFlags } from "./fuzz_flags.ts";

/** What the command runs with. */
export type FuzzCommandContext = {
  readonly terminal: Terminal;
  /** Told to stop (Ctrl-C); default: never. */
  readonly signal?: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
};

/** Short enough to be waited for, long enough for a machine that stands still now and then. */
const OWN_GRACE_MS = 400;
/** What a server keeps seats for unless it says otherwise. */
const USUAL_GRACE_MS = 15_000;
/** A grace time beyond this is not waited for on purpose. */
const MAX_GRACE_MS = 2_000;
/** Codes that are asked for are kept by the server for ten minutes. */
const OWN_ROOMS = 90_000;
/** The server hears ten wrong passcodes; some are for those who come after. */
const GUESSES = 7;
const DRAW_MS = 100;

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function fuzz(args: readonly string[], context: FuzzCommandContext): Promise<number> {
  const flags = readFuzzFlags(args);
  const { terminal, clock = systemClock } = context;
  if (flags === "help") {
    terminal.out.write(FUZZ_HELP);
    return 0;
  }
  const schedule = flags.replay === undefined ? undefined : readSchedule(flags.replay);
  const named = flags.url === undefined ? undefined : readTarget(flags.url);
  let server: LocalServer | undefined;
  try {
    server = named === undefined
      ? await startLocalServer({ users: 100, rooms: OWN_ROOMS, resumeGraceMs: OWN_GRACE_MS })
      : undefined;
    const target = named ?? readTarget(server!.url); // One of both.
    const view = new ServerView(target, clock);
    const isOwn = server !== undefined;
    const report = await run(flags, { ...context, clock, target, view, isOwn, schedule });
    if (flags.isJson) terminal.out.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else terminal.out.write(summarizeFuzz(report, terminal.out));
    return report.exitCode;
  } finally {
    await server?.close();
  }
}

type RunContext = FuzzCommandContext & {
  readonly clock: Clock;
  readonly target: ReturnType<typeof readTarget>;
  readonly view: ServerView;
  readonly isOwn: boolean;
  readonly schedule: Schedule | undefined;
};

async function run(flags: FuzzFlags, context: RunContext): Promise<FuzzReport> {
  const { clock, target, view, isOwn, schedule, signal, terminal } = context;
  const settings = { ...flags.settings, ...sizeOf(schedule) };
  const display = new ProgressLine(terminal.err, clock, settings.steps * flags.runs);
  const where = isOwn ? "a server of its own" : target.socketUrl;
  terminal.err.write(
    `${terminal.err.style("bold", "Signalbox fuzz")}  ${counted(settings.users, "user")}, ` +
      `${counted(settings.rooms, "room")}, ${
        schedule === undefined ? `seed ${settings.seed}` : `${flags.replay}`
      }, ${where}\n`,
  );
  const startedAt = clock.elapsed();
  const total = new Total();
  const memory = new MemoryTrend();
  let guesses = GUESSES;
  let broken: { failure: Failure; seed: number } | undefined;
  let stopped: Pick<FuzzReport, "verdict" | "exitCode" | "reason"> | undefined;
  try {
    const before = await view.counts();
    const canCount = isOwn || (before?.connections === 0 && before.participants === 0);
    const graceMs = isOwn ? OWN_GRACE_MS : USUAL_GRACE_MS;
    for (let n = 0; n < flags.runs && broken === undefined; n++) {
      const seed = settings.seed + n;
      const one = new Fuzz({ ...settings, seed }, {
        ...{ target, view, clock, graceMs, guesses },
        signal: signal ?? new AbortController().signal,
        conditions: { canCount, maxGraceMs: MAX_GRACE_MS },
        onProgress: (steps, isShrinking) => display.show(total.stepsTaken + steps, isShrinking),
        onSchedule: async () => {
          const counts = isOwn ? await view.counts() : undefined;
          if (counts !== undefined) memory.add(counts.heapBytes);
        },
      });
      const outcome = schedule === undefined
        ? await one.random()
        : await one.replay(schedule.steps);
      total.add(outcome);
      guesses = one.guessesLeft;
      if (outcome.failure !== undefined) broken = { failure: outcome.failure, seed };
    }
  } catch (error) {
    if (error instanceof Interrupted) {
      stopped = { verdict: "interrupted", exitCode: 130, reason: undefined };
    } else if (error instanceof ConnectError) {
      const reason = `Cannot connect to ${target.socketUrl}: ${error.message}; ` +
        "is a server running (deno task start)?";
      stopped = { verdict: "unreachable", exitCode: 3, reason };
    } else throw error;
  } finally {
    display.clear();
  }
  const isShort = stopped === undefined && broken === undefined && schedule === undefined &&
    total.stepsTaken < settings.steps * flags.runs;
  const reason = memory.isGrowing
    ? "The server's heap grows from schedule to schedule"
    : isShort
    ? "Too many schedules proved nothing: the machine stands still for longer than seats are kept"
    : undefined;
  const isBroken = broken !== undefined || reason !== undefined;
  const file = broken === undefined || schedule !== undefined
    ? undefined
    : save(flags, settings, broken);
  return {
    verdict: isBroken ? "broken" : "held",
    exitCode: isBroken ? 1 : 0,
    reason,
    ...(isBroken ? {} : stopped),
    settings,
    runs: flags.runs,
    ...total.values,
    elapsedMs: clock.elapsed() - startedAt,
    heapGrownBytes: memory.grownBytes,
    failure: broken && { ...broken.failure, lines: linesOf(broken.failure, settings.rooms) },
    again: againOf(flags, settings, file),
  };
}

/** What all runs came to together. */
class Total {
  readonly #checked = new Map<string, number>();
  #schedules = 0;
  #inconclusive = 0;
  stepsTaken = 0;

  add({ stepsTaken, schedules, inconclusive, checked }: FuzzOutcome): void {
    this.stepsTaken += stepsTaken;
    this.#schedules += schedules;
    this.#inconclusive += inconclusive;
    for (const [rule, count] of checked) {
      this.#checked.set(rule, (this.#checked.get(rule) ?? 0) + count);
    }
  }

  get values(): Pick<FuzzReport, "stepsTaken" | "schedules" | "inconclusive" | "checked"> {
    return {
      stepsTaken: this.stepsTaken,
      schedules: this.#schedules,
      inconclusive: this.#inconclusive,
      checked: Object.fromEntries(this.#checked),
    };
  }
}

/** One line that is drawn again, where somebody watches. */
class ProgressLine {
  readonly #stream: Stream;
  readonly #clock: Clock;
  readonly #steps: number;
  #drawnAt = 0;

  constructor(stream: Stream, clock: Clock, steps: number) {
    this.#stream = stream;
    this.#clock = clock;
    this.#steps = steps;
  }

  show(stepsTaken: number, isShrinking: boolean): void {
    const now = this.#clock.elapsed();
    if (!this.#stream.isTty || now - this.#drawnAt < DRAW_MS) return;
    this.#drawnAt = now;
    const what = isShrinking ? "a rule is broken, shrinking" : `of ${thousands(this.#steps)} steps`;
    this.#stream.write(`\r\x1b[K  ${thousands(stepsTaken)} ${what}`);
  }

  clear(): void {
    if (this.#stream.isTty) this.#stream.write("\r\x1b[K");
  }
}

function sizeOf(schedule: Schedule | undefined): Partial<FuzzSettings> {
  return schedule === undefined ? {} : { users: schedule.users, rooms: schedule.rooms };
}

function save(
  flags: FuzzFlags,
  { users, rooms }: FuzzSettings,
  { failure, seed }: { failure: Failure; seed: number },
): string {
  const path = flags.save ?? `fuzz-${seed}.json`;
  writeOutput("save", path, () => writeSchedule({ users, rooms, steps: failure.shrunk }));
  return path;
}

function againOf(flags: FuzzFlags, settings: FuzzSettings, file: string | undefined): string {
  const url = flags.url === undefined ? "" : ` --url ${flags.url}`;
  const replay = file ?? flags.replay;
  if (replay !== undefined) return `deno task fuzz --replay ${replay}${url}`;
  const { seed, steps, users, rooms } = settings;
  const runs = flags.runs === 1 ? "" : ` --runs ${flags.runs}`;
  return `deno task fuzz --seed ${seed} --steps ${steps} --users ${users} --rooms ${rooms}${runs}${url}`;
}

/**
 * The run: cycle by cycle users churn, stand still, are compared with what the server knows, and go;
 * then the server rests and is sampled. Who runs it brings the server and takes the report.
 */
import { EventLoopProbe } from "../../cli/measure/event_loop.ts";
import { Interrupted, pause } from "../../cli/scenarios/waiting.ts";
import type { Clock } from "../../src/base/mod.ts";
import { churn, withoutFail } from "./churn.ts";
import { type Counts, Ledger } from "./ledger.ts";
import { type Sample, type SampledServer, Sampler } from "./sampler.ts";
import type { SoakSettings } from "./settings.ts";
import { remainsOf, rosterFaults } from "./standstill.ts";
import { PATIENCE_MS, type SoakContext, type SoakUser } from "./user.ts";
import { type Cycle, judgeCycles, type SeriesVerdict } from "./verdict.ts";

/** Samples of one rest. */
const REST_SAMPLES = 5;
/** Of those who go in the end one in so many loses its connection instead. */
const LOST_AT_THE_END = 4;
/** How often the server is asked whether everybody is gone. */
const POLL_MS = 50;

/** What a run is made of. */
export type SoakOptions = {
  readonly settings: SoakSettings;
  readonly server: SampledServer;
  readonly clock: Clock;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  /** Hears of a sample every few seconds. */
  readonly onSample: (sample: Sample, counts: Counts) => void;
};

/** What a run comes to. */
export type SoakReport = {
  readonly settings: SoakSettings;
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  readonly counts: Counts;
  /** Errors that the server answered, by code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly series: readonly SeriesVerdict[];
  /** The first of what no rule allows, and how many there were in all. */
  readonly surprises: readonly string[];
  readonly surpriseCount: number;
  readonly cycles: readonly Cycle[];
};

/** Runs to the end, or until it is told to stop. Rejects when the server cannot be sampled. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { settings, server, clock, signal } = options;
  const ledger = new Ledger();
  const sampler = new Sampler(server, clock);
  // Ends what runs beside the cycles, and the cycles when that fails.
  const ending = new AbortController();
  const context: SoakContext = {
    url: `${server.address.replace(/^http/, "ws")}/ws`,
    clock,
    signal: AbortSignal.any([signal, ending.signal]),
    ledger,
    graceMs: settings.graceMs,
    connections: new Set(),
  };
  const hush = () => ledger.close();
  signal.addEventListener("abort", hush);
  const cycles: Cycle[] = [];
  const run = { context, sampler, settings };
  let last: Sample | undefined;
  const telling = tell(run, (sample) => {
    last = sample;
    options.onSample(sample, ledger.counts);
  });
  try {
    const all = runCycles(run, cycles);
    await Promise.race([all, telling.then(() => all)]);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    signal.removeEventListener("abort", hush);
    ending.abort();
    await Promise.all([...context.connections].map((one) => one.drop()));
    await telling.catch(() => {}); // The race has had its reason.
  }
  last = cycles.at(-1)?.rest.at(-1) ?? last;
  const errors = last?.errors ?? {};
  const faults = errors["internal-error"] ?? 0;
  if (faults > 0) ledger.surprise(`the server answered ${faults} x internal-error`);
  return {
    settings,
    elapsedMs: sampler.elapsedMs,
    isInterrupted: signal.aborted,
    counts: ledger.counts,
    errors,
    messages: last?.messages ?? 0,
    series: judgeCycles(cycles, settings.tolerances),
    surprises: ledger.surprises,
    surpriseCount: ledger.surpriseCount,
    cycles,
  };
}

/** What the parts of a run share. */
type Run = {
  readonly context: SoakContext;
  readonly sampler: Sampler;
  readonly settings: SoakSettings;
};

/** Samples again and again until the run ends. */
async function tell({ context, sampler, settings }: Run, onSample: (sample: Sample) => void) {
  try {
    for (;;) {
      await pause(settings.lineMs, context);
      onSample(await sampler.read());
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

async function runCycles(run: Run, cycles: Cycle[]): Promise<void> {
  const { settings, context, sampler } = run;
  for (let n = 0; n < settings.cycles; n++) {
    await pause(Math.max(0, n * settings.cycleMs - sampler.elapsedMs), context);
    const probe = new EventLoopProbe(context.clock);
    probe.start();
    const users = await churn(context, settings, n).finally(() => probe.stop());
    const busy = await sampler.read();
    await standStill(run, users);
    await goAway(run, users);
    const rest: Sample[] = [];
    while (rest.length < REST_SAMPLES) {
      await pause(settings.restMs / REST_SAMPLES, context);
      rest.push(await sampler.read());
    }
    cycles.push({ busy, testerDriftMs: probe.lateness.percentile(99), rest });
  }
}

/** Everybody stands still, and seats that nobody wants any more expire. */
async function standStill(run: Run, users: readonly SoakUser[]): Promise<void> {
  const { context } = run;
  const members = users.filter(({ isIn }) => isIn);
  await readUntil(run, ({ participants }) => participants === members.length);
  // What others did before is ahead of the answer to this (rule CO5).
  const ping = { type: "ping", at: 3 };
  await Promise.all(members.map((one) => withoutFail(context, () => one.request(ping))));
  const sample = await run.sampler.read();
  for (const fault of rosterFaults(members, sample)) context.ledger.surprise(fault);
}

/** Everybody goes, and nothing of anybody is left. */
async function goAway(run: Run, users: readonly SoakUser[]): Promise<void> {
  const { context } = run;
  const go = (user: SoakUser, n: number) => n % LOST_AT_THE_END === 0 ? user.drop() : user.leave();
  await Promise.all(users.map((user, n) => withoutFail(context, () => go(user, n))));
  const remains = remainsOf(await readUntil(run, (sample) => remainsOf(sample) === ""));
  if (remains === "") return;
  context.ledger.surprise(`everybody has left, and the server still has ${remains}`);
}

/** Samples until one is as it should be. Resolves to it, or to the last when that takes too long. */
async function readUntil({ context, sampler, settings }: Run, isGood: (sample: Sample) => boolean) {
  const endAt = context.clock.elapsed() + settings.graceMs + PATIENCE_MS;
  for (;;) {
    const sample = await sampler.read();
    if (isGood(sample) || context.clock.elapsed() > endAt) return sample;
    await pause(POLL_MS, context);
  }
}

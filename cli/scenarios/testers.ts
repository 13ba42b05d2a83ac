/**
 * Several testers side by side, each a thread with whole rooms of its own: `simulate --processes`.
 * They start together and run on their own clocks; at the end their outcomes become one. The room
 * stays whole because its judge needs every member's view in one memory.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { CpuUse } from "../measure/cpu.ts";
import { Histogram } from "../measure/histogram.ts";
import { Throughput } from "../measure/throughput.ts";
import { RunRecord } from "../verify/mod.ts";
import { mergePhases, type Outcome, type OutcomeContents, sumCounts } from "./outcome.ts";
import { type ActionCounts, noActions } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import type { SimulationSettings } from "./settings.ts";
import type { FromTester, ToTester } from "./tester_worker.ts";

/** What the testers need. */
export type TestersOptions = {
  readonly settings: SimulationSettings;
  /** The server's WebSocket. */
  readonly url: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How many there are; at most one a room. */
  readonly count: number;
};

const SAMPLE_MS = 100;

/** A run by several testers. */
export class Testers implements Outcome {
  readonly run: RunRecord = new RunRecord();
  readonly progress: { phases: readonly Phase[] } = { phases: [] };
  readonly probe: { readonly lateness: Histogram } = { lateness: new Histogram() };
  readonly throughput: Throughput;
  testers: readonly CpuUse[] = [];
  counts: ActionCounts = noActions();
  notes: readonly string[] = [];
  unreachable: string | undefined;
  isInterrupted = false;
  maxRssBytes = 0;
  durationMs = 0;
  /** One isolate of a process may load the engine, so testers side by side have no media. */
  readonly media = undefined;
  readonly #options: TestersOptions;

  constructor(options: TestersOptions) {
    this.#options = options;
    this.throughput = new Throughput(options.clock.elapsed());
  }

  /** Runs to the end. Rejects on a fault of a tester. */
  async execute(): Promise<void> {
    const { clock, count, signal } = this.#options;
    const testers = Array.from({ length: count }, () => new Tester());
    const interrupt = () => testers.forEach((tester) => tester.say({ type: "interrupt" }));
    const stop = clock.every(SAMPLE_MS, () => this.#sample(testers));
    try {
      await Promise.all(testers.map((tester) => tester.ready));
      signal.addEventListener("abort", interrupt, { once: true });
      const { settings, url } = this.#options;
      testers.forEach((tester, index) =>
        tester.say({ type: "start", settings, url, part: { index, of: count } })
      );
      if (signal.aborted) interrupt();
      this.#merge(await Promise.all(testers.map((tester) => tester.outcome)));
      this.#sample(testers);
    } finally {
      stop();
      signal.removeEventListener("abort", interrupt);
      for (const tester of testers) tester.end();
    }
  }

  #sample(testers: readonly Tester[]): void {
    const received = testers.reduce((sum, tester) => sum + tester.received, 0);
    this.throughput.sample(received, this.#options.clock.elapsed());
    this.progress.phases = mergePhases(
      testers.map(({ phases }) => phases).filter(({ length }) => length > 0),
    );
  }

  #merge(outcomes: readonly OutcomeContents[]): void {
    for (const { run, lateness } of outcomes) {
      this.run.add(run);
      this.probe.lateness.add(lateness);
    }
    this.testers = outcomes.flatMap(({ testers }) => testers);
    this.counts = sumCounts(outcomes.map(({ counts }) => counts));
    this.notes = [...new Set(outcomes.flatMap(({ notes }) => notes))];
    this.unreachable = outcomes.find(({ unreachable }) => unreachable !== undefined)?.unreachable;
    this.isInterrupted = outcomes.some(({ isInterrupted }) => isInterrupted);
    this.maxRssBytes = Math.max(...outcomes.map(({ maxRssBytes }) => maxRssBytes));
    this.durationMs = Math.max(...outcomes.map(({ durationMs }) => durationMs));
  }
}

/** One thread. */
class Tester {
  readonly ready: Promise<void>;
  readonly outcome: Promise<OutcomeContents>;
  phases: readonly Phase[] = [];
  received = 0;
  readonly #worker: Worker;

  constructor() {
    const ready = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<OutcomeContents>();
    // A thread that fails before it is ready fails both; the caller hears of the first.
    outcome.promise.catch(() => {});
    this.ready = ready.promise;
    this.outcome = outcome.promise;
    this.#worker = new Worker(import.meta.resolve("./tester_worker.ts"), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromTester>) => {
      switch (data.type) {
        case "ready":
          return ready.resolve();
        case "progress":
          return this.#take(data.phases, data.received);
        case "outcome":
          this.#take(data.outcome.phases, data.outcome.run.received);
          return outcome.resolve(data.outcome);
      }
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const failure = new Error(`Cannot go on in a thread of the tester: ${event.message}`);
      ready.reject(failure);
      outcome.reject(failure);
    };
  }

  say(message: ToTester): void {
    this.#worker.postMessage(message);
  }

  end(): void {
    this.#worker.terminate();
  }

  #take(phases: readonly Phase[], received: number): void {
    this.phases = phases;
    this.received = received;
  }
}

/**
 * One run against one server: makes the rooms and users, goes through the phases, ends every
 * connection, and has every room judged. `commands/simulate.ts` runs one and reports its outcome;
 * aborting the signal ends it early, with what was verified so far.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError } from "../client.ts";
import { EventLoopProbe } from "../measure/event_loop.ts";
import { Throughput } from "../measure/throughput.ts";
import type { InjectedFaults } from "../faults/injected_faults.ts";
import type { Target } from "../target.ts";
import type { FrameTracer } from "../trace/frame_trace.ts";
import { RunRecord, verifyRoom } from "../verify/mod.ts";
import type { ActionCounts, PhaseContext } from "./phase_context.ts";
import { chat, checkGone, connect, hold, join, leave } from "./phases.ts";
import { type PhaseName, Progress } from "./progress.ts";
import { SeededRandom } from "./random.ts";
import { RoomProbe } from "./room_probe.ts";
import { roomIdOf, type SimulationSettings } from "./settings.ts";
import { SimulatedRoom } from "./simulated_room.ts";
import { SimulatedUser } from "./simulated_user.ts";
import { Interrupted, Stalled } from "./waiting.ts";

/** What a simulation needs. */
export type SimulationOptions = {
  readonly settings: SimulationSettings;
  readonly target: Target;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears the frames of each user; default: nobody. */
  readonly trace?: FrameTracer;
  /** The faults on the users' connections; default: none. */
  readonly faults?: InjectedFaults | undefined;
};

/** How often the rate of messages is sampled. */
const SAMPLE_MS = 100;
/** How many connections are closed at once at the end. */
const CLOSED_AT_ONCE = 256;

/** A run. */
export class Simulation {
  /** Where it stands. */
  readonly progress: Progress = new Progress();
  /** What was seen and what is wrong with it. */
  readonly run: RunRecord = new RunRecord();
  /** How late the tester itself was. */
  readonly probe: EventLoopProbe;
  /** Messages received a second. */
  readonly throughput: Throughput;
  /** Why the run could not get its first connection. */
  unreachable: string | undefined;
  /** The run was told to stop. */
  isInterrupted = false;
  /** The largest resident memory seen. */
  maxRssBytes = 0;
  /** How long the phases took. */
  durationMs = 0;
  readonly #options: SimulationOptions;
  readonly #context: PhaseContext;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#context = this.#populate();
    if (options.settings.holdMs === 0) this.progress.phase("hold").state = "skipped";
    this.probe = new EventLoopProbe(options.clock);
    this.throughput = new Throughput(options.clock.elapsed());
  }

  /** What the users did. */
  get counts(): ActionCounts {
    return this.#context.counts;
  }

  /** Remarks for the reader of the report. */
  get notes(): string[] {
    return this.#context.notes;
  }

  /** Runs to the end. Rejects only on a fault of the tester. */
  async execute(): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.elapsed();
    const stopSampling = clock.every(SAMPLE_MS, () => this.#sample());
    this.probe.start();
    let endStep = Infinity;
    try {
      await this.#runPhases();
    } catch (error) {
      endStep = this.#endEarly(error);
    } finally {
      this.durationMs = clock.elapsed() - startedAt;
      this.#sample();
      this.probe.stop();
      stopSampling();
      await this.#closeAll(endStep);
    }
    this.#verify();
    const injected = this.#options.faults?.summary;
    if (injected !== undefined) this.notes.push(injected);
  }

  async #runPhases(): Promise<void> {
    const context = this.#context;
    const probe = new RoomProbe(this.#options.target, this.#options.clock);
    await this.#phase("connect", (phase) => connect(context, phase));
    await this.#phase("join", (phase) => join(context, phase));
    const canProbe = await probe.look(context.rooms[0]!.history.roomId) === "present";
    await this.#phase("chat", (phase) => chat(context, phase));
    if (context.settings.holdMs > 0) await this.#phase("hold", (phase) => hold(context, phase));
    await this.#phase("leave", (phase) => leave(context, phase));
    if (canProbe) return await this.#phase("gone", (phase) => checkGone(context, phase, probe));
    this.progress.phase("gone").state = "skipped";
    context.notes.push("Not checked that rooms end (LE5): the server has no GET /api/rooms/:id");
  }

  async #phase(
    name: PhaseName,
    run: (phase: ReturnType<Progress["phase"]>) => Promise<void>,
  ): Promise<void> {
    const { clock } = this.#options;
    const phase = this.progress.phase(name);
    const startedAt = clock.elapsed();
    const stop = clock.every(SAMPLE_MS, () => phase.ms = clock.elapsed() - startedAt);
    this.#context.step++;
    phase.state = "running";
    try {
      await run(phase);
      phase.state = "done";
    } catch (error) {
      phase.state = error instanceof Interrupted ? "interrupted" : "failed";
      throw error;
    } finally {
      stop();
      phase.ms = clock.elapsed() - startedAt;
    }
  }

  /** Why the phases ended before the last; the step before which everything had to be seen. */
  #endEarly(error: unknown): number {
    const { notes, step } = this.#context;
    if (error instanceof Interrupted) {
      this.isInterrupted = true;
      return step;
    }
    if (error instanceof ConnectError) {
      this.unreachable = error.message;
      return step;
    }
    if (!(error instanceof Stalled)) throw error;
    notes.push(`The run could not go on: ${error.message}`);
    return step + 1;
  }

  async #closeAll(endStep: number): Promise<void> {
    const users = [...this.#context.users];
    const worker = async () => {
      for (let user = users.pop(); user !== undefined; user = users.pop()) {
        await user.finish(endStep);
      }
    };
    await Promise.all(Array.from({ length: CLOSED_AT_ONCE }, worker));
  }

  /** Judges every room. A run that stalled is wrong even if the judge cannot say where. */
  #verify(): void {
    const { run } = this;
    for (const room of this.#context.rooms) verifyRoom(room.history, run);
    run.tally.add("OR2", run.received);
    const stalled = this.progress.phases.find((phase) => phase.state === "failed");
    const isWrong = this.unreachable === undefined && !this.isInterrupted;
    if (stalled === undefined || !isWrong || run.findings.total > 0) return;
    const { timeoutMs, room } = this.#options.settings;
    run.findings.add({
      rule: "OR1",
      roomId: room,
      userId: "(several)",
      message: `phase ${stalled.name}`,
      expected: `everybody to have seen everything within ${timeoutMs} ms of the last message`,
      seen: this.notes.at(-1) ?? stalled.note,
    });
  }

  #sample(): void {
    this.throughput.sample(this.run.received, this.#options.clock.elapsed());
    this.maxRssBytes = Math.max(this.maxRssBytes, Deno.memoryUsage().rss);
  }

  #populate(): PhaseContext {
    const { settings, target, clock, signal, faults, trace = () => undefined } = this.#options;
    const { run, progress } = this;
    if (faults !== undefined) run.findings.remarkFor = (userId) => faults.remarkFor(userId);
    const rooms = Array.from(
      { length: settings.rooms },
      (_, index) => new SimulatedRoom(roomIdOf(settings, index)),
    );
    const shared = {
      url: target.socketUrl,
      clock,
      run,
      trace,
      faults,
      timeoutMs: settings.timeoutMs,
    };
    const users = Array.from({ length: settings.users }, (_, index) => {
      const room = rooms[Math.floor((index * settings.rooms) / settings.users)]!;
      return new SimulatedUser(`user-${index + 1}`, room, shared);
    });
    return {
      settings,
      clock,
      signal,
      run,
      progress,
      users,
      rooms,
      random: new SeededRandom(settings.seed),
      counts: { joins: 0, chats: 0, leaves: 0, drops: 0, returns: 0 },
      step: 0,
      notes: [],
    };
  }
}

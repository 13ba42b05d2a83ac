/**
 * One run against one server: makes the rooms and users, goes through the phases, ends every
 * connection, and has every room judged. `commands/simulate.ts` runs one and reports its outcome;
 * aborting the signal ends it early, with what was verified so far.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError } from "../client.ts";
import { CpuProbe, type CpuUse } from "../measure/cpu.ts";
import { EventLoopProbe } from "../measure/event_loop.ts";
import { Throughput } from "../measure/throughput.ts";
import type { InjectedFaults } from "../faults/injected_faults.ts";
import type { PeerEngine } from "../media/engine.ts";
import { type MediaOutcome, MediaRun } from "../media/media_run.ts";
import type { Target } from "../target.ts";
import type { FrameTracer } from "../trace/frame_trace.ts";
import { RoomHistory, RunRecord, verifyRoom } from "../verify/mod.ts";
import { MeshMediaRun } from "../media/mesh/mesh_media_run.ts";
import { withMedia } from "./carry_media.ts";
import { withMeshMedia } from "./carry_mesh_media.ts";
import type { Outcome } from "./outcome.ts";
import { type ActionCounts, noActions, type PhaseContext } from "./phase_context.ts";
import { type Part, planRooms, settingsOf, WHOLE } from "./part.ts";
import { Progress } from "./progress.ts";
import { SeededRandom } from "./random.ts";
import { RoomProbe } from "./room_probe.ts";
import type { SimulationSettings } from "./settings.ts";
import { SimulatedRoom } from "./simulated_room.ts";
import { SimulatedUser } from "./simulated_user.ts";
import type { Scenario, ScenarioStep } from "./scenario.ts";
import { findScenario } from "./table.ts";
import { Interrupted, Stalled } from "./waiting.ts";

/** What a simulation needs. */
export type SimulationOptions = {
  readonly settings: SimulationSettings;
  readonly target: Target;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears the frames of each user; default: nobody. */
  readonly trace?: FrameTracer;
  /** Which part of the run this is, where several testers share it; default: all of it. */
  readonly part?: Part;
  /** The faults on the users' connections; default: none. */
  readonly faults?: InjectedFaults | undefined;
  /** Carries the media that the settings ask for; without it there are none. */
  readonly engine?: PeerEngine | undefined;
};

/** How often the rate of messages is sampled. */
const SAMPLE_MS = 100;
/** How many connections are closed at once at the end. */
const CLOSED_AT_ONCE = 256;

/** A run. */
export class Simulation implements Outcome {
  /** Where it stands. */
  readonly progress: Progress;
  /** What was seen and what is wrong with it. */
  readonly run: RunRecord = new RunRecord();
  /** How late the tester itself was. */
  readonly probe: EventLoopProbe;
  readonly #cpu: CpuProbe;
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
  readonly #scenario: Scenario;
  readonly #steps: readonly ScenarioStep[];
  readonly #media: MediaRun | MeshMediaRun | undefined;
  readonly #context: PhaseContext;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { scenario, holdMs } = options.settings;
    this.#scenario = scenarioOf(scenario);
    this.#media = this.#createMedia();
    const { steps } = this.#scenario;
    this.#steps = this.#media === undefined
      ? steps
      : this.#media instanceof MeshMediaRun
      ? withMeshMedia(steps, this.#media)
      : withMedia(steps, this.#media);
    this.progress = new Progress(this.#steps.map(({ name }) => name));
    this.#context = this.#populate();
    const hold = this.progress.phases.find(({ name }) => name === "hold");
    if (holdMs === 0 && hold !== undefined) hold.state = "skipped";
    this.probe = new EventLoopProbe(options.clock);
    this.#cpu = new CpuProbe(options.clock);
    this.throughput = new Throughput(options.clock.elapsed());
  }

  /** What the users did. */
  get counts(): ActionCounts {
    return this.#context.counts;
  }

  /** How busy the thread was: one tester, one entry. */
  get testers(): readonly CpuUse[] {
    return [this.#cpu.use];
  }

  /** Remarks for the reader of the report. */
  get notes(): string[] {
    return this.#context.notes;
  }

  /** What came of the media; undefined: there were none. */
  get media(): MediaOutcome | undefined {
    return this.#media?.outcome;
  }

  /** Runs to the end. Rejects only on a fault of the tester. */
  async execute(): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.elapsed();
    this.run.begin(startedAt);
    const stopSampling = clock.every(SAMPLE_MS, () => this.#sample());
    this.probe.start();
    this.#cpu.start();
    let endStep = Infinity;
    try {
      await this.#runPhases();
    } catch (error) {
      endStep = this.#endEarly(error);
    } finally {
      this.durationMs = clock.elapsed() - startedAt;
      this.#sample();
      this.probe.stop();
      this.#cpu.stop();
      stopSampling();
      this.#media?.close();
      await this.#closeAll(endStep);
    }
    this.#verify();
    const injected = this.#options.faults?.summary;
    if (injected !== undefined) this.notes.push(injected);
  }

  async #runPhases(): Promise<void> {
    for (const step of this.#steps) {
      if (step.isSkipped?.(this.#context)) this.progress.phase(step.name).state = "skipped";
      else await this.#phase(step);
    }
  }

  async #phase({ name, run }: ScenarioStep): Promise<void> {
    const { clock } = this.#options;
    const phase = this.progress.phase(name);
    const startedAt = clock.elapsed();
    const stop = clock.every(SAMPLE_MS, () => phase.ms = clock.elapsed() - startedAt);
    this.#context.step++;
    phase.state = "running";
    try {
      await run(this.#context, phase);
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

  #createMedia(): MediaRun | MeshMediaRun | undefined {
    const { settings: { media: settings, seed }, engine, clock } = this.#options;
    if (settings === undefined || engine === undefined) return undefined;
    const made = { settings, engine, clock, run: this.run, seed };
    return settings.path === "mesh" ? new MeshMediaRun(made) : new MediaRun(made);
  }

  #populate(): PhaseContext {
    const { target, clock, signal, faults, trace = () => undefined, part = WHOLE } = this.#options;
    const { run, progress } = this;
    if (faults !== undefined) run.findings.remarkFor = (userId) => faults.remarkFor(userId);
    const { isResumable = false } = this.#scenario;
    const settings = settingsOf(this.#options.settings, part);
    const { timeoutMs } = settings;
    const media = this.#media instanceof MediaRun ? this.#media : undefined;
    const meshMedia = this.#media instanceof MeshMediaRun ? this.#media : undefined;
    const shared = {
      ...{
        url: target.socketUrl,
        clock,
        run,
        trace,
        faults,
        timeoutMs,
        isResumable,
        media,
        meshMedia,
      },
    };
    const rooms: SimulatedRoom[] = [];
    const users: SimulatedUser[] = [];
    for (const { roomId, isOwn, userIds } of planRooms(this.#options.settings, part)) {
      if (isOwn) {
        const room = new SimulatedRoom(roomId, userIds.length);
        rooms.push(room);
        users.push(...userIds.map((userId) => new SimulatedUser(userId, room, shared)));
      } else {
        const elsewhere = new RoomHistory(roomId);
        for (const userId of userIds) run.roomOf.set(userId, elsewhere);
      }
    }
    return {
      settings,
      clock,
      signal,
      run,
      progress,
      users,
      shared,
      rooms,
      random: new SeededRandom(settings.seed),
      counts: noActions(),
      probe: new RoomProbe(target, clock),
      canSeeRooms: false,
      step: 0,
      notes: [],
    };
  }
}

function scenarioOf(name: string): Scenario {
  const scenario = findScenario(name);
  if (scenario === undefined) {
    throw new RangeError(`Cannot run "${name}": no scenario is called so`);
  }
  return scenario;
}

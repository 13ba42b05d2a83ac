/**
 * A place for one media process, with a port of its own: starts it when it is needed, and another one
 * when it dies. Its rooms stay through that. A slot whose process cannot start, or dies again and
 * again, is given up for a while; then its rooms have to go elsewhere.
 */
import type { Cancel, Clock, Logger } from "../../base/mod.ts";
import { REQUEST_TIMEOUT_MS } from "../ipc/channel.ts";
import type {
  Commands,
  Notices,
  ProcessStats,
  RequestName,
  Requests,
  RoomNumber,
} from "../ipc/messages.ts";
import { MediaError } from "../port.ts";
import { MediaProcess, type MediaProcessOptions } from "./media_process.ts";

/** A process that has lived so long has not died of its start. */
const HEALTHY_MS = 10_000;
/** The pause before the second start in a row; it doubles with each. */
const FIRST_PAUSE_MS = 250;
/** So many in a row, some four seconds, and the slot is given up. */
const MAX_STARTS = 6;
/** After that it may be tried again: a port is free again, a program is installed. */
export const RETRY_AFTER_MS = 30_000;
/** What waits for a start at most; the clients of a room of a thousand ask once each. */
const MAX_WAITING = 2_000;
/** A spare that is told to begin is quick, or it hangs; one that was started just now may take a while. */
const SPARE_START_MS = 10_000;
/** Statistics are for people who wait. */
const STATS_TIMEOUT_MS = 2_000;
/** What takes longer than other requests: files are completed; nobody sends what is captured. */
const TIMEOUTS_MS: Partial<Record<RequestName, number>> = {
  stopRecording: 60_000,
  read: 24 * 3_600_000,
};

/** A room of the slot, as far as the slot needs it. */
export interface SlotRoom {
  readonly number: RoomNumber;
  readonly participantCount: number;
  /** The process has begun: says who is there. */
  open(slot: ProcessSlot): void;
  /** The process is dead: everything that was agreed on is gone, and the next one begins. */
  lost(): void;
  /** Takes what the process tells of the room. */
  hear<Name extends keyof RoomNotices>(name: Name, body: RoomNotices[Name]): void;
}

/** What a process tells of rooms. */
export type RoomNotices = Omit<Notices, "log">;

/** What a slot is made with. */
export type ProcessSlotOptions =
  & Pick<MediaProcessOptions, "spawn" | "start" | "clock" | "log">
  & {
    /** A program that is started already, if there is one. Default: there is none. */
    readonly takeSpare?: () => Deno.ChildProcess | undefined;
    /** A process has begun. Default: nobody hears of it. */
    readonly onReady?: () => void;
    /** The slot is given up: its rooms are nowhere now. */
    readonly onGivenUp: (rooms: readonly SlotRoom[]) => void;
  };

type State =
  | { readonly name: "idle" }
  | { readonly name: "starting"; readonly process: MediaProcess }
  | { readonly name: "ready"; readonly process: MediaProcess; readonly since: number }
  | { readonly name: "pausing"; readonly cancel: Cancel }
  | { readonly name: "given-up"; readonly at: number }
  | { readonly name: "closed" };

/** Waits for the process; `error` is why there is none. */
type Waiter = (error: MediaError | undefined) => void;

/** The place of one process. */
export class ProcessSlot {
  readonly #options: ProcessSlotOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rooms = new Map<RoomNumber, SlotRoom>();
  readonly #waiting = new Set<Waiter>();
  #state: State = { name: "idle" };
  /** Starts in a row of which nothing good came. */
  #starts = 0;
  #restarts = 0;
  /** The end of the last process that refused to start. */
  #refused: Promise<void> | undefined;

  /** Starts nothing yet. */
  constructor(options: ProcessSlotOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** Whether there is a process, or will be in a moment. */
  get isRunning(): boolean {
    const { name } = this.#state;
    return name === "starting" || name === "ready" || name === "pausing";
  }

  /** Whether a process could be started. */
  get isFree(): boolean {
    const state = this.#state;
    return state.name === "idle" ||
      state.name === "given-up" && this.#clock.elapsed() - state.at >= RETRY_AFTER_MS;
  }

  /** How many processes died and were replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /** How much it has to do. */
  get participantCount(): number {
    return [...this.#rooms.values()].reduce((sum, room) => sum + room.participantCount, 0);
  }

  /** Names the process that runs, to the operating system. */
  get pid(): number | undefined {
    return "process" in this.#state ? this.#state.process.pid : undefined;
  }

  /** Gives it a room; starts a process where there is none. */
  add(room: SlotRoom): void {
    this.#rooms.set(room.number, room);
    if (this.#state.name === "ready") room.open(this);
    if (this.isFree) this.#start();
  }

  /** The room is over. */
  remove(room: RoomNumber): void {
    if (this.#rooms.delete(room)) this.say("closeRoom", { room });
  }

  /** Resolves when there is a process. Rejects with MediaError `unavailable` when there will be none. */
  ready(): Promise<void> {
    if (this.isFree) this.#start();
    if (this.#state.name === "ready") return Promise.resolve();
    if (!this.isRunning || this.#waiting.size >= MAX_WAITING) return Promise.reject(noProcess());
    return new Promise((resolve, reject) => {
      const settle = (error?: MediaError) => {
        this.#waiting.delete(settle);
        cancel();
        if (error === undefined) resolve();
        else reject(error);
      };
      const cancel = this.#clock.after(REQUEST_TIMEOUT_MS, () => settle(noProcess()));
      this.#waiting.add(settle);
    });
  }

  /** Asks the process, when there is one. Rejects with MediaError. */
  async request<Name extends RequestName>(
    name: Name,
    body: Requests[Name]["ask"],
  ): Promise<Requests[Name]["answer"]> {
    if (this.#state.name !== "ready") await this.ready();
    if (this.#state.name !== "ready") throw noProcess(); // It died before it could be asked.
    return await this.#state.process.channel.request(name, body, TIMEOUTS_MS[name]);
  }

  /** Says something to the process; what there is no process for is said when it opens the room. */
  say<Name extends keyof Commands>(name: Name, body: Commands[Name]): void {
    if (this.#state.name === "ready") this.#state.process.channel.say(name, body);
  }

  /** Counters of the process; `undefined` without one, or when it does not answer. */
  async stats(): Promise<ProcessStats | undefined> {
    if (this.#state.name !== "ready") return undefined;
    try {
      return await this.#state.process.channel.request("stats", {}, STATS_TIMEOUT_MS);
    } catch {
      return undefined; // Its next life is counted anew.
    }
  }

  /** Ends the process. Idempotent; resolves when it is gone. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { name: "closed" };
    this.#rooms.clear();
    this.#settle(noProcess());
    if (state.name === "pausing") state.cancel();
    if ("process" in state) await state.process.stop();
    await this.#refused;
  }

  #start(): void {
    this.#startWith(this.#options.takeSpare?.());
  }

  #startWith(spare: Deno.ChildProcess | undefined): void {
    this.#starts++;
    const { spawn, start, clock, log } = this.#options;
    let process: MediaProcess;
    const failed = (why: string) => {
      if (spare === undefined) return this.#giveUp(why); // Another would say the same.
      // What is wrong with a spare may be its waiting: one that is started for this will know.
      this.#starts--;
      this.#startWith(undefined);
    };
    try {
      process = new MediaProcess({
        ...{ start, clock, log, heard: this.#heard() },
        spawn: spare === undefined ? spawn : () => spare,
        ...(spare === undefined ? {} : { startTimeoutMs: SPARE_START_MS }),
        onReady: () => this.#began(process),
        onRefused: (why) => {
          const before = this.#refused;
          this.#refused = Promise.all([before, process.stop()]).then(() => {});
          failed(why);
        },
        onDied: (why) => {
          if (this.#state.name === "ready") this.#died(process, why);
          else {
            this.#log.error("media process died", { pid: process.pid, reason: why });
            failed(why);
          }
        },
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : `${error}`;
      // Not at once: whoever has just come with a room would be told in the middle of it.
      const cancel = this.#clock.afterTurn(() => this.#giveUp(why));
      this.#state = { name: "pausing", cancel };
      return;
    }
    this.#state = { name: "starting", process };
  }

  #began(process: MediaProcess): void {
    this.#state = { name: "ready", process, since: this.#clock.elapsed() };
    this.#log.info("media process started", { pid: process.pid, port: this.#options.start.port });
    for (const room of this.#rooms.values()) room.open(this);
    this.#settle(undefined);
    this.#options.onReady?.();
  }

  #died(process: MediaProcess, why: string): void {
    const state = this.#state;
    this.#log.error("media process died", { pid: process.pid, reason: why });
    if (state.name !== "ready") return;
    if (this.#clock.elapsed() - state.since >= HEALTHY_MS) this.#starts = 0;
    if (this.#starts >= MAX_STARTS) return this.#giveUp("it dies again and again");
    this.#restarts++;
    if (this.#starts <= 1) this.#start();
    else {
      const pauseMs = FIRST_PAUSE_MS * 2 ** (this.#starts - 2);
      this.#state = { name: "pausing", cancel: this.#clock.after(pauseMs, () => this.#start()) };
    }
    for (const room of [...this.#rooms.values()]) room.lost();
  }

  #giveUp(reason: string): void {
    const { port } = this.#options.start;
    this.#log.error("media process cannot start", { port, reason });
    this.#state = { name: "given-up", at: this.#clock.elapsed() };
    this.#starts = 0;
    const rooms = [...this.#rooms.values()];
    this.#rooms.clear();
    this.#settle(new MediaError("unavailable", reason));
    this.#options.onGivenUp(rooms);
  }

  #settle(error: MediaError | undefined): void {
    for (const settle of [...this.#waiting]) settle(error);
  }

  #heard(): MediaProcessOptions["heard"] {
    const pass = <Name extends keyof RoomNotices>(name: Name) => (body: RoomNotices[Name]) =>
      this.#rooms.get(body.room)?.hear(name, body);
    return {
      published: pass("published"),
      unpublished: pass("unpublished"),
      subscriptionOffered: pass("subscriptionOffered"),
      subscriptionUpdated: pass("subscriptionUpdated"),
      speakersChanged: pass("speakersChanged"),
      layersWanted: pass("layersWanted"),
      connectionLost: pass("connectionLost"),
      recordingEnded: pass("recordingEnded"),
    };
  }
}

function noProcess(): MediaError {
  return new MediaError("unavailable", "Cannot go on: there is no media process");
}

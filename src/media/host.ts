/**
 * The media plane over processes of its own. Native code carries the packets, and what goes wrong in
 * it ends its process, so none of it runs in the server's: rooms live in media processes, each room in
 * one, and go on in another when theirs dies. The application makes one; rooms see `port.ts`.
 */
import type { Clock, Logger } from "../base/mod.ts";
import type { RoomId } from "../protocol/mod.ts";
import { HostedRoom } from "./host/hosted_room.ts";
import { ProcessSlot, RETRY_AFTER_MS, type SlotRoom } from "./host/process_slot.ts";
import { SpareProcess } from "./host/spare_process.ts";
import type { ProcessStats, StartOptions } from "./ipc/messages.ts";
import type {
  MediaPlane,
  MediaPlaneStats,
  MediaRoom,
  MediaRoomEvents,
  StreamCounters,
} from "./port.ts";

/** A process is busy with so many participants: where there may be another, it is started. */
const BUSY_PARTICIPANTS = 8;
const COUNTERS = ["packets", "bytes", "lost", "nacks", "plis", "retransmitted"] as const;

/** What the media plane is made with. */
export type MediaHostOptions = {
  /** How each process is to work; as many as there are, run at most. */
  readonly processes: readonly StartOptions[];
  /** Starts the program for one of them, with all three streams piped; throws where it may not. */
  readonly spawn: (options: StartOptions) => Deno.ChildProcess;
  /** Starts it for whichever is to work next. Default: none is started before it is needed. */
  readonly spawnSpare?: () => Deno.ChildProcess;
  readonly clock: Clock;
  readonly log: Logger;
};

/** The media of all rooms. */
export class MediaHost implements MediaPlane {
  readonly #slots: readonly ProcessSlot[];
  readonly #rooms = new Map<number, HostedRoom>();
  readonly #clock: Clock;
  readonly #spare: SpareProcess | undefined;
  #lastRoom = 0;
  /** When nothing ran any more that could be had. */
  #failedAt = -Infinity;
  #isClosed = false;

  /** Starts nothing yet: the first room that needs it does. */
  constructor({ processes, spawn, spawnSpare, clock, log }: MediaHostOptions) {
    this.#clock = clock;
    this.#spare = spawnSpare && new SpareProcess({ spawn: spawnSpare, clock, log });
    this.#slots = processes.map((start) =>
      new ProcessSlot({
        start,
        spawn: () => spawn(start),
        clock,
        log,
        takeSpare: () => this.#spare?.take(),
        onReady: () => this.#spare?.prepareSoon(),
        onGivenUp: (rooms) => this.#displace(rooms),
      })
    );
  }

  /** See MediaPlane: no, while no process can be started. */
  get isAvailable(): boolean {
    if (this.#isClosed) return false;
    return this.#slots.some((slot) => slot.isRunning) || this.#mayStart;
  }

  /** Whether another process may be tried. */
  get #mayStart(): boolean {
    return this.#clock.elapsed() - this.#failedAt >= RETRY_AFTER_MS &&
      this.#slots.some((slot) => slot.isFree);
  }

  /** Names the processes that run, to the operating system. */
  get pids(): number[] {
    return this.#slots.flatMap(({ pid }) => pid === undefined ? [] : [pid]);
  }

  /** Names the one that waits to take the place of one that dies, if there is one. */
  get sparePid(): number | undefined {
    return this.#spare?.pid;
  }

  /** Starts a process without waiting for a room. Rejects with MediaError when it cannot. */
  async prepare(): Promise<void> {
    await this.#slots[0]?.ready();
  }

  /** See MediaPlane. */
  openRoom(roomId: RoomId, events: MediaRoomEvents): MediaRoom {
    const room: HostedRoom = new HostedRoom({
      number: ++this.#lastRoom,
      roomId,
      events,
      place: () => this.#place(),
      onClosed: () => this.#rooms.delete(room.number),
    });
    this.#rooms.set(room.number, room);
    return room;
  }

  /** See MediaPlane. */
  async stats(): Promise<MediaPlaneStats> {
    const all = (await Promise.all(this.#slots.map((slot) => slot.stats())))
      .filter((stats) => stats !== undefined);
    const sum = (of: (stats: ProcessStats) => number) =>
      all.reduce((total, stats) => total + of(stats), 0);
    return {
      processes: this.pids.length,
      rooms: this.#rooms.size,
      connections: sum(({ connections }) => connections),
      publications: sum(({ publications }) => publications),
      subscriptions: sum(({ subscriptions }) => subscriptions),
      received: total(all.map(({ received }) => received)),
      sent: total(all.map(({ sent }) => sent)),
      restarts: this.#slots.reduce((count, { restarts }) => count + restarts, 0),
    };
  }

  /** See MediaPlane. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const room of [...this.#rooms.values()]) room.close();
    await Promise.all([...this.#slots.map((slot) => slot.close()), this.#spare?.close()]);
  }

  /** The least busy process; another one while that is busy. */
  #place(): ProcessSlot | undefined {
    if (this.#isClosed) return undefined;
    const running = this.#slots.filter((slot) => slot.isRunning);
    const [least] = running.toSorted((one, other) => one.participantCount - other.participantCount);
    if (least !== undefined && least.participantCount < BUSY_PARTICIPANTS) return least;
    const free = this.#mayStart ? this.#slots.find((slot) => slot.isFree) : undefined;
    return free ?? least;
  }

  /** A place has given up. Where nothing else runs, the reason is hardly in the place. */
  #displace(rooms: readonly SlotRoom[]): void {
    if (!this.#slots.some((slot) => slot.isRunning)) this.#failedAt = this.#clock.elapsed();
    for (const { number } of rooms) this.#rooms.get(number)?.displaced();
  }
}

function total(all: readonly StreamCounters[]): StreamCounters {
  const sums = { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
  for (const counters of all) for (const name of COUNTERS) sums[name] += counters[name];
  return sums;
}

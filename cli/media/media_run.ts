/**
 * The media of a whole run: makes those of each user, has them send and report in time, and sums up
 * what came of it. The simulation has one where it is asked for media; its steps tell the users what
 * to do.
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";
import { SeededRandom } from "../scenarios/random.ts";
import type { RunRecord } from "../verify/mod.ts";
import type { MediaEngine } from "./engine.ts";
import { type MediaSettings, planPictures } from "./media_settings.ts";
import type { MediaReceiver } from "./media_receiver.ts";
import { type MediaSignaling, MediaUser } from "./media_user.ts";
import { type PairReport, reportPairs } from "./pair_report.ts";
import { type Publication, Publications } from "./publications.ts";
import { RunTime } from "./run_time.ts";

/** Packets are due this often at least. */
const SEND_MS = 5;
/** Reports and requests are due this often. */
const RECEIVE_MS = 25;
/** Users begin within the time of one picture, so that not all send in the same moment. */
const SPREAD_MS = 60;
/** Packets that may be missing however few there were. */
const FEW_LOST = 3;

/** What the media of a run are made with. */
export type MediaRunOptions = {
  readonly settings: MediaSettings;
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly run: RunRecord;
  readonly seed: number;
};

/** What came of the media of a run. */
export type MediaOutcome = {
  /** Packets that users sent. */
  readonly sent: number;
  /** Packets that users got of others, of each user. */
  readonly received: number;
  /** Lost on purpose, on the way to the server and from it. */
  readonly lostOnPurpose: number;
  /** Lost on the way from the server without our doing, before anything was repeated. */
  readonly lostOnTheWay: number;
  /** Repeated by the server, and by users for the server. */
  readonly repaired: number;
  readonly repeated: number;
  /** Never came. */
  readonly lost: number;
  readonly keyFrames: number;
  /** Pauses and losses that are not held against the server, because packets took too long. */
  readonly excused: number;
  readonly pairs: readonly PairReport[];
  /** How long packets took to each user, in milliseconds. */
  readonly delays: readonly {
    readonly userId: string;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  }[];
};

/** The media of a run. */
export class MediaRun {
  readonly settings: MediaSettings;
  readonly publications: Publications = new Publications();
  readonly #options: MediaRunOptions;
  readonly #users: MediaUser[] = [];
  readonly #random: SeededRandom;
  readonly #time: RunTime;
  #timers: Cancel[] = [];

  /** Nobody at first. */
  constructor(options: MediaRunOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.#random = new SeededRandom(options.seed);
    this.#time = new RunTime(options.clock);
  }

  /** Everybody. */
  get users(): readonly MediaUser[] {
    return this.#users;
  }

  /** The media of a user in a room of `members`. */
  add(
    { userId, roomId, members }: { userId: string; roomId: string; members: number },
    signaling: MediaSignaling,
  ): MediaUser {
    const { engine, run, settings } = this.#options;
    const random = this.#random;
    const user = new MediaUser({
      ...{
        userId,
        roomId,
        engine,
        time: this.#time,
        ...signaling,
        ...planPictures(settings, members),
      },
      publications: this.publications,
      offsetMs: random.below(SPREAD_MS),
      isLost: () => settings.lossRatio > 0 && random.next() < settings.lossRatio,
      delayed: (ms, at) => run.record("packet", ms, at),
      pictured: (ms, at) => run.record("picture", ms, at),
    });
    this.#users.push(user);
    return user;
  }

  /** Packets and reports go out when they are due, from now on. */
  start(): void {
    const { clock } = this.#options;
    if (this.#timers.length > 0) return;
    this.#timers = [
      clock.every(SEND_MS, () => {
        this.#time.look();
        for (const { sender } of this.#users) sender.tick();
      }),
      clock.every(RECEIVE_MS, () => this.#users.forEach(({ receiver }) => receiver.tick())),
    ];
  }

  /** What the others of a user's room publish now. */
  publicationsFor({ roomId, userId }: MediaUser): Publication[] {
    return this.publications.all.filter((one) =>
      one.roomId === roomId && one.userId !== userId && one.endedAt === undefined
    );
  }

  /** Ends all; what had to come until now has to be there. Idempotent. */
  finish(): void {
    if (this.#timers.length === 0) return this.close();
    for (const user of this.#users) {
      user.finish();
      this.#judgeLoss(user);
      const packets = user.receiver.watches.reduce((sum, watch) => sum + watch.packets, 0);
      this.#options.run.tally.add("SB1", packets);
      this.#options.run.tally.add("PB1", user.publishedCount);
      this.#options.run.tally.add("SB2", user.updateCount);
    }
    this.close();
  }

  /** Ends all, whatever has come. Idempotent. */
  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    for (const user of this.#users) user.close();
    this.#options.engine.close();
  }

  /** What came of it. */
  get outcome(): MediaOutcome {
    const users = this.#users;
    const sum = (value: (user: MediaUser) => number) =>
      users.reduce((total, user) => total + value(user), 0);
    const ofWatches = (name: "packets" | "repaired" | "lost" | "excused") =>
      sum(({ receiver }) => receiver.watches.reduce((total, watch) => total + watch[name], 0));
    const ofTracks = (value: (track: MediaUser["sender"]["tracks"][number]) => number) =>
      sum(({ sender }) => sender.tracks.reduce((total, track) => total + value(track), 0));
    return {
      sent: ofTracks(({ stream }) => stream.packets),
      received: ofWatches("packets"),
      lostOnPurpose: ofTracks(({ lost }) => lost) + sum(({ receiver }) => droppedBy(receiver)),
      lostOnTheWay: sum(({ receiver }) => lostTo(receiver)),
      repaired: ofWatches("repaired"),
      repeated: ofTracks(({ stream }) => stream.repeated),
      lost: ofWatches("lost"),
      keyFrames: sum(({ sender }) => sender.keyFrames),
      excused: ofWatches("excused"),
      pairs: reportPairs(users),
      delays: users.map(({ userId, delays }) => ({
        userId,
        p50: delays.percentile(50),
        p99: delays.percentile(99),
        max: delays.maxMs,
      })),
    };
  }

  /** Some loss is no fault where the network is not ours; how much is for who runs it to say. */
  #judgeLoss({ receiver, roomId, userId }: MediaUser): void {
    const { run, settings: { maxLossRatio } } = this.#options;
    const lostOnTheWay = lostTo(receiver);
    const packets = receiver.watches.reduce((sum, watch) => sum + watch.packets, 0);
    const allowed = Math.max(FEW_LOST, packets * maxLossRatio);
    if (lostOnTheWay <= allowed) return;
    run.findings.add({
      ...{ rule: "SB1", roomId, userId, message: "packets on their way" },
      expected: `at most ${Math.floor(allowed)} of ${packets} lost`,
      seen: `${lostOnTheWay}`,
    });
  }
}

/** Packets that were dropped on purpose at the door of a receiver. */
function droppedBy({ streams }: MediaReceiver): number {
  return streams.reduce((sum, { dropped }) => sum + dropped, 0);
}

/** Packets that did not come to a receiver at first, without our doing. */
function lostTo({ streams }: MediaReceiver): number {
  return streams.reduce((sum, { gaps, dropped }) => sum + Math.max(0, gaps - dropped), 0);
}

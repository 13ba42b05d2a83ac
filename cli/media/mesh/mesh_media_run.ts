/**
 * The media of a run without a server between: every user is a headless participant that sends the
 * test pattern to each other one of its room, and knows by the numbers of the frames what it got.
 */
import type { Cancel, Clock } from "../../../src/base/mod.ts";
import { Histogram } from "../../measure/histogram.ts";
import { SeededRandom } from "../../scenarios/random.ts";
import type { RunRecord } from "../../verify/mod.ts";
import type { PeerEngine } from "../engine.ts";
import type { MediaOutcome } from "../media_run.ts";
import type { MediaSettings } from "../media_settings.ts";
import type { MediaSignaling } from "../media_user.ts";
import type { PairReport, StreamReport } from "../pair_report.ts";
import { FollowedTracks } from "../received/followed_tracks.ts";
import { RoomMedia } from "../room/room_media.ts";
import { readServerMessage } from "../room/server_message.ts";
import { RunTime } from "../run_time.ts";
import type { FrameSource } from "../sources/frame_source.ts";
import { PatternSource } from "../sources/pattern_source.ts";
import { type LossyEngine, lossyEngine } from "./lossy_engine.ts";
import { NumberWatch } from "./number_watch.ts";

/** Packets and reports are due this often at least. */
const TICK_MS = 5;

/** What the media of a run are made with. */
export type MeshMediaRunOptions = {
  readonly settings: MediaSettings;
  readonly engine: PeerEngine;
  readonly clock: Clock;
  readonly run: RunRecord;
  readonly seed: number;
};

/** What a user needs to speak with the others. */
export type MeshSignaling = Pick<MediaSignaling, "complain"> & {
  /** Sends an offer, an answer or a candidate; `false`: there is no connection. */
  readonly relay: (message: Readonly<Record<string, unknown>>) => boolean;
};

/** A source that can be held back. */
class HeldSource implements FrameSource {
  readonly #source: PatternSource;
  isHeld = false;
  /** Frames that were made. */
  frames = 0;
  keyFrames = 0;

  constructor(source: PatternSource) {
    this.#source = source;
  }

  get codecs() {
    return this.#source.codecs;
  }

  readonly failure = undefined;

  due(at: number) {
    const frames = this.isHeld ? [] : this.#source.due(at);
    this.frames += frames.length;
    this.keyFrames +=
      frames.filter(({ codec, isKeyFrame }) => codec !== "opus" && isKeyFrame).length;
    return frames;
  }

  wantKeyFrame(): void {
    this.#source.wantKeyFrame();
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

/** One user. */
export class MeshMediaUser {
  readonly userId: string;
  readonly roomId: string;
  readonly media: RoomMedia;
  readonly watch: NumberWatch;
  readonly source: HeldSource;
  readonly delays: Histogram = new Histogram();
  readonly engine: LossyEngine;
  readonly complain: MediaSignaling["complain"];
  readonly #followed: FollowedTracks;
  /** Where the media of its room travel; undefined: it has not heard. */
  topology: string | undefined;

  /** Not in its room yet. */
  constructor(
    { userId, roomId }: { readonly userId: string; readonly roomId: string },
    { relay, complain, engine, time, delayed }: MeshSignaling & {
      readonly engine: LossyEngine;
      readonly time: RunTime;
      readonly delayed: (ms: number, at: number) => void;
    },
  ) {
    this.userId = userId;
    this.roomId = roomId;
    this.engine = engine;
    this.complain = complain;
    const epochOf = (at: number) => time.epochOf(at);
    this.source = new HeldSource(new PatternSource({ hasPicture: true, hasSound: true, epochOf }));
    this.watch = new NumberWatch({
      epochOf,
      delayed: (ms, at) => {
        this.delays.record(ms);
        delayed(ms, at);
      },
    });
    this.#followed = new FollowedTracks([this.watch]);
    this.media = new RoomMedia({
      ...{ engine, time, source: this.source },
      send: (message) => relay({ ...message }),
      ask: () => Promise.resolve(undefined),
      notice: (words) =>
        complain("RL1", { message: "a link", expected: "descriptions that fit", seen: words }),
    });
  }

  /** Takes a message of the server. */
  receive(message: unknown): void {
    const read = readServerMessage(message);
    if (typeof read !== "object") return; // What is wrong with it the witness tells.
    if (read.type === "joined") {
      const { userId, participants, room } = read;
      this.topology = room.topology;
      if (room.topology !== "mesh") return; // Whoever runs it looks.
      this.media.entered({ userId, participants, room, iceServers: [], isNew: true });
    } else this.media.heard(read);
  }

  /** Sends what is due, and looks who is there. */
  tick(): void {
    this.media.tick();
    this.#followed.follow(this.media.tracks);
  }

  /** Whether sound and picture of another one have begun to come. */
  gets(publisher: MeshMediaUser): boolean {
    const { sound, numbers } = this.watch.of(publisher.userId);
    return sound > 0 && numbers.size > 0;
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.media.close();
  }
}

/** The media of a run. */
export class MeshMediaRun {
  readonly settings: MediaSettings;
  readonly #options: MeshMediaRunOptions;
  readonly #users: MeshMediaUser[] = [];
  readonly #random: SeededRandom;
  readonly #time: RunTime;
  #cancel: Cancel | undefined;
  /** What came of each pair, once all is over. */
  #pairs: readonly PairReport[] | undefined;

  /** Nobody at first. */
  constructor(options: MeshMediaRunOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.#random = new SeededRandom(options.seed);
    this.#time = new RunTime(options.clock);
  }

  /** Everybody. */
  get users(): readonly MeshMediaUser[] {
    return this.#users;
  }

  /** The media of a user. */
  add(who: { userId: string; roomId: string }, signaling: MeshSignaling): MeshMediaUser {
    const { engine, run, settings: { lossRatio } } = this.#options;
    const user = new MeshMediaUser(who, {
      ...signaling,
      engine: lossyEngine(engine, () => lossRatio > 0 && this.#random.next() < lossRatio),
      time: this.#time,
      delayed: (ms, at) => run.record("packet", ms, at),
    });
    this.#users.push(user);
    return user;
  }

  /** The others of a user's room. */
  othersOf(user: MeshMediaUser): MeshMediaUser[] {
    return this.#users.filter((one) => one.roomId === user.roomId && one !== user);
  }

  /** Packets and reports go out when they are due, from now on. */
  start(): void {
    this.#cancel ??= this.#options.clock.every(TICK_MS, () => {
      this.#time.look();
      for (const user of this.#users) user.tick();
    });
  }

  /** Nobody sends anything new; what is missing is repeated still. */
  hold(): void {
    for (const { source } of this.#users) source.isHeld = true;
  }

  /** Ends all; what is missing by now is missing for good. Idempotent. */
  finish(): void {
    if (this.#pairs !== undefined) return;
    const { run } = this.#options;
    for (const user of this.#users) {
      for (const publisher of this.othersOf(user)) this.#judge(user, publisher);
    }
    run.tally.add("TO1", this.#users.length);
    this.close();
  }

  /** Ends all, whatever has come. Idempotent. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#pairs ??= this.#reportPairs(); // The links are there still.
    for (const user of this.#users) user.close();
    this.#options.engine.close();
  }

  /** What came of it. */
  get outcome(): MediaOutcome {
    const users = this.#users;
    const pairs = this.#pairs ?? this.#reportPairs();
    const sum = (value: (pair: PairReport) => number) =>
      pairs.reduce((total, pair) => total + value(pair), 0);
    return {
      sent: users.reduce(
        (total, user) => total + user.source.frames * this.othersOf(user).length,
        0,
      ),
      received: sum(({ sound, picture }) => sound.packets + picture.packets),
      lostOnPurpose: users.reduce((total, { engine }) => total + engine.lost(), 0),
      lostOnTheWay: 0,
      repaired: sum(({ picture }) => picture.repaired),
      repeated: users.reduce((total, { media }) => total + media.sent.nacks, 0),
      lost: sum(({ picture }) => picture.lost),
      keyFrames: users.reduce((total, { source }) => total + source.keyFrames, 0),
      excused: 0,
      pairs,
      delays: users.map(({ userId, delays }) => ({
        userId,
        p50: delays.percentile(50),
        p99: delays.percentile(99),
        max: delays.maxMs,
      })),
    };
  }

  #reportPairs(): PairReport[] {
    return this.#users.flatMap((user) =>
      this.othersOf(user).map((other) =>
        pairOf(user, other, this.#allowed(user.watch.of(other.userId).numbers.size))
      )
    );
  }

  /** Some loss is no fault where the network is not ours; how much is for who runs it to say. */
  #allowed(frames: number): number {
    return Math.floor(frames * this.settings.maxLossRatio);
  }

  /** Numbers that are missing are frames that never came, though they were asked for. */
  #judge(user: MeshMediaUser, publisher: MeshMediaUser): void {
    const { numbers } = user.watch.of(publisher.userId);
    const missing = user.watch.missingOf(publisher.userId);
    const allowed = this.#allowed(numbers.size);
    if (missing <= allowed) return;
    user.complain("TO1", {
      message: `pictures of ${publisher.userId}`,
      expected: `each frame number between the first and the last, but for ${allowed}`,
      seen: `${missing} of ${numbers.size + missing} missing`,
    });
  }
}

function pairOf(user: MeshMediaUser, publisher: MeshMediaUser, allowed: number): PairReport {
  const { userId } = publisher;
  const { sound, picture, numbers } = user.watch.of(userId);
  const track = user.media.tracks.find((one) => one.userId === userId && one.source === "camera");
  const { keyFrames = 0, repaired = 0 } = track?.track.countsAt(0) ?? {};
  const lost = user.watch.missingOf(userId);
  const none: StreamReport = { packets: 0, repaired: 0, lost: 0, keyFrames: 0, interruptions: 0 };
  const isMissing = sound === 0 || numbers.size === 0;
  return {
    subscriber: user.userId,
    publisher: userId,
    verdict: isMissing ? "missing" : lost > allowed ? "wrong" : "verified",
    sound: { ...none, packets: sound },
    picture: { ...none, packets: picture, lost, keyFrames, repaired },
  };
}

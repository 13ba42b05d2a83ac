/**
 * What came of every pair of a run: a row for each receiver, an entry for each sender of its room. The
 * report prints it, and names the pairs that are missing.
 */
import type { MediaUser } from "./media_user.ts";
import type { TrackWatch } from "./track_watch.ts";

/** What one user got of another. */
export type PairReport = {
  readonly subscriber: string;
  readonly publisher: string;
  /** `verified`: all that came is right; `wrong`: it is not; `missing`: sound or picture never came. */
  readonly verdict: "verified" | "wrong" | "missing";
  readonly sound: StreamReport;
  readonly picture: StreamReport;
};

/** Sound, or picture, of one user at another. */
export type StreamReport = {
  readonly packets: number;
  /** Lost on the way and repeated. */
  readonly repaired: number;
  /** Lost for good. */
  readonly lost: number;
  readonly keyFrames: number;
  /** Times at which the server left packets out unasked. */
  readonly interruptions: number;
};

/** Every pair of `users`, room by room. */
export function reportPairs(users: readonly MediaUser[]): PairReport[] {
  return users.flatMap((subscriber) =>
    users.filter((other) => other.roomId === subscriber.roomId && other !== subscriber)
      .map((publisher) => reportPair(subscriber, publisher))
  );
}

function reportPair(subscriber: MediaUser, publisher: MediaUser): PairReport {
  const watches = subscriber.receiver.watches.filter(({ publication }) =>
    publication.userId === publisher.userId
  );
  const sound = sumOf(watches.filter(({ publication }) => !publication.isVideo));
  const picture = sumOf(watches.filter(({ publication }) => publication.isVideo));
  const isMissing = sound.packets === 0 || picture.keyFrames === 0;
  const isWrong = watches.some(({ faults }) => faults.size > 0);
  return {
    subscriber: subscriber.userId,
    publisher: publisher.userId,
    verdict: isMissing ? "missing" : isWrong ? "wrong" : "verified",
    sound,
    picture,
  };
}

function sumOf(watches: readonly TrackWatch[]): StreamReport {
  const sum = (value: (watch: TrackWatch) => number) =>
    watches.reduce((total, watch) => total + value(watch), 0);
  return {
    packets: sum(({ packets }) => packets),
    repaired: sum(({ repaired }) => repaired),
    lost: sum(({ lost }) => lost),
    keyFrames: sum(({ keyFrames }) => keyFrames),
    interruptions: sum(({ interruptions }) => interruptions),
  };
}

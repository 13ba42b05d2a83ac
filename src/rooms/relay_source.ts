/**
 * One participant whose frames go over the socket: who gets them, what it is told of that, and the
 * key frames that it is asked for (rules FR2, FR4, FR5). The relay of its room makes it when somebody
 * first wants its frames, and keeps it until the participant leaves; signaling passes the frames on.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import type { LeaveReason, ServerMessageOf } from "../protocol/mod.ts";
import type { Outbound } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import { RelayedPictures } from "./relayed_pictures.ts";

/** A key frame costs as much as a second of other frames: it is asked for no more often than this. */
const KEY_FRAME_PERIOD_MS = 500;

/** What the relay of a room is made with. */
export type RelayOptions = {
  readonly clock: Clock;
  /** Takes what is to be said without a request. */
  readonly deliver: (outbound: readonly Outbound[]) => void;
  /** Longest binary frame, header included. */
  readonly maxFrameBytes: number;
};

/** Somebody who gets the frames; whoever passes them on keeps account here. */
export type RelayViewer = {
  readonly participant: Participant;
  /** Whether pictures are of no use to it before the next key frame. */
  needsKeyFrame: boolean;
  /** Whether it gets nothing before it has read what it was sent (rule FR7). */
  isBehind: boolean;
};

/** A participant as the source of frames. */
export class RelaySource {
  /** Whose frames they are. */
  readonly participant: Participant;
  /** Stands in them. */
  readonly sourceId: number;
  /** Those who get its pictures and sound. */
  readonly viewers = new Map<Participant, RelayViewer>();
  /** Its single pictures. */
  readonly pictures: RelayedPictures;
  readonly #options: RelayOptions;
  #told: ServerMessageOf<"relay-wanted"> | undefined;
  #askedAtMs = -Infinity;
  #cancelAsk: Cancel | undefined;

  /** Nobody wants its frames at first. */
  constructor(participant: Participant, sourceId: number, options: RelayOptions) {
    this.participant = participant;
    this.sourceId = sourceId;
    this.#options = options;
    this.pictures = new RelayedPictures(options.clock, () => options.deliver(this.tell()));
  }

  /** Begins with a viewer, or anew; what is to be said because of it. */
  add(participant: Participant): Outbound[] {
    const isRunning = this.viewers.size > 0;
    this.viewers.set(participant, { participant, needsKeyFrame: true, isBehind: false });
    // Who begins to encode does so with a key frame.
    return [...this.tell(), ...(isRunning ? this.askForKeyFrame() : [])];
  }

  /** Ends it; what is to be said because of it. */
  delete(participant: Participant): Outbound[] {
    return this.viewers.delete(participant) ? this.tell() : [];
  }

  /** What the source is to know, where it does not know it yet (rule FR4). */
  tell(): Outbound[] {
    const wanted = this.#wanted();
    if (JSON.stringify(wanted) === JSON.stringify(this.#told)) return [];
    this.#told = wanted;
    return this.tellAgain();
  }

  /** The same, for a source that may have missed it. */
  tellAgain(): Outbound[] {
    return this.#told === undefined ? [] : [{ to: [this.participant], message: this.#told }];
  }

  /** Frames are missing, so pictures are of no use to anybody before a key frame. */
  hasGap(): Outbound[] {
    for (const viewer of this.viewers.values()) viewer.needsKeyFrame = true;
    return this.viewers.size > 0 ? this.askForKeyFrame() : [];
  }

  /** Has a key frame asked for: now, or as soon as that may be done again (rule FR5). */
  askForKeyFrame(): Outbound[] {
    if (this.#cancelAsk !== undefined) return [];
    const { clock, deliver } = this.#options;
    const waitMs = this.#askedAtMs + KEY_FRAME_PERIOD_MS - clock.elapsed();
    if (waitMs <= 0) {
      this.#askedAtMs = clock.elapsed();
      return [{ to: [this.participant], message: { type: "relay-key-frame" } }];
    }
    this.#cancelAsk = clock.after(waitMs, () => {
      this.#cancelAsk = undefined;
      const isNeeded = [...this.viewers.values()].some(({ needsKeyFrame }) => needsKeyFrame);
      if (isNeeded) deliver(this.askForKeyFrame());
    });
    return [];
  }

  /** The participant has left. */
  close(reason: LeaveReason): void {
    this.#cancelAsk?.();
    this.#cancelAsk = undefined;
    this.viewers.clear();
    this.pictures.end(reason);
  }

  #wanted(): ServerMessageOf<"relay-wanted"> {
    const { viewers: { size }, pictures: { wanted: pictures, watcherCount } } = this;
    return {
      type: "relay-wanted",
      video: size > 0,
      audio: size > 0,
      pictures,
      viewers: size + watcherCount,
      maxFrameBytes: this.#options.maxFrameBytes,
    };
  }
}

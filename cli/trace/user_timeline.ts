/**
 * What one user of a run sent and received, with its times: the first and the last messages where the
 * user is one of those that are followed, the latest frames of everybody else. Bounded, whatever the
 * run does. `timeline.ts` makes one for each user.
 */
import type { Direction, FrameTrace } from "./frame_trace.ts";
import { copied, messagesOf, type TracedMessage } from "./traced_message.ts";

/** Frames that are kept as they came, to explain a finding by. */
const RECENT_FRAMES = 8;
/** Characters of such a frame. */
const MAX_FRAME_LENGTH = 4_000;

/** The steps of a user's way, each when it happened first; leave and end those of the last stay. */
export type Milestones = {
  connecting?: number;
  open?: number;
  welcome?: number;
  joinSent?: number;
  joined?: number;
  firstBroadcast?: number;
  leave?: number;
  end?: number;
};

/** A frame as it came. */
type Frame = { readonly at: number; readonly direction: Direction; readonly text: string };

/** Frames that were kept for a finding, and how many may still be added. */
type Pin = { readonly frames: Frame[]; remaining: number };
/** What was kept for a finding: `index` is the last message that had come by then. */
export type PinnedMessages = {
  readonly messages: readonly TracedMessage[];
  readonly index: number;
};

/** The record of one user. */
export class UserTimeline implements FrameTrace {
  readonly userId: string;
  readonly milestones: Milestones = {};
  readonly #now: () => number;
  readonly #share: number;
  readonly #first: TracedMessage[] = [];
  #last: TracedMessage[] = [];
  #count = 0;
  #recent: Frame[] = [];
  #pins: Pin[] = [];

  /** `share` messages are kept, half of them the first; 0 keeps the latest frames alone. */
  constructor(userId: string, options: { now: () => number; share: number }) {
    this.userId = userId;
    this.#now = options.now;
    this.#share = options.share;
  }

  /** The messages that are kept, in order; a note stands where some are not. */
  get messages(): readonly TracedMessage[] {
    const { leftOut } = this;
    const last = this.#kept;
    const next = last[0];
    if (next === undefined || leftOut === 0) return [...this.#first, ...last];
    const text = `(${leftOut} left out)`;
    return [...this.#first, { at: next.at, direction: "note", type: text, text }, ...last];
  }

  /** How many messages there were and are not kept. */
  get leftOut(): number {
    return this.#count - this.#first.length - this.#kept.length;
  }

  get #kept(): readonly TracedMessage[] {
    return this.#share === 0 ? [] : this.#last.slice(-Math.ceil(this.#share / 2));
  }

  /** The latest messages, also of a user that is not followed. */
  get recent(): TracedMessage[] {
    return this.#recent.flatMap((frame) => messagesOf(frame.text, frame));
  }

  connecting(): void {
    this.milestones.connecting ??= this.#now();
    delete this.milestones.end; // It came back.
    this.#note("(connecting)");
  }

  opened(): void {
    this.milestones.open ??= this.#now();
    this.#note("(open)");
  }

  frame(direction: Direction, text: string): void {
    const at = this.#now();
    const isLong = text.length > MAX_FRAME_LENGTH;
    const kept = isLong ? copied(text.slice(0, MAX_FRAME_LENGTH)) : text;
    const frame = { at, direction, text: kept };
    this.#recent.push(frame);
    if (this.#recent.length > RECENT_FRAMES) this.#recent.shift();
    for (const pin of this.#pins) {
      pin.frames.push(frame);
      pin.remaining--;
    }
    this.#pins = this.#pins.filter(({ remaining }) => remaining > 0);
    if (this.#share === 0) return;
    for (const message of messagesOf(text, { at, direction })) this.#add(message);
  }

  ended(code: number, reason: string): void {
    this.milestones.end = this.#now();
    this.#note(reason === "" ? `(end ${code})` : `(end ${code} ${copied(reason.slice(0, 60))})`);
  }

  /** Keeps the frames around this moment, `after` later ones too; they are read with the result. */
  pin(after: number): () => PinnedMessages {
    const pin: Pin = { frames: [...this.#recent], remaining: after };
    const count = pin.frames.length;
    this.#pins.push(pin);
    const read = (frames: readonly Frame[]) => {
      return frames.flatMap((frame) => messagesOf(frame.text, frame));
    };
    return () => ({
      messages: read(pin.frames),
      index: read(pin.frames.slice(0, count)).length - 1,
    });
  }

  #note(text: string): void {
    if (this.#share > 0) this.#keep({ at: this.#now(), direction: "note", type: text, text });
  }

  #add(message: TracedMessage): void {
    const { at, direction, type } = message;
    const { milestones } = this;
    if (direction === "sent") {
      if (type === "join") milestones.joinSent ??= at;
      if (type === "leave") milestones.leave = at;
    } else if (type === "welcome") {
      milestones.welcome ??= at;
    } else if (type === "joined") {
      milestones.joined ??= at;
      delete milestones.leave; // It came back.
    } else if (/^(chat|data|user-|participant-)/.test(type) && milestones.joined !== undefined) {
      milestones.firstBroadcast ??= at;
    }
    this.#keep(message);
  }

  #keep(message: TracedMessage): void {
    this.#count++;
    const half = Math.floor(this.#share / 2);
    if (this.#first.length < half) {
      this.#first.push(message);
      return;
    }
    this.#last.push(message);
    // Cut now and then rather than each time: shifting a long array costs its length.
    if (this.#last.length >= this.#share) {
      this.#last = this.#last.slice(-Math.ceil(this.#share / 2));
    }
  }
}

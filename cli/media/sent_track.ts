/**
 * A track that a synthetic user sends, sound or picture alike: it counts frames and packets, writes
 * each into the run's publications, and hands it to the connection. What the frames look like is the
 * business of `synthetic_sound.ts` and `synthetic_picture.ts`.
 */
import type { TrackSource } from "../../src/protocol/mod.ts";
import type { MediaClock } from "./media_clock.ts";
import type { OutgoingStream } from "./outgoing_stream.ts";
import { writePayload } from "./payload.ts";
import type { Publication } from "./publications.ts";

/** What a track is made with. */
export type SentTrackOptions = {
  readonly source: TrackSource;
  readonly mid: string;
  readonly stream: OutgoingStream;
  readonly clock: MediaClock;
  /** Takes a packet for the connection. */
  readonly send: (packet: Uint8Array) => void;
  /**
   * Whether the packet that is due gets lost on the way, on purpose. Default: never. Key frames are
   * spared: who misses a part of one may ask for another instead.
   */
  readonly isLost?: () => boolean;
};

/** A packet of a frame. */
export type FramePart = {
  /** With the head of the codec at its beginning; the rest is filled in. */
  readonly bytes: Uint8Array;
  /** Bytes at the beginning that the server may change. */
  readonly changeable: number;
  /** Bytes of the head. */
  readonly head: number;
};

/** One track. */
export class SentTrack {
  readonly source: TrackSource;
  readonly mid: string;
  readonly stream: OutgoingStream;
  readonly clock: MediaClock;
  /** What it is published as; undefined: it is not, and nothing of it is sent. */
  publication: Publication | undefined;
  /** Packets that were lost on purpose. */
  lost = 0;
  readonly #options: SentTrackOptions;
  #frame = 0;
  #ordinal = 0;

  /** Nothing is sent yet. */
  constructor(options: SentTrackOptions) {
    this.source = options.source;
    this.mid = options.mid;
    this.stream = options.stream;
    this.clock = options.clock;
    this.#options = options;
  }

  /** The number of the next frame. */
  get frame(): number {
    return this.#frame;
  }

  /** Sends a frame that was due at `dueAt`, at `at`. */
  sendFrame(
    parts: readonly FramePart[],
    { at, dueAt, isKeyFrame }: { at: number; dueAt: number; isKeyFrame: boolean },
  ): void {
    const { publication } = this;
    if (publication === undefined) return;
    const { send, isLost = () => false } = this.#options;
    const timestamp = this.clock.timestampAt(dueAt);
    const frame = this.#frame++;
    parts.forEach(({ bytes, changeable, head }, index) => {
      const isFrameStart = index === 0;
      const isFrameEnd = index === parts.length - 1;
      const ordinal = this.#ordinal++;
      writePayload(bytes, {
        ...{ publication: publication.number, frame, ordinal, timestamp, sentAt: at },
        ...{ isKeyFrame, isFrameStart, isFrameEnd },
      }, { from: changeable, at: head });
      publication.sent(ordinal, at);
      const packet = this.stream.next({ payload: bytes, timestamp, marker: isFrameEnd });
      if (!isKeyFrame && isLost()) this.lost++;
      else send(packet);
    });
  }

  /** A report that lays the timestamps into time, which is `epochMs` now. */
  report(at: number, epochMs: number): Uint8Array {
    return this.stream.report(epochMs, this.clock.timestampAt(at));
  }
}

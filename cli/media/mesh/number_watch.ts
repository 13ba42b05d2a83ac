/**
 * What a receiver without a decoder knows of a test pattern: the number of each frame that came, and
 * which are missing between the first and the last. Sound has none; its packets are counted.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { Followed, TrackConsumer } from "../received/followed_tracks.ts";
import { frameMarkIn } from "../received/mark_in_packet.ts";

/** What came of one participant. */
export type NumbersSeen = {
  /** Packets of its sound. */
  sound: number;
  /** Packets of its picture. */
  picture: number;
  readonly numbers: Set<number>;
};

/** What came of everybody. */
export class NumberWatch implements TrackConsumer {
  readonly #seen = new Map<string, NumbersSeen>();
  readonly #delayed: (ms: number, at: number) => void;
  readonly #epochOf: (at: number) => number;

  /** `delayed` hears how long each frame took; `epochOf` is the clock of all users. */
  constructor(
    { delayed, epochOf }: {
      readonly delayed: (ms: number, at: number) => void;
      readonly epochOf: (at: number) => number;
    },
  ) {
    this.#delayed = delayed;
    this.#epochOf = epochOf;
  }

  /** What came of `userId`. */
  of(userId: string): NumbersSeen {
    const known = this.#seen.get(userId) ?? { sound: 0, picture: 0, numbers: new Set<number>() };
    this.#seen.set(userId, known);
    return known;
  }

  /** How many numbers are missing between the first and the last of `userId`. */
  missingOf(userId: string): number {
    const { numbers } = this.of(userId);
    if (numbers.size === 0) return 0;
    const all = [...numbers];
    return Math.max(...all) - Math.min(...all) + 1 - numbers.size;
  }

  /** See TrackConsumer. */
  packet({ userId }: Followed, codec: CodecName, packet: RtpPacket, at: number): void {
    const seen = this.of(userId);
    if (codec === "opus") {
      seen.sound++;
      return;
    }
    seen.picture++;
    const mark = codec === "H264" ? frameMarkIn(packet) : undefined;
    if (mark === undefined) return;
    if (!seen.numbers.has(mark.number)) {
      this.#delayed(Math.max(0, this.#epochOf(at) - mark.madeAtMs), at);
    }
    seen.numbers.add(mark.number);
  }

  /** See TrackConsumer. */
  senderReport(): void {}

  /** See TrackConsumer. */
  ended(): void {}
}

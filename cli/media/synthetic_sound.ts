/** Sound that nobody hears: an Opus packet every 20 ms, which says what the others are to check. */
import { Schedule } from "./schedule.ts";
import type { SentTrack } from "./sent_track.ts";

/** As browsers send it. */
const PACKET_MS = 20;
/** Bytes of a packet: 32 kbit/s. */
const PACKET_BYTES = 80;
/** RFC 6716, section 3.1: one frame of 20 ms, full band, mono. */
const TABLE_OF_CONTENTS = 0xf8;

/** The sound of one user. */
export class SyntheticSound {
  readonly #track: SentTrack;
  readonly #schedule: Schedule;

  /** The first packet is due at `firstAt`. */
  constructor(track: SentTrack, firstAt: number) {
    this.#track = track;
    this.#schedule = new Schedule(PACKET_MS, firstAt);
  }

  /** Sends what is due at `at`. */
  tick(at: number): void {
    for (let dueAt = this.#schedule.next(at); dueAt !== undefined;) {
      const bytes = new Uint8Array(PACKET_BYTES);
      bytes[0] = TABLE_OF_CONTENTS;
      const part = { bytes, changeable: 0, head: 1 };
      this.#track.sendFrame([part], { at, dueAt, isKeyFrame: true });
      dueAt = this.#schedule.next(at);
    }
  }
}

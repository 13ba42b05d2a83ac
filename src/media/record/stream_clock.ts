/**
 * Where the frames of a stream lie on the time line of a recording. At first what counts is when they
 * come; once the publisher's sender reports tell how its timestamps lie in its own wall clock
 * (RFC 3550, section 6.4.1), that clock keeps its sound and its pictures together. A track recorder
 * has one for each stream, and all streams of a publisher share a {@linkcode PublisherClock}.
 */
import { timestampDelta } from "../rtp/sequence.ts";

/**
 * No frame is placed further from when it came: a clock that jumps, or lies, moves nothing away.
 * Packets wait shorter in every queue that there is.
 */
export const MAX_SKEW_MS = 10_000;
/** A report that is further off tells of a clock that was set; others of how the clocks drift. */
const MAX_DRIFT_MS = 250;
/** How much of a difference each report corrects: single reports are some milliseconds off. */
const CORRECTION = 0.1;

/** The wall clock of one publisher on the time line of a recording. */
export class PublisherClock {
  /** What has to be added to its milliseconds; `undefined`: no report has come. */
  offsetMs: number | undefined;
  /** Whether a sound has set it: the ear notices a step that the eye does not. */
  isSetBySound = false;
}

/** What a clock is made with. */
export type StreamClockOptions = {
  /** Hertz. */
  readonly clockRate: number;
  readonly isSound: boolean;
  readonly publisher: PublisherClock;
};

/** The time of one stream. */
export class StreamClock {
  readonly #options: StreamClockOptions;
  /** The last frame that was placed; `undefined`: none. */
  #last: { rtpTimestamp: number; ms: number; arrivedAtMs: number } | undefined;
  /** A report, moved on frame by frame; `undefined`: none is believed. */
  #report: { rtpTimestamp: number; ntpMs: number } | undefined;

  /** Nothing has come yet. */
  constructor(options: StreamClockOptions) {
    this.#options = options;
  }

  /** Whether frames are placed by the publisher's clock. */
  get isSynchronised(): boolean {
    return this.#report !== undefined;
  }

  /** Where a frame lies that came at `arrivedAtMs`; both in milliseconds of the recording. */
  place(rtpTimestamp: number, arrivedAtMs: number): number {
    const ms = this.#expected(rtpTimestamp, arrivedAtMs);
    const isFar = Math.abs(ms - arrivedAtMs) > MAX_SKEW_MS;
    // Either clock was set: what the reports said is worth nothing until the next one.
    if (isFar) this.#report = undefined;
    const placed = isFar ? arrivedAtMs : ms;
    this.#last = { rtpTimestamp, ms: placed, arrivedAtMs };
    return placed;
  }

  /** The publisher says when `rtpTimestamp` was, in milliseconds of its own wall clock. */
  senderReport(rtpTimestamp: number, ntpMs: number): void {
    const { publisher } = this.#options;
    const last = this.#last;
    if (last === undefined || publisher.offsetMs === undefined) {
      this.#believe(rtpTimestamp, ntpMs);
      if (last !== undefined) this.#setPublisher(last.ms - this.#ntpAt(last.rtpTimestamp));
      return;
    }
    if (this.#report === undefined) return this.#firstReport(rtpTimestamp, ntpMs, last);
    const error = ntpMs - this.#ntpAt(rtpTimestamp);
    if (Math.abs(error) > MAX_DRIFT_MS) return this.#clockWasSet(rtpTimestamp, ntpMs, last);
    this.#believe(rtpTimestamp, this.#ntpAt(rtpTimestamp) + error * CORRECTION);
  }

  #expected(rtpTimestamp: number, arrivedAtMs: number): number {
    const { publisher } = this.#options;
    if (this.#report === undefined) {
      if (this.#last === undefined) return arrivedAtMs;
      return this.#last.ms + this.#toMs(timestampDelta(rtpTimestamp, this.#last.rtpTimestamp));
    }
    const ntpMs = this.#ntpAt(rtpTimestamp);
    // Moved on, the difference of timestamps never comes near to where it wraps.
    this.#believe(rtpTimestamp, ntpMs);
    if (publisher.offsetMs === undefined) this.#setPublisher(arrivedAtMs - ntpMs);
    return ntpMs + publisher.offsetMs!; // It was set a line above at the latest.
  }

  /** Another stream has set the publisher's clock, and this one steps to it, but for a sound. */
  #firstReport(rtpTimestamp: number, ntpMs: number, last: { rtpTimestamp: number; ms: number }) {
    const { publisher, isSound } = this.#options;
    const lastNtpMs = ntpMs + this.#toMs(timestampDelta(last.rtpTimestamp, rtpTimestamp));
    if (isSound && !publisher.isSetBySound) this.#setPublisher(last.ms - lastNtpMs);
    this.#believe(rtpTimestamp, ntpMs);
  }

  /** A sound goes on where it is, and all others follow it; a picture goes where it belongs. */
  #clockWasSet(rtpTimestamp: number, ntpMs: number, last: { rtpTimestamp: number; ms: number }) {
    this.#believe(rtpTimestamp, ntpMs);
    if (this.#options.isSound) this.#setPublisher(last.ms - this.#ntpAt(last.rtpTimestamp));
  }

  #setPublisher(offsetMs: number): void {
    const { publisher, isSound } = this.#options;
    publisher.offsetMs = offsetMs;
    publisher.isSetBySound ||= isSound;
  }

  #believe(rtpTimestamp: number, ntpMs: number): void {
    this.#report = { rtpTimestamp, ntpMs };
  }

  #ntpAt(rtpTimestamp: number): number {
    const { rtpTimestamp: known, ntpMs } = this.#report!; // Whoever calls has one.
    return ntpMs + this.#toMs(timestampDelta(rtpTimestamp, known));
  }

  #toMs(ticks: number): number {
    return ticks * 1_000 / this.#options.clockRate;
  }
}

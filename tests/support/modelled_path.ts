/**
 * A path to one receiver, modelled: a bottleneck with a queue that drops what does not fit, and a
 * receiver that reports as Chromium does: its estimate falls to 0.85 of what comes in when packets
 * queue up, and grows by 8 % a second, bounded to 1.5 times what comes in. Time passes in steps of
 * 10 ms; nothing is random.
 */

/** One step. */
export const STEP_MS = 10;
/** The queue holds what the bottleneck takes in this time. */
const QUEUE_MS = 300;
/** Without a queue, both ways. */
const ROUND_TRIP_MS = 40;
/** What comes in is measured over this time. */
const WINDOW_MS = 1_000;
/** Over this time the trend of the delay is looked at. */
const TREND_MS = 500;
/** A delay that grows by more than this part of the time is overuse, one that shrinks so underuse. */
const TREND = 0.05;

type Packet = { bytes: number; frame: number; sentAtMs: number; number: number };
/** What the receiver tells. */
export type PathReports = {
  estimated(bitrate: number): void;
  /** So many packets are missing: later ones are here. */
  missed(packets: number): void;
  reported(report: { lost: number; expected: number; roundTripMs: number }): void;
  /** A frame is there as a whole. */
  completed(frame: number): void;
};

/** The bottleneck and its receiver. */
export class ModelledPath {
  /** Bits a second. */
  capacity: number;
  readonly #reports: PathReports;
  #atMs = 0;
  #queue: Packet[] = [];
  #queuedBytes = 0;
  #credit = 0;
  #arrived: { atMs: number; bytes: number }[] = [];
  #delays: { atMs: number; ms: number }[] = [];
  #missing = new Map<number, number>();
  #number = 0;
  #lastNumber = 0;
  #lost = 0;
  #expected = 0;
  #estimate: number | undefined;
  #toldEstimate = Infinity;
  #toldAtMs = 0;
  #isDecreasing = false;

  /** A path that is empty. */
  constructor(capacity: number, reports: PathReports) {
    this.capacity = capacity;
    this.#reports = reports;
  }

  /** What waits in the queue, as time. */
  get delayMs(): number {
    return this.#queuedBytes * 8_000 / this.capacity;
  }

  /** Sends a frame of `bytes` in packets. */
  send(frame: number, bytes: number): void {
    const packets = Math.ceil(bytes / 1_200);
    this.#missing.set(frame, packets);
    for (let n = 0; n < packets; n++) {
      this.#expected++;
      this.#number++;
      const size = Math.min(1_200, bytes - n * 1_200);
      if (this.delayMs + size * 8_000 / this.capacity > QUEUE_MS) {
        this.#lost++;
        this.#missing.delete(frame);
      } else {
        this.#queue.push({ bytes: size, frame, sentAtMs: this.#atMs, number: this.#number });
        this.#queuedBytes += size;
      }
    }
  }

  /** 10 ms pass. */
  step(): void {
    this.#atMs += STEP_MS;
    this.#credit = this.#queue.length === 0 ? 0 : this.#credit + this.capacity * STEP_MS / 8_000;
    while (this.#queue[0] !== undefined && this.#queue[0].bytes <= this.#credit) {
      const packet = this.#queue.shift()!;
      this.#credit -= packet.bytes;
      this.#queuedBytes -= packet.bytes;
      this.#arrive(packet);
    }
    if (this.#atMs % 100 === 0) this.#estimateAnew();
    if (this.#atMs % 1_000 === 0) this.#report();
  }

  #arrive({ bytes, frame, sentAtMs, number }: Packet): void {
    if (number > this.#lastNumber + 1) this.#reports.missed(number - this.#lastNumber - 1);
    this.#lastNumber = number;
    this.#arrived.push({ atMs: this.#atMs, bytes });
    this.#delays.push({ atMs: this.#atMs, ms: this.#atMs - sentAtMs });
    const missing = this.#missing.get(frame);
    if (missing === undefined) return; // A part of it was dropped.
    this.#missing.set(frame, missing - 1);
    if (missing > 1) return;
    this.#missing.delete(frame);
    this.#reports.completed(frame);
  }

  #report(): void {
    const roundTripMs = ROUND_TRIP_MS + this.delayMs;
    this.#reports.reported({ lost: this.#lost, expected: this.#expected, roundTripMs });
    this.#lost = this.#expected = 0;
  }

  #estimateAnew(): void {
    this.#arrived = this.#arrived.filter(({ atMs }) => atMs > this.#atMs - WINDOW_MS);
    this.#delays = this.#delays.filter(({ atMs }) => atMs > this.#atMs - TREND_MS);
    if (this.#atMs < WINDOW_MS) return;
    const incoming = this.#arrived.reduce((sum, { bytes }) => sum + bytes, 0) * 8_000 / WINDOW_MS;
    const trend = this.#trend();
    const before = this.#estimate ?? incoming;
    if (trend > TREND) this.#estimate = Math.min(before, incoming * 0.85);
    else if (trend < -TREND || this.#isDecreasing) this.#estimate = before;
    else if (before < incoming * 1.5) {
      this.#estimate = Math.min(before * 1.08 ** 0.1, incoming * 1.5 + 10_000);
    } else this.#estimate = before;
    this.#isDecreasing = trend > TREND;
    const fell = this.#estimate < this.#toldEstimate * 0.97;
    if (!fell && this.#atMs - this.#toldAtMs < 1_000) return;
    this.#toldEstimate = this.#estimate;
    this.#toldAtMs = this.#atMs;
    this.#reports.estimated(this.#estimate);
  }

  /** By how much the delay grows in a ms: the slope of the line through what arrived lately. */
  #trend(): number {
    const { length } = this.#delays;
    if (length < 5) return 0;
    const meanAt = this.#delays.reduce((sum, { atMs }) => sum + atMs, 0) / length;
    const mean = this.#delays.reduce((sum, { ms }) => sum + ms, 0) / length;
    let above = 0;
    let below = 0;
    for (const { atMs, ms } of this.#delays) {
      above += (atMs - meanAt) * (ms - mean);
      below += (atMs - meanAt) ** 2;
    }
    return below === 0 ? 0 : above / below;
  }
}

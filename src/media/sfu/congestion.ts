/**
 * What the reports of one subscriber say of its path: whether it takes what is sent, whether it may
 * take more, or by how much it is too much. Three witnesses: the receiver's own estimate (REMB), the
 * loss and the round trip of its reports. `bandwidth.ts` draws the conclusions. Pure but for what it
 * remembers.
 *
 * The estimate of Chromium is no measure of a path with room: it is bounded to 1.5 times what comes
 * in, and grows by 8 % a second or less, so that it lags behind a sender that doubles its rate. But it
 * falls only when packets queue up; a fall to below what is sent is what counts here. Even then a
 * key frame may be to blame, so loss or the round trip have to say the same.
 */

/** Above this part, lost packets are a reason to send less. */
export const MUCH_LOSS = 0.1;
/** From this part on, they are a reason not to send more, and agree with an estimate that fell. */
export const SOME_LOSS = 0.02;
/** Below so many bits a second, sending less because of loss helps nobody: it has other reasons. */
export const LEAST_FOR_LOSS = 200_000;
/** Loss is judged over so many packets and so long at least: one of three is no third. */
const LOSS_PACKETS = 20;
const LOSS_PERIOD_MS = 1_000;
/** What was lost is of no interest any more after this. */
const LOSS_AGE_MS = 3_000;
/** An estimate that is less than this part of the one before fell. */
const FALL = 0.97;
/** A fall that nothing agrees with for so long was about a burst. */
const FALL_AGE_MS = 3_000;
/** Where no round trip is known, a fall that lasts for this long needs no other witness. */
const LASTING_FALL_MS = 2_000;
/** Packets that were asked for again count for so long, and each for so many bits. */
const NACK_AGE_MS = 1_000;
const PACKET_BITS = 8_800;
/** What queues up, in ms beyond the shortest round trip: agrees with a fall; is no time for more. */
const SLIGHT_DELAY_MS = 60;
const CAUTIOUS_DELAY_MS = 100;
/** Is too much, at once while more is tried, and where it lasts at all other times. */
const LONG_DELAY_MS = 200;
const LASTING_DELAY_MS = 3_000;
/** By how much less then, where nothing says more. */
const DELAY_FACTOR = 0.85;
/** The shortest round trip is of the last one to two of these: a path may become another one. */
const SHORTEST_PERIOD_MS = 30_000;

/** What the path says. */
export type Verdict =
  /** More may be tried. */
  | { readonly kind: "calm" }
  /** No more now, and no less. */
  | { readonly kind: "uneasy" }
  /** Less: at most so many bits a second. */
  | { readonly kind: "congested"; readonly bitrate: number };

/** The witnesses of one path. Times are of a clock that never goes back. */
export class Congestion {
  #hasHeard = false;
  #remb: number | undefined;
  #fellAtMs = -Infinity;
  #nacked = 0;
  #nackedSinceMs = -Infinity;
  #lostPackets = 0;
  #expectedPackets = 0;
  #loss = 0;
  #lossAtMs = -Infinity;
  #roundTripMs: number | undefined;
  #delayedSinceMs: number | undefined;
  #shortestMs = Infinity;
  #shortestBeforeMs = Infinity;
  #shortestSinceMs = -Infinity;

  /** The receiver estimates so many bits a second. */
  receiverEstimate(bitrate: number, atMs: number): void {
    if (!Number.isFinite(bitrate) || bitrate <= 0) return;
    if (this.#remb !== undefined && bitrate < this.#remb * FALL) this.#fellAtMs = atMs;
    this.#remb = bitrate;
    this.#hasHeard = true;
  }

  /** Of `expected` packets of one stream this part (0 to 1) did not arrive. */
  loss(fraction: number, expected: number): void {
    if (!(fraction >= 0 && fraction <= 1 && expected > 0 && Number.isFinite(expected))) return;
    this.#hasHeard = true;
    this.#lostPackets += fraction * expected;
    this.#expectedPackets += expected;
  }

  /** So many packets were asked for again. */
  nacked(packets: number, atMs: number): void {
    if (atMs - this.#nackedSinceMs > NACK_AGE_MS) {
      this.#nackedSinceMs = atMs;
      this.#nacked = 0;
    }
    this.#nacked += packets;
  }

  /** A report came back after so long. */
  roundTrip(ms: number, atMs: number): void {
    if (!Number.isFinite(ms) || ms < 0) return;
    if (atMs - this.#shortestSinceMs >= SHORTEST_PERIOD_MS) {
      this.#shortestBeforeMs = this.#shortestMs;
      this.#shortestMs = Infinity;
      this.#shortestSinceMs = atMs;
    }
    this.#shortestMs = Math.min(this.#shortestMs, ms);
    this.#roundTripMs = ms;
    this.#hasHeard = true;
  }

  /** Judges what came so far, of a sender that sends `sent` bits a second. */
  judge(
    { atMs, sent, isTrial }: { atMs: number; sent: number; isTrial: boolean },
  ): Verdict {
    if (!this.#hasHeard) return { kind: "uneasy" };
    const loss = this.#takeLoss(atMs);
    const delayMs = this.#delayMs();
    const fall = this.#fall(atMs, sent);
    const bounds: number[] = [];
    if (loss > MUCH_LOSS) bounds.push(Math.max(LEAST_FOR_LOSS, sent * (1 - loss / 2)));
    if (this.#isDelayed(delayMs, atMs, isTrial)) bounds.push(sent * DELAY_FACTOR);
    const missing = Math.max(loss, this.#missingShare(atMs, sent));
    if (fall !== undefined && this.#isConfirmed(fall.ageMs, missing, delayMs)) {
      bounds.push(fall.remb);
    }
    if (bounds.length > 0) return { kind: "congested", bitrate: Math.min(...bounds) };
    const isUneasy = loss >= SOME_LOSS || delayMs >= CAUTIOUS_DELAY_MS || fall !== undefined;
    return { kind: isUneasy ? "uneasy" : "calm" };
  }

  /** What was heard so far has had its consequences; it says nothing of what is sent from now on. */
  forget(): void {
    this.#fellAtMs = this.#nackedSinceMs = -Infinity;
    this.#lostPackets = this.#expectedPackets = 0;
    this.#loss = 0;
    this.#lossAtMs = -Infinity;
    this.#roundTripMs = this.#delayedSinceMs = undefined;
  }

  /** How long ago the estimate fell, when it did so lately and to below what is sent. */
  #fall(atMs: number, sent: number): { remb: number; ageMs: number } | undefined {
    const ageMs = atMs - this.#fellAtMs;
    const remb = this.#remb ?? Infinity;
    return ageMs <= FALL_AGE_MS && remb < sent ? { remb, ageMs } : undefined;
  }

  #isConfirmed(ageMs: number, missing: number, delayMs: number): boolean {
    if (missing >= SOME_LOSS || delayMs >= SLIGHT_DELAY_MS) return true;
    return this.#shortestMs === Infinity && ageMs >= LASTING_FALL_MS;
  }

  /** Which part of what was sent lately was asked for again: known sooner than what a report says. */
  #missingShare(atMs: number, sent: number): number {
    if (atMs - this.#nackedSinceMs > NACK_AGE_MS) return 0;
    return this.#nacked * PACKET_BITS / Math.max(PACKET_BITS, sent);
  }

  #isDelayed(delayMs: number, atMs: number, isTrial: boolean): boolean {
    this.#delayedSinceMs = delayMs >= LONG_DELAY_MS ? this.#delayedSinceMs ?? atMs : undefined;
    if (this.#delayedSinceMs === undefined) return false;
    return isTrial || atMs - this.#delayedSinceMs >= LASTING_DELAY_MS;
  }

  #takeLoss(atMs: number): number {
    const ageMs = atMs - this.#lossAtMs;
    if (this.#expectedPackets >= LOSS_PACKETS && ageMs >= LOSS_PERIOD_MS) {
      this.#loss = this.#lostPackets / this.#expectedPackets;
      this.#lossAtMs = atMs;
      this.#lostPackets = this.#expectedPackets = 0;
      return this.#loss;
    }
    return ageMs <= LOSS_AGE_MS ? this.#loss : 0;
  }

  #delayMs(): number {
    if (this.#roundTripMs === undefined) return 0;
    return this.#roundTripMs - Math.min(this.#shortestMs, this.#shortestBeforeMs);
  }
}

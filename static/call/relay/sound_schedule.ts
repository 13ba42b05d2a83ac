/**
 * When each piece of sound begins, so that pieces follow each other without a gap or an overlap that
 * could be heard, and yet stay with their pictures: two clocks run at slightly different speeds, and
 * what has drifted apart is put right at once. Seconds of the clock that plays.
 */

/** What is further from where it belongs than this is moved there; less nobody notices. */
export const DRIFT_S = 0.03;

/** The schedule of one track. */
export class SoundSchedule {
  #endS = -Infinity;

  /** When a piece begins that is due at `dueS`; undefined: it is too late to be played. */
  place(
    dueS: number,
    { nowS, durationS }: { nowS: number; durationS: number },
  ): number | undefined {
    const isTogether = Math.abs(dueS - this.#endS) <= DRIFT_S;
    // What would begin in the past is played at once, and in one piece: the rest makes up for it.
    const startS = Math.max(isTogether ? this.#endS : dueS, nowS);
    if (startS < this.#endS - 1e-6 || startS - dueS > DRIFT_S) return undefined;
    this.#endS = startS + durationS;
    return startS;
  }
}

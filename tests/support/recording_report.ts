/** What the harness of a recording finds in it, for both sides of the browser. */

/** One picture. */
export interface PictureSample {
  /** Seconds since the beginning. */
  readonly at: number;
  /** Which fraction of the picture each colour takes. */
  readonly shares: readonly number[];
}

/** One piece of the sound. */
export interface SoundSample {
  /** Seconds since the beginning. */
  readonly at: number;
  /** The amplitude of each tone, 0 to 1. */
  readonly levels: readonly number[];
}

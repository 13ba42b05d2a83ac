/**
 * How tall a picture anybody wants of one track, so that its publisher need not send what nobody
 * looks at (rule PB6). What is missed is asked for at once; what is not needed any more is let go
 * only after a while, because it costs a key frame to get it back. Pure but for what it remembers.
 */

/** So long must nobody want a layer before it is given up. */
export const LOWER_AFTER_MS = 2_000;
/** Taller than any picture: what is wanted as tall as it comes, however tall that will be. */
export const ANY_HEIGHT = 16_384;

/** What one subscriber wants of the track, and gets. */
export type LayerWish = {
  readonly isPaused: boolean;
  /** Pixels; left out: as tall as it comes. */
  readonly maxHeight?: number | undefined;
  /** The height of the layer that its bandwidth allows; 0: none. */
  readonly allocatedHeight: number;
  /** That layer is the tallest that the publisher has. */
  readonly isTallest: boolean;
};

/** The tallest height that is of use to anybody; 0: nobody wants the track. */
export function tallestWanted(wishes: readonly LayerWish[]): number {
  return wishes.reduce((tallest, wish) => Math.max(tallest, heightOf(wish)), 0);
}

/** What is wanted of one track, as its publisher is told. */
export class WantedLayers {
  /** The publisher sends everything until it is told. */
  #told = ANY_HEIGHT;
  /** The tallest that was wanted since less than was told is wanted, and since when. */
  #lower: { sinceMs: number; height: number } | undefined;

  /** What the publisher goes by. */
  get height(): number {
    return this.#told;
  }

  /**
   * `height` is what is wanted now; returns what to tell the publisher, or `undefined` when nothing
   * changes. To be called when wishes change, and again every while, for what is put off.
   */
  update(height: number, atMs: number): number | undefined {
    if (height >= this.#told) {
      this.#lower = undefined;
      return height === this.#told ? undefined : this.#told = height;
    }
    // Of what was wanted meanwhile the tallest counts: it may be wanted again the next moment.
    this.#lower = this.#lower === undefined || height > this.#lower.height
      ? { sinceMs: atMs, height }
      : this.#lower;
    if (atMs - this.#lower.sinceMs < LOWER_AFTER_MS) return undefined;
    this.#told = this.#lower.height;
    // Still less is wanted: that is waited for anew, from now on.
    this.#lower = height < this.#told ? { sinceMs: atMs, height } : undefined;
    return this.#told;
  }
}

function heightOf({ isPaused, maxHeight, allocatedHeight, isTallest }: LayerWish): number {
  if (isPaused || maxHeight === 0) return 0;
  // Who gets the tallest there is would take a taller one, when the publisher turns its phone.
  return isTallest ? maxHeight ?? ANY_HEIGHT : allocatedHeight;
}

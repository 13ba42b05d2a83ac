/**
 * How much is sent over the socket: less when it fills up, more when it has been empty for a while,
 * and pictures of the size that the bits suffice for. Pure; TCP tells of a narrow path in no other way
 * than by what waits.
 */

/** Bits a second of pictures. The server takes sixteen megabits a second of everything (FR6). */
export const BITRATES = { least: 100_000, first: 700_000, most: 2_000_000 } as const;
/** More than this waits for longer than a moment only on a path that is too narrow. */
export const FULL_BYTES = 96 * 1024;
/** A path on which no more than this waits may be wider than it is used. */
export const EMPTY_BYTES = 16 * 1024;
/** What waits longer than this on its way goes over a path that is too narrow. */
export const FULL_MS = 500;
/** More is tried only where nothing waits to speak of. */
export const EMPTY_MS = 150;
/** A cut shows its effect after this long. */
export const CUT_MS = 1_000;
/** So long a socket has to be empty before more is tried. */
export const RAISE_MS = 4_000;

/** From so many bits a second on a picture of this height looks better than a smaller one. */
const HEIGHTS = [[1_000_000, 720], [450_000, 480], [200_000, 360], [0, 240]] as const;

/** The rate of one socket. */
export class RelayRate {
  #bitrate: number = BITRATES.first;
  #height: number = heightFor(BITRATES.first);
  #cutAt = -Infinity;
  #emptyFrom: number | undefined;
  #ceiling = Infinity;

  /** Bits a second. */
  get bitrate(): number {
    return this.#bitrate;
  }

  /** Pixels of the tallest picture that makes sense. */
  get height(): number {
    return Math.min(this.#height, this.#ceiling);
  }

  /** So many bytes wait in the socket now, and what is sent waits so long on its way. */
  look(at: number, { bytes, ms }: { readonly bytes: number; readonly ms: number }): void {
    if (bytes > EMPTY_BYTES || ms > EMPTY_MS) this.#emptyFrom = undefined;
    else this.#emptyFrom ??= at;
    if ((bytes > FULL_BYTES || ms > FULL_MS) && at - this.#cutAt >= CUT_MS) {
      this.#cutAt = at;
      this.#take(this.#bitrate * 0.6);
    } else if (this.#emptyFrom !== undefined && at - this.#emptyFrom >= RAISE_MS) {
      this.#emptyFrom = at;
      this.#take(this.#bitrate * 1.2);
    }
  }

  /** A picture was too long for a frame: they are made smaller from now on. */
  overflowed(): void {
    const smaller = HEIGHTS.find(([, height]) => height < this.height);
    this.#ceiling = smaller?.[1] ?? this.height;
    this.#take(this.#bitrate * 0.7);
  }

  #take(bitrate: number): void {
    this.#bitrate = Math.round(Math.min(BITRATES.most, Math.max(BITRATES.least, bitrate)));
    const height = heightFor(this.#bitrate);
    // A taller picture only when the bits suffice with something to spare: each change costs a key frame.
    const isSure = height < this.#height || heightFor(this.#bitrate / 1.3) > this.#height;
    if (isSure) this.#height = height;
  }
}

function heightFor(bitrate: number): number {
  return HEIGHTS.find(([least]) => bitrate >= least)?.[1] ?? HEIGHTS.at(-1)![1]; // There are some.
}

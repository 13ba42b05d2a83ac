/**
 * What is wanted of each track, as the server is told (rule SB3): how tall a picture is seen, or that
 * nobody looks. A height is one of a few, and what grows is told at once and what shrinks later, so
 * that a window that is being pulled does not keep the server busy and no picture stays small.
 */
import type { ClientMessageOf, UserId } from "../../../src/protocol/mod.ts";
import type { CallClock } from "../platform.ts";
import type { PictureWishes } from "../transport.ts";

/** What shrinks is told after this long, unless it has grown again. */
export const SHRINK_MS = 2_000;
/** Messages that are sent at once; a room of hundreds is told of in several turns. */
export const MAX_AT_ONCE = 40;
/** Between two turns: below what the server takes from one sender in the long run. */
export const NEXT_TURN_MS = 500;
/** The heights that are asked for. */
const HEIGHTS = [90, 180, 270, 360, 540, 720, 1080];
/** A picture that is shown this much larger than it is looks the same. */
const ENLARGED = 1.1;
/**
 * The server sends the tallest size that is no taller than asked, and each size is twice the next: who
 * asks for half as much again gets at least three quarters of what is shown.
 */
const MARGIN = 1.5;

/** A picture that somebody sends to the server. */
export interface Picture {
  readonly trackId: string;
  readonly userId: UserId;
  readonly slot: "camera" | "screen";
}

/** What wishes need. */
export interface WishListOptions {
  readonly clock: CallClock;
  /** `false` when there is no connection to send it on. */
  readonly send: (message: ClientMessageOf<"subscribe">) => boolean;
}

/** The wishes of one participant. */
export class WishList {
  readonly #options: WishListOptions;
  #pictures: readonly Picture[] = [];
  #wishes: ReadonlyMap<UserId, PictureWishes> | undefined;
  /** The heights that the server was told, by track. */
  #told = new Map<string, number>();
  #shrinksAt: number | undefined;
  #cancel: (() => void) | undefined;

  /** Nothing is wanted in particular. */
  constructor(options: WishListOptions) {
    this.#options = options;
  }

  /** Pixels of the height that is asked for; 0: none, undefined: as tall as it comes. */
  heightOf(userId: UserId, slot: Picture["slot"]): number | undefined {
    if (this.#wishes === undefined) return undefined;
    const height = roundUp(this.#wishes.get(userId)?.[slot] ?? 0);
    return height === Infinity ? undefined : height;
  }

  /** These pictures are sent to the server now. */
  setPictures(pictures: readonly Picture[]): void {
    this.#pictures = pictures;
    const known = new Set(pictures.map(({ trackId }) => trackId));
    for (const trackId of this.#told.keys()) if (!known.has(trackId)) this.#told.delete(trackId);
    this.#look();
  }

  /** This is seen now. */
  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.#wishes = wishes;
    this.#look();
  }

  /** The server may have forgotten what it was told. */
  tellAgain(): void {
    this.#told.clear();
    this.#look();
  }

  /** The socket is back. */
  networkChanged(): void {
    this.#look();
  }

  /** Tells nothing more. Idempotent. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#pictures = [];
  }

  #look(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { clock } = this.#options;
    if (this.#wishes === undefined) return;
    // Also what is wanted as tall as it comes: of more than it sends, the server sends what is wanted.
    const open = this.#pictures.filter((one) => this.#wanted(one) !== this.#told.get(one.trackId));
    const prompt = open.filter((one) => this.#isPrompt(one));
    this.#shrinksAt = open.length > prompt.length
      ? this.#shrinksAt ?? clock.elapsed() + SHRINK_MS
      : undefined;
    const isTime = this.#shrinksAt !== undefined && clock.elapsed() >= this.#shrinksAt;
    const now = isTime ? [...prompt, ...open.filter((one) => !this.#isPrompt(one))] : prompt;
    const isTold = now.slice(0, MAX_AT_ONCE).every((one) => this.#tell(one));
    if (!isTold) return; // Without a socket; it is looked again when there is one.
    if (now.length > MAX_AT_ONCE) this.#lookAfter(NEXT_TURN_MS);
    else if (isTime) this.#shrinksAt = undefined;
    else if (this.#shrinksAt !== undefined) this.#lookAfter(this.#shrinksAt - clock.elapsed());
  }

  /** A picture that is to grow, or one that is new. */
  #isPrompt(picture: Picture): boolean {
    const told = this.#told.get(picture.trackId);
    return told === undefined || this.#wanted(picture) > told;
  }

  #lookAfter(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => this.#look());
  }

  #tell(picture: Picture): boolean {
    const height = this.#wanted(picture);
    const isTold = this.#options.send({
      type: "subscribe",
      trackId: picture.trackId,
      ...(height === 0 ? { paused: true } : { paused: false }),
      ...(height === 0 || height === Infinity ? {} : { maxHeight: height }),
    });
    if (isTold) this.#told.set(picture.trackId, height);
    return isTold;
  }

  #wanted({ userId, slot }: Picture): number {
    return this.heightOf(userId, slot) ?? Infinity;
  }
}

/** The smallest of the heights that is enough; beyond the largest there is no bound. */
function roundUp(height: number): number {
  if (height <= 0) return 0;
  return HEIGHTS.find((known) => known * ENLARGED >= height * MARGIN) ?? Infinity;
}

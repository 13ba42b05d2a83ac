/**
 * The single pictures (JPEG) that somebody wants of one participant, who watches which, and how often
 * (rule FR4). Each source of the relay has one; who watches is no member of the room.
 */
import type { Clock } from "../base/mod.ts";
import type { LeaveReason, WantedPicture } from "../protocol/mod.ts";

/** Sizes that one source makes at once; who wants another gets the next wider one. */
const MAX_PICTURES = 4;
/** Bounds of what may be asked for, as the schema has them. */
const MIN_WIDTH = 16;
const MAX_WIDTH = 3_840;
const MAX_FRAMES_PER_SECOND = 30;
const MAX_PICTURE_ID = 65_535;
/** A picture that comes early by less than this part of its interval is no picture too many. */
const TOLERANCE = 0.5;

/** Who watches, and how. */
export type PictureWatcher = {
  /** Pixels; the pictures may be wider where the source makes too many sizes, never by a wish. */
  readonly width: number;
  /** At most 30; no more pictures than this are handed over. */
  readonly framesPerSecond: number;
  /** Called with each picture, and the microseconds of its capture by its source's clock. */
  readonly received: (jpeg: Uint8Array, timestampUs: number) => void;
  /** Called once when there will be no more, unless by `close`. */
  readonly ended: (reason: LeaveReason) => void;
};

/** A watch that goes on until it is closed, or has ended. */
export type PictureWatch = {
  /** Ends it. Idempotent. */
  readonly close: () => void;
};

type Watching = {
  readonly watcher: PictureWatcher;
  readonly framesPerSecond: number;
  /** When it may have the next one. */
  dueMs: number;
};
type Picture = {
  readonly pictureId: number;
  readonly width: number;
  readonly watching: Set<Watching>;
};

/** All pictures of one source. */
export class RelayedPictures {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #pictures = new Map<number, Picture>();
  #lastId = 0;

  /** None at first; `changed` is called when a watch has been closed. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What the source is to send. */
  get wanted(): WantedPicture[] {
    return [...this.#pictures.values()].map(({ pictureId, width, watching }) => ({
      pictureId,
      width,
      framesPerSecond: Math.max(...[...watching].map((one) => one.framesPerSecond)),
    }));
  }

  /** How many watch. */
  get watcherCount(): number {
    let count = 0;
    for (const { watching } of this.#pictures.values()) count += watching.size;
    return count;
  }

  /** One more watches. Throws RangeError for a frequency that is none. */
  watch(watcher: PictureWatcher): PictureWatch {
    const framesPerSecond = Math.min(watcher.framesPerSecond, MAX_FRAMES_PER_SECOND);
    if (!(framesPerSecond > 0)) {
      throw new RangeError(`Cannot watch ${framesPerSecond} pictures a second`);
    }
    const picture = this.#pictureFor(Math.round(watcher.width));
    const one: Watching = { watcher, framesPerSecond, dueMs: this.#clock.elapsed() };
    picture.watching.add(one);
    return { close: () => this.#close(picture, one) };
  }

  /** A picture has come; whoever may have it now gets it. Returns to how many it went. */
  received(pictureId: number, jpeg: Uint8Array, timestampUs: number): number {
    const now = this.#clock.elapsed();
    let count = 0;
    for (const one of [...this.#pictures.get(pictureId)?.watching ?? []]) {
      if (!isDue(one, now)) continue;
      one.watcher.received(jpeg, timestampUs);
      count++;
    }
    return count;
  }

  /** The source is gone: every watch ends. */
  end(reason: LeaveReason): void {
    const all = [...this.#pictures.values()].flatMap(({ watching }) => [...watching]);
    for (const { watching } of this.#pictures.values()) watching.clear();
    this.#pictures.clear();
    for (const { watcher } of all) watcher.ended(reason);
  }

  #pictureFor(wanted: number): Picture {
    const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, wanted));
    const byWidth = [...this.#pictures.values()].sort((a, b) => a.width - b.width);
    const known = byWidth.find((picture) => picture.width === width);
    if (known !== undefined) return known;
    if (byWidth.length >= MAX_PICTURES) {
      return byWidth.find((picture) => picture.width > width) ?? byWidth.at(-1)!; // There are four.
    }
    // A number is not used again soon: a late picture of another size must not pass for this one.
    do this.#lastId = this.#lastId % MAX_PICTURE_ID + 1; while (this.#pictures.has(this.#lastId));
    const picture: Picture = { pictureId: this.#lastId, width, watching: new Set() };
    this.#pictures.set(picture.pictureId, picture);
    return picture;
  }

  #close(picture: Picture, one: Watching): void {
    if (!picture.watching.delete(one)) return;
    if (picture.watching.size === 0) this.#pictures.delete(picture.pictureId);
    this.#changed();
  }
}

/**
 * Whether a watcher may have a picture now. What it could not have because none came is no credit
 * beyond one picture; what comes early is, so that a jitter on the way costs no picture.
 */
function isDue(one: Watching, now: number): boolean {
  const intervalMs = 1_000 / one.framesPerSecond;
  if (now < one.dueMs - intervalMs * TOLERANCE) return false;
  one.dueMs = Math.max(one.dueMs, now - intervalMs) + intervalMs;
  return true;
}

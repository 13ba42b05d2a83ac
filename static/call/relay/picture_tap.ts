/**
 * The pictures of what is shown, one by one, while somebody wants them. A screen at rest gives none:
 * then the last one is handed out again, so that whoever comes sees it.
 */

import { CaptureClock } from "./capture_clock.ts";
import type { Picture, RelayPlatform } from "./relay_platform.ts";

/** After this long without a picture the last one is handed out again. */
export const REPEAT_MS = 500;

/** Takes a picture of `atUs`, to look at before it returns; it is closed then. */
export type PictureTaker = (picture: Picture, atUs: number) => void;

/** The tap on one track after the other. */
export class PictureTap {
  readonly #platform: RelayPlatform;
  readonly #taken: PictureTaker;
  #track: MediaStreamTrack | undefined;
  #isWanted = false;
  #stop: (() => void) | undefined;
  #cancelRepeat: (() => void) | undefined;
  #last: Picture | undefined;
  #clock = new CaptureClock();

  /** Nothing is wanted yet. */
  constructor(platform: RelayPlatform, taken: PictureTaker) {
    this.#platform = platform;
    this.#taken = taken;
  }

  /** Pictures of this track from now on. */
  setTrack(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    this.#end();
    this.#track = track;
    this.#begin();
  }

  /** Whether anybody wants them. */
  setWanted(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) this.#begin();
    else this.#end();
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.setWanted(false);
  }

  #begin(): void {
    if (!this.#isWanted || this.#track === undefined) return;
    this.#clock = new CaptureClock();
    this.#stop = this.#platform.readPictures(this.#track, (picture) => this.#came(picture));
  }

  #end(): void {
    this.#stop?.();
    this.#cancelRepeat?.();
    this.#last?.close();
    this.#stop = this.#cancelRepeat = this.#last = undefined;
  }

  #came(picture: Picture): void {
    this.#last?.close();
    this.#last = picture;
    this.#clock.hear(picture.timestamp, this.#nowUs);
    this.#give(this.#clock.timeOf(picture.timestamp));
  }

  #give(atUs: number): void {
    if (this.#last !== undefined) this.#taken(this.#last, atUs);
    this.#cancelRepeat?.();
    this.#cancelRepeat = this.#last === undefined
      ? undefined
      : this.#platform.clock.after(REPEAT_MS, () => this.#give(this.#nowUs));
  }

  get #nowUs(): number {
    return Math.round(this.#platform.clock.elapsed() * 1_000);
  }
}

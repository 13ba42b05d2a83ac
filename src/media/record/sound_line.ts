/**
 * A sound without holes: what was lost, or never sent because nobody spoke, is filled with silence.
 * Players keep step with the picture that way, and the muxer need not wait for a sound that is off.
 * A take's file has one for its sound.
 */
import { SILENCE, SILENCE_MS } from "./opus_reader.ts";

/**
 * Clocks drift and reports are off by as much: what is no further from the end of the sound follows
 * on it. Half a frame, so that nobody notices what is left out or filled in one day.
 */
const MAX_JITTER_MS = 10;
/** Longer holes are left: the process stood still. */
export const MAX_FILLED_MS = 30_000;

/** Writes one packet of a sound. */
export type WriteSound = (data: Uint8Array, atMs: number, durationMs: number) => void;

/** The sound of one file. */
export class SoundLine {
  readonly #write: WriteSound;
  #endMs: number;

  /** Begins at `startMs`. */
  constructor(startMs: number, write: WriteSound) {
    this.#endMs = startMs;
    this.#write = write;
  }

  /** Where the sound ends so far. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Adds a packet that belongs at `atMs`, with silence before it; drops it where there is sound. */
  add(data: Uint8Array, atMs: number, durationMs: number): void {
    if (atMs < this.#endMs - MAX_JITTER_MS) return;
    if (atMs > this.#endMs + MAX_JITTER_MS) {
      this.fillUpTo(atMs);
      this.#endMs = atMs;
    }
    this.#append(data, durationMs);
  }

  /** Adds silence while there is room for it before `atMs`. */
  fillUpTo(atMs: number): void {
    this.#endMs = Math.max(this.#endMs, atMs - MAX_FILLED_MS);
    while (this.#endMs + SILENCE_MS <= atMs) this.#append(SILENCE, SILENCE_MS);
  }

  #append(data: Uint8Array, durationMs: number): void {
    this.#write(data, this.#endMs, durationMs);
    this.#endMs += durationMs;
  }
}

/**
 * The last frames of one check, of all its connections in one order; a failure shows them. Each check
 * has one.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { FrameTrace } from "../trace/frame_trace.ts";
import type { TranscriptLine } from "./verdict.ts";

/** Lines that are kept: enough to see how it came to the failure. */
const MAX_LINES = 40;
/** Characters of a frame that are shown. */
const MAX_LENGTH = 400;

/** A ring of lines. */
export class Transcript {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #lines: TranscriptLine[] = [];

  /** Empty; the time counts from now. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  /** The lines, oldest first. */
  get lines(): readonly TranscriptLine[] {
    return this.#lines;
  }

  /** Adds a line. */
  add(who: string, way: TranscriptLine["way"], text: string): void {
    const atMs = Math.round((this.#clock.elapsed() - this.#startedAt) * 10) / 10;
    this.#lines.push({ atMs, who, way, text: trimmed(text, MAX_LENGTH) });
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }

  /** A trace that writes one connection down here. */
  traceOf(who: string): FrameTrace {
    return {
      connecting: () => {},
      opened: () => this.add(who, "·", "open"),
      frame: (direction, text) => this.add(who, direction === "sent" ? ">" : "<", text),
      ended: (code, reason) => this.add(who, "·", `ended with ${`${code} ${reason}`.trim()}`),
    };
  }
}

/** The text, cut to about `maxLength` characters with word of how much is missing. */
export function trimmed(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // A cut between the halves of a surrogate pair would leave half a character.
  const cut = text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "");
  return `${cut}… (${text.length - cut.length} more)`;
}

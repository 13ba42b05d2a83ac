/**
 * A client's own text inside an error sentence, made fit to be logged and shown. Whoever writes a
 * sentence about what a client sent calls it; what it returns stays on one line and turns no text
 * around it.
 */

/** Text is cut here: beyond, nobody reads on. */
const MAX_QUOTED_LENGTH = 80;
/** What JSON leaves as it is, yet breaks a line or turns the text around it: C1, bidi marks, ... */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text in quotes, escaped and cut; of any other value the kind, e.g. `(number)`. */
export function quoted(value: unknown): string {
  if (value === undefined) return "(missing)";
  if (typeof value !== "string") return `(${value === null ? "null" : typeof value})`;
  const escaped = JSON.stringify(value.slice(0, MAX_QUOTED_LENGTH)).slice(1, -1)
    .replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  const isCut = Math.max(value.length, escaped.length) > MAX_QUOTED_LENGTH;
  return `"${isCut ? `${escaped.slice(0, MAX_QUOTED_LENGTH).toWellFormed()}…` : escaped}"`;
}

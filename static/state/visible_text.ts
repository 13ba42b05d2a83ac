/**
 * Makes characters visible that would otherwise disguise text: marks that turn its direction, and
 * marks of no width. The log shows messages through it; the message itself is never changed.
 */

// Bidirectional controls, zero-width marks, and control characters other than what JSON escapes.
const disguises = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u007f-\u009f]/gu;

/** `text` with each such character as its JSON escape, so that it stays valid JSON. */
export function visibleText(text: string): string {
  return text.replace(
    disguises,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * The lines of a description (RFC 8866) and the small grammars within them. Everything that we copy
 * into an answer or hand to the native engine passes through here first: what does not fit the
 * grammar of its RFC is refused with the number of its line, never repaired.
 */
import { MediaError } from "../port.ts";

/** Longest description that is looked at: 200 m-lines of a server's offer fit, or 50 of a browser's. */
const MAX_LENGTH = 256 * 1024;

/** RFC 4566, `token`, as long as a one-byte header extension can carry it (RFC 8285). */
const TOKEN = /^[!#-'*+\-.0-9A-Z^-~]{1,16}$/;
/** RFC 8851 allows these; the length as above. */
const RID = /^[A-Za-z0-9_-]{1,16}$/;
/** Names, protocols and addresses that we repeat. */
const VISIBLE = /^[!-~]{1,256}$/;
/** Parameters that we repeat. */
const PRINTABLE = /^[ -~]{0,1024}$/;
const DIGITS = /^[0-9]{1,10}$/;
/** What may stand in no line: RFC 8866 forbids NUL, and the others would hide a line from a reader. */
// deno-lint-ignore no-control-regex -- they are what it looks for
const CONTROL = /[\0-\x09\x0b\x0c\x0e-\x1f\x7f]/;

/** One line: `type` before the `=`, `value` behind it. */
export type DescriptionLine = {
  /** From 1. */
  readonly number: number;
  readonly type: string;
  readonly value: string;
};

/** Takes a description apart. Throws MediaError `bad-description`. */
export function splitLines(sdp: string): DescriptionLine[] {
  if (sdp.length > MAX_LENGTH) {
    throw badDescription(`it is longer than ${MAX_LENGTH} characters`);
  }
  if (CONTROL.test(sdp)) throw badDescription("it holds control characters");
  const lines: DescriptionLine[] = [];
  let number = 0;
  for (const text of sdp.split(/\r\n|\n|\r/)) {
    number++;
    if (text === "") continue;
    const type = text.charAt(0);
    if (text.charAt(1) !== "=" || type < "a" || type > "z") {
      throw badDescription(`line ${number} does not begin with a letter and "="`);
    }
    lines.push({ number, type, value: text.slice(2) });
  }
  return lines;
}

/** What the caller throws for the whole of a description. */
export function badDescription(reason: string): MediaError {
  return new MediaError("bad-description", `Cannot take the description: ${reason}`);
}

/** What the caller throws for a line. */
export function badLine(line: DescriptionLine, reason: string): MediaError {
  return badDescription(`line ${line.number}: ${reason}`);
}

/** A whole number from 0 to `max`. Throws MediaError naming `what`. */
export function readNumber(
  line: DescriptionLine,
  text: string | undefined,
  { max, what }: { readonly max: number; readonly what: string },
): number {
  const value = text !== undefined && DIGITS.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) throw badLine(line, `${what} is no number from 0 to ${max}`);
  return value;
}

/** The tag of an m-line. Throws MediaError. */
export function readMid(line: DescriptionLine, text: string): string {
  if (!TOKEN.test(text)) throw badLine(line, "a=mid is no token of 1 to 16 characters");
  return text;
}

/** The name of a layer. Throws MediaError. */
export function readRid(line: DescriptionLine, text: string | undefined): string {
  if (text === undefined || !RID.test(text)) {
    throw badLine(line, "a rid is not made of 1 to 16 letters, digits, - and _");
  }
  return text;
}

/** A word without spaces. Throws MediaError naming `what`. */
export function readWord(line: DescriptionLine, text: string | undefined, what: string): string {
  if (text === undefined || !VISIBLE.test(text)) {
    throw badLine(line, `${what} is not made of 1 to 256 visible characters of ASCII`);
  }
  return text;
}

/** Text with spaces. Throws MediaError naming `what`. */
export function readPrintable(line: DescriptionLine, text: string, what: string): string {
  if (!PRINTABLE.test(text)) {
    throw badLine(line, `${what} is not made of at most 1024 printable characters of ASCII`);
  }
  return text;
}

/** Text before and behind the first space; behind is empty where there is none. */
export function cutAtSpace(text: string): [before: string, behind: string] {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Adds to a list of bounded length. Throws MediaError naming `what`. */
export function pushBounded<T>(
  line: DescriptionLine,
  list: T[],
  { entry, max, what }: { readonly entry: T; readonly max: number; readonly what: string },
): void {
  if (list.length >= max) throw badLine(line, `more than ${max} ${what} in one m-line`);
  list.push(entry);
}

/**
 * Makes a WebM file seekable once it is whole. While it grows nothing in it can be said of its length
 * or of what is where, so that it is playable wherever it is cut. At its end the header is written
 * anew, in the same number of bytes: with the duration, and with where the cues are (RFC 9559,
 * sections 5.1.1, 5.1.2 and 5.1.5). A recording file does that with what the muxer wrote.
 */
import { byteAt, writeUint32 } from "../rtp/bytes.ts";

const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const INFO = 0x1549a966;
const DURATION = 0x4489;
const CUES = 0x1c53bb6b;
const TAGS = 0x1254c367;
const VOID = 0xec;
/** The shortest Void element: its id and a size of 0. */
const MIN_VOID_BYTES = 2;
/** A size field of eight bytes holds 56 bits; JavaScript counts to 53. */
const MAX_ID_BYTES = 4;
const MAX_SIZE_BYTES = 8;

/** What a header is to say. */
export type WebmEnd = {
  readonly durationMs: number;
  /** Where the cues begin, from the beginning of the segment's content. */
  readonly cuesPosition: number;
};

/** An element, from `start` with its id up to `end`. */
type Element = { readonly id: number; start: number; contentStart: number; end: number };

/**
 * Bytes for the tags of a header that give way to what {@linkcode seekableHeader} adds: as many
 * letters in one tag are room enough.
 */
export const ROOM_BYTES = 64;

/**
 * The bytes of `header`, a segment from its id up to its first cluster, with what `end` says in the
 * place of its tags. `undefined`: there is no room, or it is no such header.
 */
export function seekableHeader(header: Uint8Array, end: WebmEnd): Uint8Array | undefined {
  const segment = readElement(header, 0, header.length);
  if (segment?.id !== SEGMENT) return undefined;
  const elements = readElements(header, segment.contentStart);
  const info = elements.find(({ id }) => id === INFO);
  if (info === undefined) return undefined;
  const kept = elements.filter(({ id }) => id !== INFO && id !== TAGS && id !== SEEK_HEAD);
  const parts = [
    header.subarray(0, segment.contentStart),
    seekHead(end.cuesPosition),
    infoWithDuration(header.subarray(info.contentStart, info.end), end.durationMs),
    ...kept.map(({ start, end }) => header.subarray(start, end)),
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const left = header.length - length;
  if (left !== 0 && left < MIN_VOID_BYTES) return undefined;
  const whole = concat(left === 0 ? parts : [...parts, voidOf(left)]);
  return whole.length === header.length ? whole : undefined;
}

/** Where the cues begin that `tail`, the end of a file, ends with; -1: it does not. */
export function findCues(tail: Uint8Array): number {
  for (let at = tail.length - MAX_ID_BYTES; at >= 0; at--) {
    if (tail[at] !== CUES >>> 24) continue;
    const element = readElement(tail, at, tail.length);
    if (element?.id === CUES && element.end === tail.length) return at;
  }
  return -1;
}

function seekHead(cuesPosition: number): Uint8Array {
  const id = new Uint8Array(4);
  writeUint32(id, 0, CUES);
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(cuesPosition));
  return element(
    SEEK_HEAD,
    element(SEEK, concat([element(SEEK_ID, id), element(SEEK_POSITION, position)])),
  );
}

function infoWithDuration(content: Uint8Array, durationMs: number): Uint8Array {
  // The muxer counts in milliseconds (TimestampScale), and so does the duration.
  const duration = new Uint8Array(8);
  new DataView(duration.buffer).setFloat64(0, durationMs);
  return element(INFO, concat([content, element(DURATION, duration)]));
}

/** An element of 127 bytes at most. */
function element(id: number, content: Uint8Array): Uint8Array {
  const idLength = id > 0xffffff ? 4 : 2;
  const bytes = new Uint8Array(idLength + 1 + content.length);
  for (let index = 0; index < idLength; index++) bytes[index] = id >>> (idLength - 1 - index) * 8;
  bytes[idLength] = 0x80 | content.length;
  bytes.set(content, idLength + 1);
  return bytes;
}

/** A Void element that is `length` bytes long in all. */
function voidOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = VOID;
  if (length < 10) bytes[1] = 0x80 | length - 2;
  else {
    bytes[1] = 0x01;
    new DataView(bytes.buffer).setUint32(5, length - 9);
  }
  return bytes;
}

function readElements(bytes: Uint8Array, start: number): Element[] {
  const elements: Element[] = [];
  for (let at = start; at < bytes.length;) {
    const found = readElement(bytes, at, bytes.length);
    if (found === undefined || found.end > bytes.length) break;
    elements.push(found);
    at = found.end;
  }
  return elements;
}

/** The element at `start`; one of unknown size ends at `limit` (RFC 8794, section 6.2). */
function readElement(bytes: Uint8Array, start: number, limit: number): Element | undefined {
  const idLength = lengthAt(bytes, start);
  const sizeAt = start + idLength;
  const sizeLength = lengthAt(bytes, sizeAt);
  const contentStart = sizeAt + sizeLength;
  if (idLength > MAX_ID_BYTES || sizeLength > MAX_SIZE_BYTES || contentStart > limit) {
    return undefined;
  }
  const id = numberAt(bytes, start, idLength);
  const size = numberAt(bytes, sizeAt, sizeLength) - 2 ** (7 * sizeLength);
  const isUnknown = size === 2 ** (7 * sizeLength) - 1;
  return { id, start, contentStart, end: isUnknown ? limit : contentStart + size };
}

/** How many bytes a number of variable size has, by its zeros in front (RFC 8794, section 4). */
function lengthAt(bytes: Uint8Array, at: number): number {
  return Math.clz32(byteAt(bytes, at)) - 23;
}

function numberAt(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) value = value * 256 + byteAt(bytes, at);
  return value;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

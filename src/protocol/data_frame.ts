/**
 * The frames of streams of bytes between two participants that go through the server: many streams
 * over the one data channel that each has with it. Server and page share this file; it needs no
 * validator. Rules DC1-DC7.
 *
 * A frame is one binary message: a byte with its type and flags, the number of the stream (32 bits,
 * big-endian), the other participant's user id (a byte with its length, 0 for 256, then UTF-8), and
 * what the type brings. Towards the server the user id is whom it is for, from the server whom it is of.
 */

/** What one fragment carries at most; longer messages go in several. */
export const MAX_FRAGMENT_BYTES = 16 * 1024;
/** What a fragment takes of the credit beside its payload: what an empty one costs to keep. */
export const FRAGMENT_COST_BYTES = 128;
/** Longest message of a stream: what every browser sends and takes over a data channel. */
export const MAX_STREAM_MESSAGE_BYTES = 64 * 1024;
/** Streams of one participant at once, those that others opened to it included. */
export const MAX_STREAMS = 32;
/** How far a sender may be ahead of its receiver, where the server has room for it. */
export const STREAM_WINDOW_BYTES = 256 * 1024;
/** Longest label, in bytes of UTF-8. */
export const MAX_LABEL_BYTES = 256;
/** The largest number of a stream. */
export const MAX_STREAM_ID = 0xffff_ffff;

/** Why a stream ended, by its number in a frame. */
export const STREAM_ENDS = [
  /** One of the two closed it. */
  "closed",
  /** The other one has no such data channel: it is not in the room, or has no connection. */
  "no-such-participant",
  /** One of the two has 32 streams. */
  "too-many-streams",
  /** The receiver took nothing for 10 s. */
  "slow-receiver",
  /** What came does not fit the rules. */
  "protocol",
  /** The other one left, or lost its connection. */
  "gone",
] as const;
/** One of {@linkcode STREAM_ENDS}. */
export type StreamEnd = typeof STREAM_ENDS[number];

/** What every frame says. */
type Address = {
  /** Chosen by who opened it, anew for each. */
  readonly streamId: number;
  /** Whether who sent this frame opened the stream: both may use the same numbers. */
  readonly isOpener: boolean;
  readonly userId: string;
};

/** A frame. */
export type DataFrame =
  & Address
  & (
    /** Asks for a stream; the other side may send `credit` bytes. */
    | { readonly type: "open"; readonly credit: number; readonly label: string }
    /** A fragment of a message, or all of it. */
    | {
      readonly type: "data";
      readonly isText: boolean;
      /** Whether the message ends here. */
      readonly isLast: boolean;
      readonly payload: Uint8Array;
    }
    /** The other side may send so many bytes more, as {@linkcode creditFor} counts them. The first one agrees to the stream. */
    | { readonly type: "credit"; readonly credit: number }
    | { readonly type: "close"; readonly reason: StreamEnd }
  );

const types = ["open", "data", "credit", "close"] as const;
const IS_TEXT = 0x10;
const IS_NOT_LAST = 0x20;
const IS_OPENER = 0x80;
/** Type and flags, stream, length of the user id. */
const HEADER_BYTES = 6;
/** 64 characters of four bytes (rule ID1). */
const MAX_USER_ID_BYTES = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a fragment takes of the credit of its sender. */
export function creditFor(payload: Uint8Array): number {
  return payload.length + FRAGMENT_COST_BYTES;
}

/** `frame` as bytes. Throws RangeError for what no frame can say. */
export function encodeDataFrame(frame: DataFrame): Uint8Array<ArrayBuffer> {
  const userId = encoder.encode(frame.userId);
  if (userId.length === 0 || userId.length > MAX_USER_ID_BYTES) {
    throw new RangeError(`Cannot address a frame to a user id of ${userId.length} bytes`);
  }
  const body = bodyOf(frame);
  const longest = frame.type === "data" ? MAX_FRAGMENT_BYTES : MAX_LABEL_BYTES + 4;
  if (body.length > longest) {
    throw new RangeError(`Cannot put ${body.length} of ${longest} bytes into a frame`);
  }
  const bytes = new Uint8Array(HEADER_BYTES + userId.length + body.length);
  bytes[0] = types.indexOf(frame.type) | (frame.isOpener ? IS_OPENER : 0) | flagsOf(frame);
  writeNumber(bytes, 1, frame.streamId);
  bytes[5] = userId.length & 0xff;
  bytes.set(userId, HEADER_BYTES);
  bytes.set(body, HEADER_BYTES + userId.length);
  return bytes;
}

/** The frame that `bytes` are; its payload is a view of them. `undefined`: they are none. */
export function decodeDataFrame(bytes: Uint8Array): DataFrame | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const flags = bytes[0]!;
  const type = types[flags & 0x0f];
  const userIdEnd = HEADER_BYTES + (bytes[5]! || MAX_USER_ID_BYTES);
  if (type === undefined || userIdEnd > bytes.length) return undefined;
  const userId = textOf(bytes.subarray(HEADER_BYTES, userIdEnd));
  if (userId === undefined) return undefined;
  const address = {
    streamId: numberAt(bytes, 1),
    isOpener: (flags & IS_OPENER) !== 0,
    userId,
  };
  const body = bytes.subarray(userIdEnd);
  if (type === "data") {
    if (body.length > MAX_FRAGMENT_BYTES) return undefined;
    const isLast = (flags & IS_NOT_LAST) === 0;
    return { type, ...address, isText: (flags & IS_TEXT) !== 0, isLast, payload: body };
  }
  if (type === "close") {
    const reason = STREAM_ENDS[body[0] ?? -1];
    return reason === undefined ? undefined : { type, ...address, reason };
  }
  if (body.length < 4) return undefined;
  const credit = numberAt(body, 0);
  if (type === "credit") return { type, ...address, credit };
  const label = body.length - 4 > MAX_LABEL_BYTES ? undefined : textOf(body.subarray(4));
  return label === undefined ? undefined : { type, ...address, credit, label };
}

function bodyOf(frame: DataFrame): Uint8Array {
  switch (frame.type) {
    case "data":
      return frame.payload;
    case "close":
      return Uint8Array.of(STREAM_ENDS.indexOf(frame.reason));
    case "credit":
    case "open": {
      const label = encoder.encode(frame.type === "open" ? frame.label : "");
      const body = new Uint8Array(4 + label.length);
      writeNumber(body, 0, frame.credit);
      body.set(label, 4);
      return body;
    }
  }
}

function flagsOf(frame: DataFrame): number {
  if (frame.type !== "data") return 0;
  return (frame.isText ? IS_TEXT : 0) | (frame.isLast ? 0 : IS_NOT_LAST);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined; // Not UTF-8: then it is no text of ours.
  }
}

function numberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>>
    0;
}

function writeNumber(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

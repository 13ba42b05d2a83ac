/**
 * The binary frames of the wire: encoded pictures and sound that go over the socket where no other
 * path works, and the single pictures of MJPEG. Server, page and CLI share this file; it needs no
 * validator. Rules FR1-FR8.
 *
 * A frame is a header of 24 bytes, all numbers big-endian, and what the codec made: its kind (8 bits),
 * its flags (8), the picture that was asked for (16), its source (32), the time of its capture in
 * microseconds (64), its number (32), width and height in pixels (16 each; 0 for sound).
 */

/** What a frame holds, by its number on the wire. */
export const RELAY_KINDS = {
  /** A VP8 frame (RFC 6386). */
  vp8: 1,
  /** An access unit of H.264 in the byte stream format (Annex B), parameter sets before key frames. */
  h264: 2,
  /** An Opus packet (RFC 6716). */
  opus: 3,
  /** A JPEG picture: one of those that `relay-wanted` asks for. */
  jpeg: 4,
} as const;
/** One of {@linkcode RELAY_KINDS}. */
export type RelayKind = keyof typeof RELAY_KINDS;

/** Length of the header. */
export const RELAY_HEADER_BYTES = 24;
/** The largest width and height. */
const MAX_PIXELS = 0xffff;

/** A frame; `payload` may be a view. */
export type RelayFrame = {
  readonly kind: RelayKind;
  /** Whether it needs no other before it; sound and JPEG never do. */
  readonly isKey: boolean;
  /** Of a JPEG: which of the pictures that were asked for; else 0. */
  readonly pictureId: number;
  /** Whose frame it is, as `relay-started` told its receiver; a sender leaves it 0. */
  readonly sourceId: number;
  /** Microseconds of one clock for all that a source sends. */
  readonly timestampUs: number;
  /** Counts the frames of its kind: a gap is a loss. Wraps at 2^32. */
  readonly number: number;
  /** Pixels; 0 for sound. */
  readonly width: number;
  readonly height: number;
  readonly payload: Uint8Array;
};

const kinds: ReadonlyMap<number, RelayKind> = new Map(
  Object.entries(RELAY_KINDS).map(([kind, number]) => [number, kind as RelayKind]), // Its own keys.
);
const IS_KEY = 0x01;
const SOURCE_AT = 4;

/** `frame` as bytes. Throws RangeError for numbers that do not fit. */
export function encodeRelayFrame(frame: RelayFrame): Uint8Array<ArrayBuffer> {
  const { width, height, timestampUs } = frame;
  const isTime = Number.isSafeInteger(timestampUs) && timestampUs >= 0;
  if (width > MAX_PIXELS || height > MAX_PIXELS || !isTime) {
    throw new RangeError(
      `Cannot write a frame of ${width}x${height} pixels at ${timestampUs} microseconds`,
    );
  }
  const bytes = new Uint8Array(RELAY_HEADER_BYTES + frame.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, RELAY_KINDS[frame.kind]);
  view.setUint8(1, frame.isKey ? IS_KEY : 0);
  view.setUint16(2, frame.pictureId);
  view.setUint32(SOURCE_AT, frame.sourceId);
  view.setBigUint64(8, BigInt(timestampUs));
  view.setUint32(16, frame.number >>> 0);
  view.setUint16(20, width);
  view.setUint16(22, height);
  bytes.set(frame.payload, RELAY_HEADER_BYTES);
  return bytes;
}

/** The frame that `bytes` are; its payload is a view of them. `undefined`: they are none. */
export function decodeRelayFrame(bytes: Uint8Array): RelayFrame | undefined {
  if (bytes.length <= RELAY_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = kinds.get(view.getUint8(0));
  const flags = view.getUint8(1);
  const timestampUs = Number(view.getBigUint64(8));
  if (kind === undefined || flags > IS_KEY || !Number.isSafeInteger(timestampUs)) return undefined;
  return {
    kind,
    isKey: kind === "opus" || kind === "jpeg" || flags === IS_KEY,
    pictureId: view.getUint16(2),
    sourceId: view.getUint32(SOURCE_AT),
    timestampUs,
    number: view.getUint32(16),
    width: view.getUint16(20),
    height: view.getUint16(22),
    payload: bytes.subarray(RELAY_HEADER_BYTES),
  };
}

/** Writes whose frame it is into a whole frame, in place: all receivers get the same bytes. */
export function stampRelaySource(bytes: Uint8Array, sourceId: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint32(SOURCE_AT, sourceId);
}

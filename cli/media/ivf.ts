/**
 * IVF, the container of libvpx and libaom: a header, then each frame behind its length and its time.
 * Numbers are little-endian.
 */
import type { CodecName } from "../../src/media/rtp/codecs.ts";
import { av1Units, SEQUENCE_HEADER } from "./av1_units.ts";
import { type MediaFile, MediaFileError, type MediaFrame } from "./media_file.ts";

const MIN_HEADER_BYTES = 32;
/** Length and timestamp. */
const FRAME_HEADER_BYTES = 12;
/** How long the one picture lasts of a file that has no other. */
const LONE_PICTURE_MS = 40;
const CODECS = new Map<string, PictureCodec>([["VP80", "VP8"], ["VP90", "VP9"], ["AV01", "AV1"]]);

type PictureCodec = Exclude<CodecName, "opus" | "H264">;

/** Reads a file; `mayBeginAnywhere`: it is a part of one. Throws {@linkcode MediaFileError}. */
export function readIvf(
  bytes: Uint8Array,
  { mayBeginAnywhere = false }: { readonly mayBeginAnywhere?: boolean } = {},
): MediaFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < MIN_HEADER_BYTES || textAt(bytes, 0) !== "DKIF") {
    throw new MediaFileError("it is no IVF file");
  }
  const name = textAt(bytes, 8);
  const codec = CODECS.get(name);
  if (codec === undefined) {
    throw new MediaFileError(`its codec is ${JSON.stringify(name)}: expected VP80, VP90 or AV01`);
  }
  const ticksPerSecond = view.getUint32(16, true) / view.getUint32(20, true);
  if (!(ticksPerSecond > 0 && ticksPerSecond < Infinity)) {
    throw new MediaFileError("it does not say how fast its pictures follow each other");
  }
  const frames = [...framesOf(view, { codec, ticksPerSecond })];
  const last = frames.at(-1);
  if (last === undefined) throw new MediaFileError("it has no picture");
  if (!mayBeginAnywhere && !frames[0]!.isKeyFrame) {
    throw new MediaFileError("it does not begin with a key frame");
  }
  const pictureMs = frames.length > 1 ? last.atMs / (frames.length - 1) : LONE_PICTURE_MS;
  return { codec, frames, durationMs: last.atMs + pictureMs };
}

function* framesOf(
  view: DataView,
  { codec, ticksPerSecond }: { codec: PictureCodec; ticksPerSecond: number },
): Generator<MediaFrame> {
  let firstTick: number | undefined;
  let before = 0;
  for (let at = view.getUint16(6, true); at < view.byteLength;) {
    const start = at + FRAME_HEADER_BYTES;
    const length = start <= view.byteLength ? view.getUint32(at, true) : 0;
    if (length === 0 || start + length > view.byteLength) {
      throw new MediaFileError(`it breaks off at byte ${at}`);
    }
    const tick = Number(view.getBigUint64(at + 4, true));
    firstTick ??= tick;
    const atMs = (tick - firstTick) * 1_000 / ticksPerSecond;
    if (atMs < before) throw new MediaFileError(`its time goes back at byte ${at}`);
    before = atMs;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start, length);
    yield { bytes, atMs, isKeyFrame: isKeyFrame(codec, bytes) };
    at = start + length;
  }
}

function isKeyFrame(codec: PictureCodec, bytes: Uint8Array): boolean {
  const head = bytes[0]!; // No frame is empty.
  switch (codec) {
    case "VP8": // RFC 6386, section 9.1: 0 is a key frame.
      return (head & 0x01) === 0;
    case "VP9": // Section 6.2 of its bitstream: profile, show_existing_frame, frame_type.
      if ((head & 0x30) !== 0) throw new MediaFileError("its VP9 has another profile than 0");
      return (head & 0x0c) === 0;
    case "AV1":
      return av1Units(bytes).some(({ type }) => type === SEQUENCE_HEADER);
  }
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

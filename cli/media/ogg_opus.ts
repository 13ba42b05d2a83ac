/** Opus in Ogg (RFC 3533, RFC 7845): the packets of the first stream of a file. */
import { type MediaFile, MediaFileError, type MediaFrame } from "./media_file.ts";

/** RFC 3533, section 6, up to the table of segments. */
const PAGE_HEADER_BYTES = 27;
/** A segment of this length goes on in the next. */
const FULL_SEGMENT = 255;
/** RFC 7845, section 5: two packets that are no sound. */
const HEADERS = 2;
/** RFC 6716, section 3.1: how long a frame lasts, by configuration: SILK, hybrid, CELT. */
const FRAME_MS: readonly number[] = [
  ...Array.from({ length: 3 }, () => [10, 20, 40, 60]).flat(),
  ...Array.from({ length: 2 }, () => [10, 20]).flat(),
  ...Array.from({ length: 4 }, () => [2.5, 5, 10, 20]).flat(),
];
/** Section 3.2.5: what a packet lasts at most. */
const MAX_PACKET_MS = 120;

/** Reads a file. Throws {@linkcode MediaFileError}. */
export function readOggOpus(bytes: Uint8Array): MediaFile {
  if (textAt(bytes, 0, 4) !== "OggS") throw new MediaFileError("it is no Ogg file");
  const [head, , ...packets] = packetsOf(bytes);
  if (head === undefined || textAt(head, 0, 8) !== "OpusHead" || head.length < 19) {
    throw new MediaFileError("its first stream is not Opus");
  }
  if (head[18] !== 0) throw new MediaFileError("its Opus has more channels than two");
  let atMs = 0;
  const frames: MediaFrame[] = [];
  for (const packet of packets) {
    const durationMs = durationOf(packet);
    if (!(durationMs > 0)) throw new MediaFileError(`packet ${frames.length + HEADERS} is no Opus`);
    frames.push({ bytes: packet, atMs, isKeyFrame: true });
    atMs += durationMs;
  }
  if (frames.length === 0) throw new MediaFileError("it has no sound");
  return { codec: "opus", frames, durationMs: atMs };
}

/** The packets of the stream that begins first; those of others are passed over. */
function packetsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: Uint8Array[] = [];
  let serial: number | undefined;
  let parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const isPage = at + PAGE_HEADER_BYTES <= bytes.length && textAt(bytes, at, 4) === "OggS";
    const content = isPage ? at + PAGE_HEADER_BYTES + bytes[at + 26]! : bytes.length;
    const lengths = bytes.subarray(at + PAGE_HEADER_BYTES, content);
    const end = content + lengths.reduce((sum, length) => sum + length, 0);
    if (!isPage || end > bytes.length) throw new MediaFileError(`it breaks off at byte ${at}`);
    serial ??= view.getUint32(at + 14, true);
    if (view.getUint32(at + 14, true) === serial) {
      let from = content;
      for (const length of lengths) {
        parts.push(bytes.subarray(from, from += length));
        if (length === FULL_SEGMENT) continue;
        packets.push(joined(parts));
        parts = [];
      }
    }
    at = end;
  }
  return packets;
}

/** How long a packet lasts (RFC 6716, section 3.1); 0: it is none. */
function durationOf(packet: Uint8Array): number {
  const [head = 0, second = 0] = packet;
  if (packet.length === 0) return 0;
  const code = head & 0x03;
  const frames = code === 3 ? second & 0x3f : code === 0 ? 1 : 2;
  const durationMs = frames * FRAME_MS[head >> 3]!; // It has all 32.
  return durationMs <= MAX_PACKET_MS ? durationMs : 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

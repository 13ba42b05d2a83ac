/**
 * RTP packets from encoded frames, as a browser sends them: what the recorder has to put together
 * again. Written from the RFCs, not from the recorder's readers.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { buildRtpPacket, type RtpExtension } from "../../../src/media/rtp/packet.ts";
import { type EncodedFrame, splitUnits } from "./encoded_media.ts";

/** A packet on its way. */
export type SentPacket = {
  readonly bytes: Uint8Array;
  /** When its frame was taken, in milliseconds of the sender. */
  readonly atMs: number;
};

/** How a stream is sent. */
export type SenderOptions = {
  readonly codec: CodecName;
  readonly ssrc: number;
  /** Default 65,530: it wraps soon. */
  readonly firstSequenceNumber?: number;
  /** The timestamp of the sender's 0 ms. Default shortly before it wraps. */
  readonly firstTimestamp?: number;
  /** Of a payload. Default 300: small pictures fill several packets, too. */
  readonly maxBytes?: number;
  /** In the last packet of each frame. */
  readonly extensions?: readonly RtpExtension[];
};

const TYPES: Record<CodecName, number> = { VP8: 96, VP9: 98, H264: 108, AV1: 45, opus: 111 };

/** The RTP timestamp of the sender's `atMs`. */
export function timestampAt(
  { codec, firstTimestamp = 0xffff_f000 }: SenderOptions,
  atMs: number,
): number {
  return (firstTimestamp + Math.round(atMs * (codec === "opus" ? 48 : 90))) >>> 0;
}

/** The packets of `frames`. */
export function packetize(frames: readonly EncodedFrame[], options: SenderOptions): SentPacket[] {
  const { codec, ssrc, firstSequenceNumber = 65_530, maxBytes = 300, extensions = [] } = options;
  const packets: SentPacket[] = [];
  for (const [index, { data, atMs }] of frames.entries()) {
    const payloads = PAYLOADS[codec](data, { maxBytes, pictureId: index & 0x7fff });
    for (const [part, payload] of payloads.entries()) {
      const isLast = part === payloads.length - 1;
      const bytes = buildRtpPacket({
        payloadType: TYPES[codec],
        sequenceNumber: (firstSequenceNumber + packets.length) & 0xffff,
        timestamp: timestampAt(options, atMs),
        ssrc,
        // Sound marks nothing but the end of a silence (RFC 7587, section 4.2).
        marker: isLast && codec !== "opus",
        payload,
        ...isLast ? { extensions } : {},
      });
      packets.push({ bytes, atMs });
    }
  }
  return packets;
}

type Payloads = (
  data: Uint8Array,
  options: { maxBytes: number; pictureId: number },
) => Uint8Array[];

const PAYLOADS: Record<CodecName, Payloads> = {
  VP8: vp8Payloads,
  VP9: vp9Payloads,
  H264: h264Payloads,
  AV1: av1Payloads,
  opus: (data) => [data],
};

/** RFC 7741, section 4.2: X, S on the first, a picture id of 15 bits. */
function vp8Payloads(
  data: Uint8Array,
  { maxBytes, pictureId }: { maxBytes: number; pictureId: number },
) {
  return chunks(data, maxBytes).map((chunk, index) =>
    Uint8Array.of(
      index === 0 ? 0x90 : 0x80,
      0x80,
      0x80 | pictureId >> 8,
      pictureId & 0xff,
      ...chunk,
    )
  );
}

/** RFC 9628, section 4.2: I, P for what is no key frame, B and E. */
function vp9Payloads(
  data: Uint8Array,
  { maxBytes, pictureId }: { maxBytes: number; pictureId: number },
) {
  // frame_type behind marker, profile and show_existing_frame: 0 is a key frame.
  const isKeyFrame = (data[0]! & 0x04) === 0;
  const parts = chunks(data, maxBytes);
  return parts.map((chunk, index) => {
    const begins = index === 0 ? 0x08 : 0;
    const ends = index === parts.length - 1 ? 0x04 : 0;
    const head = 0x80 | (isKeyFrame ? 0 : 0x40) | begins | ends;
    return Uint8Array.of(head, 0x80 | pictureId >> 8, pictureId & 0xff, ...chunk);
  });
}

/** RFC 6184: parameter sets as a STAP-A, large units as FU-A, all else alone. */
function h264Payloads(data: Uint8Array, { maxBytes }: { maxBytes: number }): Uint8Array[] {
  const units = splitUnits(data);
  const sets = units.filter((unit) => [7, 8].includes(unit[0]! & 0x1f));
  const others = units.filter((unit) => !sets.includes(unit));
  const aggregated = sets.flatMap((unit) => [unit.length >> 8, unit.length & 0xff, ...unit]);
  return [
    ...sets.length > 0 ? [Uint8Array.of(0x78, ...aggregated)] : [],
    ...others.flatMap((unit) => unit.length <= maxBytes ? [unit] : fragments(unit, maxBytes)),
  ];
}

function fragments(unit: Uint8Array, maxBytes: number): Uint8Array[] {
  const header = unit[0]!;
  const parts = chunks(unit.slice(1), maxBytes);
  return parts.map((chunk, index) => {
    const first = index === 0 ? 0x80 : 0;
    const last = index === parts.length - 1 ? 0x40 : 0;
    return Uint8Array.of(header & 0xe0 | 28, first | last | header & 0x1f, ...chunk);
  });
}

/** The AV1 payload format, section 4: units without sizes, small ones together, large ones cut. */
function av1Payloads(data: Uint8Array, { maxBytes }: { maxBytes: number }): Uint8Array[] {
  const units = av1Units(data).filter((unit) => (unit[0]! >> 3 & 0x0f) !== 2);
  const isKeyFrame = units.some((unit) => (unit[0]! >> 3 & 0x0f) === 1);
  const payloads: Uint8Array[] = [];
  // The sequence header goes with what follows: two elements, the first with its length.
  const [first, second] = units;
  const isPair = first !== undefined && second !== undefined && first.length < 100;
  const rest = isPair ? units.slice(2) : units;
  if (isPair) {
    const cut = Math.min(second.length, maxBytes);
    const head = 2 << 4 | (cut < second.length ? 0x40 : 0);
    payloads.push(Uint8Array.of(head, first.length, ...first, ...second.slice(0, cut)));
    payloads.push(...av1Fragments(second.slice(cut), maxBytes, true));
  }
  for (const unit of rest) payloads.push(...av1Fragments(unit, maxBytes, false));
  if (isKeyFrame) payloads[0]![0]! |= 0x08;
  return payloads;
}

function av1Fragments(unit: Uint8Array, maxBytes: number, isContinued: boolean): Uint8Array[] {
  if (unit.length === 0) return [];
  const parts = chunks(unit, maxBytes);
  return parts.map((chunk, index) => {
    const z = isContinued || index > 0 ? 0x80 : 0;
    const y = index < parts.length - 1 ? 0x40 : 0;
    return Uint8Array.of(z | y | 1 << 4, ...chunk);
  });
}

/** The units of a temporal unit, with their sizes taken out. */
function av1Units(data: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = 0; at < data.length;) {
    const head = data[at]!;
    const headLength = (head & 0x04) === 0 ? 1 : 2;
    let size = 0;
    let content = at + headLength;
    for (let shift = 0;; shift += 7) {
      const byte = data[content++]!;
      size |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    const extension = headLength === 2 ? [data[at + 1]!] : [];
    units.push(Uint8Array.of(head & ~0x02, ...extension, ...data.slice(content, content + size)));
    at = content + size;
  }
  return units;
}

function chunks(data: Uint8Array, maxBytes: number): Uint8Array[] {
  const count = Math.ceil(data.length / maxBytes);
  return Array.from({ length: count }, (_, n) => data.slice(n * maxBytes, (n + 1) * maxBytes));
}

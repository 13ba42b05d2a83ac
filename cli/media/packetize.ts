/**
 * Frames into the payloads of RTP packets: VP8 (RFC 7741), VP9 (RFC 9628), AV1, H.264 (RFC 6184), Opus
 * (RFC 7587).
 */
import type { CodecName } from "../../src/media/rtp/codecs.ts";
import { unitsOf } from "./annex_b.ts";
import { av1Units } from "./av1_units.ts";
import type { MediaFrame } from "./media_file.ts";

/** Of a payload: with what SRTP, RTX and tunnels add it stays below what every path carries. */
const MAX_BYTES = 1_100;
/** Temporal delimiter, tile list, padding: not to be sent (AV1 RTP, section 5). */
const UNSENT_UNITS = [2, 8, 15];
/** RFC 6184, table 1: units together, and a part of one. */
const STAP_A = 24;
const FU_A = 28;

/** The payloads of a frame; `pictureId` counts the pictures, and wraps after 15 bits. */
export function packetize(codec: CodecName, frame: MediaFrame, pictureId: number): Uint8Array[] {
  switch (codec) {
    case "VP8":
      return chunks(frame.bytes, MAX_BYTES).map((chunk, index) =>
        // X; S where the frame begins. I: a picture id of 15 bits.
        withHead([index === 0 ? 0x90 : 0x80, 0x80, ...longId(pictureId)], chunk)
      );
    case "VP9":
      return chunks(frame.bytes, MAX_BYTES).map((chunk, index, { length }) => {
        // I; P of what needs another picture; B and E where the frame begins and ends.
        const head = 0x80 | (frame.isKeyFrame ? 0 : 0x40) | (index === 0 ? 0x08 : 0) |
          (index === length - 1 ? 0x04 : 0);
        return withHead([head, ...longId(pictureId)], chunk);
      });
    case "AV1":
      return av1Payloads(frame);
    case "opus":
      return [frame.bytes];
    case "H264":
      return h264Payloads(unitsOf(frame.bytes));
  }
}

function longId(pictureId: number): [number, number] {
  return [0x80 | pictureId >> 8 & 0x7f, pictureId & 0xff];
}

/** Section 4.4 of AV1 RTP: every unit is an element with its length before it (W is 0). */
function av1Payloads({ bytes, isKeyFrame }: MediaFrame): Uint8Array[] {
  const units = av1Units(bytes).filter(({ type }) => !UNSENT_UNITS.includes(type));
  const payloads: number[][] = [];
  let payload: number[] = [];
  const begin = (head: number) => payloads.push(payload = [head]);
  begin(isKeyFrame ? 0x08 : 0); // N: a coded video sequence begins.
  for (const unit of units) {
    // Whole where that fits, in pieces of which each fills a packet where not.
    const fits = payload.length + unit.bytes.length + 2 <= MAX_BYTES;
    if (!fits && payload.length > 1 && unit.bytes.length < MAX_BYTES) begin(0);
    for (let from = 0; from < unit.bytes.length;) {
      const room = MAX_BYTES - payload.length - 2;
      const piece = unit.bytes.subarray(from, from + room);
      payload.push(...leb128(piece.length), ...piece);
      from += piece.length;
      if (from === unit.bytes.length) break;
      payload[0]! |= 0x40; // Y: its last element goes on in the next packet.
      begin(0x80); // Z: its first element has begun in the one before.
    }
    if (payload.length > MAX_BYTES - 64) begin(0);
  }
  return payloads.filter(({ length }) => length > 1).map((one) => Uint8Array.from(one));
}

/** Units that fit go together (STAP-A, section 5.7.1), one that does not in pieces (FU-A, 5.8). */
function h264Payloads(units: readonly Uint8Array[]): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  let together: Uint8Array[] = [];
  let bytes = 0;
  const flush = () => {
    if (together.length > 0) payloads.push(together.length === 1 ? together[0]! : stap(together));
    together = [];
    bytes = 0;
  };
  for (const unit of units) {
    if (bytes + unit.length + 3 > MAX_BYTES) flush();
    if (unit.length <= MAX_BYTES) {
      together.push(unit);
      bytes += unit.length + 2;
      continue;
    }
    const head = unit[0]!;
    const pieces = chunks(unit.subarray(1), MAX_BYTES - 2);
    pieces.forEach((piece, index) => {
      const part = (index === 0 ? 0x80 : 0) | (index === pieces.length - 1 ? 0x40 : 0);
      payloads.push(withHead([head & 0x60 | FU_A, part | head & 0x1f], piece));
    });
  }
  flush();
  return payloads;
}

function stap(units: readonly Uint8Array[]): Uint8Array {
  const importance = Math.max(...units.map((unit) => unit[0]! & 0x60));
  const payload = new Uint8Array(units.reduce((sum, { length }) => sum + 2 + length, 1));
  payload[0] = importance | STAP_A;
  let at = 1;
  for (const unit of units) {
    payload.set([unit.length >> 8, unit.length & 0xff], at);
    payload.set(unit, at + 2);
    at += 2 + unit.length;
  }
  return payload;
}

/** Of a length below 16,384. */
function leb128(length: number): number[] {
  return length < 0x80 ? [length] : [length & 0x7f | 0x80, length >> 7];
}

function withHead(head: readonly number[], chunk: Uint8Array): Uint8Array {
  const payload = new Uint8Array(head.length + chunk.length);
  payload.set(head);
  payload.set(chunk, head.length);
  return payload;
}

/** Pieces of about one length, so that none is left over that is tiny. */
function chunks(bytes: Uint8Array, maxBytes: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / maxBytes);
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

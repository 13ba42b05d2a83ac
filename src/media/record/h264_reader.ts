/**
 * H.264 access units from packets (RFC 6184, packetization modes 0 and 1) as a byte stream with
 * start codes (H.264, annex B). A key frame that comes without its parameter sets gets the last ones
 * that came, so that a file may begin with it.
 */
import { byteAt, uint16At } from "../rtp/bytes.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import type { FrameBytes } from "./frame_bytes.ts";
import type { PayloadReader } from "./payload_reader.ts";

const TYPE_MASK = 0x1f;
const IDR_SLICE = 5;
const SPS = 7;
const PPS = 8;
const LAST_SINGLE = 23;
const STAP_A = 24;
const FU_A = 28;
const START_CODE = new Uint8Array([0, 0, 0, 1]);
const NOTHING = new Uint8Array(0);
/** A parameter set that is longer is not kept; real ones have some dozens. */
const MAX_KEPT_BYTES = 1024;

/** Reads the packets of one track. */
export class H264Reader implements PayloadReader {
  #isInFragment = false;
  #hasParameters = false;
  #sps = NOTHING;
  #pps = NOTHING;

  /** See PayloadReader. */
  begin(): void {
    this.#isInFragment = false;
    this.#hasParameters = false;
  }

  /** See PayloadReader. */
  append({ bytes, payloadStart, payloadEnd }: RtpPacket, frame: FrameBytes): boolean {
    const type = byteAt(bytes, payloadStart) & TYPE_MASK;
    if (type === FU_A) return this.#appendFragment(bytes, payloadStart, payloadEnd, frame);
    if (this.#isInFragment) return false;
    if (type === STAP_A) return this.#appendAggregated(bytes, payloadStart + 1, payloadEnd, frame);
    if (type === 0 || type > LAST_SINGLE) return false;
    return this.#appendUnit(bytes, payloadStart, payloadEnd, frame);
  }

  /** See PayloadReader. */
  finish(frame: FrameBytes): boolean {
    return frame.length > 0 && !this.#isInFragment;
  }

  #appendUnit(bytes: Uint8Array, start: number, end: number, frame: FrameBytes): boolean {
    const type = byteAt(bytes, start) & TYPE_MASK;
    if (type === SPS || type === PPS) this.#keep(type, bytes, start, end);
    return this.#beginUnit(type, frame) && frame.append(bytes, start, end);
  }

  /** Section 5.7.1: units behind their lengths. */
  #appendAggregated(bytes: Uint8Array, start: number, end: number, frame: FrameBytes): boolean {
    let at = start;
    while (at + 3 <= end) {
      const unitEnd = at + 2 + uint16At(bytes, at);
      if (unitEnd > end || unitEnd === at + 2) return false;
      if (!this.#appendUnit(bytes, at + 2, unitEnd, frame)) return false;
      at = unitEnd;
    }
    return at === end && at > start;
  }

  /** Section 5.8: the header of the unit is spread over the two bytes ahead. */
  #appendFragment(bytes: Uint8Array, start: number, end: number, frame: FrameBytes): boolean {
    if (end - start < 3) return false;
    const head = byteAt(bytes, start + 1);
    const isFirst = (head & 0x80) !== 0;
    const isLast = (head & 0x40) !== 0;
    if (isFirst === this.#isInFragment) return false;
    this.#isInFragment = !isLast;
    if (isFirst) {
      const header = byteAt(bytes, start) & ~TYPE_MASK | head & TYPE_MASK;
      if (!this.#beginUnit(head & TYPE_MASK, frame) || !frame.appendByte(header)) return false;
    }
    return frame.append(bytes, start + 2, end);
  }

  /** The start code of a unit, behind parameter sets where a key frame lacks them. */
  #beginUnit(type: number, frame: FrameBytes): boolean {
    if (type === SPS) this.#hasParameters = true;
    if (type === IDR_SLICE && !this.#hasParameters && this.#sps.length > 0) {
      this.#hasParameters = true;
      if (!appendWithStartCode(this.#sps, frame)) return false;
      if (!appendWithStartCode(this.#pps, frame)) return false;
    }
    return frame.append(START_CODE, 0, START_CODE.length);
  }

  #keep(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start > MAX_KEPT_BYTES) return;
    const kept = type === SPS ? this.#sps : this.#pps;
    if (isSame(kept, bytes, start, end)) return;
    if (type === SPS) this.#sps = bytes.slice(start, end);
    else this.#pps = bytes.slice(start, end);
  }
}

function appendWithStartCode(unit: Uint8Array, frame: FrameBytes): boolean {
  return frame.append(START_CODE, 0, START_CODE.length) && frame.append(unit, 0, unit.length);
}

function isSame(kept: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (kept.length !== end - start) return false;
  for (let index = 0; index < kept.length; index++) {
    if (kept[index] !== bytes[start + index]) return false;
  }
  return true;
}

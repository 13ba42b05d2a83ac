/**
 * AV1 temporal units from packets (av1-rtp-spec, section 4) as containers hold them: every unit with
 * its size, no temporal delimiters (AV1 in ISO BMFF, section 2.4; in Matroska alike).
 */
import { byteAt } from "../rtp/bytes.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { FrameBytes } from "./frame_bytes.ts";
import { lebLengthAt, readLeb } from "./leb128.ts";
import type { PayloadReader } from "./payload_reader.ts";

const IS_CONTINUED = 0x80;
const CONTINUES = 0x40;
const HAS_SIZE = 0x02;
const HAS_EXTENSION = 0x04;
/** Temporal delimiter, tile list and padding say nothing of the picture (section 5.3.1). */
const LEFT_OUT = new Set([2, 8, 15]);

/** Reads the packets of one track. */
export class Av1Reader implements PayloadReader {
  /** A unit whose end is in a later packet. */
  readonly #unit = new FrameBytes();
  #isOpen = false;

  /** See PayloadReader. */
  begin(): void {
    this.#isOpen = false;
    this.#unit.clear();
  }

  /** See PayloadReader. */
  append({ bytes, payloadStart, payloadEnd }: RtpPacket, frame: FrameBytes): boolean {
    const head = byteAt(bytes, payloadStart);
    const isContinued = (head & IS_CONTINUED) !== 0;
    if (isContinued !== this.#isOpen) return false;
    // How many elements, the last one without a length; 0: any number, each with one.
    const count = head >> 4 & 0x03;
    let at = payloadStart + 1;
    let element = 0;
    while (at < payloadEnd) {
      element++;
      const isBare = element === count;
      const length = isBare ? payloadEnd - at : readLeb(bytes, at, payloadEnd);
      if (!isBare) at += lebLengthAt(bytes, at);
      const end = at + length;
      if (length < 0 || end > payloadEnd) return false;
      const isCut = end === payloadEnd && (head & CONTINUES) !== 0;
      if (!this.#appendElement(bytes, at, end, { isCut, frame })) return false;
      at = end;
    }
    return element > 0 && (count === 0 || element === count);
  }

  /** See PayloadReader. */
  finish(frame: FrameBytes): boolean {
    return !this.#isOpen && frame.length > 0;
  }

  #appendElement(
    bytes: Uint8Array,
    start: number,
    end: number,
    { isCut, frame }: { isCut: boolean; frame: FrameBytes },
  ): boolean {
    if (!this.#unit.append(bytes, start, end)) return false;
    this.#isOpen = isCut;
    if (isCut) return true;
    const isAppended = appendUnit(this.#unit.view(), frame);
    this.#unit.clear();
    return isAppended;
  }
}

/** Adds a unit with the size that it came without (AV1 specification, sections 5.3.1 to 5.3.3). */
function appendUnit(unit: Uint8Array, frame: FrameBytes): boolean {
  const head = byteAt(unit, 0);
  // An empty element is allowed, and so is one that is all header.
  if (unit.length === 0 || LEFT_OUT.has(head >> 3 & 0x0f)) return true;
  if ((head & 0x80) !== 0) return false;
  const headerLength = (head & HAS_EXTENSION) === 0 ? 1 : 2;
  let start = headerLength;
  let end = unit.length;
  if ((head & HAS_SIZE) !== 0) {
    const size = readLeb(unit, headerLength, unit.length);
    start += lebLengthAt(unit, headerLength);
    end = start + size;
    if (size < 0) return false;
  }
  if (start > unit.length || end > unit.length) return false;
  if (!frame.appendByte(head | HAS_SIZE)) return false;
  if (headerLength === 2 && !frame.appendByte(byteAt(unit, 1))) return false;
  return appendLeb(frame, end - start) && frame.append(unit, start, end);
}

function appendLeb(frame: FrameBytes, value: number): boolean {
  let rest = value;
  while (rest >= 0x80) {
    if (!frame.appendByte(rest & 0x7f | 0x80)) return false;
    rest >>>= 7;
  }
  return frame.appendByte(rest);
}

/**
 * VP9 pictures from packets (RFC 9628). The frames of spatial layers of one picture become one
 * superframe, whose index tells decoders where each ends (VP9 bitstream specification, annex B), and of
 * which the last one alone is shown.
 */
import type { RtpPacket } from "../rtp/packet.ts";
import { Vp9Descriptor } from "../rtp/vp9.ts";
import type { FrameBytes } from "./frame_bytes.ts";
import type { PayloadReader } from "./payload_reader.ts";
import { hiddenFrame, Vp9Headers } from "./vp9_headers.ts";

/** Three bits of the index count the frames. */
const MAX_FRAMES = 8;
/** The sizes take four bytes each: `110`, then the width less one, then the count less one. */
const MARKER = 0xc0 | 3 << 3;

/** Reads the packets of one track. */
export class Vp9Reader implements PayloadReader {
  readonly #descriptor = new Vp9Descriptor();
  readonly #headers = new Vp9Headers();
  /** The lengths of the layers that are whole. */
  readonly #sizes = new Uint32Array(MAX_FRAMES);
  #count = 0;
  /** Where the layer begins that is not whole yet; -1: none is. */
  #layerStart = -1;

  /** See PayloadReader. */
  begin(): void {
    this.#count = 0;
    this.#layerStart = -1;
  }

  /** See PayloadReader. */
  append({ bytes, payloadStart, payloadEnd }: RtpPacket, frame: FrameBytes): boolean {
    const descriptor = this.#descriptor;
    if (!descriptor.read(bytes, payloadStart, payloadEnd)) return false;
    if (descriptor.isFrameStart !== (this.#layerStart < 0) || this.#count >= MAX_FRAMES) {
      return false;
    }
    if (descriptor.isFrameStart) this.#layerStart = frame.length;
    if (!frame.append(bytes, payloadStart + descriptor.length, payloadEnd)) return false;
    if (!descriptor.isFrameEnd) return true;
    this.#sizes[this.#count++] = frame.length - this.#layerStart;
    this.#layerStart = -1;
    return true;
  }

  /** See PayloadReader. */
  finish(frame: FrameBytes): boolean {
    if (this.#layerStart >= 0 || this.#count === 0) return false;
    if (this.#count === 1) {
      this.#headers.read(frame.view());
      return true;
    }
    return this.#hideLower(frame) && this.#appendIndex(frame);
  }

  /** Writes the layers again, all but the last one hidden. */
  #hideLower(frame: FrameBytes): boolean {
    const shown = frame.copy();
    frame.clear();
    let start = 0;
    let isRoom = true;
    for (let index = 0; index < this.#count; index++) {
      const end = start + (this.#sizes[index] ?? 0);
      const layer = shown.subarray(start, end);
      const header = this.#headers.read(layer);
      const isLast = index === this.#count - 1;
      const written = isLast || header === undefined ? layer : hiddenFrame(layer, header);
      this.#sizes[index] = written.length;
      isRoom &&= frame.append(written, 0, written.length);
      start = end;
    }
    return isRoom;
  }

  #appendIndex(frame: FrameBytes): boolean {
    const marker = MARKER | this.#count - 1;
    let isRoom = frame.appendByte(marker);
    for (let index = 0; index < this.#count; index++) {
      const size = this.#sizes[index] ?? 0;
      // Little-endian, as nothing else here.
      for (let shift = 0; shift < 32; shift += 8) {
        isRoom &&= frame.appendByte(size >>> shift & 0xff);
      }
    }
    return isRoom && frame.appendByte(marker);
  }
}

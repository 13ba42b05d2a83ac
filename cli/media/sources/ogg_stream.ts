/** Opus in Ogg as it comes out of an encoder (RFC 3533, RFC 7845): packet by packet. */
import { MediaFileError } from "../media_file.ts";
import { ByteQueue } from "./byte_queue.ts";

const PAGE_HEADER_BYTES = 27;
/** A segment of this length goes on in the next. */
const FULL_SEGMENT = 255;
/** RFC 7845, section 5: two packets that are no sound. */
const HEADERS = 2;
const OGG_S = [0x4f, 0x67, 0x67, 0x53];

/** One stream. */
export class OggStream {
  readonly #queue = new ByteQueue();
  #parts: Uint8Array[] = [];
  #headers = 0;

  /** Takes more bytes; returns the packets that are whole by now. Throws MediaFileError. */
  add(bytes: Uint8Array): Uint8Array[] {
    const queue = this.#queue;
    queue.add(bytes);
    const packets: Uint8Array[] = [];
    for (;;) {
      const head = queue.peek(PAGE_HEADER_BYTES);
      if (head === undefined) return packets;
      if (!OGG_S.every((byte, index) => head[index] === byte)) {
        throw new MediaFileError("its sound is not in Ogg");
      }
      const contentAt = PAGE_HEADER_BYTES + head[26]!;
      const lengths = queue.peek(contentAt)?.slice(PAGE_HEADER_BYTES);
      const content = lengths?.reduce((sum, length) => sum + length, 0) ?? 0;
      const page = lengths && queue.take(contentAt + content);
      if (lengths === undefined || page === undefined) return packets;
      packets.push(...this.#packetsOf(page.subarray(contentAt), lengths));
    }
  }

  *#packetsOf(content: Uint8Array, lengths: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    for (const length of lengths) {
      this.#parts.push(content.subarray(from, from += length));
      if (length === FULL_SEGMENT) continue;
      const packet = Uint8Array.from(this.#parts.flatMap((part) => [...part]));
      this.#parts = [];
      if (this.#headers++ >= HEADERS) yield packet;
    }
  }
}

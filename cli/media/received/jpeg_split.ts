/** JPEG pictures out of a stream of them, one behind the other, whatever pieces the bytes come in. */
import { ByteQueue } from "../sources/byte_queue.ts";

/** End of image (ITU-T T.81, table B.1): within a picture's data it cannot stand. */
const END = [0xff, 0xd9];
/** What is longer is no picture of ours. */
const MAX_BYTES = 16 * 1024 * 1024;

/** One stream. */
export class JpegSplit {
  readonly #queue = new ByteQueue();
  #searched = 0;

  /** Takes more bytes; returns the pictures that are whole by now. */
  add(bytes: Uint8Array): Uint8Array[] {
    const queue = this.#queue;
    queue.add(bytes);
    const pictures: Uint8Array[] = [];
    for (;;) {
      const at = queue.find(END, this.#searched);
      if (at < 0) break;
      pictures.push(queue.take(at + END.length)!); // So many are there.
      this.#searched = 0;
    }
    // Its first byte may be the last one so far.
    this.#searched = Math.max(0, queue.length - 1);
    if (queue.length > MAX_BYTES) queue.take(queue.length);
    return pictures;
  }
}

/** IVF as it comes out of an encoder: frame by frame, whatever pieces the bytes come in. */
import { readIvf } from "../ivf.ts";
import { ByteQueue } from "./byte_queue.ts";

/** A frame, and whether a decoder can begin with it. */
export type StreamFrame = { readonly bytes: Uint8Array; readonly isKeyFrame: boolean };

const FRAME_HEADER_BYTES = 12;
const HEADER_BYTES = 32;

/** One stream. */
export class IvfStream {
  readonly #queue = new ByteQueue();
  #header: Uint8Array | undefined;

  /** Takes more bytes; returns the frames that are whole by now. Throws MediaFileError. */
  add(bytes: Uint8Array): StreamFrame[] {
    const queue = this.#queue;
    queue.add(bytes);
    this.#header ??= queue.take(HEADER_BYTES);
    const header = this.#header;
    const frames: StreamFrame[] = [];
    while (header !== undefined) {
      const head = queue.peek(FRAME_HEADER_BYTES);
      if (head === undefined) break;
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
      const whole = queue.take(FRAME_HEADER_BYTES + length);
      if (whole === undefined) break;
      frames.push(frameOf(header, whole));
    }
    return frames;
  }
}

/** A frame is read as a file of one; only the first of a file has to be a key frame. */
function frameOf(header: Uint8Array, frame: Uint8Array): StreamFrame {
  const bytes = frame.subarray(FRAME_HEADER_BYTES);
  const file = new Uint8Array(header.length + frame.length);
  file.set(header);
  file.set(frame, header.length);
  return { bytes, isKeyFrame: readIvf(file, { mayBeginAnywhere: true }).frames[0]!.isKeyFrame };
}

/**
 * Streams of bytes that the other process reads piece by piece, each piece when it asks for it: what
 * nobody asks for stays where it comes from, and its bounds hold there.
 */
import { MediaError } from "../port.ts";

/** The streams of one process that are being read. */
export class ByteStreams {
  readonly #readers = new Map<number, ReadableStreamDefaultReader<Uint8Array>>();
  #last = 0;

  /** Takes a stream; returns its number. */
  add(stream: ReadableStream<Uint8Array>): number {
    this.#readers.set(++this.#last, stream.getReader());
    return this.#last;
  }

  /** How many are open. */
  get size(): number {
    return this.#readers.size;
  }

  /** The next piece in base64, or nothing at the end. Rejects with MediaError `unavailable`. */
  async read(stream: number): Promise<{ bytes?: string }> {
    const reader = this.#readers.get(stream);
    if (reader === undefined) return {};
    try {
      const { done, value } = await reader.read();
      if (!done) return { bytes: value.toBase64() };
    } catch (error) {
      this.#readers.delete(stream);
      throw new MediaError("unavailable", "Cannot read on: the stream has failed", {
        cause: error,
      });
    }
    this.#readers.delete(stream);
    return {};
  }

  /** Nobody reads it any more. */
  cancel(stream: number): void {
    const reader = this.#readers.get(stream);
    this.#readers.delete(stream);
    // A source that cannot be cancelled has failed already.
    reader?.cancel().catch(() => {});
  }

  /** Cancels all of them. */
  close(): void {
    for (const stream of [...this.#readers.keys()]) this.cancel(stream);
  }
}

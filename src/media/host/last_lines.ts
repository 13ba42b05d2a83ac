/**
 * The last that a program has said on its standard error: why it died, when it does. Native code
 * writes there what it cannot say otherwise.
 */

const MAX_LENGTH = 600;

/** Reads a stream to its end, and keeps the end of it. */
export class LastLines {
  /** Resolves when the stream has ended. Never rejects. */
  readonly ended: Promise<void>;
  #text = "";

  /** Reads from now on. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stream);
  }

  /** The end of what was said, on one line; empty where nothing was. */
  get text(): string {
    return this.#text.trim().replace(/\s*\n\s*/g, " | ");
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of stream) {
        this.#text = (this.#text + decoder.decode(bytes, { stream: true })).slice(-MAX_LENGTH);
      }
    } catch {
      // A stream that breaks has said what it had to say.
    }
  }
}

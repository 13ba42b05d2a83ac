/**
 * A connection in memory, as `FaultyLane` sees one: a test says what comes, and looks at what was
 * written, write by write.
 */
import type { ByteStream } from "../../cli/faults/faulty_lane.ts";

/** One side of a connection. */
export class MemoryStream implements ByteStream {
  /** Every write as it was. */
  readonly writes: Uint8Array[] = [];
  /** Nothing more is written. */
  isEnded = false;
  /** How often somebody has asked for bytes. */
  reads = 0;
  readonly #incoming: (Uint8Array | null)[] = [];
  #wake: () => void = () => {};

  /** These bytes come; null: the end. */
  feed(...parts: (Uint8Array | null)[]): void {
    this.#incoming.push(...parts);
    this.#wake();
  }

  /** All that was written. */
  get written(): Uint8Array {
    return Uint8Array.from(this.writes.flatMap((bytes) => [...bytes]));
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.reads++;
    while (this.#incoming.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const part = this.#incoming.shift() ?? null;
    if (part === null) return null;
    buffer.set(part);
    return part.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    this.writes.push(bytes.slice());
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.isEnded = true;
    return Promise.resolve();
  }
}

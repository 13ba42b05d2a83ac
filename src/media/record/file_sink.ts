/**
 * What a muxer writes, on its way to a file: collected for a moment, so that a packet of sound is no
 * write of its own, and written in order. Whatever was written survives the process. A recording
 * file has one.
 */
import type { StreamTargetChunk } from "mediabunny";
import type { Disk, DiskFile } from "./disk.ts";

/** What is collected at most before it is written. */
const MAX_COLLECTED_BYTES = 64 * 1024;

/** The way to one file. */
export class FileSink {
  /** Takes what the muxer writes, which must follow on what it wrote before. */
  readonly writable: WritableStream<StreamTargetChunk>;
  readonly #file: Promise<DiskFile>;
  /** The last write; each waits for the one before. */
  #writing: Promise<void>;
  #collected: Uint8Array[] = [];
  #collectedBytes = 0;
  #bytes = 0;
  #writtenBytes = 0;
  #hasFailed = false;
  /** The pieces since {@linkcode startTail}; `undefined`: nobody wants them. */
  #tail: Uint8Array[] | undefined;

  /** Makes the file `name`. A failure is told by everything that writes. */
  constructor(disk: Disk, name: string) {
    this.#file = disk.create(name);
    this.#writing = this.#file.then(() => {});
    this.#note(this.#writing);
    this.writable = new WritableStream({
      write: ({ data }) => this.#append(data),
      close: () => this.flush(),
    });
  }

  /** How much the muxer wrote. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How much of it is not in the file yet. */
  get waitingBytes(): number {
    return this.#bytes - this.#writtenBytes;
  }

  /** Whether something could not be written. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Writes what is collected. Rejects when that, or anything before it, cannot be written. */
  flush(): Promise<void> {
    if (this.#collectedBytes === 0) return this.#writing;
    const bytes = join(this.#collected, this.#collectedBytes);
    this.#collected = [];
    this.#collectedBytes = 0;
    this.#writing = this.#writing.then(async () => {
      const file = await this.#file;
      await file.append(bytes);
      this.#writtenBytes += bytes.length;
    });
    this.#note(this.#writing);
    return this.#writing;
  }

  /** Keeps a copy of all that comes from now on. */
  startTail(): void {
    this.#tail = [];
  }

  /** What came since {@linkcode startTail}, up to the end of the file. */
  tail(): Uint8Array {
    const pieces = this.#tail ?? [];
    return join(pieces, pieces.reduce((sum, { length }) => sum + length, 0));
  }

  /** Writes over what stands at `position`. Rejects when it cannot be written. */
  async overwrite(position: number, bytes: Uint8Array): Promise<void> {
    await this.flush();
    const overwriting = this.#file.then((file) => file.overwrite(position, bytes));
    this.#note(overwriting);
    await overwriting;
  }

  /** Closes the file with what is in it. Never rejects. */
  async close(): Promise<void> {
    // Who wrote has heard of what went wrong; here the file is to be given back whatever it was.
    await this.flush().catch(() => {});
    await this.#file.then((file) => file.close(), () => {});
  }

  /** Notes a failure; whoever writes next hears of it. */
  #note(writing: Promise<void>): void {
    writing.catch(() => {
      this.#hasFailed = true;
    });
  }

  #append(data: Uint8Array): Promise<void> | undefined {
    this.#collected.push(data);
    this.#collectedBytes += data.length;
    this.#bytes += data.length;
    this.#tail?.push(data);
    return this.#collectedBytes >= MAX_COLLECTED_BYTES ? this.flush() : undefined;
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const first = pieces[0];
  if (pieces.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

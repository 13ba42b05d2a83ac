/**
 * Files that grow: on disk through the File System Access API where the browser has it, else in parts
 * that the browser keeps, memory or disk as it sees fit, until the file is downloaded.
 */
import type { ByteSink, SinkOptions } from "../call/byte_sink.ts";
import { pageClock } from "./page_clock.ts";

/** Parts of this size: many small ones would cost more in bookkeeping than they hold. */
const PART_BYTES = 4 * 1024 * 1024;
/** What is to be kept is on disk for the first time at this size: some ten seconds of a meeting. */
const FIRST_KEPT_BYTES = 4 * 1024 * 1024;
/** The browser reads the file after the click; this long it may take. */
const REVOKE_AFTER_MS = 60_000;
/**
 * What files are called when they are downloaded: never what their sender says they are, because an
 * address of a blob speaks with the rights of this page.
 */
const NEUTRAL_TYPE = "application/octet-stream";

/** The part of the File System Access API that is used; the DOM library lacks the picker. */
interface PickerWindow {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** A place for a file of this name: the one that the person picks, or the browser's memory. */
export async function openSink(
  fileName: string,
  { keepsParts = false }: SinkOptions = {},
): Promise<ByteSink | undefined> {
  const picker: typeof globalThis & PickerWindow = globalThis;
  if (picker.showSaveFilePicker === undefined) return new MemorySink();
  try {
    const handle = await picker.showSaveFilePicker({ suggestedName: fileName });
    return await DiskSink.create(handle, keepsParts);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") return undefined;
    // No permission, a frame of another origin, a click too long ago: a download is always possible.
    return new MemorySink();
  }
}

/** Downloads `file` as `fileName`. */
export function saveFile(fileName: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  pageClock.after(REVOKE_AFTER_MS, () => URL.revokeObjectURL(address));
}

/**
 * A file on disk. What is written lies in a file beside it until that is closed, and a failed write
 * loses all of it. Where parts are worth keeping it is closed and opened again whenever the file has
 * doubled: the copies together cost no more than the file itself.
 */
class DiskSink implements ByteSink {
  readonly #handle: FileSystemFileHandle;
  #stream: FileSystemWritableFileStream;
  #bytes = 0;
  #keptBytes = 0;
  #keepAt: number;

  private constructor(
    handle: FileSystemFileHandle,
    stream: FileSystemWritableFileStream,
    keepAt: number,
  ) {
    this.#handle = handle;
    this.#stream = stream;
    this.#keepAt = keepAt;
  }

  static async create(handle: FileSystemFileHandle, keepsParts: boolean): Promise<DiskSink> {
    const stream = await handle.createWritable();
    return new DiskSink(handle, stream, keepsParts ? FIRST_KEPT_BYTES : Infinity);
  }

  async write(part: Uint8Array<ArrayBuffer> | Blob): Promise<void> {
    await this.#stream.write(part);
    this.#bytes += part instanceof Blob ? part.size : part.byteLength;
    if (this.#bytes < this.#keepAt) return;
    await this.#stream.close();
    this.#keptBytes = this.#bytes;
    this.#keepAt = 2 * this.#bytes;
    this.#stream = await this.#handle.createWritable({ keepExistingData: true });
    await this.#stream.seek(this.#bytes);
  }

  async finish(): Promise<undefined> {
    try {
      await this.#stream.close();
    } catch (fault) {
      if (this.#keptBytes === 0) throw fault;
      // The end is lost; what was kept lies under its name and plays.
    }
    return undefined;
  }

  async abort(): Promise<void> {
    try {
      await this.#stream.abort();
    } catch {
      // It failed before or is closed: then there is nothing to throw away.
    }
  }
}

/** A file in the browser's hands. */
export class MemorySink implements ByteSink {
  #parts: Blob[] = [];
  #waiting: (Uint8Array<ArrayBuffer> | Blob)[] = [];
  #waitingBytes = 0;

  write(part: Uint8Array<ArrayBuffer> | Blob): Promise<void> {
    this.#waiting.push(part);
    this.#waitingBytes += part instanceof Blob ? part.size : part.byteLength;
    if (this.#waitingBytes >= PART_BYTES) this.#bundle();
    return Promise.resolve();
  }

  finish(): Promise<Blob> {
    this.#bundle();
    const file = new Blob(this.#parts, { type: NEUTRAL_TYPE });
    this.#parts = [];
    return Promise.resolve(file);
  }

  abort(): Promise<void> {
    this.#parts = [];
    this.#waiting = [];
    this.#waitingBytes = 0;
    return Promise.resolve();
  }

  #bundle(): void {
    this.#parts.push(new Blob(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

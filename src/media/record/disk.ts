/**
 * The folder of one recording. All that recording does with the file system goes through here, so
 * that a test can let a disk fill up. It needs permission to read and to write that folder, no more.
 */

/** A file that grows. */
export interface DiskFile {
  /** Adds all of `bytes` at the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Writes `bytes` over what stands at `position`, and goes on at the end. */
  overwrite(position: number, bytes: Uint8Array): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** Where files are made. */
export interface Disk {
  /** Makes the folder, where there is none. Rejects where that is impossible. */
  prepare(): Promise<void>;
  /** A new file. Rejects where there is one of that name, or none can be made. */
  create(name: string): Promise<DiskFile>;
  /** Puts `text` in the place of a file, whole or not at all. Rejects where it does not fit. */
  replace(name: string, text: string): Promise<void>;
}

/** The folder at `path`. */
export function diskAt(path: string): Disk {
  return {
    async prepare() {
      await Deno.mkdir(path, { recursive: true });
    },
    async create(name) {
      const file = await Deno.open(`${path}/${name}`, { write: true, createNew: true });
      return new OpenFile(file);
    },
    async replace(name, text) {
      const draft = `${path}/${name}.tmp`;
      await Deno.writeTextFile(draft, text);
      await Deno.rename(draft, `${path}/${name}`);
    },
  };
}

/** A file of Deno's as a file that grows. */
export class OpenFile implements DiskFile {
  readonly #file: Deno.FsFile;
  #isClosed = false;

  /** Owns `file` from now on. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** See DiskFile. */
  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += await this.#file.write(bytes.subarray(written));
  }

  /** See DiskFile. */
  async overwrite(position: number, bytes: Uint8Array): Promise<void> {
    await this.#file.seek(position, Deno.SeekMode.Start);
    await this.append(bytes);
    await this.#file.seek(0, Deno.SeekMode.End);
  }

  /** See DiskFile. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }
}

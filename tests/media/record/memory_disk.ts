/** A disk in memory that a test can fill, or stop. */
import type { Disk, DiskFile } from "../../../src/media/record/disk.ts";

/** The files of a folder. */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, Uint8Array>();
  readonly open = new Set<string>();
  /** What files may take together; writes beyond fail as on a full disk. */
  capacity = Infinity;
  /** Writes wait for it. */
  gate: Promise<void> = Promise.resolve();
  /** How many writes there were. */
  writes = 0;

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  create(name: string): Promise<DiskFile> {
    if (this.files.has(name)) return Promise.reject(new Deno.errors.AlreadyExists(name));
    this.files.set(name, new Uint8Array(0));
    this.open.add(name);
    return Promise.resolve({
      append: async (bytes) => {
        await this.gate;
        this.writes++;
        this.#put(name, this.files.get(name)!.length, bytes);
      },
      overwrite: async (position, bytes) => {
        await this.gate;
        this.#put(name, position, bytes);
      },
      close: () => this.open.delete(name),
    });
  }

  replace(name: string, text: string): Promise<void> {
    this.files.set(name, new TextEncoder().encode(text));
    return Promise.resolve();
  }

  #put(name: string, position: number, bytes: Uint8Array): void {
    const before = this.files.get(name)!;
    const after = new Uint8Array(Math.max(before.length, position + bytes.length));
    after.set(before);
    after.set(bytes, position);
    let taken = after.length - before.length;
    for (const { length } of this.files.values()) taken += length;
    if (taken > this.capacity) throw new Error("No space left on device (os error 28)");
    this.files.set(name, after);
  }
}

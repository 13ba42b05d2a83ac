/** A place for bytes that remembers what was done to it, and can be slow or full. */
import type { ByteSink } from "../../../static/call/byte_sink.ts";

/** The place. */
export class FakeSink implements ByteSink {
  readonly parts: (Uint8Array<ArrayBuffer> | Blob)[] = [];
  state: "open" | "finished" | "aborted" = "open";
  /** Called before each write; may wait, or throw as a full disk does. */
  beforeWrite: () => void | Promise<void> = () => {};
  /** Whether the file is on disk when it is finished, or handed over. */
  isDisk = false;

  async write(part: Uint8Array<ArrayBuffer> | Blob): Promise<void> {
    await this.beforeWrite();
    this.parts.push(part);
  }

  finish(): Promise<Blob | undefined> {
    this.state = "finished";
    return Promise.resolve(this.isDisk ? undefined : new Blob(this.parts));
  }

  abort(): Promise<void> {
    this.state = "aborted";
    return Promise.resolve();
  }

  /** What was written. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await new Blob(this.parts).arrayBuffer());
  }
}

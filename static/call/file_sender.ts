/**
 * Sends one file to one participant over a channel of its own: offers it, waits for the answer, and
 * sends no faster than the path and the other side's disk take it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { assertNever } from "../state/assert_never.ts";
import { type FileChannel, FileLine } from "./file_line.ts";
import {
  ANSWER_TIMEOUT_MS,
  type FileMessage,
  isOver,
  SILENCE_TIMEOUT_MS,
  type TransferFault,
  type TransferState,
  WINDOW_BYTES,
} from "./file_transfer.ts";
import type { CallClock } from "./platform.ts";

/** Read from the file at once: few reads, and no pause that anybody notices while it is hashed. */
const BLOCK_BYTES = 1024 * 1024;

/** What sending needs. */
export interface FileSenderOptions {
  readonly clock: CallClock;
  /** The size of a binary frame. */
  readonly chunkBytes: number;
  /** The state is this one now; may be called while the object is being made. */
  readonly changed: (state: TransferState) => void;
}

/** A file on its way out. */
export class FileSender {
  readonly #file: File;
  readonly #options: FileSenderOptions;
  readonly #line: FileLine;
  #state: TransferState = { phase: "offered" };
  #sent = 0;
  #hasEnded = false;
  #goOn: (() => void) | undefined;

  /** Offers `file` at once; the channel is open. */
  constructor(channel: FileChannel, file: File, options: FileSenderOptions) {
    this.#file = file;
    this.#options = options;
    this.#line = new FileLine(channel, options.clock, {
      said: (message) => this.#take(message),
      received: () => this.#fail("protocol"),
      drained: () => this.#wake(),
      broken: (fault) => this.#fail(fault),
    });
    this.#line.expect(ANSWER_TIMEOUT_MS);
    this.#line.say({ type: "offer", name: file.name, size: file.size, mime: file.type });
  }

  /** How far it is; `bytes` is what the other side has put away. */
  get state(): TransferState {
    return this.#state;
  }

  /** Gives up. Nothing when it is over already. */
  cancel(): void {
    if (isOver(this.#state)) return;
    this.#line.say({ type: "cancel", reason: "cancelled" });
    this.#end({ phase: "cancelled", by: "self" });
  }

  #take(message: FileMessage): void {
    const { phase } = this.#state;
    switch (message.type) {
      case "accept":
        if (phase !== "offered") return this.#fail("protocol");
        this.#change({ phase: "running", bytes: 0 });
        this.#line.expect(SILENCE_TIMEOUT_MS);
        void this.#pump();
        return;
      case "decline":
        return phase === "offered" ? this.#end({ phase: "declined" }) : this.#fail("protocol");
      case "progress":
        return this.#progress(message.bytes);
      case "done":
        return this.#hasEnded
          ? this.#end({ phase: "done", file: undefined })
          : this.#fail("protocol");
      case "cancel":
        return message.reason === "cancelled"
          ? this.#end({ phase: "cancelled", by: "other" })
          : this.#end({ phase: "failed", fault: message.reason });
      case "offer":
      case "end":
        return this.#fail("protocol");
      default:
        return assertNever(message);
    }
  }

  #progress(bytes: number): void {
    const state = this.#state;
    if (state.phase !== "running" || bytes <= state.bytes || bytes > this.#sent) {
      return this.#fail("protocol");
    }
    this.#change({ phase: "running", bytes });
    this.#line.expect(SILENCE_TIMEOUT_MS);
    this.#wake();
  }

  /** Sends everything, then the hash. */
  async #pump(): Promise<void> {
    const hash = sha256.create();
    const { size } = this.#file;
    while (this.#sent < size) {
      const block = await this.#read(Math.min(BLOCK_BYTES, size - this.#sent));
      if (isOver(this.#state)) return;
      if (block === undefined) return this.#fail("unreadable");
      hash.update(block);
      for (let from = 0; from < block.length; from += this.#options.chunkBytes) {
        const chunk = block.subarray(from, from + this.#options.chunkBytes);
        while (!this.#mayRunAhead(chunk.length)) {
          await new Promise<void>((resolve) => this.#goOn = resolve);
          if (isOver(this.#state)) return;
        }
        this.#sent += chunk.length;
        this.#line.send(chunk);
        if (isOver(this.#state)) return;
      }
    }
    this.#hasEnded = true;
    this.#line.say({ type: "end", sha256: bytesToHex(hash.digest()) });
  }

  /** The next bytes; `undefined` when the file is not what it was when it was chosen. */
  async #read(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const slice = this.#file.slice(this.#sent, this.#sent + length);
      const block = new Uint8Array(await slice.arrayBuffer());
      return block.length === length ? block : undefined;
    } catch {
      // Deleted or changed since; the caller tells both sides.
      return undefined;
    }
  }

  #mayRunAhead(length: number): boolean {
    const putAway = this.#state.phase === "running" ? this.#state.bytes : 0;
    return this.#line.hasRoom && this.#sent + length - putAway <= WINDOW_BYTES;
  }

  #wake(): void {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
  }

  #fail(fault: TransferFault): void {
    if (isOver(this.#state)) return;
    // Over before it is said: a channel that is gone reports so while it is told.
    this.#change({ phase: "failed", fault });
    this.#line.say({ type: "cancel", reason: fault });
    this.#end({ phase: "failed", fault });
  }

  #end(state: TransferState): void {
    this.#line.close();
    this.#change(state);
    this.#wake();
  }

  #change(state: TransferState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}

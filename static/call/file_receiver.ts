/**
 * Receives one file from one participant over a channel of its own. Nothing that the other side says
 * is believed: not the name, not the size, not that bytes come only when they may; and the file is
 * whole only when its hash is the one that was said.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { assertNever } from "../state/assert_never.ts";
import type { ByteSink } from "./byte_sink.ts";
import { type FileChannel, FileLine } from "./file_line.ts";
import { safeFileName } from "./file_name.ts";
import {
  ANSWER_TIMEOUT_MS,
  type FileMessage,
  type FileOffer,
  isOver,
  MAX_FILE_BYTES,
  PIECE_BYTES,
  SILENCE_TIMEOUT_MS,
  type TransferFault,
  type TransferState,
  WINDOW_BYTES,
} from "./file_transfer.ts";
import type { CallClock } from "./platform.ts";
import { SerialQueue } from "./serial_queue.ts";

/** What receiving needs. */
export interface FileReceiverOptions {
  readonly clock: CallClock;
  /** The state is this one now; may be called while the object is being made. */
  readonly changed: (state: TransferState) => void;
}

/** A file on its way in. */
export class FileReceiver {
  readonly #options: FileReceiverOptions;
  readonly #line: FileLine;
  readonly #writes = new SerialQueue(() => this.#fail("unwritable"));
  readonly #hash = sha256.create();
  #state: TransferState = { phase: "connecting" };
  #offer: FileOffer | undefined;
  #sink: ByteSink | undefined;
  /** What came and is not handed to the sink yet. */
  #piece: Uint8Array<ArrayBuffer>[] = [];
  #pieceBytes = 0;
  #received = 0;
  #putAway = 0;
  #hasEnded = false;

  /** Waits for the offer; call it in the turn in which the channel came. */
  constructor(channel: FileChannel, options: FileReceiverOptions) {
    this.#options = options;
    this.#line = new FileLine(channel, options.clock, {
      said: (message) => this.#take(message),
      received: (chunk) => this.#receive(chunk),
      drained: () => {},
      broken: (fault) => this.#fail(fault),
    });
    this.#line.expect(SILENCE_TIMEOUT_MS);
  }

  /** How far it is; `bytes` is what the sink has taken. */
  get state(): TransferState {
    return this.#state;
  }

  /** What is offered, under a name that is safe to show; `undefined` until it is. */
  get offer(): FileOffer | undefined {
    return this.#offer;
  }

  /** Lets the bytes come. `false` when there is nothing to accept any more; the sink stays the caller's. */
  accept(sink: ByteSink): boolean {
    if (this.#state.phase !== "offered") return false;
    this.#sink = sink;
    this.#line.expect(SILENCE_TIMEOUT_MS);
    this.#change({ phase: "running", bytes: 0 });
    this.#line.say({ type: "accept" });
    return true;
  }

  /** Wants no such file. Nothing when it was answered already. */
  decline(): void {
    if (this.#state.phase !== "offered") return;
    this.#line.say({ type: "decline" });
    this.#end({ phase: "declined" });
  }

  /** Gives up. Nothing when it is over already. */
  cancel(): void {
    if (isOver(this.#state)) return;
    this.#line.say({ type: "cancel", reason: "cancelled" });
    this.#end({ phase: "cancelled", by: "self" });
  }

  #take(message: FileMessage): void {
    switch (message.type) {
      case "offer":
        return this.#takeOffer(message);
      case "end":
        return this.#takeEnd(message.sha256);
      case "cancel":
        return message.reason === "cancelled"
          ? this.#end({ phase: "cancelled", by: "other" })
          : this.#end({ phase: "failed", fault: message.reason });
      case "accept":
      case "decline":
      case "done":
      case "progress":
        return this.#fail("protocol");
      default:
        return assertNever(message);
    }
  }

  #takeOffer({ name, size, mime }: FileOffer): void {
    if (this.#state.phase !== "connecting") return this.#fail("protocol");
    if (size > MAX_FILE_BYTES) return this.#fail("too-large");
    this.#offer = { name: safeFileName(name), size, mime };
    this.#line.expect(ANSWER_TIMEOUT_MS);
    this.#change({ phase: "offered" });
  }

  #receive(chunk: Uint8Array<ArrayBuffer>): void {
    const isDue = this.#state.phase === "running" && !this.#hasEnded && chunk.length > 0;
    if (!isDue) return this.#fail("protocol");
    this.#received += chunk.length;
    const isTooMuch = this.#received > this.#offer!.size; // Who runs was offered something.
    const isTooFast = this.#received - this.#putAway > WINDOW_BYTES;
    if (isTooMuch || isTooFast) return this.#fail("protocol");
    this.#line.expect(SILENCE_TIMEOUT_MS);
    this.#piece.push(chunk);
    this.#pieceBytes += chunk.length;
    if (this.#pieceBytes >= PIECE_BYTES) this.#flush();
  }

  /** Hands over what came, and says so when it is put away. */
  #flush(): void {
    const piece = joined(this.#piece, this.#pieceBytes);
    this.#piece = [];
    this.#pieceBytes = 0;
    if (piece.length === 0) return;
    void this.#writes.run(async () => {
      this.#hash.update(piece);
      await this.#sink!.write(piece);
      if (isOver(this.#state)) return;
      this.#putAway += piece.length;
      this.#line.say({ type: "progress", bytes: this.#putAway });
      this.#change({ phase: "running", bytes: this.#putAway });
    });
  }

  #takeEnd(expectedHash: string): void {
    if (this.#state.phase !== "running" || this.#hasEnded) return this.#fail("protocol");
    if (this.#received !== this.#offer!.size) return this.#fail("protocol");
    this.#hasEnded = true;
    this.#flush();
    void this.#writes.run(async () => {
      if (isOver(this.#state)) return;
      if (bytesToHex(this.#hash.digest()) !== expectedHash) return this.#fail("wrong-hash");
      const sink = this.#sink!;
      const file = await sink.finish();
      if (isOver(this.#state)) return;
      this.#sink = undefined;
      this.#line.say({ type: "done" });
      this.#end({ phase: "done", file });
    });
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
    this.#writes.close();
    this.#piece = [];
    void this.#sink?.abort();
    this.#sink = undefined;
    this.#change(state);
  }

  #change(state: TransferState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}

function joined(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Two ends of a data channel without a network: frames arrive in order, some turns later, and the
 * buffer of each end is bounded as Chromium's is. A test can cut it or take both ends in hand.
 */
import type { FileChannel } from "../../../static/call/file_line.ts";

/** Chromium throws beyond this. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

type Frame = string | Uint8Array<ArrayBuffer>;

/** One end. */
export class FakeChannel extends EventTarget implements FileChannel {
  readonly label: string;
  readyState: RTCDataChannelState = "open";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType: BinaryType = "blob";
  /** What arrived here. */
  readonly texts: Record<string, unknown>[] = [];
  /** The most that ever waited. */
  mostBuffered = 0;
  /** Frames that are delivered in one turn; 0 holds everything back. */
  perTurn = 8;

  #other: FakeChannel | undefined;
  #queue: Frame[] = [];
  #isPumping = false;
  #isClosing = false;

  private constructor(label: string) {
    super();
    this.label = label;
  }

  /** Two ends of one channel. */
  static pair(label = "file:1"): [FakeChannel, FakeChannel] {
    const ends: [FakeChannel, FakeChannel] = [new FakeChannel(label), new FakeChannel(label)];
    ends[0].#other = ends[1];
    ends[1].#other = ends[0];
    return ends;
  }

  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    if (this.readyState !== "open") throw new DOMException("not open", "InvalidStateError");
    const frame = typeof data === "string"
      ? data
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    if (this.bufferedAmount + frame.length > MAX_BUFFERED_BYTES) {
      throw new DOMException("full", "OperationError");
    }
    this.#queue.push(frame);
    this.bufferedAmount += frame.length;
    this.mostBuffered = Math.max(this.mostBuffered, this.bufferedAmount);
    void this.#pump();
  }

  /** Says something that the code under test never would. */
  say(message: Record<string, unknown>): void {
    this.send(JSON.stringify(message));
  }

  /** Closes when everything has gone out, as the real one does. */
  close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#isClosing = true;
    void this.#pump();
  }

  /** The connection is gone: what was under way is lost, both ends hear it. */
  cut(): void {
    for (const end of [this, this.#other!]) end.#over();
  }

  /** Delivers again after `perTurn` was 0. */
  resume(): void {
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.readyState !== "closed" && this.perTurn > 0 && this.#queue.length > 0) {
      await Promise.resolve();
      for (const frame of this.#queue.splice(0, this.perTurn)) this.#deliver(frame);
    }
    this.#isPumping = false;
    if (this.#isClosing && this.#queue.length === 0) this.cut();
  }

  #deliver(frame: Frame): void {
    const { bufferedAmountLowThreshold: low } = this;
    const wasAbove = this.bufferedAmount > low;
    this.bufferedAmount -= frame.length;
    this.#other!.#arrive(frame);
    if (wasAbove && this.bufferedAmount <= low) this.dispatchEvent(new Event("bufferedamountlow"));
  }

  #arrive(frame: Frame): void {
    if (this.readyState === "closed") return;
    if (typeof frame === "string") this.texts.push(JSON.parse(frame));
    const data = typeof frame === "string"
      ? frame
      : this.binaryType === "arraybuffer"
      ? frame.buffer
      : new Blob([frame]);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  #over(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#queue = [];
    this.dispatchEvent(new Event("close"));
  }
}

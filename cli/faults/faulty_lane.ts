/**
 * One direction of a connection: reads bytes here, lets the faults have their way, writes bytes there.
 * It reads no further ahead than a bound, so a reader that stops is felt by the writer on the other
 * side, as TCP would have it. `FaultyConnection` has one each way.
 */
import type { Clock } from "../../src/base/mod.ts";
import { encodeFrame, encodeFrames, FrameReader } from "./frame.ts";
import type { MessageFaults, Shipment } from "./message_faults.ts";
import { MessageReader } from "./message_reader.ts";
import { writeAll } from "./tcp.ts";
import { wait } from "./wait.ts";

/** A longer message passes as it comes, and what follows it too: it is not put together here. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAX_MESSAGE_FRAMES = 4_096;
const READ_BYTES = 65_536;
/** What may wait here for its time; beyond it nothing is read, and the sender feels it. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** A message that waits to be overtaken goes on alone after this long. */
const HOLD_MS = 1_000;
/** A bandwidth is kept in steps of this many a second. */
const STEPS_A_SECOND = 50;

/** How bytes come and go; a `Deno.Conn` has more than that. */
export type ByteStream = {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
};

/** What a lane works with. */
export type LaneOptions = {
  readonly from: ByteStream;
  readonly to: ByteStream;
  /** The bytes that had been read already when the handshake ended. */
  readonly first: Uint8Array;
  /** The frames are a client's. */
  readonly isMasked: boolean;
  readonly faults: MessageFaults;
  readonly clock: Clock;
  /** How long every byte takes longer. */
  readonly baseDelayMs: () => number;
  /** The bandwidth; undefined: as it is. */
  readonly bytesPerSecond: () => number | undefined;
  /** Hears what hit, before it takes effect. */
  readonly onShipment: (shipment: Shipment) => void;
  /** The lane's end, by a fault. */
  readonly onCut: () => void;
  /** Everything stops. */
  readonly signal: AbortSignal;
};

type Queued = { bytes: Uint8Array; dueAt: number; byteWise: number; isCut: boolean };

/** Carries the bytes of one direction. */
export class FaultyLane {
  readonly #options: LaneOptions;
  readonly #frames: FrameReader;
  readonly #messages = new MessageReader({
    maxBytes: MAX_MESSAGE_BYTES,
    maxFrames: MAX_MESSAGE_FRAMES,
  });
  readonly #queue: Queued[] = [];
  readonly #startedAt: number;
  #queuedBytes = 0;
  #lastDueAt = 0;
  #isRaw = false;
  #isSilent = false;
  #hasStopped = false;
  #isEnded = false;
  #wake: () => void = () => {};
  #drained: () => void = () => {};
  #cancelHold: () => void = () => {};

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#startedAt = options.clock.elapsed();
    this.#frames = new FrameReader({
      isMasked: options.isMasked,
      maxPayloadBytes: MAX_MESSAGE_BYTES,
    });
  }

  /** Nothing passes any more, but what comes is still read, so that the end of it is noticed. */
  silence(): void {
    this.#isSilent = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#drained();
  }

  /** Nothing is read any more. */
  stopReading(): void {
    this.#hasStopped = true;
  }

  /** Resolves when both ends of this direction are done; rejects when a connection breaks. */
  async run(): Promise<void> {
    const stop = () => {
      this.#cancelHold();
      this.#drained();
      this.#wake();
    };
    this.#options.signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.all([this.#read(), this.#write()]);
    } finally {
      this.#cancelHold();
    }
  }

  async #read(): Promise<void> {
    const { from, signal, first } = this.#options;
    const buffer = new Uint8Array(READ_BYTES);
    if (first.length > 0) await this.#take(first);
    while (!signal.aborted && !this.#hasStopped) {
      const length = await from.read(buffer);
      if (length === null) break;
      if (this.#hasStopped) break;
      if (!this.#isSilent) await this.#take(buffer.subarray(0, length));
      if (this.#queuedBytes > MAX_QUEUED_BYTES && !signal.aborted) {
        await new Promise<void>((resolve) => this.#drained = resolve);
      }
    }
    if (this.#hasStopped) await untilAborted(signal);
    this.#release();
    this.#isEnded = true;
    this.#wake();
  }

  async #take(bytes: Uint8Array): Promise<void> {
    if (this.#isRaw) return this.#enqueue(bytes.slice());
    for (const frame of this.#frames.push(bytes)) {
      if (this.#isSilent || this.#hasStopped) return;
      const parcel = this.#messages.push(frame);
      if (parcel?.kind === "control") this.#enqueue(encodeFrame(frame));
      if (parcel?.kind === "message") await this.#pass(parcel);
    }
    if ((this.#frames.problem ?? this.#messages.problem) === undefined) return;
    // Not ours to judge: whoever wrote it finds out from whoever reads it.
    this.#isRaw = true;
    this.#release();
    this.#enqueue(encodeFrames(this.#messages.rest));
    this.#enqueue(this.#frames.rest);
  }

  async #pass(parcel: Parameters<MessageFaults["take"]>[0]): Promise<void> {
    const { faults, clock, signal, onShipment } = this.#options;
    this.#cancelHold();
    const shipment = faults.take(parcel, clock.elapsed() - this.#startedAt);
    if (shipment.decisions.length > 0) onShipment(shipment);
    const { bytes, delayMs, byteWise, readPauseMs, ending } = shipment;
    if (readPauseMs > 0) await wait(readPauseMs, { clock, signal });
    this.#enqueue(bytes, { delayMs, byteWise, isCut: ending === "cut" });
    if (ending === "cut") this.#hasStopped = true;
    if (faults.isHolding) this.#cancelHold = clock.after(HOLD_MS, () => this.#release());
  }

  /** What waited to be overtaken goes on. */
  #release(): void {
    this.#cancelHold();
    this.#enqueue(this.#options.faults.release());
  }

  #enqueue(
    bytes: Uint8Array,
    how: { delayMs?: number; byteWise?: number; isCut?: boolean } = {},
  ): void {
    const { clock, baseDelayMs } = this.#options;
    const { delayMs = baseDelayMs(), byteWise = 0, isCut = false } = how;
    if (this.#isSilent || (bytes.length === 0 && !isCut)) return;
    // TCP keeps the order: nothing overtakes what is late.
    const dueAt = Math.max(this.#lastDueAt, clock.elapsed() + delayMs);
    this.#lastDueAt = dueAt;
    this.#queue.push({ bytes, dueAt, byteWise, isCut });
    this.#queuedBytes += bytes.length;
    this.#wake();
  }

  async #write(): Promise<void> {
    const { to, clock, signal, onCut, baseDelayMs } = this.#options;
    while (!signal.aborted) {
      const next = this.#queue[0];
      if (next === undefined && this.#isEnded) break;
      if (next === undefined) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      await wait(next.dueAt - clock.elapsed(), { clock, signal });
      if (signal.aborted || this.#queue[0] !== next) continue; // Silenced meanwhile.
      await this.#send(next);
      if (this.#queue[0] === next) this.#queue.shift();
      this.#queuedBytes = Math.max(0, this.#queuedBytes - next.bytes.length);
      if (this.#queuedBytes <= MAX_QUEUED_BYTES) this.#drained();
      if (next.isCut) return onCut();
    }
    if (signal.aborted || this.#isSilent) return;
    await wait(baseDelayMs(), { clock, signal });
    await to.closeWrite();
  }

  /** Writes in pieces, as the faults ask for. */
  async #send({ bytes, byteWise }: Queued): Promise<void> {
    const { bytesPerSecond, clock, signal } = this.#options;
    const rate = bytesPerSecond();
    const step = rate === undefined ? bytes.length : Math.max(1, Math.ceil(rate / STEPS_A_SECOND));
    for (let at = 0; at < bytes.length && !signal.aborted && !this.#isSilent;) {
      const length = at < byteWise ? 1 : Math.min(step, bytes.length - at);
      await writeAll(this.#options.to, bytes.subarray(at, at + length));
      at += length;
      if (rate !== undefined) await wait((length / rate) * 1_000, { clock, signal });
    }
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * One participant's data connection, as the relay sees it: takes its frames, and keeps what others
 * send to it until its transport takes that. A slow participant slows down who sends to it, by the
 * credit that it does not get, and nobody else.
 */
import type { Cancel, Clock } from "../../base/mod.ts";
import {
  creditFor,
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
  MAX_STREAM_MESSAGE_BYTES,
  MAX_STREAMS,
  type StreamEnd,
  type UserId,
} from "../../protocol/mod.ts";
import type { Transport } from "../sfu/transport.ts";
import { DataStream, type FrameBody, streamKey } from "./data_stream.ts";
import { type Flow, MAX_TRANSPORT_BYTES } from "./flow.ts";
import { Outbox } from "./outbox.ts";

/** A receiver that takes nothing for so long loses its streams (rule DC7). */
export const SLOW_RECEIVER_MS = 10_000;
/** Messages in a row that are no frames, after which nothing is listened to (rule DC1). */
export const MAX_BAD_FRAMES = 100;
/** Refusals that may wait for somebody who asks for streams faster than it takes answers. */
export const MAX_REFUSALS = 64;

type Frame<Type extends DataFrame["type"]> = Extract<DataFrame, { type: Type }>;

/** What an end needs. */
export type DataEndOptions = {
  readonly userId: UserId;
  readonly transport: Pick<Transport, "sendMessage" | "bufferedAmount">;
  readonly clock: Clock;
  /** The end of another participant of the room. */
  readonly find: (userId: string) => DataEnd | undefined;
  /** It takes part no more. */
  readonly closed: () => void;
};

/** One participant's data connection. */
export class DataEnd {
  /** Whose it is. */
  readonly userId: UserId;
  readonly #options: DataEndOptions;
  readonly #streams = new Map<string, DataStream>();
  readonly #outbox = new Outbox();
  #refusals = 0;
  #badFrames = 0;
  #isClosed = false;
  #isPumping = false;
  #isToPumpAgain = false;
  /** Bytes that the transport took. */
  #handed = 0;
  /** How many of them had left it when that was looked at last, and since when no more have. */
  #gone = 0;
  #movedAtMs = 0;
  /** Its streams were taken from it, and nothing has moved since. */
  #isGivenUp = false;
  #cancelWatch: Cancel | undefined;

  /** An end without streams. */
  constructor(options: DataEndOptions) {
    this.#options = options;
    this.userId = options.userId;
  }

  /** How many streams it has; one that ended counts until that was told. */
  get streams(): number {
    return this.#streams.size;
  }

  /** What waits here for its transport, as credit counts it. */
  get queuedBytes(): number {
    return this.#flowsTo().reduce((sum, { queued }) => sum + queued, 0);
  }

  /** A message of the data channel came. Never throws. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const frame = decodeDataFrame(bytes);
    this.#badFrames = frame === undefined ? this.#badFrames + 1 : 0;
    if (this.#badFrames >= MAX_BAD_FRAMES) this.close();
    if (frame === undefined) return;
    if (frame.type === "open") return this.#open(frame);
    const stream = this.#streams.get(streamKey(frame));
    if (stream === undefined || stream.isEnded) return; // It ended while this was under way.
    if (frame.type === "data") return this.#pass(stream, frame);
    if (frame.type === "close") return stream.end("closed", this);
    stream.flowTo(this).allow(frame.credit);
    this.#pump();
  }

  /** The transport takes more again. */
  drained(): void {
    this.#pump();
  }

  /** It is gone, or connected anew: its streams end for the others. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelWatch?.();
    this.#options.closed();
    this.#outbox.clear();
    for (const stream of [...this.#streams.values()]) stream.end("gone", this);
    this.#streams.clear();
  }

  /** Adds a stream that another end has opened; returns why not. */
  takeStream(stream: DataStream, { credit, label }: Frame<"open">): StreamEnd | undefined {
    this.#watch(); // It may move again, and have had no reason to say so.
    if (this.#isGivenUp) return "slow-receiver";
    if (this.#streams.size >= MAX_STREAMS) return "too-many-streams";
    this.#streams.set(stream.keyAt(this), stream);
    // What this end may send at first comes with the stream: credit overtakes other frames.
    const flow = stream.flowFrom(this);
    flow.allow(credit);
    this.#tell(stream, { type: "open", credit: flow.grant(0), label });
    return undefined;
  }

  /** The sender of `flow` is this end, and may send more. */
  tellCredit(flow: Flow, credit: number): void {
    flow.owed += credit;
    this.#outbox.owe(flow);
    this.#pump();
  }

  /** The stream ended; its place is free when that was told. */
  tellEnd(stream: DataStream, reason: StreamEnd): void {
    if (this.#isClosed) return;
    this.#outbox.forgive(stream.flowFrom(this));
    this.#tell(stream, { type: "close", reason }, () => this.forget(stream));
  }

  /** This end knows that the stream is no more: what waits of it is of no use. */
  forget(stream: DataStream): void {
    this.#streams.delete(stream.keyAt(this));
    this.#outbox.forgive(stream.flowFrom(this));
    if (stream.flowTo(this).queued > 0) this.#outbox.dropFragments(stream.flowTo(this));
  }

  #open(frame: Frame<"open">): void {
    if (!frame.isOpener) return; // Nobody opens the streams of others.
    const before = this.#streams.get(streamKey(frame));
    if (before !== undefined) return before.end("protocol");
    const other = this.#options.find(frame.userId);
    if (other === undefined || other === this) return this.#refuse(frame, "no-such-participant");
    if (this.#streams.size >= MAX_STREAMS) return this.#refuse(frame, "too-many-streams");
    const stream = new DataStream(this, other, frame.streamId);
    this.#streams.set(stream.keyAt(this), stream);
    const refusal = other.takeStream(stream, frame);
    if (refusal === undefined) return;
    this.forget(stream);
    this.#refuse(frame, refusal);
  }

  #refuse({ streamId, userId }: Frame<"open">, reason: StreamEnd): void {
    if (this.#refusals >= MAX_REFUSALS) return;
    this.#refusals++;
    const bytes = encodeDataFrame({ type: "close", streamId, isOpener: false, userId, reason });
    this.#outbox.push({ bytes, taken: () => this.#refusals-- });
    this.#pump();
  }

  #pass(stream: DataStream, frame: Frame<"data">): void {
    const flow = stream.flowFrom(this);
    const cost = creditFor(frame.payload);
    flow.messageBytes += frame.payload.length;
    if (flow.messageBytes > MAX_STREAM_MESSAGE_BYTES || !flow.use(cost)) {
      return stream.end("protocol");
    }
    if (frame.isLast) flow.messageBytes = 0;
    flow.receiver.#take(flow, frame, cost);
  }

  #take(flow: Flow, frame: Frame<"data">, cost: number): void {
    this.#outbox.push({ bytes: encodeDataFrame(flow.stream.frameTo(this, frame)), flow, cost });
    this.#pump();
  }

  #tell(stream: DataStream, body: FrameBody, taken?: () => void): void {
    const bytes = encodeDataFrame(stream.frameTo(this, body));
    this.#outbox.push(taken === undefined ? { bytes } : { bytes, taken });
    this.#pump();
  }

  /** Hands on what the transport takes, and gives credit for what has gone. */
  #pump(): void {
    this.#isToPumpAgain = true;
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#isToPumpAgain && !this.#isClosed) {
      this.#isToPumpAgain = false;
      const { transport } = this.#options;
      const send = (bytes: Uint8Array) => {
        const isTaken = transport.sendMessage(bytes);
        if (isTaken) this.#handed += bytes.length;
        return isTaken;
      };
      // Up to above the bound: only who was above it is told when there is room again.
      while (transport.bufferedAmount <= MAX_TRANSPORT_BYTES && this.#outbox.sendNext(send));
      this.#grant();
    }
    this.#isPumping = false;
    this.#watch();
  }

  /** Those that ended and wait to be told take room as well. */
  #grant(): void {
    const flows = this.#flowsTo();
    let sharedBytes = flows.reduce((sum, flow) => sum + flow.sharedBytes, 0);
    for (const flow of flows) {
      const before = flow.sharedBytes;
      const bytes = flow.grant(sharedBytes);
      sharedBytes += flow.sharedBytes - before;
      if (bytes > 0) flow.sender.tellCredit(flow, bytes);
    }
  }

  #flowsTo(): Flow[] {
    return [...this.#streams.values()].map((stream) => stream.flowTo(this));
  }

  /** Whether something waits, here or in the transport. */
  get #isWaiting(): boolean {
    if (this.#isClosed) return false;
    return !this.#outbox.isEmpty || this.#options.transport.bufferedAmount > 0;
  }

  /** Notices when nothing goes on while something waits. */
  #watch(): void {
    if (!this.#isWaiting) {
      this.#cancelWatch?.();
      this.#cancelWatch = undefined;
      this.#isGivenUp = false;
      return;
    }
    const { transport, clock } = this.#options;
    const gone = this.#handed - transport.bufferedAmount;
    const isMoving = gone !== this.#gone;
    if (isMoving || this.#cancelWatch === undefined) this.#movedAtMs = clock.elapsed();
    if (isMoving) this.#isGivenUp = false;
    this.#gone = gone;
    if (this.#cancelWatch !== undefined || this.#isGivenUp) return;
    this.#watchFor(SLOW_RECEIVER_MS);
  }

  #watchFor(ms: number): void {
    const { clock } = this.#options;
    this.#cancelWatch = clock.after(ms, () => {
      this.#watch();
      if (this.#cancelWatch === undefined) return;
      const leftMs = this.#movedAtMs + SLOW_RECEIVER_MS - clock.elapsed();
      if (leftMs > 0) return this.#watchFor(leftMs);
      this.#cancelWatch = undefined;
      this.#giveUp();
    });
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    this.#outbox.dropFragments();
    for (const stream of [...this.#streams.values()]) stream.end("slow-receiver");
  }
}

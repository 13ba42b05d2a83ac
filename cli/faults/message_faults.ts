/**
 * What becomes of each message of one direction: passed on as it came, changed, held back, or the end
 * of everything. Pure but for the state of what is held back; `FaultyLane` writes what comes out. What
 * no fault hits keeps its very bytes.
 */
import type { FaultRule } from "./fault_plan.ts";
import { encodeFrames, type Frame, Opcode } from "./frame.ts";
import type { ConnectionName, Decision, Hit, Judge } from "./judge.ts";
import type { Parcel } from "./message_reader.ts";
import { type CarriedMessage, joinMessages, shiftClock, splitMessages } from "./payload.ts";

/** Faults after which nothing more is passed on. */
export type Ending = "cut" | "half-open" | "stop-reading";

/** What is to be written, how, and what then. */
export type Shipment = {
  readonly bytes: Uint8Array;
  /** Wait so long before writing. */
  readonly delayMs: number;
  /** So many bytes go one by one. */
  readonly byteWise: number;
  /** Read nothing for so long before this. */
  readonly readPauseMs: number;
  /** What happens once `bytes` are written. */
  readonly ending: Ending | undefined;
  readonly decisions: readonly Decision[];
};

type MessageParcel = Extract<Parcel, { kind: "message" }>;

/** Bytes that go one by one where a rule does not say: servers count pieces (rule ME7). */
const DEFAULT_BYTE_WISE = 1_024;
const DEFAULT_PIECES = 3;

/** Applies the faults of one direction. */
export class MessageFaults {
  readonly #judge: Judge;
  readonly #name: ConnectionName;
  readonly #isPacked: boolean;
  #held: { message: CarriedMessage; like: Frame } | undefined;

  /** `isPacked`: a text frame may hold several messages (rule CO6). */
  constructor(judge: Judge, { name, isPacked }: { name: ConnectionName; isPacked: boolean }) {
    this.#judge = judge;
    this.#name = name;
    this.#isPacked = isPacked;
  }

  /** A message waits for the next one to overtake it. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Gives up waiting: what was held back, as a frame. */
  release(): Uint8Array {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return new Uint8Array(0);
    return encodeFrames(this.#rebuild([held.message], held.like));
  }

  /** What becomes of `parcel`. */
  take(parcel: MessageParcel, elapsedMs: number): Shipment {
    const like = parcel.frames[0]!; // A message has at least one frame.
    const messages = splitMessages(parcel.payload, {
      isText: like.opcode === Opcode.text,
      isPacked: this.#isPacked,
    });
    const kept: CarriedMessage[] = [];
    const hits: Hit[] = [];
    let ending: Ending | undefined;
    let isChanged = false;
    for (const message of messages) {
      this.#learnUser(message);
      const own = this.#judge.judge(message.type, elapsedMs);
      hits.push(...own);
      ending = endingOf(own);
      if (ending === "half-open" || ending === "stop-reading") {
        isChanged = true;
        break;
      }
      const passed = this.#pass(message, own, like);
      isChanged ||= passed.length !== 1 || passed[0] !== message;
      kept.push(...passed);
      if (ending === "cut") break;
    }
    const frames = isChanged ? this.#rebuild(kept, like) : parcel.frames;
    return this.#ship(frames, hits, ending);
  }

  /** The messages that go on in the place of `message`. */
  #pass(message: CarriedMessage, hits: readonly Hit[], like: Frame): CarriedMessage[] {
    const has = (kind: FaultRule["kind"]) => hits.some(({ rule }) => rule.kind === kind);
    if (has("drop")) return [];
    const skewed = this.#skew(message, hits);
    if (has("reorder") && this.#held === undefined) {
      this.#held = { message: skewed, like };
      return [];
    }
    const held = this.#held;
    this.#held = undefined;
    const passed = has("duplicate") ? [skewed, skewed] : [skewed];
    return held === undefined ? passed : [...passed, held.message];
  }

  #skew(message: CarriedMessage, hits: readonly Hit[]): CarriedMessage {
    return hits.reduce((skewed, { rule, decision }) => {
      if (rule.kind !== "clock-skew") return skewed;
      return shiftClock(skewed, decision.direction === "to-server" ? rule.ms : -rule.ms);
    }, message);
  }

  #ship(frames: readonly Frame[], hits: readonly Hit[], ending: Ending | undefined): Shipment {
    let pieces = 1;
    let byteWise = 0;
    let readPauseMs = 0;
    const delays = new Map<number, number>();
    for (const { rule, decision } of hits) {
      // Messages of one frame travel together, as late as the latest of them.
      if (rule.kind === "latency" || rule.kind === "jitter") {
        delays.set(decision.rule, Math.max(delays.get(decision.rule) ?? 0, decision.ms ?? 0));
      }
      if (rule.kind === "fragment") pieces = rule.pieces ?? DEFAULT_PIECES;
      if (rule.kind === "byte-wise") byteWise = rule.bytes ?? DEFAULT_BYTE_WISE;
      if (rule.kind === "stop-reading") readPauseMs = rule.forMs ?? 0;
    }
    const bytes = encodeFrames(frames.flatMap((frame) => fragments(frame, pieces)));
    return {
      bytes: ending === "cut" ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes,
      delayMs: [...delays.values()].reduce((sum, ms) => sum + ms, 0),
      byteWise,
      readPauseMs,
      ending,
      decisions: hits.map(({ decision }) => decision),
    };
  }

  /** Frames with the opcode and the mask that the messages came with. */
  #rebuild(messages: readonly CarriedMessage[], like: Frame): Frame[] {
    return joinMessages(messages, this.#isPacked).map((payload) => ({
      isFinal: true,
      opcode: like.opcode,
      mask: like.mask,
      payload,
    }));
  }

  /** A client says who it is when it joins, and the server when it answers. */
  #learnUser({ type, fields }: CarriedMessage): void {
    const isName = type === "join" || type === "joined";
    if (isName && typeof fields?.userId === "string") this.#name.user = fields.userId;
  }
}

/** Of stopping for a while nothing ends. */
function endingOf(hits: readonly Hit[]): Ending | undefined {
  for (const { rule } of hits) {
    if (rule.kind === "cut" || rule.kind === "half-open") return rule.kind;
    if (rule.kind === "stop-reading" && rule.forMs === undefined) return rule.kind;
  }
  return undefined;
}

/** The frame in `count` fragments; in fewer when it is shorter, in one when it is one already. */
function fragments(frame: Frame, count: number): Frame[] {
  const { payload, opcode, isFinal } = frame;
  const pieces = Math.min(count, payload.length);
  if (pieces < 2 || !isFinal || opcode === Opcode.continuation) return [frame];
  return Array.from({ length: pieces }, (_, index) => ({
    isFinal: index === pieces - 1,
    opcode: index === 0 ? opcode : Opcode.continuation,
    mask: frame.mask,
    payload: payload.subarray(
      Math.floor((index * payload.length) / pieces),
      Math.floor(((index + 1) * payload.length) / pieces),
    ),
  }));
}

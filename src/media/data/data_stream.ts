/**
 * A stream between two participants, from `open` to the `close` that both have been told. It has two
 * directions, and knows how its frames are addressed to each end.
 */
import type { DataFrame, StreamEnd } from "../../protocol/mod.ts";
import type { DataEnd } from "./data_end.ts";
import { Flow } from "./flow.ts";

type Body<Frame> = Frame extends DataFrame ? Omit<Frame, "streamId" | "isOpener" | "userId">
  : never;
/** What a frame says beside its address. */
export type FrameBody = Body<DataFrame>;

/** A stream. */
export class DataStream {
  /** The one who asked for it. */
  readonly opener: DataEnd;
  /** The one who was asked. */
  readonly other: DataEnd;
  /** As its opener numbers it. */
  readonly streamId: number;
  /** What the opener sends. */
  readonly fromOpener: Flow;
  /** What the other sends. */
  readonly toOpener: Flow;
  #isEnded = false;

  /** A stream that `opener` asks for. */
  constructor(opener: DataEnd, other: DataEnd, streamId: number) {
    this.opener = opener;
    this.other = other;
    this.streamId = streamId;
    this.fromOpener = new Flow(this, opener, other);
    this.toOpener = new Flow(this, other, opener);
  }

  /** Whether nothing more goes through. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The direction in which `end` sends. */
  flowFrom(end: DataEnd): Flow {
    return end === this.opener ? this.fromOpener : this.toOpener;
  }

  /** The direction in which `end` receives. */
  flowTo(end: DataEnd): Flow {
    return end === this.opener ? this.toOpener : this.fromOpener;
  }

  /** What `end` knows it by. */
  keyAt(end: DataEnd): string {
    const isOpener = end === this.opener;
    const { userId } = isOpener ? this.other : this.opener;
    return streamKey({ streamId: this.streamId, isOpener, userId });
  }

  /** The frame with which `end` is told `body`. */
  frameTo(end: DataEnd, body: FrameBody): DataFrame {
    const isOpener = end !== this.opener;
    const { userId } = isOpener ? this.opener : this.other;
    // A body with an address is a frame; TypeScript does not put unions together again.
    return { ...body, streamId: this.streamId, isOpener, userId } as DataFrame;
  }

  /** Ends it for both; `by` knows already. Idempotent. */
  end(reason: StreamEnd, by?: DataEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.fromOpener.end();
    this.toOpener.end();
    for (const end of [this.opener, this.other]) {
      if (end === by) end.forget(this);
      else end.tellEnd(this, reason);
    }
  }
}

/** What the frames of an end have in common that are of the same stream; no user id has a slash. */
export function streamKey(
  { streamId, isOpener, userId }: Pick<DataFrame, "streamId" | "isOpener" | "userId">,
): string {
  return `${userId}/${isOpener ? "own" : "other"}/${streamId}`;
}

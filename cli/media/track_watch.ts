/**
 * One publication as one receiver gets it: whether it comes when it is wanted and not when it is not,
 * whole, in order and from a key frame on. What is wrong goes to the receiver as a complaint, once a
 * kind; the counts are for the report.
 */
import type { Publication } from "./publications.ts";
import type { ReceivedPacket } from "./received_packet.ts";
import { Row } from "./row.ts";

/** What is missing may be repeated for so long; then it would be too late to be shown. */
export const REPAIR_MS = 1_500;
/** What was sent this late before an end may have been on its way, or repeated too late. */
export const TAIL_MS = 500;
/** What comes after an end by no more than this was on its way. */
export const GRACE_MS = 400;
/** A row of pictures may miss its first packets, where the path lost them; no key frame is longer. */
const MAX_LOST_HEAD = 8;
/** Rows before the present one, whose late packets are still known. */
const KEPT_ROWS = 4;

/** A complaint in words. */
export type Complain = (
  rule: string,
  problem: { readonly message: string; readonly expected: string; readonly seen: string },
) => void;

/** What is told of a publication while it is watched. */
export type TrackWatchOptions = {
  readonly publication: Publication;
  readonly complain: Complain;
  /** A packet came that nobody had to repeat, after so long. */
  readonly delayed: (ms: number, at: number) => void;
  /** The first picture is complete, so long after it was wanted. */
  readonly pictured: (ms: number, at: number) => void;
  /** The path may be too narrow for all pictures, so that the server lets some go. */
  readonly mayPause: boolean;
};

/** Why a publication is not to come any more, and the rule of PROTOCOL.md by which it must not. */
export type WatchEnd = { readonly rule: string; readonly why: string };

/** What is wrong, once a kind. */
type Kind =
  | "beginning"
  | "order"
  | "twice"
  | "numbers"
  | "lost"
  | "paused"
  | "after"
  | "tail"
  | "silent";

/** One publication at one receiver. */
export class TrackWatch {
  readonly publication: Publication;
  /** Packets that came, whichever way. */
  packets = 0;
  /** Of them, those that were repeated. */
  repaired = 0;
  /** Packets that never came. */
  lost = 0;
  keyFrames = 0;
  /** Rows that began without being asked for: the server had stopped by itself. */
  interruptions = 0;
  /** Kinds of things that are wrong. */
  readonly faults: Set<Kind> = new Set();
  readonly #options: TrackWatchOptions;
  #rows: Row[] = [];
  #wantedAt: number | undefined;
  #unwantedAt = Number.NEGATIVE_INFINITY;
  #end: WatchEnd = { rule: "SB2", why: "it was told" };
  #isRowExpected = true;
  #firstFrameEnd: number | undefined;
  #isPictured = false;

  /** Nothing has come, and nothing is wanted. */
  constructor(options: TrackWatchOptions) {
    this.publication = options.publication;
    this.#options = options;
  }

  /** Whether it is wanted now. */
  get isWanted(): boolean {
    return this.#wantedAt !== undefined;
  }

  /** Whether it comes since it is wanted: of a picture, that one is complete. */
  get isLive(): boolean {
    if (this.#wantedAt === undefined) return false;
    return this.publication.isVideo ? this.#isPictured : !this.#isRowExpected;
  }

  /** Whether something of it is missing that may still be repeated. */
  get isIncomplete(): boolean {
    return this.#rows.some(({ arrivals }) => arrivals.complete < arrivals.highest);
  }

  /** It is to come from `at` on, or would soon. */
  want(at: number): void {
    if (this.#wantedAt !== undefined) return;
    this.#wantedAt = at;
    // What came early began a row that counts.
    const row = this.#rows.at(-1);
    this.#isRowExpected = row === undefined || row.since < this.#unwantedAt;
    if (this.#isRowExpected) this.#isPictured = false;
    else this.#lookForPicture(at);
  }

  /** It is not to come any more from `at` on; what was on its way may. */
  unwant(at: number, end: WatchEnd): void {
    if (this.#wantedAt === undefined) return;
    this.#checkTail(at);
    this.#wantedAt = undefined;
    this.#unwantedAt = at;
    this.#end = end;
    this.#isRowExpected = true;
  }

  /** A packet of it came at `at`, with `number` on the wire, which does not wrap. */
  take(packet: ReceivedPacket, number: number, at: number): void {
    this.packets++;
    if (packet.isRepeated) this.repaired++;
    if (this.#wantedAt === undefined && at - this.#unwantedAt > GRACE_MS) this.#tooLate(at);
    const row = this.#rows.findLast((one) => one.holds(packet, number));
    if (row === undefined) return this.#begin(packet, number, at);
    const arrival = row.take(packet, at);
    if (arrival === "again" && !packet.isRepeated) {
      this.#complain("twice", `each packet once`, `packet ${packet.payload.ordinal} again`);
    }
    if (arrival !== "again") this.#look(row, packet, at);
  }

  /** What is due at `at`: what is missing for too long has not come. */
  tick(at: number): void {
    for (const { arrivals } of this.#rows) {
      const missing = arrivals.overdue(at, REPAIR_MS);
      if (missing.length > 0) this.#lose(missing);
    }
  }

  /** The run ends for it at `at`: everything that was sent long enough before has to be there. */
  finish(at: number): void {
    if (this.#wantedAt !== undefined) this.unwant(at, { rule: "SB2", why: "the run ended" });
    this.tick(at + REPAIR_MS);
  }

  /** It was wanted for too long and did not come. */
  neverCame(waitedMs: number): void {
    const what = this.publication.isVideo ? "pictures" : "sound";
    this.#complain("silent", what, `none in ${Math.round(waitedMs)} ms`);
  }

  #begin(packet: ReceivedPacket, number: number, at: number): void {
    const { payload, isVideo } = packet;
    const before = this.#rows.at(-1);
    if (packet.isRepeated) return; // Of a row that is long gone; by itself it begins none.
    const isKeyStart = payload.isKeyFrame && payload.isFrameStart;
    if (isVideo && !isKeyStart) {
      const missing = this.publication.sinceKeyFrame(payload.ordinal);
      if (before !== undefined && !this.#isRowExpected) {
        return this.#complain(
          "order",
          "packets numbered as they were sent, until a key frame",
          `packet ${payload.ordinal} with a number of its own`,
        );
      }
      if (missing > MAX_LOST_HEAD) {
        this.#complain("beginning", "a key frame first", `packet ${missing} behind one`);
      }
    }
    if (before !== undefined && payload.ordinal <= before.arrivals.highest) {
      this.#complain("order", "packets in the order in which they were sent", "older ones after");
    }
    if (before !== undefined && !this.#isRowExpected) this.#interrupt(before, payload.ordinal);
    const row = new Row(packet, number, at);
    this.#rows.push(row);
    if (this.#rows.length > KEPT_ROWS) this.#drop(this.#rows.shift()!);
    this.#isRowExpected = false;
    this.#firstFrameEnd = undefined;
    this.#look(row, packet, at);
  }

  #interrupt({ arrivals }: Row, next: number): void {
    this.interruptions++;
    if (this.#options.mayPause && this.publication.isVideo) return;
    const skipped = next - arrivals.highest - 1;
    this.#complain("paused", "no pause that nobody asked for", `${skipped} packets left out`);
  }

  /** What else a packet says that came for the first time. */
  #look(row: Row, packet: ReceivedPacket, at: number): void {
    const { payload, isVideo, isRepeated } = packet;
    const fault = row.fault(packet);
    if (fault !== undefined) {
      const { what, expected, seen } = fault;
      this.#complain("numbers", `${what} ${expected}`, `${seen}`);
    }
    if (!isRepeated) this.#options.delayed(payload.delayAt(at), at);
    if (!isVideo) return;
    if (payload.isKeyFrame && payload.isFrameStart) this.keyFrames++;
    if (payload.isFrameEnd && row === this.#rows.at(-1)) this.#firstFrameEnd ??= payload.ordinal;
    this.#lookForPicture(at);
  }

  #lookForPicture(at: number): void {
    const row = this.#rows.at(-1);
    if (this.#isPictured || this.#wantedAt === undefined || row === undefined) return;
    if (this.#firstFrameEnd === undefined || row.arrivals.complete < this.#firstFrameEnd) return;
    this.#isPictured = true;
    this.#options.pictured(Math.max(0, at - this.#wantedAt), at);
  }

  #lose(missing: readonly number[]): void {
    this.lost += missing.length;
    // Sound is not repeated: how much of it may be missing is for the receiver to judge.
    if (!this.publication.isVideo) return;
    this.#complain(
      "lost",
      `each packet, repeated within ${REPAIR_MS} ms where it was lost`,
      `packet ${missing[0]} is missing`,
    );
  }

  #drop({ arrivals }: Row): void {
    const missing = arrivals.overdue(Infinity, 0);
    if (missing.length > 0) this.#lose(missing);
  }

  /** Whether it came up to its end: what was sent a while before has to be there. */
  #checkTail(at: number): void {
    const { publication } = this;
    const row = this.#rows.at(-1);
    if (row === undefined || this.#isRowExpected) return;
    const endedAt = Math.min(at, publication.endedAt ?? at);
    const last = publication.lastSentBy(endedAt - TAIL_MS);
    if (last <= row.arrivals.highest) return;
    this.lost += last - row.arrivals.highest;
    this.#complain("tail", `all up to packet ${last}`, `the last was ${row.arrivals.highest}`);
  }

  #tooLate(at: number): void {
    const after = Math.round(at - this.#unwantedAt);
    // The receiver judges what comes before it is told.
    if (this.#unwantedAt === Number.NEGATIVE_INFINITY) return;
    const { why } = this.#end;
    this.#complain("after", "nothing any more", `a packet ${after} ms after ${why}`);
  }

  #complain(kind: Kind, expected: string, seen: string): void {
    if (this.faults.has(kind)) return;
    this.faults.add(kind);
    const rule = kind === "after" ? this.#end.rule : "SB1";
    this.#options.complain(rule, { message: this.publication.words, expected, seen });
  }
}

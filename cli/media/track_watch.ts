/**
 * One publication as one receiver gets it: whether it comes when it is wanted and not when it is not,
 * whole, in order and from a key frame on. What is wrong goes to the receiver as a complaint, once a
 * kind; the counts are for the report.
 */
import type { Publication } from "./publications.ts";
import type { ReceivedPacket } from "./received_packet.ts";
import { Row } from "./row.ts";
import type { RunTime } from "./run_time.ts";

/** What is missing may be repeated for so long; then it would be too late to be shown. */
export const REPAIR_MS = 1_500;
/** What was sent this late before an end may have been on its way, or repeated too late. */
export const TAIL_MS = 500;
/** What is sent after an end is known, by no more than this, may still come: servers need a moment. */
export const GRACE_MS = 400;
/** What has to be there at an end may be read as long after it. */
const END_READ_MS = 1_000;
/** Rows before the present one, whose late packets are still known. */
const KEPT_ROWS = 4;

/** A complaint in words. */
export type Complain = (
  rule: string,
  problem: { readonly message: string; readonly expected: string; readonly seen: string },
) => void;

/** What a receiver tells a watch, and hears of it. */
export type TrackWatchOptions = {
  readonly time: RunTime;
  readonly complain: Complain;
  /** A packet came that nobody had to repeat, after so long. */
  readonly delayed: (ms: number, at: number) => void;
  /** The first picture is complete, so long after it was wanted. */
  readonly pictured: (ms: number, at: number) => void;
  /** The path may be too narrow for all pictures, so that the server lets some go. */
  readonly mayPause: boolean;
  /** Whether packets take so long now that pauses and losses are no fault of the server. */
  readonly isSlow: () => boolean;
};

/** Why a publication is not to come any more, and the rule of PROTOCOL.md by which it must not. */
export type WatchEnd = { readonly rule: string; readonly why: string };

/** What is wrong, once a kind. */
export type WatchFault =
  | "beginning"
  | "order"
  | "twice"
  | "numbers"
  | "lost"
  | "paused"
  | "after"
  | "tail"
  | "silent";

/** What a server does that has to believe that the path is too narrow, or that gives up. */
const EXCUSABLE: ReadonlySet<WatchFault> = new Set(["lost", "paused", "tail"]);

/** An end that has come: when, by both clocks of the run, and what had to be there. */
type Ended = WatchEnd & {
  readonly at: number;
  readonly attentive: number;
  readonly row: Row | undefined;
  readonly lastOrdinal: number;
  isJudged: boolean;
};

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
  /** Pauses and losses that are not held against the server. */
  excused = 0;
  /** What is wrong. */
  readonly faults: Set<WatchFault> = new Set();
  readonly #options: TrackWatchOptions;
  readonly #rows: Row[] = [];
  #wantedAt: number | undefined;
  #ended: Ended | undefined;
  #isRowExpected = true;
  #firstFrameEnd: number | undefined;
  #isPictured = false;

  /** Nothing has come, and nothing is wanted. */
  constructor(publication: Publication, options: TrackWatchOptions) {
    this.publication = publication;
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

  /** It is to come from `at` on, or would soon. */
  want(at: number): void {
    if (this.#wantedAt !== undefined) return;
    this.#judgeEnd();
    this.#wantedAt = at;
    // What came early began a row that counts.
    const row = this.#rows.at(-1);
    this.#isRowExpected = row === undefined || row === this.#ended?.row;
    this.#isPictured = false;
    if (this.#isRowExpected) this.#firstFrameEnd = undefined;
    else this.#lookForPicture(at);
  }

  /** It is not to come any more from `at` on; what was on its way may. */
  unwant(at: number, end: WatchEnd): void {
    if (this.#wantedAt === undefined && this.#ended !== undefined) return;
    const { publication } = this;
    const endedAt = Math.min(at, publication.endedAt ?? at);
    const isExpected = this.#wantedAt === undefined || this.#isRowExpected;
    const row = this.#rows.at(-1);
    if (row !== undefined) row.endedAt = Math.min(row.endedAt, at);
    this.#ended = {
      ...end,
      at,
      attentive: this.#options.time.attentive,
      row,
      lastOrdinal: isExpected ? -1 : publication.lastSentBy(endedAt - TAIL_MS),
      isJudged: false,
    };
    this.#wantedAt = undefined;
    this.#isRowExpected = true;
  }

  /** A packet of it came at `at`, with `number` on the wire, which does not wrap. */
  take(packet: ReceivedPacket, number: number, at: number): void {
    this.packets++;
    if (packet.isRepeated) this.repaired++;
    if (this.#wantedAt === undefined) this.#cameUnwanted(at - packet.payload.delayAt(at));
    const row = this.#rows.findLast((one) => one.holds(packet, number));
    if (row === undefined || row.isBegunAnewBy(packet)) return this.#begin(packet, number, at);
    const arrival = row.take(packet, this.#options.time.attentive);
    if (arrival === "too late") this.lost--; // It was not lost for good.
    if (arrival !== "again") return this.#look(row, packet, at);
    if (packet.isRepeated) return;
    this.#complain("twice", `each packet once`, `packet ${packet.payload.ordinal} again`);
  }

  /** What is missing for too long has not come. */
  tick(): void {
    const { attentive } = this.#options.time;
    for (const row of this.#rows) this.#giveUp(row, REPAIR_MS);
    const ended = this.#ended;
    if (ended !== undefined && attentive - ended.attentive >= END_READ_MS) this.#judgeEnd();
  }

  /** The run ends for it at `at`: everything that was sent long enough before has to be there. */
  finish(at: number): void {
    if (this.#wantedAt !== undefined) this.unwant(at, { rule: "SB2", why: "the run ended" });
    this.#judgeEnd();
    for (const row of this.#rows) this.#giveUp(row, TAIL_MS);
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
    if (isVideo && !(payload.isKeyFrame && payload.isFrameStart)) {
      const { ordinal, frame } = payload;
      if (before !== undefined && !this.#isRowExpected) {
        const expected = "packets numbered as they were sent, until a key frame";
        return this.#complain("order", expected, `packet ${ordinal} with a number of its own`);
      }
      // The path may have lost the first packet of a key frame, but hardly all of them.
      if (!payload.isKeyFrame) {
        this.#complain("beginning", "a key frame first", `frame ${frame}, which is none`);
      }
    }
    if (before !== undefined && payload.ordinal <= before.arrivals.highest) {
      this.#complain("order", "packets in the order in which they were sent", "older ones after");
    }
    if (before !== undefined && !this.#isRowExpected) this.#interrupt(before, payload.ordinal);
    if (before !== undefined) before.endedAt = Math.min(before.endedAt, at);
    const row = new Row(packet, number);
    this.#rows.push(row);
    if (this.#rows.length > KEPT_ROWS) this.#giveUp(this.#rows.shift()!, 0);
    this.#isRowExpected = false;
    this.#firstFrameEnd = undefined;
    this.#look(row, packet, at);
  }

  #interrupt({ arrivals }: Row, next: number): void {
    const skipped = next - arrivals.highest - 1;
    if (skipped === 0) return;
    this.interruptions++;
    if (this.#options.mayPause && this.publication.isVideo) return;
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

  /** What has been missing for so long in a row will not come. */
  #giveUp({ arrivals, endedAt }: Row, missingMs: number): void {
    const missing = arrivals.overdue(this.#options.time.attentive, missingMs);
    this.lost += missing.length;
    const { publication } = this;
    // Sound is not repeated: how much of it may be missing is for the receiver to judge.
    if (!publication.isVideo) return;
    const end = Math.min(endedAt, publication.endedAt ?? Infinity);
    const wrong = missing.find((ordinal) => publication.sentAt(ordinal) < end - TAIL_MS);
    if (wrong === undefined) return;
    const expected = `each packet, repeated within ${REPAIR_MS} ms where it was lost`;
    this.#complain("lost", expected, `packet ${wrong} is missing`);
  }

  /** Whether it came up to its end: what was sent a while before has to be there. */
  #judgeEnd(): void {
    const ended = this.#ended;
    if (ended === undefined || ended.isJudged) return;
    ended.isJudged = true;
    const { row, lastOrdinal } = ended;
    if (row === undefined || lastOrdinal <= row.arrivals.highest) return;
    this.lost += lastOrdinal - row.arrivals.highest;
    const seen = `the last was ${row.arrivals.highest}`;
    this.#complain("tail", `all up to packet ${lastOrdinal}`, seen);
  }

  /** A packet that was sent at `sentAt` came although it was not wanted. */
  #cameUnwanted(sentAt: number): void {
    const ended = this.#ended;
    if (ended === undefined) return; // The receiver judges what comes before it is told.
    const after = Math.round(sentAt - ended.at);
    if (after <= GRACE_MS) return; // Whatever took it so long, it was on its way.
    const seen = `a packet that was sent ${after} ms after ${ended.why}`;
    this.#complain("after", "nothing any more", seen, ended.rule);
  }

  #complain(kind: WatchFault, expected: string, seen: string, rule = "SB1"): void {
    if (EXCUSABLE.has(kind) && this.#options.isSlow()) {
      this.excused++;
      return;
    }
    if (this.faults.has(kind)) return;
    this.faults.add(kind);
    this.#options.complain(rule, { message: this.publication.words, expected, seen });
  }
}

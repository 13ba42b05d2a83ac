/** The media of a session of WHIP or WHEP, as the commands drive them: types alone. */

/** The time that rates are of: since the report before, or all of it. */
export type ReportSpan = "recent" | "whole";

/** What came of it so far. */
export type SessionReport = {
  /** For people. */
  readonly lines: readonly string[];
  /** For programs. */
  readonly json: object;
};

/** One side of a connection to the server. */
export interface SessionMedia {
  /** Its description, to be sent. */
  readonly offer: string;
  /** Packets go both ways. */
  readonly isOpen: boolean;
  /** There is nothing left to do. */
  readonly isOver: boolean;
  /** Media have been sent, or have come. */
  readonly hasCarried: boolean;
  /** Begins to connect to whom that describes. Throws DescriptionError. */
  begin(sdp: string): void;
  /** Does what is due; to be called every few milliseconds. */
  tick(): void;
  /** What to show now. */
  report(span: ReportSpan): SessionReport;
  /** Ends the connection. Idempotent. */
  close(): void;
}

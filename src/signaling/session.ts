/**
 * What a participant has with the server from its join to its leave, across connections: its seat, the
 * connection that sits on it now, and, if it may resume, the numbered messages that a lost connection
 * may have missed (rules RE1-RE9). The sessions make and end it.
 */
import type { ConnectionId } from "../protocol/mod.ts";
import type { Seat } from "../rooms/mod.ts";
import { KeptMessages } from "./kept_messages.ts";

/** What a session needs of the connection that sits on it. */
export interface SeatedConnection {
  /** Names it in the log. */
  readonly id: ConnectionId;
  /** The stay of the participant who sits here; the sessions alone set it. */
  session: Session | undefined;
  /** Whether anybody has ever wanted frames of it; its delivery sets it (rule CO7). */
  isFrameSource: boolean;
  /** Bytes that were sent and that its peer has not read. */
  readonly unreadBytes: number;
  /** Sends a relayed frame at once, behind what is queued. */
  sendFrame(bytes: Uint8Array): void;
  /** Queues an encoded message; `key` names what a newer one supersedes. */
  queue(encoded: string, key?: string): void;
  /** Ends the connection. */
  close(code: number, reason: string): void;
}

/** The stay of one participant. */
export class Session {
  /** Where the participant sits. */
  readonly seat: Seat;
  /** What proves that a new connection may take the seat; `undefined`: it may not resume. */
  resumeToken: string | undefined;
  /** The connection now; `undefined` while it is lost and the seat is kept. */
  connection: SeatedConnection | undefined;
  #kept: KeptMessages | undefined;

  /** A stay that begins on `connection`. */
  constructor(seat: Seat, connection: SeatedConnection) {
    this.seat = seat;
    this.connection = connection;
  }

  /** From now on messages are numbered and kept, for who comes back with `resumeToken`. */
  keepMessages(resumeToken: string): void {
    this.resumeToken = resumeToken;
    this.#kept = new KeptMessages();
  }

  /** The number of the last message so far. */
  get lastSeq(): number {
    return this.#kept?.lastSeq ?? 0;
  }

  /** Sends a message to whoever sits here, and keeps it for who does not. */
  deliver(encoded: string, key: string | undefined): void {
    const text = this.#kept === undefined ? encoded : withSeq(encoded, this.#kept.add(encoded));
    this.connection?.queue(text, key);
  }

  /** The texts of the messages after `lastSeq`, numbered, or `undefined` when some are gone. */
  missedAfter(lastSeq: number): string[] | undefined {
    return this.#kept?.after(lastSeq)?.map((encoded, n) => withSeq(encoded, lastSeq + 1 + n));
  }
}

/** The message with its number; every message is an object with at least its type. */
function withSeq(encoded: string, seq: number): string {
  return `${encoded.slice(0, -1)},"seq":${seq}}`;
}

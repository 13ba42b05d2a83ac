/**
 * Who sits where: the session of each participant, those who may resume by their token, and the grace
 * time of those whose connection is lost. The hub owns it and is told when a grace time is over.
 */
import type { Cancel, Clock, Random } from "../base/mod.ts";
import { ProtocolError } from "../protocol/mod.ts";
import type { Participant, Seat } from "../rooms/mod.ts";
import { type SeatedConnection, Session } from "./session.ts";

/** Characters of a resume token: 144 bits, unguessable. */
const RESUME_TOKEN_LENGTH = 24;

/** What the sessions depend on. */
export type SessionsOptions = {
  readonly clock: Clock;
  readonly random: Random;
  /** How long a seat is kept for a lost connection; 0: no resume. */
  readonly resumeGraceMs: number;
  /** The grace time of a session is over; it has ended. */
  readonly expired: (session: Session) => void;
};

/** Every session, from join to leave. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byParticipant = new Map<Participant, Session>();
  readonly #byToken = new Map<string, Session>();
  /** Those that asked to be resumable and are not in the room yet. */
  readonly #resumable = new Set<Session>();
  readonly #graces = new Map<Session, Cancel>();

  /** No sessions at first. */
  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#byParticipant.size;
  }

  /** How many sessions wait for their participant to come back. */
  get detachedCount(): number {
    return this.#graces.size;
  }

  /** The session of a participant. */
  of(participant: Participant): Session | undefined {
    return this.#byParticipant.get(participant);
  }

  /** Begins a session; `isResumable` as the join asked. */
  begin(connection: SeatedConnection, seat: Seat, isResumable: boolean): Session {
    const session = new Session(seat, connection);
    this.#byParticipant.set(seat.participant, session);
    if (isResumable && this.#options.resumeGraceMs > 0) this.#resumable.add(session);
    return session;
  }

  /** Makes the token of a session whose join asked for one; `undefined` where it did not. */
  grantResume(session: Session): string | undefined {
    if (!this.#resumable.delete(session)) return undefined;
    const token = this.#options.random.id(RESUME_TOKEN_LENGTH);
    session.keepMessages(token);
    this.#byToken.set(token, session);
    return token;
  }

  /** Keeps the seat of a lost connection for the grace time. Returns false where it may not resume. */
  detach(session: Session): boolean {
    if (session.resumeToken === undefined) return false;
    const { clock, resumeGraceMs, expired } = this.#options;
    unseat(session);
    const cancel = clock.after(resumeGraceMs, () => {
      this.end(session);
      expired(session);
    });
    this.#graces.set(session, cancel);
    return true;
  }

  /**
   * The session that a token proves, and what its participant missed after `lastSeq`: the numbered
   * messages, or `undefined` when not all are kept. Changes nothing. Throws ProtocolError.
   */
  find(resumeToken: string, lastSeq: number): { session: Session; missed: string[] | undefined } {
    const session = this.#byToken.get(resumeToken);
    if (session === undefined) {
      throw new ProtocolError("resume-expired", "Cannot resume: no seat is kept for this token");
    }
    if (lastSeq > session.lastSeq) {
      throw new ProtocolError(
        "bad-message",
        `Cannot resume after message ${lastSeq}: the last one was ${session.lastSeq}`,
      );
    }
    return { session, missed: session.missedAfter(lastSeq) };
  }

  /** Seats `connection` on the session. Returns the connection that sat there until now. */
  attach(session: Session, connection: SeatedConnection): SeatedConnection | undefined {
    const before = session.connection;
    unseat(session);
    session.connection = connection;
    this.#graces.get(session)?.();
    this.#graces.delete(session);
    return before;
  }

  /** The participant is gone: the token is worth nothing any more. */
  end(session: Session): void {
    this.#byParticipant.delete(session.seat.participant);
    if (session.resumeToken !== undefined) this.#byToken.delete(session.resumeToken);
    this.#resumable.delete(session);
    this.#graces.get(session)?.();
    this.#graces.delete(session);
    unseat(session);
  }

  /** Ends all of them, and nobody is told. */
  close(): void {
    for (const session of [...this.#byParticipant.values()]) this.end(session);
  }
}

function unseat(session: Session): void {
  if (session.connection !== undefined) session.connection.session = undefined;
  session.connection = undefined;
}

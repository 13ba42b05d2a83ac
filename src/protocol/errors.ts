/**
 * The codes of the wire that say what went wrong: stable names for programs. Each stands in PROTOCOL.md, section
 * Errors, in `/schema` and in the metrics; the sentence beside a code is written where it is raised.
 */

/** Every code with what it means; the order is that of PROTOCOL.md. */
export const ERROR_CODES = {
  "bad-message": "The frame is not JSON, not an object, or not of the shape its type demands",
  "message-too-large": "The message is longer than limits.maxMessageBytes",
  "unknown-type": "No message of this type exists",
  "not-joined": "The message needs a room and the connection is in none",
  "already-joined": "The connection is in a room already",
  "invalid-room-id": 'The room id is not 1 to 64 letters, digits, "_", "-" or "."',
  "invalid-user-id": 'The user id is not 1 to 64 letters, digits, "_", "-" or "."',
  "user-id-taken": "Another participant of the room has this user id",
  "room-not-found": "No such room, and this request does not create one",
  "room-full": "The room holds limits.maxParticipants",
  "room-locked": "The host has locked the room",
  "too-many-rooms": "The server holds as many rooms as it is allowed to",
  "too-many-connections":
    "The server holds as many connections as it may, or as many from one address",
  "bad-passcode": "The passcode is missing or wrong",
  "not-allowed": "The sender may not do this, or was kicked out of the room",
  "bad-token": "The token is missing, malformed, expired or not for this",
  "no-such-participant": "The addressee is not in the sender's room",
  "broadcaster-taken": "The room has a broadcaster already",
  "rate-limited": "Too many messages, or wrong codes; try again after retryAfterMs",
  "resume-expired": "The seat is gone: the grace time is over, or the token is none; join again",
  "slow-consumer": "The connection does not read what is sent to it",
  "no-such-track": "Nobody in the room publishes this track",
  "media-failed": "The server cannot carry these media; the message says why",
  "server-shutting-down": "The server stops; reconnect after reconnectAfterMs",
  "internal-error": "A fault of the server; it has been logged",
} as const;

/** One of {@linkcode ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An operation that cannot proceed. Thrown by the domain, answered at the edge: `error` on the
 * socket, a problem document over HTTP. `message` says the action and the value that stopped it.
 */
export class ProtocolError extends Error {
  /** Stable name of what went wrong. */
  readonly code: ErrorCode;

  /** With `rate-limited`: when to try again. */
  readonly retryAfterMs: number | undefined;

  /** An error that is answered with `code`. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.name = "ProtocolError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The codes with which the server closes a connection, and what each means; rule CO9. */
export const CLOSE_CODES = {
  1000: "Either side is done",
  1002: "The client broke RFC 6455",
  1007: "The client sent text that is not UTF-8",
  1008: "The client broke a bound; the reason is the error code",
  1009: "The client sent a message that is too large to be read to its end",
  1012: "The server stops; reconnect after a pause that grows and is jittered",
  1013: "Too many connections arrived at once; reconnect as after 1012",
  4001: "Another connection resumed this one's seat; do not reconnect",
} as const;

/**
 * Close codes of a peer that means to go (RFC 6455, section 7.4.1): done, going away (a tab that is
 * closed), or none given. Any other says that something went wrong; rule RE3.
 */
export const DEPARTURE_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/** Why a participant is no longer in its room; rule LE4. */
export const LEAVE_REASONS = [
  "left",
  "disconnected",
  "timeout",
  "slow-consumer",
  "room-ended",
  "kicked",
  "denied",
] as const;
/** One of {@linkcode LEAVE_REASONS}. */
export type LeaveReason = (typeof LEAVE_REASONS)[number];

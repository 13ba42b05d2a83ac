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
  "too-many-rooms": "The server holds as many rooms as it is allowed to",
  "too-many-connections":
    "The server holds as many connections as it may, or as many from one address",
  "not-allowed": "The sender may not do this",
  "bad-token": "The token is missing, malformed, expired or not for this",
  "no-such-participant": "The addressee is not in the sender's room",
  "broadcaster-taken": "The room has a broadcaster already",
  "rate-limited": "More messages than limits.messagesPerSecond; try again after retryAfterMs",
  "slow-consumer": "The connection does not read what is sent to it",
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

  /** An error that is answered with `code`. */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
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
} as const;

/** Why a participant is no longer in its room; rule LE4. */
export const LEAVE_REASONS = ["left", "disconnected", "slow-consumer", "room-ended"] as const;
/** One of {@linkcode LEAVE_REASONS}. */
export type LeaveReason = (typeof LEAVE_REASONS)[number];

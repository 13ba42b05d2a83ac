/**
 * The bounds of the wire that hold for every server, with the reason beside each. What an operator
 * may change (message size, rate, capacity) is in `config.ts`; `welcome.limits` tells a client.
 */

/** Longest chat text, in code points, as JSON Schema counts: a page of prose; longer is a file. */
export const MAX_TEXT_LENGTH = 4_000;
/** Longest display name, in code points. */
export const MAX_NAME_LENGTH = 64;
/** Longest `requestId`, in code points: a UUID with room to spare. */
export const MAX_REQUEST_ID_LENGTH = 64;
/** Longest `resumeToken` that is looked at; the server's own are 24 characters. */
export const MAX_RESUME_TOKEN_LENGTH = 64;
/** Deepest nesting of arrays and objects in a message: SDP and candidates need 3, `data` some. */
export const MAX_DEPTH = 32;
/** Rejected frames in a row after which a connection is closed (rule ER3). */
export const MAX_CONSECUTIVE_ERRORS = 10;
/** Messages refused before the bucket is full again, after which a connection is closed (LI4). */
export const MAX_RATE_LIMITED = 1_000;
/** Longest passcode of a room, in UTF-16 units: a long phrase; each is hashed whole. */
export const MAX_PASSCODE_LENGTH = 128;
/** A frame of `signalbox.v1` packs messages up to about this many characters (rule CO6). */
export const MAX_PACKED_LENGTH = 256 * 1024;
/** A room hears `stats-summary` at most once in this time (rule SS2). */
export const STATS_SUMMARY_PERIOD_MS = 2_000;
/** A code from `create-room` stays reserved this long before the first join (rule CR3). */
export const ROOM_CODE_RESERVATION_MS = 10 * 60_000;
/** Messages that are kept for a participant who may resume (rule RE6): some seconds of a busy room. */
export const MAX_KEPT_MESSAGES = 1_024;
/** Characters of those messages: a negotiation with ten others, SDP and candidates. */
export const MAX_KEPT_LENGTH = 512 * 1024;
/** While more than this is unread, further messages wait in the server's queue (rule BP1). */
export const MAX_UNREAD_BYTES = 256 * 1024;
/** A reader that takes nothing for so long is given up (rule BP4). */
export const SLOW_CONSUMER_MS = 10_000;
/**
 * A message of up to this many times `limits.maxMessageBytes` is read to its end and answered with an
 * error; a longer one is refused by its header, and the connection with it (rule ME7).
 */
export const OVERSIZE_FACTOR = 4;
/**
 * A relayed frame may have this many times `limits.maxMessageBytes` (rule FR6): a large key frame, and
 * below {@linkcode OVERSIZE_FACTOR}, so that a longer one can be answered.
 */
export const RELAY_FACTOR = 3;
/** Relayed frames of a connection, each second: pictures, sound and single pictures of one person. */
export const RELAY_FRAMES_PER_SECOND = 300;
/** Bytes of them, each second: a picture and its sound at 16 Mbit/s. */
export const RELAY_BYTES_PER_SECOND = 2 * 1024 * 1024;
/** Fragments of one message: a megabyte in packets of a kilobyte (rule ME7). */
export const MAX_FRAGMENTS = 1_024;
/** Tracks of one participant: a microphone, a camera, a screen and its sound. */
export const MAX_PUBLISHED_TRACKS = 4;

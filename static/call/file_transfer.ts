/**
 * How a file travels from one participant to another: one data channel a file, labelled
 * `file:<id>`, text frames for what is said and binary frames for the bytes.
 *
 * The sender says `offer`; the receiver `accept` or `decline`; only then bytes flow. The receiver says
 * `progress` with what it has put away, and the sender runs ahead of that by
 * {@linkcode WINDOW_BYTES} at most, so that a slow disk holds up the sender and fills no memory. The
 * sender ends with `end` and the hash of what it sent; the receiver compares and says `done`. Either
 * side says `cancel`, with the reason, whenever it gives up. Everything else is a fault, and so is
 * silence.
 */

/** What the label of a channel for a file begins with. */
export const FILE_LABEL_PREFIX = "file:";
/** The largest file: what browsers without access to the disk can hold with ease. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;
/** How far the sender runs ahead of the receiver's `progress`: 8 MB/s at half a second each way. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/** The receiver writes and says `progress` in pieces of this size. */
export const PIECE_BYTES = 256 * 1024;
/** A person takes this long to answer an offer at most. */
export const ANSWER_TIMEOUT_MS = 5 * 60_000;
/** Who says nothing for this long, when something is due, is gone. */
export const SILENCE_TIMEOUT_MS = 30_000;

/** Every browser takes messages of this size (RFC 8831, section 6.6). */
const SMALL_CHUNK_BYTES = 16 * 1024;
/** Larger ones cost less; no gain was measured beyond. */
const LARGE_CHUNK_BYTES = 64 * 1024;
/** Names are cut by the receiver; what is longer than this is no name. */
const MAX_NAME_LENGTH = 1_000;

/** Why a transfer failed. */
export const TRANSFER_FAULTS = [
  "channel-lost",
  "timeout",
  "protocol",
  "too-large",
  "wrong-hash",
  "unreadable",
  "unwritable",
  "no-connection",
] as const;
/** One of {@linkcode TRANSFER_FAULTS}. */
export type TransferFault = typeof TRANSFER_FAULTS[number];

/** How far a transfer is. */
export type TransferState =
  /** There is no channel yet, or nothing was offered on it. */
  | { readonly phase: "connecting" }
  /** The receiver's person has to say yes or no. */
  | { readonly phase: "offered" }
  | { readonly phase: "running"; readonly bytes: number }
  /** `file` is there when it still has to be saved. */
  | { readonly phase: "done"; readonly file: Blob | undefined }
  | { readonly phase: "declined" }
  | { readonly phase: "cancelled"; readonly by: "self" | "other" }
  | { readonly phase: "failed"; readonly fault: TransferFault };

/** What is offered. */
export interface FileOffer {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What the sender says it is; nobody relies on it. */
  readonly mime: string;
}

/** What is said about a file. */
export type FileMessage =
  | { readonly type: "offer" } & FileOffer
  | { readonly type: "accept" | "decline" | "done" }
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "end"; readonly sha256: string }
  | { readonly type: "cancel"; readonly reason: "cancelled" | TransferFault };

/** Whether nothing more will happen. */
export function isOver({ phase }: TransferState): boolean {
  return phase !== "connecting" && phase !== "offered" && phase !== "running";
}

/** The size of a chunk where the connection takes messages up to `maxMessageBytes`, if that is known. */
export function chunkBytesFor(maxMessageBytes: number | undefined): number {
  return (maxMessageBytes ?? 0) >= LARGE_CHUNK_BYTES ? LARGE_CHUNK_BYTES : SMALL_CHUNK_BYTES;
}

/** What a text frame says; `undefined` when it is nothing of this protocol. */
export function decodeFileMessage(text: string): FileMessage | undefined {
  const { type, ...rest } = parseObject(text);
  switch (type) {
    case "accept":
    case "decline":
    case "done":
      return { type };
    case "offer":
      return offerIn(rest);
    case "progress":
      return isCount(rest.bytes) ? { type, bytes: rest.bytes } : undefined;
    case "end":
      return typeof rest.sha256 === "string" ? { type, sha256: rest.sha256 } : undefined;
    case "cancel":
      return { type, reason: reasonIn(rest.reason) };
    default:
      return undefined;
  }
}

function offerIn({ name, size, mime }: Record<string, unknown>): FileMessage | undefined {
  if (typeof name !== "string" || name.length > MAX_NAME_LENGTH || !isCount(size)) return undefined;
  return { type: "offer", name, size, mime: typeof mime === "string" ? mime : "" };
}

function reasonIn(reason: unknown): "cancelled" | TransferFault {
  if (reason === "cancelled") return reason;
  return TRANSFER_FAULTS.find((fault) => fault === reason) ?? "protocol";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    // The type says no more than the check does: an object with unknown values.
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not JSON: then it says nothing of ours, which the caller treats as a fault.
  }
  return {};
}

/** Where a meeting stands for the person who looks at it: before it, on the way in, in it, after it. */
import type { ErrorCode, LeaveReason, ServerMessageOf } from "../../src/protocol/mod.ts";

/** Why the server did not let us in. */
export interface Refusal {
  readonly code: ErrorCode;
  /** In the server's words. */
  readonly message: string;
}

/** Why it is over. */
export type Ending =
  | { readonly kind: "left"; readonly reason: LeaveReason }
  /** The connection was closed for good; the code is that of rule CO9. */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string };

/** A phase. */
export type MeetingPhase =
  | { readonly name: "before"; readonly refusal: Refusal | undefined }
  | { readonly name: "entering" }
  /** The server refuses for now; the next attempt comes by itself after this long. */
  | { readonly name: "retrying"; readonly refusal: Refusal; readonly pauseMs: number }
  /** In the waiting room, until a host lets us in. */
  | { readonly name: "waiting" }
  | { readonly name: "call" }
  | { readonly name: "over"; readonly ending: Ending };

/** A full room is tried again after this long. */
export const RETRY_MS = 10_000;

/** After how long a refused join is worth another try; undefined: somebody has to do something. */
export function retryAfter(error: ServerMessageOf<"error">): number | undefined {
  switch (error.code) {
    case "room-full":
    case "too-many-rooms":
    case "internal-error":
      return RETRY_MS;
    case "rate-limited":
      return Math.max(1_000, error.retryAfterMs ?? RETRY_MS);
    default:
      return undefined;
  }
}

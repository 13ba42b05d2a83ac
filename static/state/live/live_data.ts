/**
 * What the pages of a live room tell each other beside the wire's own messages, as application data
 * (rule DA1): how a viewer sees, how the broadcaster sends, whose lines nobody has to read. What comes
 * in is checked here: a payload is one of ours, or nothing. Pure.
 */
import type { MediaPath, UserId } from "../../../src/protocol/mod.ts";
import { parseUserId } from "../ids.ts";
import { isRecord } from "../server_message.ts";

const PATHS: readonly MediaPath[] = ["p2p", "turn", "sfu", "relay"];
/** Beyond this a list is no list of people whom somebody has muted by hand. */
const MAX_MUTED = 1_000;

/** How a viewer sees, by its own count. */
export interface Watched {
  readonly path: MediaPath | undefined;
  readonly framesPerSecond: number;
  /** Pixels; 0 while nothing is seen. */
  readonly height: number;
  readonly kbps: number;
  /** Fraction of the packets that got lost, 0 to 1. */
  readonly loss: number;
  readonly roundTripMs: number | undefined;
  readonly codec: string;
}

/** How the broadcaster sends, so that a viewer can tell what is slow. */
export interface Sent {
  readonly limitedBy: "cpu" | "bandwidth" | undefined;
  readonly framesPerSecond: number;
  readonly height: number;
  /** Pictures a second that the camera gives; 0 where that is not known, of a screen for one. */
  readonly captured: number;
}

/** Something in a payload of ours. */
export type LiveData =
  | { readonly kind: "watching"; readonly watched: Watched }
  | { readonly kind: "broadcasting"; readonly sent: Sent }
  | { readonly kind: "muted"; readonly userIds: readonly UserId[] };

/** What a viewer tells the broadcaster. */
export function watchingPayload(watched: Watched): Readonly<Record<string, unknown>> {
  return { kind: "watching", ...watched };
}

/** What the broadcaster tells everyone of its sending. */
export function broadcastingPayload(sent: Sent): Readonly<Record<string, unknown>> {
  return { kind: "broadcasting", ...sent };
}

/** What the broadcaster tells of whom it has muted. */
export function mutedPayload(userIds: Iterable<UserId>): Readonly<Record<string, unknown>> {
  return { kind: "muted", userIds: [...userIds] };
}

/** What a payload says; undefined where it is none of these. */
export function liveDataIn(payload: unknown): LiveData | undefined {
  if (!isRecord(payload)) return undefined;
  switch (payload.kind) {
    case "watching":
      return {
        kind: "watching",
        watched: {
          path: PATHS.find((path) => path === payload.path),
          framesPerSecond: amount(payload.framesPerSecond),
          height: amount(payload.height),
          kbps: amount(payload.kbps),
          loss: Math.min(1, amount(payload.loss)),
          roundTripMs: payload.roundTripMs === undefined ? undefined : amount(payload.roundTripMs),
          codec: typeof payload.codec === "string" ? payload.codec.slice(0, 16) : "",
        },
      };
    case "broadcasting": {
      const { limitedBy } = payload;
      return {
        kind: "broadcasting",
        sent: {
          limitedBy: limitedBy === "cpu" || limitedBy === "bandwidth" ? limitedBy : undefined,
          framesPerSecond: amount(payload.framesPerSecond),
          height: amount(payload.height),
          captured: amount(payload.captured),
        },
      };
    }
    case "muted": {
      if (!Array.isArray(payload.userIds)) return undefined;
      const userIds = payload.userIds.slice(0, MAX_MUTED).flatMap((text: unknown) =>
        (typeof text === "string" ? parseUserId(text) : undefined) ?? []
      );
      return { kind: "muted", userIds };
    }
    default:
      return undefined;
  }
}

function amount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

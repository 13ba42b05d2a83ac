/**
 * What the neutral checks ask of a protocol: join, leave, say something, and hear of it, whatever the
 * messages are called. Each dialect is an adapter with this interface.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Transcript } from "../conformance/transcript.ts";

/** What a client hears, in words of no dialect. */
export type DialectEvent =
  /** Somebody entered the room. */
  | { readonly kind: "entered"; readonly who: string }
  /** Somebody is gone from the room. */
  | { readonly kind: "gone"; readonly who: string }
  /** Somebody said something. */
  | { readonly kind: "message"; readonly from: string; readonly text: string }
  /** Whatever else the server sent. */
  | { readonly kind: "other"; readonly text: string };

/** How a request ended. */
export type Outcome =
  | { readonly ok: true; readonly members: readonly string[] | undefined }
  | { readonly ok: false; readonly why: string };

/** What a client is opened with. */
export type ClientOptions = {
  readonly url: string;
  /** Its id; who it is to all others. */
  readonly id: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly transcript: Transcript;
};

/** One client of a dialect. */
export interface DialectClient {
  readonly id: string;
  /** What it has heard and nobody has taken yet, in order. */
  readonly heard: DialectEvent[];
  /** Whether the connection is there. */
  readonly isOpen: boolean;
  /** Enters a room; where there are no rooms the id alone is taken. */
  enter(room: string): Promise<Outcome>;
  /** Leaves the room. */
  leave(): Promise<Outcome>;
  /** Says something to everybody in the room. */
  sayToRoom(text: string): Promise<Outcome>;
  /** Says something to one. */
  sayTo(to: string, text: string): Promise<Outcome>;
  /** Says something to one and claims to be another. */
  sayAs(from: string, to: string, text: string): Promise<Outcome>;
  /** Sends a frame as it is. */
  sendText(frame: string): void;
  /** Resolves when all that was sent to it until now has been heard; false where it hears nothing. */
  barrier(): Promise<boolean>;
  /** Resolves when {@linkcode heard} has something, or the connection ended, or after `ms`. */
  wait(ms: number): Promise<void>;
  /** Drops the connection without a word. */
  drop(): Promise<void>;
}

/** What a dialect does not have, and why not; a check that needs it is not applicable. */
export type Lack = "rooms" | "departures";

/** One protocol. */
export interface Dialect {
  /** What it lacks, with the reason in words. */
  readonly lacks: Readonly<Partial<Record<Lack, string>>>;
  /** A frame longer than any that the server should take. */
  readonly oversizedBytes: number;
  /** The WebSocket that a client of this id opens, from what `--url` says. */
  socketUrl(url: string, id: string): string;
  /** Opens a client; rejects with ConnectError. */
  open(options: ClientOptions): Promise<DialectClient>;
}

/**
 * The requests of one connection that wait for their answer (rule ME4: each is answered exactly
 * once). A witness keeps one.
 */
import type { Chat } from "./room_history.ts";

/** How a request was answered. */
export type Answer = { readonly isOk: boolean; readonly code: string };

/** What is asked and answered once. */
export type RequestType =
  | "join"
  | "leave"
  | "chat"
  | "offer"
  | "answer"
  | "resume"
  | "publish"
  | "subscribe"
  | "subscription-answer"
  | "restart-subscription";

/** A request that waits. */
export type PendingRequest = {
  /** What was asked. */
  readonly type: RequestType;
  /** When, by the monotonic clock. */
  readonly sentAt: number;
  /** In which step. */
  readonly step: number;
  /** The chat that was sent, when it was one. */
  readonly chat?: Chat;
  /** An error code that is no finding here. */
  readonly tolerated?: string;
  /** Called with the answer. */
  readonly settle: (answer: Answer) => void;
};

/** Waiting requests by id. */
export class Requests {
  readonly #waiting = new Map<number, PendingRequest>();
  #lastId = 0;

  /** Notes a request; the id goes into its message. */
  add(request: PendingRequest): number {
    this.#waiting.set(++this.#lastId, request);
    return this.#lastId;
  }

  /** The request with this id, which no longer waits; `again` when it was answered before. */
  take(id: unknown): PendingRequest | "again" | "unknown" {
    if (typeof id !== "number") return "unknown";
    const request = this.#waiting.get(id);
    if (request === undefined) return id >= 1 && id <= this.#lastId ? "again" : "unknown";
    this.#waiting.delete(id);
    return request;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Gives up: returns what still waited, with its ids. */
  clear(): PendingRequest[] {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    return waiting;
  }
}

/**
 * What a server shows of itself over HTTP: one room, and how much there is of everything. A fuzz run
 * asks it for ghosts, and to notice departures that nobody in a room could see.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Target } from "../target.ts";

/** An HTTP answer that takes longer counts as none. */
const REQUEST_TIMEOUT_MS = 10_000;

/** What the server counts (GET /metrics). */
export type Counts = {
  readonly connections: number;
  readonly rooms: number;
  readonly participants: number;
  /** JavaScript heap in use. */
  readonly heapBytes: number;
};

/** Asks over HTTP; whatever cannot be read is undefined. */
export class ServerView {
  readonly #target: Target;
  readonly #clock: Clock;

  constructor(target: Target, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** How many participants a room has; 0: there is no such room. */
  async participantsOf(roomId: string): Promise<number | undefined> {
    const answer = await this.#get(this.#target.roomUrl(roomId));
    if (answer === undefined) return undefined;
    if (answer.status === 404) return /room-not-found/.test(answer.text) ? 0 : undefined;
    const count = /"participants":(\d+)/.exec(answer.text)?.[1];
    return count === undefined ? undefined : Number(count);
  }

  /** What it counts, where it says so. */
  async counts(): Promise<Counts | undefined> {
    const answer = await this.#get(this.#target.metricsUrl);
    const read = (name: string) =>
      Number(RegExp(`^signalbox_${name} ([\\d.e+]+)$`, "m").exec(answer?.text ?? "")?.[1] ?? NaN);
    const counts = {
      connections: read("connections"),
      rooms: read("rooms"),
      participants: read("participants"),
      heapBytes: read("memory_heap_bytes"),
    };
    return Object.values(counts).some(Number.isNaN) ? undefined : counts;
  }

  async #get(url: string): Promise<{ status: number; text: string } | undefined> {
    const controller = new AbortController();
    const cancel = this.#clock.after(REQUEST_TIMEOUT_MS, () => controller.abort());
    try {
      const response = await fetch(url, { signal: controller.signal });
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined; // No API, or none that answers: what it would say is not checked.
    } finally {
      cancel();
    }
  }
}

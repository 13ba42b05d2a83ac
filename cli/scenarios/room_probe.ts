/**
 * Asks the server over HTTP whether a room exists (rule LE5: the last leave destroys it). Only a
 * server that shows a room while somebody is in it can be asked whether it is gone; of any other the
 * report says "not checked". The simulation uses one.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Target } from "../target.ts";

/** An HTTP answer that takes longer counts as none. */
const REQUEST_TIMEOUT_MS = 5_000;

/** What the server says of a room. */
export type RoomSight = "present" | "gone" | "unknown";

/** Looks at rooms over HTTP. */
export class RoomProbe {
  readonly #target: Target;
  readonly #clock: Clock;

  constructor(target: Target, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** Whether the room is there; never rejects. */
  async look(roomId: string): Promise<RoomSight> {
    const controller = new AbortController();
    const cancel = this.#clock.after(REQUEST_TIMEOUT_MS, () => controller.abort());
    try {
      const response = await fetch(this.#target.roomUrl(roomId), { signal: controller.signal });
      const text = await response.text();
      if (response.status === 404) return "gone";
      return response.ok && text.includes(JSON.stringify(roomId)) ? "present" : "unknown";
    } catch {
      return "unknown"; // No API, or none that answers: the caller says so.
    } finally {
      cancel();
    }
  }
}

/**
 * Looks for ghosts: what the server itself says it holds, beside what the model knows. The driver
 * asks it where nobody in a room could tell, and when everybody has gone.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { State } from "../model/state.ts";
import type { Counts, ServerView } from "./server_view.ts";
import { Violation } from "./violation.ts";

/** Compares the server's own numbers with the model's. */
export class GhostHunt {
  readonly #view: ServerView;
  readonly #clock: Clock;
  /** What was there before the first step: not of this schedule's making. */
  #before: Counts | undefined;

  constructor(view: ServerView, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** Takes what is there as given. */
  async begin(): Promise<void> {
    this.#before = await this.#view.counts();
  }

  /** Waits until nobody is in any room, or `patienceMs` are over. */
  async untilEmpty(patienceMs: number): Promise<void> {
    const endAt = this.#clock.elapsed() + patienceMs;
    while (this.#clock.elapsed() < endAt) {
      const counts = await this.#view.counts();
      if (counts === undefined || counts.participants === 0) return;
    }
  }

  /** Waits until the server counts what the model does. Rejects with Violation when it does not. */
  async compare(state: State, connections: number, patienceMs: number): Promise<void> {
    const endAt = this.#clock.elapsed() + patienceMs;
    const rooms = state.slots.flatMap(({ room }) => room ?? []);
    const before = this.#before ?? { connections: 0, rooms: 0, participants: 0 };
    const expected = JSON.stringify({
      connections: before.connections + connections,
      rooms: before.rooms + rooms.length,
      participants: rooms.reduce((sum, { members }) => sum + members.length, before.participants),
    });
    for (;;) {
      const counts = await this.#view.counts();
      if (counts === undefined) return;
      const { connections, rooms, participants } = counts;
      const seen = JSON.stringify({ connections, rooms, participants });
      if (seen === expected) return;
      if (this.#clock.elapsed() < endAt) continue;
      throw new Violation({ rule: "LE5", seenBy: "GET /metrics", expected, seen });
    }
  }

  /** Waits until a room has so many members; 0: it is gone. Rejects with Violation otherwise. */
  async checkRoom(roomId: string, members: number, patienceMs: number): Promise<void> {
    const endAt = this.#clock.elapsed() + patienceMs;
    for (;;) {
      const seen = await this.#view.participantsOf(roomId);
      if (seen === members || seen === undefined) return;
      if (this.#clock.elapsed() < endAt) continue;
      const rule = members === 0 ? "LE5" : "RE8";
      const seenBy = `GET /api/rooms/${roomId}`;
      throw new Violation({ rule, seenBy, expected: `${members} members`, seen: `${seen}` });
    }
  }
}

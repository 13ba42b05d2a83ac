/**
 * A room as the simulation drives it: its history for the judge, and the counts that tell when
 * everybody has seen everything. The users of the room share one.
 */
import { RoomHistory } from "../verify/mod.ts";

/** The shared side of one room. */
export class SimulatedRoom {
  /** What was sent and seen. */
  readonly history: RoomHistory;
  /** Members that are in, as far as the tester knows. */
  liveCount = 0;
  /** Chats sent and not refused, by step. */
  readonly #chatsOfStep: number[] = [];

  constructor(roomId: string) {
    this.history = new RoomHistory(roomId);
  }

  /** A chat was sent (1) or refused (-1) in `step`. */
  countChat(step: number, change: 1 | -1): void {
    this.#chatsOfStep[step] = (this.#chatsOfStep[step] ?? 0) + change;
  }

  /** Chats that a member must see who joined in `joinStep`: those of later steps. */
  chatsAfter(joinStep: number): number {
    let count = 0;
    for (let step = joinStep + 1; step < this.#chatsOfStep.length; step++) {
      count += this.#chatsOfStep[step] ?? 0;
    }
    return count;
  }
}

/**
 * Sums of counters that belong to streams which come and go. A stream takes its counters with it when
 * it ends; the sums of a process must not go down by that, so what each stream has grown by since it
 * was last looked at is added up.
 */
import type { MediaRoomStats, StreamCounters } from "../port.ts";

const NAMES = ["packets", "bytes", "lost", "nacks", "plis", "retransmitted"] as const;
type Sums = { -readonly [Name in keyof StreamCounters]: StreamCounters[Name] };

/** The sums of one process. */
export class CounterSums {
  readonly #received: Sums = zeros();
  readonly #sent: Sums = zeros();
  /** What each stream of each room had counted when it was last looked at. */
  readonly #rooms = new Map<number, Map<string, StreamCounters>>();

  /** What came from publishers. */
  get received(): StreamCounters {
    return { ...this.#received };
  }

  /** What went to subscribers. */
  get sent(): StreamCounters {
    return { ...this.#sent };
  }

  /** Looks at the streams of a room again. */
  look(room: number, { publications, subscriptions }: MediaRoomStats): void {
    const before = this.#rooms.get(room);
    const now = new Map<string, StreamCounters>();
    for (const { userId, trackId, layers } of publications) {
      for (const layer of layers) {
        const key = `from ${userId} ${trackId} ${layer.rid}`;
        now.set(key, layer);
        grow(this.#received, layer, before?.get(key));
      }
    }
    for (const subscription of subscriptions) {
      const key = `to ${subscription.userId} ${subscription.trackId}`;
      now.set(key, subscription);
      grow(this.#sent, subscription, before?.get(key));
    }
    this.#rooms.set(room, now);
  }

  /** The room is over; what it counted stays in the sums. */
  forget(room: number): void {
    this.#rooms.delete(room);
  }
}

function zeros(): Sums {
  return { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
}

/** Adds what `now` has more than `before`; all of it where it has less, for then it began anew. */
function grow(sums: Sums, now: StreamCounters, before: StreamCounters | undefined): void {
  const isAnother = before === undefined || now.packets < before.packets;
  for (const name of NAMES) {
    const growth = isAnother ? now[name] : now[name] - before[name];
    // What is lost can be found again, so that counter may go down; the sums may not.
    sums[name] += Math.max(0, growth);
  }
}

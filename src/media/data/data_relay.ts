/**
 * Streams of bytes between the participants of one room (rules DC1-DC7): passes on what one sends to
 * another, under the sender's own name, and never more than the receiver takes. The SFU tells it of
 * each data channel; what came of a stream before is not its business when that channel is another.
 */
import type { Clock } from "../../base/mod.ts";
import type { UserId } from "../../protocol/mod.ts";
import type { Transport } from "../sfu/transport.ts";
import { DataEnd } from "./data_end.ts";

/** The streams of one room. */
export class DataRelay {
  readonly #clock: Clock;
  readonly #ends = new Map<string, DataEnd>();

  /** A relay for a room of nobody. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * `userId` has a data channel from now on, over `transport`; one that it had before is over. Tell
   * the result what comes and when it drains, and close it with the transport.
   */
  attach(userId: UserId, transport: Pick<Transport, "sendMessage" | "bufferedAmount">): DataEnd {
    this.#ends.get(userId)?.close();
    const end: DataEnd = new DataEnd({
      userId,
      transport,
      clock: this.#clock,
      find: (other) => this.#ends.get(other),
      closed: () => {
        if (this.#ends.get(userId) === end) this.#ends.delete(userId);
      },
    });
    this.#ends.set(userId, end);
    return end;
  }

  /** Ends all streams. Idempotent. */
  close(): void {
    for (const end of [...this.#ends.values()]) end.close();
  }
}

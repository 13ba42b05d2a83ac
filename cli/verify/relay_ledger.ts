/**
 * What one user still has to get from others directly (rule RL1): offers, answers and candidates,
 * in the order in which each sender sent them (rule OR3). The sender notes each as it sends it, the
 * receiver's witness takes it out as it arrives; what is left at the end was lost.
 */

/** The messages that are passed on. */
export type RelayType = "offer" | "answer" | "ice-candidate";

/** One message under way. */
export type RelayExpectation = {
  readonly type: RelayType;
  /** Who sent it. */
  readonly from: string;
  /** The session description or candidate as it was sent; `null` ends the candidates. */
  readonly body: string | null;
  /** From when its latency counts, by the monotonic clock. */
  readonly sentAt: number;
  /** In which step. */
  readonly step: number;
  /** Called when it has arrived as it was sent. */
  readonly onArrival?: (() => void) | undefined;
};

/** How a message that arrived compares with what was sent. */
export type RelaySight =
  | { readonly kind: "next" | "early"; readonly expected: RelayExpectation }
  | { readonly kind: "unexpected" };

/** What is under way to one user. */
export class RelayLedger {
  readonly #bySender = new Map<string, RelayExpectation[]>();
  #size = 0;

  /** How many messages are under way. */
  get size(): number {
    return this.#size;
  }

  /** A message is about to be sent to the owner of this ledger. */
  expect(expectation: RelayExpectation): void {
    const queue = this.#bySender.get(expectation.from);
    if (queue === undefined) this.#bySender.set(expectation.from, [expectation]);
    else queue.push(expectation);
    this.#size++;
  }

  /** A message arrived: it was next of its sender, or overtook others, or nobody sent it so. */
  take(from: string, type: string, body: unknown): RelaySight {
    const queue = this.#bySender.get(from) ?? [];
    const at = queue.findIndex((one) => one.type === type && one.body === body);
    const expected = queue[at];
    if (expected === undefined) return { kind: "unexpected" };
    queue.splice(at, 1);
    this.#size--;
    return { kind: at === 0 ? "next" : "early", expected };
  }

  /** What has not arrived; the ledger is empty afterwards. */
  clear(): RelayExpectation[] {
    const left = [...this.#bySender.values()].flat();
    this.#bySender.clear();
    this.#size = 0;
    return left;
  }
}

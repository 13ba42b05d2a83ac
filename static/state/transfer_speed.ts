/** How fast bytes go, over the last seconds: steady enough to be read, quick enough to be true. */

/** What is older says nothing about now. */
const SPAN_MS = 4_000;
/** A speed over less time than this is a guess. */
const MIN_SPAN_MS = 400;

/** The speed of one transfer. */
export class TransferSpeed {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** So many bytes have gone altogether at this time. */
  add(elapsedMs: number, bytes: number): void {
    const isKept = ({ at }: { at: number }) => elapsedMs - at <= SPAN_MS;
    this.#samples = [...this.#samples.filter(isKept), { at: elapsedMs, bytes }];
  }

  /** Bytes a second; `undefined` until enough time has gone by. */
  get bytesPerSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < MIN_SPAN_MS) {
      return undefined;
    }
    return (last.bytes - first.bytes) / (last.at - first.at) * 1000;
  }
}

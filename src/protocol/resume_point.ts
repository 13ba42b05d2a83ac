/**
 * How far a client has heard, for the day its connection is lost (rules RE1-RE9). It reads what the
 * server says and knows what to ask for on the next connection. The page and the CLI share it; pure.
 */

/** What takes a seat again. */
export type ResumeRequest = {
  readonly type: "resume";
  readonly resumeToken: string;
  readonly lastSeq: number;
};

/** Remembers one seat at most. */
export class ResumePoint {
  #request: ResumeRequest | undefined;

  /** What to send on a new connection; `undefined`: there is no seat to take again. */
  get request(): ResumeRequest | undefined {
    return this.#request;
  }

  /** Takes note of one message of the server, whatever it is. */
  read(message: Readonly<Record<string, unknown>>): void {
    const { type, resumeToken, seq, lastSeq, snapshot } = message;
    if (type === "leaved") this.forget();
    if (type === "joined") {
      this.#request = typeof resumeToken === "string"
        ? { type: "resume", resumeToken, lastSeq: 0 }
        : undefined;
    }
    // A snapshot stands for everything up to `lastSeq`; what is missed otherwise follows with its seq.
    if (type === "resumed" && snapshot !== undefined) this.#advance(lastSeq);
    this.#advance(seq);
  }

  /** The seat is given up, or gone. */
  forget(): void {
    this.#request = undefined;
  }

  #advance(to: unknown): void {
    if (this.#request === undefined || typeof to !== "number") return;
    this.#request = { ...this.#request, lastSeq: Math.max(this.#request.lastSeq, to) };
  }
}

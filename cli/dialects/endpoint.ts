/**
 * What the adapters share: a connection whose frames become events and answers, and the waits for both.
 * An adapter says how its frames read.
 */
import { Connection } from "../client.ts";
import type { ClientOptions, DialectEvent } from "./dialect.ts";

/** How to reach the server, and what to do with its frames. */
export type EndpointOptions = ClientOptions & {
  readonly socketUrl: string;
  readonly protocols: readonly string[];
  /** Takes one text frame. */
  readonly onFrame: (frame: string, endpoint: Endpoint) => void;
};

/** One connection of a dialect. */
export class Endpoint {
  /** What came in, in order. */
  readonly heard: DialectEvent[] = [];
  readonly #options: EndpointOptions;
  #connection: Connection | undefined;
  #isOpen = true;
  readonly #answers = new Map<string, (answer: unknown) => void>();
  readonly #early = new Map<string, unknown>();
  readonly #waiting = new Set<() => void>();

  private constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** Opens a connection; rejects with ConnectError. */
  static async open(options: EndpointOptions): Promise<Endpoint> {
    const endpoint = new Endpoint(options);
    const { socketUrl, protocols, timeoutMs, transcript, id } = options;
    endpoint.#connection = await Connection.connect(socketUrl, {
      timeoutMs,
      protocols,
      trace: transcript.traceOf(id),
      onMessage: () => {},
      onFrame: (frame) => options.onFrame(frame, endpoint),
      onEnd: () => {
        endpoint.#isOpen = false;
        endpoint.#wake();
      },
    });
    return endpoint;
  }

  /** Whether the connection is there. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends a frame as it is. */
  sendText(frame: string): void {
    this.#connection?.sendText(frame);
  }

  /** Drops the connection. */
  async drop(): Promise<void> {
    await this.#connection?.drop();
  }

  /** Keeps an event for whoever asks. */
  add(event: DialectEvent): void {
    this.heard.push(event);
    this.#wake();
  }

  /** Settles who waits for the answer `key`; false where nobody does. */
  answer(key: string, answer: unknown): boolean {
    const settle = this.#answers.get(key);
    this.#answers.delete(key);
    settle?.(answer);
    return settle !== undefined;
  }

  /** As {@linkcode answer}; kept where nobody waits yet, because it may come with the handshake. */
  tell(key: string, answer: unknown): void {
    if (!this.answer(key, answer)) this.#early.set(key, answer);
  }

  /** The answer `key`, or `undefined` where none comes in time. */
  async answerTo(key: string, ask: () => void): Promise<unknown> {
    if (this.#early.has(key)) return this.#early.get(key);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#answers.set(key, resolve);
    const { clock, timeoutMs } = this.#options;
    const cancel = clock.after(timeoutMs, () => resolve(undefined));
    const giveUp = () => {
      if (!this.#isOpen) resolve(undefined);
    };
    this.#waiting.add(giveUp);
    ask();
    giveUp();
    try {
      return await promise;
    } finally {
      cancel();
      this.#waiting.delete(giveUp);
      this.#answers.delete(key);
    }
  }

  /** Resolves with the next event, at the end of the connection, or after `ms`. */
  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(ms, resolve);
    this.#waiting.add(resolve);
    await promise;
    cancel();
    this.#waiting.delete(resolve);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** JSON, or `undefined` for what is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The adapter takes it for something else that came.
  }
}

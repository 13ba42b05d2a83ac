/**
 * One WebSocket as the doctor opens it: as a browser would, with an origin and an offer to compress, and
 * with the answer kept where it is refused. Each check opens its own and closes it.
 */
// @ts-types="@types/ws"
import { WebSocket } from "ws";
import type { Clock } from "../../src/base/mod.ts";
import { SUBPROTOCOL, unpackFrame } from "../../src/protocol/wire.ts";
import { type Answer, readAnswer } from "./ask.ts";
import type { SiteContext } from "./check.ts";

/** Whoever takes longer does not answer. */
const TIMEOUT_MS = 10_000;
/** After our close frame the other side has this long to answer it. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Messages that may wait to be read: the doctor asks for few. */
const MAX_MESSAGES = 1_000;

/** The server answered, and opened nothing. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** What it answered. */
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** The fields of one message. */
export type Message = Readonly<Record<string, unknown>>;

/** How to open one. */
export type ProbeOptions = {
  /** The page that asks; default: no page. */
  readonly origin?: string;
  /** The access token to show; default: none. */
  readonly token?: string | undefined;
};

/** An open socket. */
export class Probe {
  /** Pings of the server that came. */
  pings = 0;
  /** How it ended, once it has. */
  end: { readonly code: number; readonly reason: string; readonly at: number } | undefined;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #messages: Message[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on("ping", () => this.pings++);
    socket.on("message", (data) => this.#receive(data.toString()));
    socket.on("close", (code, reason) => {
      this.end = { code, reason: reason.toString().slice(0, 120), at: clock.elapsed() };
      this.#wake();
    });
  }

  /** Opens one; rejects with {@linkcode Refused} or what the connection failed of. */
  static open(
    { site, clock, ca }: Pick<SiteContext, "site" | "clock" | "ca">,
    { origin, token }: ProbeOptions = {},
  ): Promise<Probe> {
    const { promise, resolve, reject } = Promise.withResolvers<Probe>();
    const socket = new WebSocket(site.socketUrl, SUBPROTOCOL, {
      handshakeTimeout: TIMEOUT_MS,
      perMessageDeflate: true, // Offered as browsers do, to see that nobody takes it up.
      ...origin === undefined ? {} : { origin },
      ...token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      ...ca === undefined ? {} : { ca },
    });
    const probe = new Probe(socket, clock);
    socket.on("unexpected-response", (request, incoming) => {
      readAnswer(incoming, 0).then((answer) => reject(new Refused(answer)), reject)
        .finally(() => request.destroy());
    });
    socket.on("error", reject);
    socket.on("open", () => resolve(probe));
    return promise;
  }

  /** The subprotocol that was selected; empty if none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** The extensions that were agreed on. */
  get extensions(): string {
    return this.#socket.extensions;
  }

  /** Sends one message. */
  send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** The next message of `type`; undefined when the end or a while comes first. */
  async hear(type: string): Promise<Message | undefined> {
    let isLate = false;
    const cancel = this.#clock.after(TIMEOUT_MS, () => {
      isLate = true;
      this.#wake();
    });
    try {
      for (;;) {
        const index = this.#messages.findIndex((message) => message.type === type);
        const found = this.#messages[index];
        if (found !== undefined) {
          this.#messages.splice(0, index + 1);
          return found;
        }
        if (this.end !== undefined || isLate) return undefined;
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      cancel();
    }
  }

  /** Closes it; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.end !== undefined) return;
    const gone = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    const cancel = this.#clock.after(CLOSE_TIMEOUT_MS, () => this.#socket.terminate());
    this.#socket.close(1000);
    await gone;
    cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #receive(frame: string): void {
    let values: unknown[];
    try {
      values = unpackFrame(frame);
    } catch {
      return; // No message: the check that waits for one says that none came.
    }
    for (const value of values) {
      if (typeof value !== "object" || value === null) continue;
      this.#messages.push(Object.fromEntries(Object.entries(value)));
    }
    if (this.#messages.length > MAX_MESSAGES) this.#messages.splice(0, MAX_MESSAGES / 2);
    this.#wake();
  }
}

/**
 * Our own protocol as a dialect, so that the neutral checks run for it as for the others.
 */
import { SUBPROTOCOL, unpackFrame } from "../../src/protocol/mod.ts";
import type { ClientOptions, Dialect, DialectClient, DialectEvent, Outcome } from "./dialect.ts";
import { Endpoint, parse } from "./endpoint.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The adapter. */
export const signalbox: Dialect = {
  lacks: {},
  // Beyond what the listener for the open internet reads with a usual configuration (ME7).
  oversizedBytes: 1_000_000,
  socketUrl: (url) => url,
  open: (options) => SignalboxClient.open(options),
};

class SignalboxClient implements DialectClient {
  readonly id: string;
  readonly #endpoint: Endpoint;
  #requests = 0;

  private constructor(id: string, endpoint: Endpoint) {
    this.id = id;
    this.#endpoint = endpoint;
  }

  static async open(options: ClientOptions): Promise<DialectClient> {
    const endpoint = await Endpoint.open({
      ...options,
      socketUrl: options.url,
      protocols: [SUBPROTOCOL],
      onFrame: (frame, own) => {
        if (parse(frame) === undefined) return own.add({ kind: "other", text: frame });
        for (const message of unpackFrame(frame)) take(message as Fields, own);
      },
    });
    return new SignalboxClient(options.id, endpoint);
  }

  get heard(): DialectEvent[] {
    return this.#endpoint.heard;
  }

  get isOpen(): boolean {
    return this.#endpoint.isOpen;
  }

  enter(room: string): Promise<Outcome> {
    return this.#ask({ type: "join", roomId: room, userId: this.id });
  }

  leave(): Promise<Outcome> {
    return this.#ask({ type: "leave" });
  }

  sayToRoom(text: string): Promise<Outcome> {
    return this.#ask({ type: "chat", text });
  }

  sayTo(to: string, text: string): Promise<Outcome> {
    return this.#ask({ type: "chat", text, to });
  }

  sayAs(from: string, to: string, text: string): Promise<Outcome> {
    return this.#ask({ type: "chat", text, to, from });
  }

  sendText(frame: string): void {
    this.#endpoint.sendText(frame);
  }

  async barrier(): Promise<boolean> {
    return (await this.#ask({ type: "ping", at: 0 })).ok;
  }

  wait(ms: number): Promise<void> {
    return this.#endpoint.wait(ms);
  }

  drop(): Promise<void> {
    return this.#endpoint.drop();
  }

  async #ask(message: Fields): Promise<Outcome> {
    const requestId = `${++this.#requests}`;
    const answer = await this.#endpoint.answerTo(
      requestId,
      () => this.sendText(JSON.stringify({ ...message, requestId })),
    ) as Fields | undefined;
    if (answer === undefined) return { ok: false, why: "no answer" };
    if (answer.type === "error") return { ok: false, why: `${answer.code}` };
    const { users } = answer;
    return { ok: true, members: Array.isArray(users) ? users.map(String) : undefined };
  }
}

function take(message: Fields, endpoint: Endpoint): void {
  const { type, requestId, userId, from, text } = message;
  if (requestId !== undefined && endpoint.answer(`${requestId}`, message)) return;
  switch (type) {
    case "welcome":
      return;
    case "user-joined":
      return endpoint.add({ kind: "entered", who: `${userId}` });
    case "user-left":
      return endpoint.add({ kind: "gone", who: `${userId}` });
    case "host-changed":
      return; // Of no other dialect, and told by the rules of ours.
    case "chat":
      return endpoint.add({ kind: "message", from: `${from}`, text: `${text}` });
    default:
      return endpoint.add({ kind: "other", text: JSON.stringify(message) });
  }
}

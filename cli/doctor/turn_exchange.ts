/**
 * A client of a TURN server (RFC 8656) over UDP, TCP or TLS, as far as it takes to see whether one
 * works: requests with their answers, and the credentials that it is challenged for. The doctor's
 * check of TURN uses one for each URL.
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Cancel, Clock } from "../../src/base/mod.ts";
import { StreamFrames } from "../../src/turn/stream_frames.ts";
import {
  ATTRIBUTE,
  longTermKey,
  readMessage,
  type StunMessage,
  writeMessage,
} from "../../src/turn/stun_message.ts";

/** Whoever has not answered by then does not. */
const TIMEOUT_MS = 5_000;
/** RFC 8489, section 6.2.1: a request over UDP is repeated after this long, then after twice. */
const FIRST_PAUSE_MS = 500;

/** A server, by one of its URLs. */
export type TurnTarget = {
  readonly host: string;
  readonly port: number;
  readonly transport: "udp" | "tcp" | "tls";
};

/** What an exchange is opened with. */
export type TurnExchangeOptions = {
  readonly username: string;
  readonly credential: string;
  readonly clock: Clock;
  /** Certificates (PEM) to trust beside those that Deno trusts. Default: none. */
  readonly ca?: string | undefined;
  /** Hears what is no answer: data of peers. Default nobody. */
  readonly received?: (frame: Uint8Array) => void;
};

/** The attributes of a request. */
export type Attributes = readonly (readonly [type: number, value: Uint8Array])[];

type Way = { readonly send: (bytes: Uint8Array) => void; readonly close: () => Promise<void> };

/** The other side said nothing, or went away. */
export class NoAnswer extends Error {
  /** Names the class in a stack trace. */
  override readonly name = "NoAnswer";
}

/** One client at one server. */
export class TurnExchange {
  readonly #target: TurnTarget;
  readonly #options: TurnExchangeOptions;
  readonly #waiting = new Map<string, (message: StunMessage) => void>();
  #way: Way | undefined;
  #fail: (reason: string) => void = () => {};
  #lost: string | undefined;
  #realm: Uint8Array | undefined;
  #nonce: Uint8Array | undefined;

  private constructor(target: TurnTarget, options: TurnExchangeOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Connects, where there is something to connect. Rejects with NoAnswer. */
  static async open(target: TurnTarget, options: TurnExchangeOptions): Promise<TurnExchange> {
    const exchange = new TurnExchange(target, options);
    exchange.#way = await (target.transport === "udp" ? exchange.#openUdp() : exchange.#openTcp());
    return exchange;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#way?.close();
  }

  /**
   * Asks, with credentials once the server has challenged for them, and resolves to the answer, be it
   * an error. Rejects with NoAnswer.
   */
  async request(method: number, attributes: Attributes = []): Promise<StunMessage> {
    let answer: StunMessage | undefined;
    // Unknown, then known, then with a nonce that is not stale.
    for (let tried = 0; tried < 3; tried++) {
      answer = await this.#ask(method, attributes);
      const code = errorCodeOf(answer);
      const isChallenge = code === 438 || (code === 401 && this.#nonce === undefined);
      if (!isChallenge) return answer;
      this.#realm = answer.attributes.get(ATTRIBUTE.realm)?.slice() ?? this.#realm;
      this.#nonce = answer.attributes.get(ATTRIBUTE.nonce)?.slice();
      if (this.#realm === undefined || this.#nonce === undefined) return answer;
    }
    return answer!; // The loop ran.
  }

  /** Sends a frame that nobody answers. */
  send(bytes: Uint8Array): void {
    this.#way?.send(bytes);
  }

  async #ask(method: number, attributes: Attributes): Promise<StunMessage> {
    const { clock } = this.#options;
    const transactionId = crypto.getRandomValues(new Uint8Array(12));
    const bytes = writeMessage({
      ...{ kind: "request", method, transactionId },
      ...this.#signed(attributes),
    });
    const { promise, resolve, reject } = Promise.withResolvers<StunMessage>();
    const id = transactionId.join();
    this.#waiting.set(id, resolve);
    this.#fail = (reason) => reject(new NoAnswer(reason));
    if (this.#lost !== undefined) this.#fail(this.#lost);
    const timers: Cancel[] = [
      clock.after(TIMEOUT_MS, () => this.#fail(`no answer within ${TIMEOUT_MS / 1000} s`)),
    ];
    const isRepeated = this.#target.transport === "udp";
    for (let at = FIRST_PAUSE_MS; isRepeated && at < TIMEOUT_MS; at = 2 * at + FIRST_PAUSE_MS) {
      timers.push(clock.after(at, () => this.send(bytes)));
    }
    this.send(bytes);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(id);
      this.#fail = () => {};
      for (const cancel of timers) cancel();
    }
  }

  #signed(attributes: Attributes): { attributes: Attributes; key?: Uint8Array } {
    const { username, credential } = this.#options;
    if (this.#realm === undefined || this.#nonce === undefined) return { attributes };
    const key = longTermKey(username, new TextDecoder().decode(this.#realm), credential);
    const who: Attributes = [
      [ATTRIBUTE.username, new TextEncoder().encode(username)],
      [ATTRIBUTE.realm, this.#realm],
      [ATTRIBUTE.nonce, this.#nonce],
    ];
    return { attributes: [...attributes, ...who], key };
  }

  #take(frame: Uint8Array): void {
    const message = readMessage(frame);
    const isAnswer = message?.kind === "success" || message?.kind === "error";
    if (isAnswer) this.#waiting.get(message.transactionId.join())?.(message);
    else this.#options.received?.(frame);
  }

  #lose(reason: string): void {
    this.#lost ??= reason;
    this.#fail(reason);
  }

  async #openUdp(): Promise<Way> {
    const { host, port } = this.#target;
    const { address, family } = await addressOf(host);
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    socket.on("error", (error) => this.#lose(error.message));
    socket.on("message", (bytes: Uint8Array) => this.#take(bytes));
    return {
      send: (bytes) => socket.send(bytes, port, address, () => {}),
      close: () => new Promise((resolve) => socket.close(() => resolve())),
    };
  }

  async #openTcp(): Promise<Way> {
    const { host, port, transport } = this.#target;
    const { clock, ca } = this.#options;
    const { address } = await addressOf(host);
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket: Socket = transport === "tls"
      ? connectTls({ host: address, port, ...name, ...ca === undefined ? {} : { ca } })
      : connectTcp({ host: address, port });
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = clock.after(TIMEOUT_MS, () => reject(new NoAnswer("no connection in time")));
    socket.once(transport === "tls" ? "secureConnect" : "connect", () => resolve());
    socket.on("error", (error) => {
      reject(new NoAnswer(error.message));
      this.#lose(error.message);
    });
    socket.on("close", () => this.#lose("the connection was closed"));
    const frames = new StreamFrames();
    socket.on("data", (chunk: Uint8Array) => {
      const whole = frames.take(chunk);
      if (whole === undefined) socket.destroy();
      for (const frame of whole ?? []) this.#take(frame);
    });
    try {
      await promise;
    } catch (error) {
      socket.destroy();
      await closed;
      throw error;
    } finally {
      cancel();
    }
    return {
      send: (bytes) => void socket.write(bytes),
      close: () => {
        socket.destroy();
        return closed;
      },
    };
  }
}

/** The code of an error; undefined for what is none. */
export function errorCodeOf({ kind, attributes }: StunMessage): number | undefined {
  const value = attributes.get(ATTRIBUTE.errorCode);
  if (kind !== "error" || value === undefined || value.length < 4) return undefined;
  return (value[2]! & 7) * 100 + value[3]!;
}

async function addressOf(host: string): Promise<{ address: string; family: number }> {
  try {
    return await lookup(host.replace(/^\[(.*)\]$/, "$1"));
  } catch (error) {
    throw new NoAnswer(error instanceof Error ? error.message : `${error}`);
  }
}

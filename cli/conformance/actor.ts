/**
 * One client of a check. It takes messages strictly in order: what it hears next has to be what the
 * check expects next, so a message too many is found as surely as one that is missing. Whether
 * something else arrives is asked with a barrier, never by waiting: the answer to a ping stands behind
 * all that was sent before.
 */
import type { Clock } from "../../src/base/mod.ts";
import {
  decodeRelayFrame,
  type ErrorCode,
  type RelayFrame,
  type ServerMessage,
  type ServerMessageOf,
  type ServerMessageType,
} from "../../src/protocol/mod.ts";
import { ConnectError, Connection, type ConnectionEnd } from "../client.ts";
import {
  demandMessage,
  described,
  meets,
  type Message,
  same,
  shown,
  type Where,
} from "./expectation.ts";
import { SeqWatch } from "./seq_watch.ts";
import type { Transcript } from "./transcript.ts";
import { Finding } from "./verdict.ts";
import { readServerMessage } from "./wire_schemas.ts";

/** What an actor is made with. */
export type ActorOptions = {
  /** Stands in the transcript, and is the user id it joins as. */
  readonly name: string;
  readonly url: string;
  readonly clock: Clock;
  /** Nothing takes longer, or it is missing. */
  readonly timeoutMs: number;
  readonly transcript: Transcript;
  /** Default: signalbox.v1. */
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** How a connection has to end. */
export type ExpectedEnd = { readonly code: number; readonly reason?: string };

/** One client. */
export class Actor {
  /** The user id it joins as. */
  readonly name: string;
  /** The text frames as they came. */
  readonly frames: string[] = [];
  readonly #options: ActorOptions;
  readonly #seq = new SeqWatch();
  #connection: Connection | undefined;
  #inbox: ServerMessage[] = [];
  #relayed: RelayFrame[] = [];
  #end: ConnectionEnd | undefined;
  #violation: Finding | undefined;
  #wake: () => void = () => {};
  #requests = 0;
  #patienceMs = 0;
  #welcome: ServerMessageOf<"welcome"> | undefined;

  private constructor(options: ActorOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Opens a connection and takes its `welcome`. Rejects with {@linkcode Finding}. */
  static async connect(options: ActorOptions): Promise<Actor> {
    const actor = await Actor.open(options);
    actor.#welcome = await actor.hear("welcome");
    return actor;
  }

  /** Opens a connection; its `welcome` is still to be heard. Rejects with {@linkcode Finding}. */
  static async open(options: ActorOptions): Promise<Actor> {
    const { url, timeoutMs, transcript, name, protocols, headers } = options;
    const actor = new Actor(options);
    try {
      actor.#connection = await Connection.connect(url, {
        timeoutMs,
        trace: transcript.traceOf(name),
        ...(protocols === undefined ? {} : { protocols }),
        ...(headers === undefined ? {} : { headers }),
        onFrame: (frame) => actor.frames.push(frame),
        onBytes: (bytes) => actor.#takeBytes(bytes),
        onMessage: (message) => actor.#take(message),
        onMalformed: (frame) => actor.#object(new Finding("JSON", shown(frame))),
        onEnd: (end) => {
          actor.#end = end;
          actor.#wake();
        },
      });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      throw new Finding(`a connection for ${name}`, error.message);
    }
    return actor;
  }

  /** What the server offered it. */
  get welcome(): ServerMessageOf<"welcome"> {
    if (this.#welcome === undefined) throw new TypeError(`${this.name} heard no welcome`);
    return this.#welcome;
  }

  /** Whether it can still hear something. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** The number of the last numbered message that it heard (rule RE2). */
  get lastSeq(): number {
    return this.#seq.last;
  }

  /** Messages that have come and were not heard yet. */
  get unheard(): readonly ServerMessage[] {
    return this.#inbox;
  }

  /** Sends a message that nothing has to answer. */
  say(message: Readonly<Record<string, unknown>>): void {
    this.#connection?.send(message);
  }

  /** Sends a frame as it is. */
  sayText(frame: string): void {
    this.#connection?.sendText(frame);
  }

  /** Sends a binary frame. */
  sayBytes(bytes: Uint8Array): void {
    this.#connection?.sendBinary(bytes);
  }

  /** Sends a request with an id; the next message has to be its answer. */
  async ask<T extends ServerMessageType>(
    message: Readonly<Record<string, unknown>>,
    answer: T,
    where: Where = {},
  ): Promise<ServerMessageOf<T>> {
    const requestId = `request ${++this.#requests}`;
    this.say({ ...message, requestId });
    return await this.hear(answer, { requestId, ...where });
  }

  /** Sends a request that has to be refused with `code`. */
  async beRefused(message: Readonly<Record<string, unknown>>, code: ErrorCode): Promise<
    ServerMessageOf<"error">
  > {
    return await this.ask(message, "error", { code });
  }

  /** Joins a room under its own name. */
  async join(
    roomId: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<ServerMessageOf<"joined">> {
    const message = { type: "join", roomId, userId: this.name, ...fields };
    return await this.ask(message, "joined", { roomId, userId: message.userId });
  }

  /** Takes the next message, which has to be of `type` with these fields. */
  async hear<T extends ServerMessageType>(type: T, where: Where = {}): Promise<ServerMessageOf<T>> {
    const message = await this.next(described(type, where));
    demandMessage(message as Message, type, where);
    return message as ServerMessageOf<T>; // Its type was compared, its shape when it came.
  }

  /** Takes as many messages as are expected; they may come in any order. */
  async hearAll(...expected: readonly (readonly [ServerMessageType, Where])[]): Promise<
    ServerMessage[]
  > {
    const open = [...expected];
    const heard: ServerMessage[] = [];
    while (open.length > 0) {
      const wanted = open.map(([type, where]) => described(type, where)).join(" or ");
      const message = await this.next(wanted);
      const at = open.findIndex(([type, where]) => meets(message as Message, type, where));
      if (at < 0) throw new Finding(wanted, shown(message));
      open.splice(at, 1);
      heard.push(message);
    }
    return heard;
  }

  /** Takes the next relayed frame, which has to have these fields. */
  async see(where: Partial<RelayFrame>): Promise<RelayFrame> {
    await this.#until(() => this.#relayed.length > 0, `a frame with ${shown(where)}`);
    const frame = this.#relayed.shift()!; // The wait was for it.
    for (const [field, value] of Object.entries(where)) {
      same(`${field} of a frame for ${this.name}`, frame[field as keyof RelayFrame], value);
    }
    return frame;
  }

  /** Takes the relayed frames that came until now; asks for nothing. */
  seeRest(): RelayFrame[] {
    const frames = this.#relayed;
    this.#relayed = [];
    return frames;
  }

  /** Demands that nothing else has come: what the server sent until now stands before the pong. */
  async hearNothing(): Promise<void> {
    const at = ++this.#requests;
    const requestId = `barrier ${at}`;
    this.say({ type: "ping", at, requestId });
    const message = await this.next("nothing but the answer to a ping");
    if (!meets(message as Message, "pong", { requestId, at })) {
      throw new Finding(`${this.name} hears nothing more`, shown(message));
    }
    const [frame] = this.#relayed;
    if (frame !== undefined) throw new Finding(`${this.name} gets no frame`, wordsOf(frame));
  }

  /** Takes messages up to the barrier and returns them: what came until now. */
  async hearRest(): Promise<ServerMessage[]> {
    const requestId = `barrier ${++this.#requests}`;
    this.say({ type: "ping", at: 0, requestId });
    const heard: ServerMessage[] = [];
    for (;;) {
      const message = await this.next("the answer to a ping");
      if (message.type === "pong" && message.requestId === requestId) return heard;
      heard.push(message);
    }
  }

  /** Takes messages until one is of `type` with these fields; returns all of them. */
  async hearUntil(type: ServerMessageType, where: Where = {}): Promise<ServerMessage[]> {
    const heard: ServerMessage[] = [];
    for (;;) {
      const message = await this.next(described(type, where));
      heard.push(message);
      if (meets(message as Message, type, where)) return heard;
    }
  }

  /** Waits for the end that the server makes; nothing may come before it. */
  async hearEnd({ code, reason }: ExpectedEnd): Promise<void> {
    const end = await this.untilEnd(`the end with ${code} ${reason ?? ""}`.trim());
    const [unheard] = this.#inbox;
    if (unheard !== undefined) throw new Finding(`${this.name} hears nothing more`, shown(unheard));
    if (end.code === code && (reason === undefined || end.reason === reason)) return;
    throw new Finding(`the close code ${code} ${reason ?? ""}`.trim(), `${end.code} ${end.reason}`);
  }

  /** Waits for the end, whatever comes before it. */
  async untilEnd(awaited: string): Promise<{ code: number; reason: string }> {
    await this.#until(() => this.#end !== undefined, awaited);
    const { code, reason } = this.#end!; // The wait was for it.
    return { code, reason };
  }

  /** From now on it waits so much longer: for what a time of the protocol makes late. */
  bePatient(ms: number): void {
    this.#patienceMs = ms;
  }

  /** Stops reading, as a client in a tunnel does. */
  stopReading(): void {
    this.#connection?.pauseReading();
  }

  /** Reads again. */
  readAgain(): void {
    this.#connection?.resumeReading();
  }

  /** Ends with a closing handshake. */
  async close(code: number | "none" = 1000): Promise<void> {
    await this.#connection?.close(code);
  }

  /** Drops the connection without a word. */
  async drop(): Promise<void> {
    await this.#connection?.drop();
  }

  /** The next message; waits for it, and throws {@linkcode Finding} where none comes. */
  async next(awaited: string): Promise<ServerMessage> {
    await this.#until(() => this.#inbox.length > 0, awaited);
    return this.#inbox.shift()!; // The wait was for it.
  }

  async #until(isThere: () => boolean, awaited: string): Promise<void> {
    const { clock } = this.#options;
    const timeoutMs = this.#options.timeoutMs + this.#patienceMs;
    const expected = `${this.name} hears ${awaited}`;
    let isLate = false;
    const cancel = clock.after(timeoutMs, () => {
      isLate = true;
      this.#wake();
    });
    try {
      while (!isThere()) {
        if (this.#violation !== undefined) throw this.#violation;
        if (this.#end !== undefined) {
          const { code, reason } = this.#end;
          throw new Finding(expected, `its connection ended with ${`${code} ${reason}`.trim()}`);
        }
        if (isLate) throw new Finding(expected, `nothing within ${timeoutMs} ms`);
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      cancel();
    }
  }

  #take(value: unknown): void {
    try {
      const message = readServerMessage(value);
      this.#seq.look(message);
      this.#inbox.push(message);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      this.#object(error);
    }
    this.#wake();
  }

  #takeBytes(bytes: Uint8Array): void {
    const frame = decodeRelayFrame(bytes);
    if (frame === undefined) {
      this.#object(new Finding("a relayed frame", `${bytes.length} bytes that are none`));
      return;
    }
    const { name, transcript } = this.#options;
    transcript.add(name, "<", `(${wordsOf(frame)})`);
    this.#relayed.push(frame);
    this.#wake();
  }

  #object(finding: Finding): void {
    this.#violation ??= finding;
    this.#wake();
  }
}

/** A frame in a few words. */
function wordsOf({ kind, isKey, number, sourceId, payload }: RelayFrame): string {
  const key = isKey ? ", key" : "";
  return `${kind} ${number} of source ${sourceId}${key}, ${payload.length} bytes`;
}

/**
 * Plays a script against a live server: each captured client with a connection of its own, in the
 * captured order and at the captured times (scaled), but never before what had to come first. Returns
 * what came; `compare` says how it differs.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError, Connection } from "../client.ts";
import { wait } from "../faults/wait.ts";
import { fieldsOf } from "../verify/mod.ts";
import { findNeeds } from "./causes.ts";
import type { Replayed } from "./comparison.ts";
import { Expectation } from "./expectation.ts";
import { IdMap } from "./id_map.ts";
import { ReplayProgress } from "./progress.ts";
import {
  type Action,
  isPeriodic,
  LOST_CODES,
  type Script,
  type ScriptedClient,
  type ScriptedConnection,
  serverEnd,
} from "./script.ts";

/** How a script is played. */
export type ReplayOptions = {
  /** The server's WebSocket. */
  readonly url: string;
  /** 2: twice as fast; Infinity: as fast as what has to come first allows. */
  readonly speed: number;
  /** Goes before the id of each room. */
  readonly roomPrefix: string;
  /** So long may nothing move before what is waited for is given up. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends it early. */
  readonly signal: AbortSignal;
};

/** What came of it. */
export type ReplayOutcome = {
  readonly connections: readonly Replayed[];
  readonly sent: number;
  readonly received: number;
  /** How often something was waited for in vain. */
  readonly givenUp: number;
};

/** The first connection was refused. The message says why. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** A handshake gets at least so long: a server that is slow to answer one is no other server. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The request id of the last ping, which no capture has. */
const FLUSH_ID = "replay-flush";

/** Plays `script`; rejects with {@linkcode UnreachableError} when no connection can be opened. */
export async function replayScript(script: Script, options: ReplayOptions): Promise<ReplayOutcome> {
  findNeeds(script);
  return await new Replay(script, options).run();
}

class Replay {
  readonly #script: Script;
  readonly #options: ReplayOptions;
  readonly #ids: IdMap;
  readonly #progress: ReplayProgress;
  readonly #played: PlayedConnection[] = [];
  readonly #startedAt: number;
  #sent = 0;
  #hasConnected = false;

  constructor(script: Script, options: ReplayOptions) {
    this.#script = script;
    this.#options = options;
    this.#ids = new IdMap(options.roomPrefix);
    this.#progress = new ReplayProgress(options.clock, options.timeoutMs);
    this.#startedAt = options.clock.elapsed();
  }

  async run(): Promise<ReplayOutcome> {
    const stop = () => this.#progress.close();
    this.#options.signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.all(this.#script.clients.map((client) => this.#play(client)));
      await this.#hearTheRest();
    } finally {
      this.#options.signal.removeEventListener("abort", stop);
      this.#progress.close();
      await Promise.all(this.#played.map((played) => played.close()));
    }
    const connections = this.#played.map(({ script, seen }) => ({
      connection: script,
      seen: seen.map((message) => this.#ids.toCaptured(message)),
    }));
    const received = connections.reduce((sum, { seen }) => sum + seen.length, 0);
    return { connections, sent: this.#sent, received, givenUp: this.#progress.givenUp };
  }

  async #play({ connections }: ScriptedClient): Promise<void> {
    let lastSeq = 0;
    for (const script of connections) {
      // A handshake that failed has nothing to be compared with.
      if (!script.isOpened) continue;
      const played = new PlayedConnection(script, this.#ids, this.#progress);
      this.#played.push(played);
      for (const action of script.actions) {
        await this.#untilDue(action);
        if (this.#options.signal.aborted) return;
        this.#progress.moved();
        await this.#act(action, { played, lastSeq });
      }
      lastSeq = played.lastSeq;
    }
  }

  async #act(
    action: Action,
    { played, lastSeq }: { played: PlayedConnection; lastSeq: number },
  ): Promise<void> {
    switch (action.kind) {
      case "connect":
        return await this.#connect(played);
      case "send":
        this.#sent++;
        return played.send(action.message, lastSeq);
      case "end":
        return await played.end(action.code);
    }
  }

  async #connect(played: PlayedConnection): Promise<void> {
    const { url, timeoutMs } = this.#options;
    try {
      await played.connect(url, Math.max(timeoutMs, CONNECT_TIMEOUT_MS));
      this.#hasConnected = true;
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      if (!this.#hasConnected) throw new UnreachableError(error.message, { cause: error });
      played.fail(error.message);
    }
  }

  /** Its time has come, and everything that had to come before it. */
  async #untilDue({ atMs, line, needs }: Action): Promise<void> {
    const { speed, clock, signal } = this.#options;
    const waitMs = this.#startedAt + atMs / speed - clock.elapsed();
    if (waitMs > 0) await this.#progress.during(wait(waitMs, { clock, signal }));
    for (const [connection, count] of needs) {
      await this.#progress.reached(connection, count, line);
    }
  }

  /** What is still expected comes; then a ping proves that nothing else was on its way. */
  async #hearTheRest(): Promise<void> {
    await Promise.all(
      this.#played.map(({ script }) => {
        const { received } = script;
        return this.#progress.reached(script, received.length, received.at(-1)?.line ?? 0);
      }),
    );
    await Promise.all(this.#played.map((played) => played.flush(this.#options)));
  }
}

/** One connection of the replay. */
class PlayedConnection {
  readonly script: ScriptedConnection;
  /** What came, without what comes by the clock. */
  readonly seen: unknown[] = [];
  /** The largest number of a message so far (rule RE4). */
  lastSeq = 0;
  readonly #ids: IdMap;
  readonly #progress: ReplayProgress;
  readonly #expectation: Expectation;
  #connection: Connection | undefined;
  #onFlushed: () => void = () => {};

  constructor(script: ScriptedConnection, ids: IdMap, progress: ReplayProgress) {
    this.script = script;
    this.#ids = ids;
    this.#progress = progress;
    this.#expectation = new Expectation(script.received.map(({ message }) => message));
  }

  async connect(url: string, timeoutMs: number): Promise<void> {
    this.#connection = await Connection.connect(url, {
      timeoutMs,
      onMessage: (message) => this.#receive(message),
      onMalformed: (raw) => this.#receive({ raw }),
      onEnd: ({ code, isOwn }) => {
        if (!isOwn) this.#keep(serverEnd(code));
        this.#onFlushed();
        this.#progress.over(this.script);
      },
    });
  }

  /** The connection could not be opened. */
  fail(reason: string): void {
    this.#keep({ type: "(no connection)", reason });
    this.#progress.over(this.script);
  }

  send(message: unknown, lastSeqBefore: number): void {
    const { raw, type, lastSeq } = fieldsOf(message) ?? {};
    if (typeof raw === "string" && type === undefined) return this.#connection?.sendText(raw);
    const now = this.#ids.toNow(message);
    // Rule RE9: a number beyond what this replay has seen would be refused.
    const isResume = type === "resume" && typeof lastSeq === "number";
    const resumed = isResume ? { lastSeq: Math.min(lastSeq, lastSeqBefore) } : {};
    const fields = fieldsOf(now);
    this.#connection?.sendText(
      JSON.stringify(fields === undefined ? now : { ...fields, ...resumed }),
    );
  }

  async end(code: number): Promise<void> {
    if (LOST_CODES.includes(code)) await this.#connection?.drop();
    else await this.close();
  }

  /** Resolves when an answer shows that nothing is on its way, or after a while without one. */
  async flush({ clock, timeoutMs, signal }: ReplayOptions): Promise<void> {
    if (this.#connection?.isOpen !== true) return;
    const over = new AbortController();
    const flushed = new Promise<void>((resolve) => this.#onFlushed = resolve);
    this.#connection.send({ type: "ping", at: 0, requestId: FLUSH_ID });
    const patience = wait(timeoutMs, { clock, signal: AbortSignal.any([over.signal, signal]) });
    await Promise.race([flushed, patience]);
    over.abort();
  }

  async close(): Promise<void> {
    if (this.#connection?.isOpen === true) await this.#connection.close();
  }

  #receive(message: unknown): void {
    const fields = fieldsOf(message);
    if (fields?.requestId === FLUSH_ID) return this.#onFlushed();
    if (typeof fields?.seq === "number") this.lastSeq = Math.max(this.lastSeq, fields.seq);
    if (!isPeriodic(message)) this.#keep(message);
  }

  #keep(message: unknown): void {
    this.#ids.learn(this.#expectation.next, message);
    this.seen.push(message);
    if (this.#expectation.meet(this.#ids.toCaptured(message))) this.#progress.came(this.script);
  }
}

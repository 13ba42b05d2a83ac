/**
 * One participant of a soak across its connections. It checks whatever it hears against what it knows:
 * errors that nobody provoked, numbers that are missing, members who come twice or leave unknown,
 * words from another room. What does not fit goes into the ledger.
 */
import { Connection, type ConnectionEnd } from "../../cli/client.ts";
import { Interrupted, waitUntil } from "../../cli/scenarios/waiting.ts";
import type { Clock } from "../../src/base/mod.ts";
import { ResumePoint } from "../../src/protocol/mod.ts";
import type { Ledger } from "./ledger.ts";

/** An answer, or the end of a connection, has come by then on any machine. */
export const PATIENCE_MS = 20_000;
/** The close code of a connection whose seat another one has resumed (rule RE7). */
const TAKEN_OVER = 4001;

/** A message of the server, as it came. */
export type Heard = Readonly<Record<string, unknown>>;

/** What the users of a run share. */
export type SoakContext = {
  /** The socket of the server. */
  readonly url: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly ledger: Ledger;
  /** How long the server keeps the seat of a lost connection. */
  readonly graceMs: number;
  /** The connections that are open now; who stops the run drops them. */
  readonly connections: Set<Connection>;
};

/** A request that waits for its answer, and the error codes that are welcome. */
type Pending = { answer: Heard | undefined; readonly welcome: readonly string[] };

/** One participant. */
export class SoakUser {
  readonly userId: string;
  readonly roomId: string;
  /** Who is in the room, as far as this user was told. */
  readonly roster = new Set<string>();
  /** The messages of each type since the last join. */
  readonly heard = new Map<string, Heard[]>();
  /** Error codes that may come without a request: for frames that carry none. */
  readonly strays: string[] = [];
  /** Whether the stay may end without this user's doing. */
  mayBeSentAway = false;
  readonly #context: SoakContext;
  readonly #point = new ResumePoint();
  readonly #pending = new Map<number, Pending>();
  #connection: Connection | undefined;
  #requests = 0;
  #lastSeq = 0;
  #hasPaused = false;
  #droppedAt: number | undefined;

  /** Nobody yet; {@linkcode connect} and {@linkcode join} make a participant of it. */
  constructor(context: SoakContext, names: { userId: string; roomId: string }) {
    this.#context = context;
    this.userId = names.userId;
    this.roomId = names.roomId;
  }

  /** Whether it is in its room, as far as it knows. */
  get isIn(): boolean {
    return this.#connection !== undefined && this.roster.has(this.userId);
  }

  /** Opens a connection. Rejects with ConnectError where there is none, or with Interrupted. */
  async connect(): Promise<void> {
    // The first message may come before the promise is looked at.
    let connection: Connection | undefined = undefined;
    connection = await Connection.connect(this.#context.url, {
      timeoutMs: PATIENCE_MS,
      onMessage: (message) => this.#hear(connection, message as Heard), // Checked field by field.
      onMalformed: () => this.surprise("a frame is no JSON"),
      onEnd: (end) => this.#ended(connection, end),
    });
    if (this.#context.signal.aborted) {
      await connection.drop();
      throw new Interrupted("The run was interrupted");
    }
    this.#context.connections.add(connection);
    this.#connection = connection;
    this.#hasPaused = false;
  }

  /** Asks for a room. `welcome` are codes that may answer it. Resolves to the answer. */
  async join(more: object = {}, welcome: readonly string[] = []): Promise<Heard> {
    const { roomId, userId } = this;
    const answer = await this.request({ type: "join", roomId, userId, ...more }, welcome);
    if (answer.type === "joined") this.#context.ledger.counts.joins++;
    return answer;
  }

  /** Sends a request and waits for its answer; an error that is not welcome is a surprise. */
  async request(message: object, welcome: readonly string[] = []): Promise<Heard> {
    if (!this.#connection?.isOpen) {
      throw new Error(`${this.userId} cannot ask: it is not connected`);
    }
    const requestId = ++this.#requests;
    const pending: Pending = { answer: undefined, welcome };
    this.#pending.set(requestId, pending);
    this.#connection.send({ ...message, requestId });
    await this.until(() => pending.answer, `the answer to ${JSON.stringify(message).slice(0, 80)}`);
    return pending.answer!; // The wait ended because it is there.
  }

  /** Sends a frame as it is; `codes` are the errors that it provokes. */
  sendGarbage(frame: string, ...codes: string[]): void {
    this.strays.push(...codes);
    this.#connection?.sendText(frame);
  }

  /** Waits until something is there. Rejects with Stalled, naming `what`, when it does not come. */
  until(look: () => unknown, what: string): Promise<void> {
    const options = { ...this.#context, timeoutMs: PATIENCE_MS };
    return waitUntil(
      () => look() === undefined ? `${this.userId} waits for ${what}` : undefined,
      options,
    );
  }

  /** Loses the connection without a word. */
  async drop(): Promise<void> {
    this.#context.ledger.counts.drops++;
    this.#droppedAt = this.#context.clock.elapsed();
    await this.#give((connection) => connection.drop());
  }

  /** Leaves, and ends the connection with its handshake. */
  async leave(): Promise<void> {
    this.mayBeSentAway = true;
    const { type } = await this.request({ type: "leave" }, ["not-joined"]);
    if (type === "leaved") this.#context.ledger.counts.leaves++;
    await this.close();
  }

  /** Ends the connection with its handshake, which leaves the room too. */
  async close(): Promise<void> {
    await this.#give((connection) => connection.close());
  }

  /**
   * Comes back on a new connection, whether the old one is lost or still open (then it has to end
   * with 4001). Resolves to whether the seat was still there; before the grace time is over it has to
   * be. How long it stays beyond, on a busy machine, is for the next standstill to say.
   */
  async resume(): Promise<boolean> {
    const old = this.#connection;
    const hadPaused = this.#hasPaused;
    await this.connect();
    const { request } = this.#point;
    if (request === undefined) throw new TypeError("Cannot resume: the join asked for no token");
    this.#hasPaused = hadPaused;
    const welcome = old === undefined ? ["resume-expired"] : [];
    const { type, missed, snapshot } = await this.request(request, welcome);
    const { ledger: { counts }, clock, graceMs } = this.#context;
    if (type !== "resumed") {
      counts.expired++;
      const awayMs = clock.elapsed() - (this.#droppedAt ?? clock.elapsed());
      if (awayMs < graceMs) this.surprise(`its seat was gone after ${Math.round(awayMs)} ms`);
      return false;
    }
    counts.resumed++;
    const expected = request.lastSeq + Number(missed);
    await this.until(
      () => snapshot !== undefined || this.#lastSeq >= expected || undefined,
      `message ${expected}, which it missed`,
    );
    if (old !== undefined) {
      counts.takeovers++;
      await this.until(() => !old.isOpen || undefined, "the end of the connection it took over");
    }
    return true;
  }

  /** Stops to read until `work` is done. */
  async withoutReading(work: () => Promise<void>): Promise<void> {
    this.#hasPaused = true;
    this.#connection?.pauseReading();
    try {
      await work();
    } finally {
      this.#connection?.resumeReading();
    }
  }

  /** Takes down what should not have happened to this user. */
  surprise(what: string): void {
    this.#context.ledger.surprise(`${this.userId} in ${this.roomId}: ${what}`);
  }

  async #give(end: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) await end(connection);
  }

  #ended(connection: Connection | undefined, { code, reason, isOwn }: ConnectionEnd): void {
    if (connection !== undefined) this.#context.connections.delete(connection);
    if (isOwn || this.#connection !== connection && code === TAKEN_OVER) return;
    this.surprise(`the connection ended with ${code} ${reason}`);
    if (this.#connection === connection) this.#connection = undefined;
  }

  #hear(connection: Connection | undefined, message: Heard): void {
    // What an abandoned connection still brings comes again on the new one.
    if (this.#connection !== undefined && this.#connection !== connection) return;
    this.#checkNumber(message);
    this.#point.read(message);
    this.#follow(message);
    const { type, requestId } = message;
    const list = this.heard.get(`${type}`);
    if (list === undefined) this.heard.set(`${type}`, [message]);
    else list.push(message);
    if (type === "error") return this.#hearError(message);
    if (typeof requestId !== "number") return;
    this.#answer(requestId, message);
  }

  #hearError(message: Heard): void {
    const code = `${message.code}`;
    const { requestId } = message;
    const welcome = typeof requestId === "number"
      ? this.#pending.get(requestId)?.welcome ?? []
      : this.strays;
    const index = welcome.indexOf(code);
    if (index < 0) this.surprise(`error ${code}: ${message.message}`);
    else this.#context.ledger.counts.provoked++;
    if (typeof requestId === "number") this.#answer(requestId, message);
    else if (index >= 0) this.strays.splice(index, 1);
  }

  #answer(requestId: number, message: Heard): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return this.surprise(`a second answer, ${message.type}`);
    pending.answer = message;
    this.#pending.delete(requestId);
  }

  /** Rule RE2: no number is missing, unless this user did not read (BP2, BP3). */
  #checkNumber({ type, seq, lastSeq, snapshot }: Heard): void {
    if (type === "joined") this.#lastSeq = 0;
    if (type === "resumed" && snapshot !== undefined) this.#lastSeq = Number(lastSeq);
    if (typeof seq !== "number") return;
    const isNext = seq === this.#lastSeq + 1;
    if (!isNext && !(this.#hasPaused && seq > this.#lastSeq)) {
      this.surprise(`message ${seq} (${type}) came after ${this.#lastSeq}`);
    }
    this.#lastSeq = seq;
  }

  #follow(message: Heard): void {
    const { type, roomId, userId, users, snapshot, text } = message;
    if (roomId !== undefined && roomId !== this.roomId && type !== "room-created") {
      this.surprise(`${type} of room ${roomId}`);
    }
    switch (type) {
      case "joined":
      case "snapshot":
        this.#know(users);
        break;
      case "resumed":
        if (snapshot !== undefined) this.#know((snapshot as Heard).users);
        break;
      case "user-joined":
        if (this.roster.has(`${userId}`)) this.surprise(`${userId} joined twice`);
        this.roster.add(`${userId}`);
        break;
      case "user-left":
        if (!this.roster.delete(`${userId}`)) this.surprise(`${userId} left and was not there`);
        break;
      case "leaved":
        this.roster.clear();
        if (!this.mayBeSentAway) this.surprise(`sent away, ${message.reason}`);
        break;
      case "chat":
        if (!`${text}`.startsWith(this.roomId)) this.surprise(`chat of another room: ${text}`);
        break;
      case "lagged":
        this.#context.ledger.counts.lagged++;
        break;
    }
  }

  #know(users: unknown): void {
    this.roster.clear();
    for (const user of Array.isArray(users) ? users : []) this.roster.add(`${user}`);
  }
}

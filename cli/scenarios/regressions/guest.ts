/**
 * One user of a regression: it says what the script tells it, and waits for what it has to hear. Where
 * the users of the other scenarios follow steps, a guest follows a script that leaves a room in
 * disorder on purpose. A `Scene` makes them.
 */
import { Connection, type ConnectionEnd } from "../../client.ts";
import { fieldsOf, shown } from "../../verify/mod.ts";
import type { PhaseContext } from "../phase_context.ts";
import { Interrupted, Stalled, waitUntil } from "../waiting.ts";
import { GuestView, type Message } from "./guest_view.ts";

/** What one waits to hear. */
export type Awaited = {
  /** The rule that promises it. */
  readonly rule: string;
  /** The message, in words. */
  readonly message: string;
  /** Whether a message is it. */
  readonly isIt: (message: Message) => boolean;
  /** Where in what was heard to begin; default: at the beginning. */
  readonly since?: number;
  /** How long to wait beyond the run's own timeout; default: no longer. */
  readonly extraMs?: number;
};

/** A polite close that is not answered by then becomes a drop. */
const CLOSE_TIMEOUT_MS = 2_000;

/** A user that follows a script. */
export class Guest {
  readonly userId: string;
  /** What it makes of what it hears. */
  readonly view: GuestView;
  /** How its last connection ended. */
  end: ConnectionEnd | undefined;
  readonly #context: PhaseContext;
  readonly #answers = new Map<number, (answer: Message) => void>();
  #connection: Connection | undefined;
  #former: Connection | undefined;
  #isEndExpected = false;
  #lastRequest = 0;

  constructor(userId: string, roomId: string, context: PhaseContext) {
    this.userId = userId;
    this.#context = context;
    this.view = new GuestView(userId, roomId, context.run);
  }

  /** Everything that it heard, in order. */
  get heard(): readonly Message[] {
    return this.view.heard;
  }

  /** Who is in the room by what it heard; undefined: it is in none. */
  get roster(): ReadonlySet<string> | undefined {
    return this.view.roster;
  }

  /** What the server allows, as it said in `welcome`; 0 where it said nothing. */
  limit(name: string): number {
    const welcome = this.heard.find(({ type }) => type === "welcome");
    const limit = fieldsOf(welcome?.limits)?.[name];
    return typeof limit === "number" ? limit : 0;
  }

  /** Connects and waits for `welcome`. Rejects with ConnectError, or with Stalled. */
  async connect(): Promise<void> {
    const { shared: { url, timeoutMs, trace }, run, clock } = this.#context;
    const startedAt = clock.elapsed();
    const since = this.heard.length;
    this.view.beginConnection();
    this.#isEndExpected = false;
    this.end = undefined;
    let isCurrent = () => true; // Its welcome may come before anybody waits for it.
    const connection = await Connection.connect(url, {
      timeoutMs,
      trace: trace(this.userId),
      onMessage: (message) => isCurrent() && this.#receive(message),
      onMalformed: (frame) => this.report("CO6", "a frame", "JSON text", frame.slice(0, 80)),
      onEnd: (end) => isCurrent() && this.#ended(end),
    });
    this.#former = this.#connection;
    this.#connection = connection;
    isCurrent = () => this.#connection === connection;
    for (const rule of ["CO1", "CO3"]) run.tally.add(rule);
    const isIt = ({ type }: Message) => type === "welcome";
    await this.hear({ rule: "CO2", message: "welcome", isIt, since });
    run.record("connect", clock.elapsed() - startedAt, clock.elapsed());
  }

  /** Sends `message`; no answer is waited for. */
  say(message: Message): void {
    this.#context.run.sent++;
    this.#connection?.send(message);
  }

  /**
   * Sends `message`; resolves to its answer. Rejects with Stalled when none comes in time, with
   * Interrupted when the run is told to stop.
   */
  async ask(message: Message): Promise<Message> {
    const { run, clock, signal, shared: { timeoutMs } } = this.#context;
    if (signal.aborted) throw new Interrupted("The run was interrupted");
    const requestId = ++this.#lastRequest;
    const { promise, resolve, reject } = Promise.withResolvers<Message | undefined>();
    this.#answers.set(requestId, resolve);
    const stop = () => reject(new Interrupted("The run was interrupted"));
    signal.addEventListener("abort", stop, { once: true });
    const cancel = clock.after(timeoutMs, () => resolve(undefined));
    const startedAt = clock.elapsed();
    if (message.type === "join") this.view.roomId = String(message.roomId);
    this.say({ ...message, requestId });
    const answer = await promise.finally(() => {
      cancel();
      signal.removeEventListener("abort", stop);
    });
    run.tally.add("ME4");
    if (answer === undefined) {
      this.report("ME4", `${message.type}`, "exactly one answer", "none");
      throw new Stalled(`${this.userId} has no answer to ${message.type}`);
    }
    if (answer.type === "joined") {
      run.record("join", clock.elapsed() - startedAt, clock.elapsed());
    }
    return answer;
  }

  /** Resolves when all that was queued for it so far has arrived: a pong comes behind it. */
  async catchUp(): Promise<void> {
    await this.ask({ type: "ping", at: 0 });
  }

  /** Waits for a message. Reports it and rejects with Stalled when it does not come. */
  async hear({ rule, message, isIt, since = 0, extraMs = 0 }: Awaited): Promise<Message> {
    const { shared: { timeoutMs }, run } = this.#context;
    const find = () => this.heard.slice(since).find(isIt);
    const lacks = () => find() === undefined ? `${this.userId} lacks ${message}` : undefined;
    try {
      await waitUntil(lacks, { ...this.#context, timeoutMs: timeoutMs + extraMs });
    } catch (error) {
      if (error instanceof Stalled) this.report(rule, message, "one", "none");
      throw error;
    }
    run.tally.add(rule);
    return find()!; // The wait ends when there is one.
  }

  /** What it heard of `type` since it had heard `since` messages. */
  heardSince(since: number, ...types: string[]): Message[] {
    return this.heard.slice(since).filter(({ type }) => types.includes(String(type)));
  }

  /** Loses its connection without a word. */
  async lose(): Promise<void> {
    this.#isEndExpected = true;
    await this.#connection?.drop();
  }

  /** Reads no more; the connection looks open to the server. */
  stopReading(): void {
    this.#connection?.pauseReading();
  }

  /** Reads on. */
  readOn(): void {
    this.#connection?.resumeReading();
  }

  /** Takes its seat again over a new connection, whatever became of the old one (rule RE4). */
  async comeBack(): Promise<Message> {
    await this.connect();
    const { resumeToken, lastSeq } = this.view;
    const answer = await this.ask({ type: "resume", resumeToken, lastSeq });
    await this.#former?.drop();
    return answer;
  }

  /** Resumes the seat of `other` with its token (rule RE7). */
  async takeSeatOf(other: Guest): Promise<Message> {
    this.view.continue(other.view);
    const { resumeToken, lastSeq } = this.view;
    return await this.ask({ type: "resume", resumeToken, lastSeq });
  }

  /** Resolves when the server has ended its connection; reports it and rejects when it does not. */
  async hearEnd(rule: string, code: number): Promise<void> {
    const { run, shared: { timeoutMs } } = this.#context;
    this.#isEndExpected = true;
    this.readOn();
    const lacks = () => this.end === undefined ? `${this.userId} is still connected` : undefined;
    try {
      await waitUntil(lacks, { ...this.#context, timeoutMs });
    } catch (error) {
      if (error instanceof Stalled) this.report(rule, "the end", `close code ${code}`, "none");
      throw error;
    }
    run.tally.add(rule);
    const seen = this.end?.code;
    if (seen !== code) this.report(rule, "the end", `close code ${code}`, `close code ${seen}`);
  }

  /** From now on the server may end the connection. */
  expectEnd(): void {
    this.#isEndExpected = true;
  }

  /** Ends its connection with a handshake. */
  async close(): Promise<void> {
    this.#isEndExpected = true;
    this.view.roster = undefined;
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.resumeReading();
    const cancel = this.#context.clock.after(CLOSE_TIMEOUT_MS, () => void connection.drop());
    await connection.close();
    cancel();
    await this.#former?.drop();
  }

  /** Reports what this guest saw. */
  report(rule: string, message: string, expected: string, seen: string): void {
    this.view.report(rule, message, expected, seen);
  }

  #receive(message: unknown): void {
    const { run } = this.#context;
    run.received++;
    const fields = fieldsOf(message);
    if (fields === undefined || typeof fields.type !== "string") {
      return this.report("ME1", "a message", "an object with a string type", shown(message));
    }
    this.view.take(fields);
    const { requestId } = fields;
    if (typeof requestId !== "number") return;
    const settle = this.#answers.get(requestId);
    this.#answers.delete(requestId);
    if (settle !== undefined) return settle(fields);
    this.report("ME4", fields.type, "exactly one answer to each request", "another one");
  }

  #ended(end: ConnectionEnd): void {
    this.end = end;
    if (!end.isOwn && !this.#isEndExpected) {
      const seen = `code ${end.code}${end.reason === "" ? "" : ` "${end.reason}"`}`;
      this.report("CO9", "the connection", "to stay open", seen);
    }
  }
}

/**
 * One socket of a fuzz run: it keeps what it hears, in order, and holds the numbers of resumable
 * messages to their rules (RE2, RE4, RE6) as they come. The driver owns its lines.
 */
import type { Clock } from "../../src/base/mod.ts";
import { MAX_KEPT_MESSAGES } from "../../src/protocol/mod.ts";
import { Connection, type ConnectionEnd } from "../client.ts";
import { messageOf } from "./frames.ts";
import { FRAME } from "../model/frames.ts";
import type { Message } from "../model/pattern.ts";
import { Violation } from "./violation.ts";

/** What a stay has heard, by number; outlives its connections. */
export type Numbering = { next: number; readonly heard: Map<number, string> };

/** How a line is opened. */
export type LineOptions = {
  readonly no: number;
  /** Names it in what is found. */
  readonly name: string;
  readonly url: string;
  readonly clock: Clock;
  /** The numbers of each stay, by its resume token. */
  readonly numberings: Map<string, Numbering>;
};

/** A connection, its greeting, and each wait for an answer are bounded by this. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** An open socket. */
export class Line {
  readonly no: number;
  readonly name: string;
  /** What it heard since the driver last looked, without numbers, replays and what keeps no order. */
  heard: Message[] = [];
  /** The summaries of statistics among it. */
  summaries: Message[] = [];
  /** How often it was asked for a key frame. */
  keyFrameRequests = 0;
  /** How it ended, if it did. */
  end: ConnectionEnd | undefined;
  /** The first rule that the numbers broke. */
  fault: Violation | undefined;
  readonly #options: LineOptions;
  #connection: Connection | undefined;
  #numbering: Numbering | undefined;
  #asked: { numbering: Numbering; lastSeq: number } | undefined;
  #replayUntil = 0;
  #unread: Message[] | undefined;
  #waiting: (() => void)[] = [];
  #tokens = Infinity;
  #tokensAt = 0;
  #rate = Infinity;
  #burst = Infinity;

  private constructor(options: LineOptions) {
    this.no = options.no;
    this.name = options.name;
    this.#options = options;
  }

  /** Connects and hears the welcome. Rejects with ConnectError, or with a Violation of CO2. */
  static async open(options: LineOptions): Promise<Line> {
    const line = new Line(options);
    line.#connection = await Connection.connect(options.url, {
      timeoutMs: ANSWER_TIMEOUT_MS,
      onMessage: (message) => line.#receive(message),
      onBytes: (bytes) => line.#receive(messageOf(bytes)),
      onMalformed: (frame) => line.#breaks("CO6", "JSON", frame),
      onEnd: (end) => {
        line.end = end;
        line.#wake();
      },
    });
    await line.until(() => line.heard.length > 0, ANSWER_TIMEOUT_MS);
    const [welcome] = line.heard.splice(0, 1);
    if (welcome?.type !== "welcome") {
      line.#breaks("CO2", "welcome", JSON.stringify(welcome) ?? "nothing");
    } else line.#limit(welcome.limits);
    return line;
  }

  /** Sends one message. */
  async send(message: unknown): Promise<void> {
    await this.sendText(JSON.stringify(message));
  }

  /** Sends a frame as it is, no sooner than the server's rate allows. */
  async sendText(frame: string): Promise<void> {
    const { clock } = this.#options;
    const now = clock.elapsed();
    this.#tokens = Math.min(
      this.#burst,
      this.#tokens + (now - this.#tokensAt) * this.#rate / 1_000,
    );
    this.#tokensAt = now;
    this.#tokens--;
    if (this.#tokens < 0) {
      const waitMs = -this.#tokens * 1_000 / this.#rate;
      await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    }
    this.#connection!.sendText(frame);
  }

  /** Asks for a seat after message `lastSeq`; what comes is judged by it. */
  async resume(request: Message, numbering: Numbering | undefined): Promise<void> {
    if (numbering !== undefined) this.#asked = { numbering, lastSeq: Number(request.lastSeq) };
    await this.send(request);
  }

  /** Sends a relayed frame. */
  sendFrame(bytes: Uint8Array): void {
    this.#connection!.sendBinary(bytes);
  }

  /** Takes one answer to a ping out of what was heard. */
  forgetPong(at: number): void {
    const index = this.heard.findIndex((message) => message.type === "pong" && message.at === at);
    if (index >= 0) this.heard.splice(index, 1);
  }

  /** Reads nothing any more; what arrives all the same waits. */
  stall(): void {
    this.#unread = [];
    this.#connection!.pauseReading();
  }

  /** Reads what waited, and what comes. */
  readOn(): void {
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    for (const message of unread) this.#read(message);
    this.#connection!.resumeReading();
  }

  /** Ends with a closing handshake. */
  async close(code?: number): Promise<void> {
    const closed = this.#connection!.close(code);
    // The answer to the handshake comes behind whatever was not read.
    this.#connection!.resumeReading();
    await closed;
  }

  /** Ends without a word. */
  async drop(): Promise<void> {
    await this.#connection!.drop();
  }

  /** Resolves to whether `isTrue` held within `ms`; looks again whenever something was heard. */
  async until(isTrue: () => boolean, ms: number): Promise<boolean> {
    const { clock } = this.#options;
    const endAt = clock.elapsed() + ms;
    while (!isTrue()) {
      if (clock.elapsed() >= endAt) return false;
      let cancel = () => {};
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        cancel = clock.after(Math.max(1, endAt - clock.elapsed()), resolve);
      });
      cancel();
    }
    return true;
  }

  #receive(value: unknown): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.#breaks("ME1", "a message", JSON.stringify(value));
    }
    const message = value as Message; // Checked above: an object.
    if (this.#unread === undefined) this.#read(message);
    else this.#unread.push(message);
    this.#wake();
  }

  #read(message: Message): void {
    if (message.type === FRAME) return void this.heard.push(message);
    const { seq, ...content } = message;
    if (content.type === "resumed") return this.#resumed(content);
    const isReplay = Number(seq) <= this.#replayUntil;
    if (!this.#count(content, seq)) return;
    if (content.type === "joined" && typeof content.resumeToken === "string") {
      this.#numbering = { next: 1, heard: new Map() };
      this.#options.numberings.set(content.resumeToken, this.#numbering);
    }
    if (content.type === "leaved") {
      // The numbers of the next stay on this connection begin anew.
      this.#numbering = undefined;
      this.#replayUntil = 0;
    }
    switch (content.type) {
      case "stats-summary":
        if (!isReplay) this.summaries.push(content);
        break;
      case "relay-key-frame":
        // It comes when it likes, in its own time (rule FR5).
        if (!isReplay) this.keyFrameRequests++;
        break;
      default:
        this.heard.push(content);
    }
  }

  /** Checks the number of a message. Says whether it is news. */
  #count(content: Message, seq: unknown): boolean {
    const numbering = this.#numbering;
    // The reply to `leave` comes when the stay is over; its number is nobody's.
    if (numbering === undefined || (content.type === "leaved" && seq === undefined)) {
      if (seq !== undefined) this.#breaks("RE2", "no seq", `${seq} in ${content.type}`);
      return true;
    }
    const text = JSON.stringify(content);
    const before = numbering.heard.get(Number(seq));
    if (seq !== numbering.next) {
      const rule = this.#replayUntil > 0 ? "RE4" : "RE2";
      this.#breaks(rule, `seq ${numbering.next}`, `${seq} in ${text.slice(0, 200)}`);
      return before === undefined;
    }
    numbering.next++;
    if (before === undefined) numbering.heard.set(seq, text);
    else if (before !== text) this.#breaks("RE4", `message ${seq} as it was: ${before}`, text);
    return before === undefined;
  }

  #resumed(content: Message): void {
    this.heard.push(content);
    const asked = this.#asked;
    if (asked === undefined) return;
    const { missed, lastSeq, snapshot } = content;
    const { numbering } = asked;
    const newest = Math.max(0, ...numbering.heard.keys());
    const behind = Number(lastSeq) - asked.lastSeq;
    if (Number(lastSeq) < newest) this.#breaks("RE4", `lastSeq from ${newest}`, `${lastSeq}`);
    if (snapshot === undefined && behind !== missed) {
      this.#breaks("RE4", `${behind} missed`, `${missed} missed`);
    }
    if (snapshot !== undefined && behind < MAX_KEPT_MESSAGES) {
      this.#breaks("RE6", `${behind} messages`, "a snapshot");
    }
    numbering.next = snapshot === undefined ? asked.lastSeq + 1 : Number(lastSeq) + 1;
    this.#replayUntil = Number(lastSeq);
    this.#numbering = numbering;
  }

  #limit(limits: unknown): void {
    if (typeof limits !== "object" || limits === null) return;
    const { messagesPerSecond, messageBurst } = limits as Message; // Fields are read as numbers.
    // A little less than what is allowed: the two clocks are not one.
    this.#rate = Number(messagesPerSecond) * 0.9 || Infinity;
    this.#burst = Number(messageBurst) * 0.9 || Infinity;
    this.#tokens = this.#burst;
    this.#tokensAt = this.#options.clock.elapsed();
  }

  #breaks(rule: string, expected: string, seen: string): void {
    this.fault ??= new Violation({ rule, seenBy: this.name, expected, seen });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

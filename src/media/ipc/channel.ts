/**
 * Requests and notices between two processes, as lines over a pair of streams. Each side has one. It
 * ends with the streams, or with the first line that is none of ours: from then on nobody can know
 * what the other side has heard.
 */
import { type Cancel, type Clock, type Logger, silentLogger } from "../../base/mod.ts";
import { MediaError } from "../port.ts";
import { decodeFrame, encodeFrame, type Frame, MAX_LINE_LENGTH } from "./frame.ts";
import { readLines } from "./lines.ts";
import type { Bodies, RequestName, Requests } from "./messages.ts";

/** What may wait to be written; a side that does not read for so long is broken. */
export const MAX_BACKLOG_LENGTH = 2 * MAX_LINE_LENGTH;
/** An answer that has not come by then does not come. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** Answers one request; MediaError is handed on, any other error is our fault. */
export type Serve = (name: RequestName, body: never) => Promise<object>;

/** What a channel is made with; `Heard` is what the other side says. */
export type ChannelOptions<Heard extends Bodies> = {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly clock: Clock;
  /** Takes notices, each of its own name. */
  readonly heard: { readonly [Name in keyof Heard]: (body: Heard[Name]) => void };
  /** Answers requests. Default: they are refused. */
  readonly serve?: Serve;
  readonly log?: Logger;
};

/** A request that waits for its answer. */
type Waiting = {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: MediaError) => void;
  readonly cancel: Cancel;
};

/** One side; `Said` is what it says, `Heard` what it hears. */
export class Channel<Said extends Bodies, Heard extends Bodies> {
  /** Resolves with why it is over. Never rejects. */
  readonly closed: Promise<string>;
  /** Resolves when nothing is read any more: the other side has closed its stream. Never rejects. */
  readonly ended: Promise<void>;
  readonly #options: ChannelOptions<Heard>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #waiting = new Map<number, Waiting>();
  readonly #close: (reason: string) => void;
  #lastId = 0;
  #backlog = 0;
  #isClosed = false;
  #heardCount = 0;

  /** Reads from now on. */
  constructor(options: ChannelOptions<Heard>) {
    this.#options = options;
    this.#writer = options.writable.getWriter();
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#close = resolve;
    this.#writer.closed.catch(() => this.close("the other side does not read any more"));
    this.ended = this.#read();
  }

  /** Whether it is over. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many lines have come; one that stays the same is silent. */
  get heardCount(): number {
    return this.#heardCount;
  }

  /** Asks; rejects with MediaError: the other side's, or `unavailable` when none comes. */
  request<Name extends RequestName>(
    name: Name,
    body: Requests[Name]["ask"],
    timeoutMs: number = REQUEST_TIMEOUT_MS,
  ): Promise<Requests[Name]["answer"]> {
    const id = ++this.#lastId;
    let line: string;
    try {
      line = encodeFrame({ is: "request", id, name, body });
    } catch (error) {
      const why = `Cannot ${name}: what is asked is too long`;
      return Promise.reject(new MediaError("bad-description", why, { cause: error }));
    }
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        this.#waiting.delete(id);
        reject(new MediaError("unavailable", `Cannot ${name}: ${why}`));
      };
      if (this.#isClosed) return fail("the media process has ended");
      const cancel = this.#options.clock.after(timeoutMs, () => fail("no answer came"));
      // The other side is of the same files: what it answers has the type of the name.
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, cancel });
      this.#write(line);
    });
  }

  /** Says something that is not answered; nothing, when it is over. */
  say<Name extends keyof Said & string>(name: Name, body: Said[Name]): void {
    this.#write(encodeFrame({ is: "notice", name, body }));
  }

  /** Ends it: what waits is rejected, nothing is heard any more. Idempotent. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { reject, cancel } of this.#waiting.values()) {
      cancel();
      reject(new MediaError("unavailable", `Cannot go on: ${reason}`));
    }
    this.#waiting.clear();
    // Whoever owns the streams hears of it by `closed`; there is nothing to do about a stream that
    // has failed already.
    this.#writer.abort(new Error(reason)).catch(() => {});
    this.#close(reason);
  }

  async #read(): Promise<void> {
    try {
      for await (const line of readLines(this.#options.readable, MAX_LINE_LENGTH)) {
        if (this.#isClosed) return;
        const frame = decodeFrame(line);
        if (frame === undefined) return this.close(`it wrote a line that is none of ours`);
        this.#heardCount++;
        this.#take(frame);
      }
      this.close("it has ended");
    } catch (error) {
      this.close(error instanceof Error ? error.message : `${error}`);
    }
  }

  #take(frame: Frame): void {
    switch (frame.is) {
      case "request":
        this.#serve(frame);
        return;
      case "answer":
        return this.#settle(frame.id, ({ resolve }) => resolve(frame.body));
      case "refusal":
        return this.#settle(
          frame.id,
          ({ reject }) => reject(new MediaError(frame.code, frame.message)),
        );
      case "notice":
        return this.#hear(frame.name, frame.body);
    }
  }

  #hear(name: string, body: unknown): void {
    const { heard, log = silentLogger } = this.#options;
    if (!Object.hasOwn(heard, name)) return this.close(`it said "${name}", which is none of ours`);
    try {
      heard[name as keyof Heard](body as Heard[keyof Heard]); // Of the same files, see messages.ts.
    } catch (error) {
      log.error("notice failed", { name, error });
    }
  }

  #settle(id: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return; // Its time is over.
    this.#waiting.delete(id);
    waiting.cancel();
    settle(waiting);
  }

  async #serve({ id, name, body }: Frame & { is: "request" }): Promise<void> {
    const { serve, log = silentLogger } = this.#options;
    try {
      if (serve === undefined) throw new MediaError("unavailable", `Cannot ${name}: not here`);
      const answer = await serve(name as RequestName, body as never); // See messages.ts.
      this.#write(encodeFrame({ is: "answer", id, body: answer }));
    } catch (error) {
      const isOurs = error instanceof MediaError;
      if (!isOurs) log.error("request failed", { name, error });
      const code = isOurs ? error.code : "unavailable";
      const message = isOurs ? error.message : `Cannot ${name}: an internal error`;
      this.#write(encodeFrame({ is: "refusal", id, code, message }));
    }
  }

  #write(line: string): void {
    if (this.#isClosed) return;
    const bytes = this.#encoder.encode(line);
    this.#backlog += bytes.length;
    if (this.#backlog > MAX_BACKLOG_LENGTH) return this.close("the other side does not read");
    const written = () => {
      this.#backlog -= bytes.length;
    };
    // A failure ends the stream, and that is heard of where the writer was made.
    this.#writer.write(bytes).then(written, () => {});
  }
}

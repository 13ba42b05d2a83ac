/**
 * One media process as the server sees it: started, watched, ended. It lives once; `process_slot.ts`
 * starts another in its place. A process that says nothing for ten seconds is as dead as one that has
 * exited.
 */
import type { Cancel, Clock, Logger } from "../../base/mod.ts";
import { Channel } from "../ipc/channel.ts";
import type { Commands, Notices, StartOptions } from "../ipc/messages.ts";
import { MediaError } from "../port.ts";
import { LastLines } from "./last_lines.ts";

/** How often a process is asked whether it is there. */
const PING_MS = 2_000;
/** So many times in a row without a word, and it is killed: ten seconds in which both could run. */
const MAX_SILENT_PINGS = 5;
/** A first start may have to fetch the engine from the registry. */
const START_TIMEOUT_MS = 60_000;
/** What a process that was told to stop may take. */
const KILL_AFTER_MS = 1_000;

/** What a process is started with. */
export type MediaProcessOptions = {
  /** Starts the program, with all three streams piped; throws where it may not. */
  readonly spawn: () => Deno.ChildProcess;
  readonly start: StartOptions;
  /** How long it may take to begin. Default a minute. */
  readonly startTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes what it tells of rooms. */
  readonly heard: Omit<
    { readonly [Name in keyof Notices]: (body: Notices[Name]) => void },
    "log"
  >;
  /** It has begun. */
  readonly onReady: () => void;
  /** It says that it cannot begin; it is still there. */
  readonly onRefused: (why: string) => void;
  /** It is over, without having been told to; nothing comes after it. */
  readonly onDied: (why: string) => void;
};

/** One process. */
export class MediaProcess {
  /** What is said to it, and heard. */
  readonly channel: Channel<Commands, Notices>;
  readonly #options: MediaProcessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #said: LastLines;
  readonly #exited: Promise<void>;
  #cancelPing: Cancel = () => {};
  #isOver = false;

  /** Starts it. Throws MediaError `unavailable` where programs may not be started. */
  constructor(options: MediaProcessOptions) {
    this.#options = options;
    this.#child = spawn(options);
    this.#said = new LastLines(this.#child.stderr);
    this.channel = new Channel<Commands, Notices>({
      readable: this.#child.stdout,
      writable: this.#child.stdin,
      clock: options.clock,
      log: options.log,
      heard: {
        ...options.heard,
        log: (line) => options.log[line.level](line.message, line.fields),
      },
    });
    this.#exited = this.#watch();
    this.#begin();
  }

  /** Names it to the operating system. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Tells it to stop, and kills it when it does not. Idempotent; resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#cancelPing();
      this.#signal("SIGTERM");
      this.channel.close("the media process stops");
    }
    const cancel = this.#options.clock.after(KILL_AFTER_MS, () => this.#signal("SIGKILL"));
    await this.#exited;
    cancel();
  }

  async #begin(): Promise<void> {
    const { start, startTimeoutMs = START_TIMEOUT_MS, onReady, onRefused } = this.#options;
    try {
      await this.channel.request("start", start, startTimeoutMs);
    } catch (error) {
      // One that has died meanwhile could not even say that: `#watch` knows more.
      if (!this.channel.isClosed) onRefused(error instanceof Error ? error.message : `${error}`);
      return;
    }
    if (this.channel.isClosed) return;
    this.#ping();
    onReady();
  }

  /** Ends it when it is silent. Ticks are counted, not time: a machine may have slept. */
  #ping(): void {
    const { channel } = this;
    let heardCount = channel.heardCount;
    let silent = 0;
    // Whether it answers is seen by what is heard.
    const ask = () => channel.request("ping", {}, MAX_SILENT_PINGS * PING_MS).catch(() => {});
    ask();
    this.#cancelPing = this.#options.clock.every(PING_MS, () => {
      silent = channel.heardCount === heardCount ? silent + 1 : 0;
      heardCount = channel.heardCount;
      if (silent >= MAX_SILENT_PINGS) channel.close("it is silent");
      else ask();
    });
  }

  /** Resolves when the program is gone, by itself or because it has to. */
  async #watch(): Promise<void> {
    const why = await this.channel.closed;
    const isWanted = this.#isOver;
    this.#isOver = true;
    this.#cancelPing();
    // Whatever ended the channel, nobody can speak with it any more.
    if (!isWanted) this.#signal("SIGKILL");
    const { code, signal } = await this.#child.status;
    await Promise.all([this.channel.ended, this.#said.ended]);
    if (isWanted) return;
    const said = this.#said.text === "" ? "" : `; ${this.#said.text}`;
    this.#options.onDied(`${why} (${signal ?? `exit code ${code}`})${said}`);
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}

function spawn({ spawn }: MediaProcessOptions): Deno.ChildProcess {
  try {
    return spawn();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : `${error}`;
    throw new MediaError("unavailable", `Cannot start the media process: ${reason}`, {
      cause: error,
    });
  }
}

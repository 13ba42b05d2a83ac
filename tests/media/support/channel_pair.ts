/** Both sides of a channel in one process, and what each has heard. */
import { Channel, type Serve } from "../../../src/media/ipc/channel.ts";
import type { Commands, Notices } from "../../../src/media/ipc/messages.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A channel, with the server's side and the child's. */
export class ChannelPair {
  readonly clock = new FakeClock();
  /** The names of what the child's side has heard, and the server's. */
  readonly heard: string[] = [];
  readonly told: string[] = [];
  /** Messages of the log of the child's side. */
  readonly logged: string[] = [];
  readonly server: Channel<Commands, Notices>;
  readonly child: Channel<Notices, Commands>;
  /** Answers what the server asks. */
  serve: Serve = () => Promise.resolve({});
  /** Who hears a notice of this name fails. */
  fault: string | undefined;
  readonly #toServer = new TransformStream<Uint8Array, Uint8Array>();
  readonly #toChild = new TransformStream<Uint8Array, Uint8Array>();
  readonly #raw: WritableStreamDefaultWriter<Uint8Array>;

  constructor() {
    const raw = new TransformStream<Uint8Array, Uint8Array>();
    this.#raw = raw.writable.getWriter();
    this.server = new Channel<Commands, Notices>({
      readable: merged(raw.readable, this.#toServer.readable),
      writable: this.#toChild.writable,
      clock: this.clock,
      heard: this.#hear(this.told),
    });
    this.child = new Channel<Notices, Commands>({
      readable: this.#toChild.readable,
      writable: this.#toServer.writable,
      clock: this.clock,
      heard: this.#hear(this.heard),
      serve: (name, body) => this.serve(name, body),
      log: {
        debug() {},
        info() {},
        warn() {},
        error: (message) => this.logged.push(message),
      },
    });
  }

  /** Writes something of its own to the server's side. */
  async writeToServer(text: string): Promise<void> {
    // It may have ended over the first half.
    await this.#raw.write(new TextEncoder().encode(text)).catch(() => {});
  }

  /** Ends both sides. */
  async close(): Promise<void> {
    this.server.close("the test is over");
    this.child.close("the test is over");
    await Promise.all([this.server.closed, this.child.closed]);
  }

  // deno-lint-ignore no-explicit-any -- One note-taker for every name.
  #hear(into: string[]): any {
    const names = [
      ...["openRoom", "addParticipant", "removeParticipant", "restartSubscription", "closeRoom"],
      ...["published", "unpublished", "log"],
    ];
    return Object.fromEntries(names.map((name) => [name, () => {
      into.push(name);
      if (name === this.fault) throw new TypeError("a fault");
    }]));
  }
}

/** What comes of either, as it comes; ends with the second. */
function merged(
  one: ReadableStream<Uint8Array>,
  other: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      const pass = async (stream: ReadableStream<Uint8Array>) => {
        try {
          for await (const bytes of stream) controller.enqueue(bytes);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
      };
      // Each ends the stream, and one that ends twice has ended.
      Promise.allSettled([pass(one), pass(other)]);
    },
  });
}

/** A process with transports of the native addon, and what a test says to it. */
import { readLines } from "../../src/media/ipc/lines.ts";
import type { TransportOptions } from "../../src/media/sfu/transport.ts";
import { freeUdpPort } from "./ports.ts";
import { waitUntil } from "./wait_until.ts";

/** What the laboratory has refused, with the code of a MediaError. */
export class LabError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** One process. */
export class TransportLab {
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;

  private constructor(port: number) {
    this.port = port;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--v8-flags=--expose-gc",
        new URL("transport_lab_program.ts", import.meta.url).pathname,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = readLines(this.#child.stdout, 16_000_000);
  }

  /** Starts one whose transports share a free port of 127.0.0.1. */
  static async start(): Promise<TransportLab> {
    const lab = new TransportLab(await freeUdpPort());
    await lab.ask("open", { port: lab.port, bindAddress: "127.0.0.1" });
    return lab;
  }

  /** The same, with a port for relays over TCP beside it. */
  static async startRelayed(): Promise<TransportLab> {
    const port = await freeUdpPort(1);
    const lab = new TransportLab(port);
    await lab.ask("open", { port, relayedPort: port + 1, bindAddress: "127.0.0.1" });
    return lab;
  }

  /** Starts one that has no port yet. */
  static async idle(): Promise<TransportLab> {
    return new TransportLab(await freeUdpPort());
  }

  /** Gives a command, one at a time. Rejects with LabError, or when the process has ended. */
  async ask<T = unknown>(name: string, ask: object = {}): Promise<T> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify({ name, ask })}\n`));
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The process ended over "${name}"`);
    const result = JSON.parse(value) as { value: T; error?: string; code?: string };
    if (result.error !== undefined) throw new LabError(result.error, result.code);
    return result.value;
  }

  /** Creates a transport. */
  async create(id: string, options: TransportOptions): Promise<void> {
    await this.ask("create", { id, options });
  }

  /** Waits until a transport was told of something that begins with `event`. */
  async until(id: string, event: string): Promise<string> {
    let found: string | undefined;
    await waitUntil(async () => {
      const events = await this.ask<string[]>("events", { id });
      found = events.find((one) => one.startsWith(event));
      return found === undefined ? `the events are ${events}` : undefined;
    });
    return found!;
  }

  /** Waits until a peer has heard something. */
  async untilHeard(id: string, expected: string): Promise<void> {
    await waitUntil(async () => {
      const heard = await this.ask<string[]>("peerHeard", { id });
      return heard.includes(expected) ? undefined : `it has heard ${heard}`;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#child.status;
    await this.#lines.return(undefined);
  }
}

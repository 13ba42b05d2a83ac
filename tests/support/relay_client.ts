/**
 * Clients of a real server that send and get frames over the socket: a source that keeps a camera's
 * pace and gives key frames when it is asked, and viewers who can stop to read.
 */
import { Connection } from "../../cli/client.ts";
import { type Cancel, systemClock } from "../../src/base/mod.ts";
import { decodeRelayFrame, RELAY_HEADER_BYTES, type RelayFrame } from "../../src/protocol/mod.ts";
import { relayFrame } from "./relay_frames.ts";
import { waitUntil } from "./wait_until.ts";

/** A frame each 20 ms; sound has that rhythm. */
const PERIOD_MS = 20;

/** Any message of the server. */
type Message = Readonly<Record<string, unknown>>;

/** A member of a room, over a real socket. */
export class RelayClient {
  /** Everything that came as text. */
  readonly messages: Message[] = [];
  /** The headers of the frames that came, and whether what they carried was as it was sent. */
  readonly frames: (Omit<RelayFrame, "payload"> & { readonly isWhole: boolean })[] = [];
  /** The close code, once it has ended. */
  closeCode: number | undefined;
  #connection: Connection | undefined;

  /** Connects and joins; `fields` of the join. */
  static async join(url: string, fields: Message): Promise<RelayClient> {
    const client = new RelayClient();
    client.#connection = await Connection.connect(url, {
      timeoutMs: 10_000,
      onMessage: (message) => client.messages.push(message as Message), // The server sends objects.
      onBytes: (bytes) => client.#receive(bytes),
      onEnd: ({ code }) => client.closeCode = code,
    });
    client.say({ type: "join", ...fields });
    await client.hear("joined");
    return client;
  }

  /** Sends a message. */
  say(message: Message): void {
    this.#connection!.send(message);
  }

  /** Sends a frame. */
  show(frame: Uint8Array): void {
    this.#connection!.sendBinary(frame);
  }

  /** Waits for a message of that type, the newest of them. */
  async hear(type: string): Promise<Message> {
    let found: Message | undefined;
    await waitUntil(() => {
      found = this.messages.findLast((message) => message.type === type);
      const types = this.messages.map((message) => message.type);
      return found === undefined ? `no ${type} among ${types}` : undefined;
    });
    return found!;
  }

  /** How many messages of that type have come. */
  count(type: string): number {
    return this.messages.filter((message) => message.type === type).length;
  }

  /** Stops to read, or reads on. */
  read(isReading: boolean): void {
    if (isReading) this.#connection!.resumeReading();
    else this.#connection!.pauseReading();
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#connection!.resumeReading();
    await this.#connection!.close();
  }

  #receive(bytes: Uint8Array): void {
    const { payload, ...header } = decodeRelayFrame(bytes)!; // The server passes on what it has read.
    this.frames.push({ ...header, isWhole: payload.every((byte) => byte === header.number % 256) });
  }
}

/** A camera and a microphone whose frames a client sends. */
export class RelaySender {
  readonly #client: RelayClient;
  readonly #bytesPerPicture: number;
  readonly #cancel: Cancel;
  #answered = 0;
  /** Pictures so far, and packets of sound. */
  count = 0;

  /** Begins to send, with a key frame. */
  constructor(client: RelayClient, bytesPerPicture: number) {
    this.#client = client;
    this.#bytesPerPicture = bytesPerPicture;
    this.#cancel = systemClock.every(PERIOD_MS, () => this.#send());
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#cancel();
  }

  #send(): void {
    const number = ++this.count;
    const asked = this.#client.count("relay-key-frame");
    const isKey = number === 1 || asked > this.#answered;
    this.#answered = asked;
    const timestampUs = number * PERIOD_MS * 1_000;
    const common = { number, timestampUs };
    this.#client.show(filled({ kind: "vp8", isKey, length: this.#bytesPerPicture, ...common }));
    this.#client.show(filled({ kind: "opus", length: 100, width: 0, height: 0, ...common }));
  }
}

/** A frame whose payload is its number, so that a receiver sees what does not belong there. */
function filled(options: Parameters<typeof relayFrame>[0] & { number: number }): Uint8Array {
  const frame = relayFrame(options);
  frame.fill(options.number % 256, RELAY_HEADER_BYTES);
  return frame;
}

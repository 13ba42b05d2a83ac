/**
 * A capture of one participant's packets as a pcap stream, for whoever looks for a fault. The media
 * room makes one for each `MediaRoom.capture` and feeds it; it ends by itself at its bounds.
 */
import type { Cancel, Clock } from "../../base/mod.ts";
import type { CaptureOptions, MediaChannel } from "../port.ts";
import { type PacketDirection, pcapFileHeader, pcapRecord } from "./pcap.ts";

/** What waits for a reader that is behind; beyond, packets are left out: media must not wait. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** What a capture is made with. */
export type PacketCaptureOptions = CaptureOptions & {
  readonly clock: Clock;
  /** It is over, by its bounds or by its reader; not after {@linkcode PacketCapture.close}. */
  readonly ended: () => void;
};

/** A capture that runs until it is over. */
export class PacketCapture {
  /** The file as it comes about; cancelling it ends the capture. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #options: PacketCaptureOptions;
  readonly #cancelEnd: Cancel;
  #controller!: ReadableStreamDefaultController<Uint8Array>; // Set by `start`, which runs at once.
  #leftBytes: number;
  #dropped = 0;
  #isOver = false;

  /** Begins at once, with an empty file. */
  constructor(options: PacketCaptureOptions) {
    this.#options = options;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => this.#controller = controller,
      cancel: () => this.#end(),
    }, { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk!.length });
    this.#leftBytes = options.maxBytes;
    this.#cancelEnd = options.clock.after(options.maxMs, () => this.#finish());
    this.#write(pcapFileHeader());
  }

  /** Whether it takes nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How many packets were left out because the reader was behind. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes down a packet; its bytes are copied. */
  packet(channel: MediaChannel, direction: PacketDirection, bytes: Uint8Array): void {
    if (this.#isOver) return;
    if ((this.#controller.desiredSize ?? 0) <= 0) {
      this.#dropped++;
      return;
    }
    this.#write(pcapRecord({ atMs: this.#options.clock.now(), channel, direction, bytes }));
  }

  /** Whoever made it is done: the file ends here. Idempotent. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelEnd();
    this.#controller.close();
  }

  /** A file never holds half a record. */
  #write(bytes: Uint8Array): void {
    if (bytes.length > this.#leftBytes) return this.#finish();
    this.#leftBytes -= bytes.length;
    this.#controller.enqueue(bytes);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#controller.close();
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelEnd();
    this.#options.ended();
  }
}

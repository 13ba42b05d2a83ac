/** Transports of memory: what the SFU sends is kept, what a browser sends is handed in by the test. */
import type {
  Transport,
  TransportEvents,
  TransportFactory,
  TransportOptions,
} from "../../../src/media/sfu/transport.ts";

/** One transport, with the other end in the test's hands. */
export class MemoryTransport implements Transport {
  readonly options: TransportOptions;
  readonly events: TransportEvents;
  /** Copies of all packets that were sent. */
  readonly sent: Uint8Array[] = [];
  readonly messages: Uint8Array[] = [];
  bufferedAmount = 0;
  isOpen = false;
  isClosed = false;

  constructor(options: TransportOptions, events: TransportEvents) {
    this.options = options;
    this.events = events;
  }

  /** The browser has connected. */
  open(): void {
    this.isOpen = true;
    this.events.opened();
  }

  /** The browser sends a packet. */
  receive(bytes: Uint8Array): void {
    this.events.packet(bytes);
  }

  /** The path breaks. */
  fail(reason = "failed"): void {
    this.isOpen = false;
    this.events.closed(reason);
  }

  send(packet: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.sent.push(packet.slice());
    return true;
  }

  sendMessage(bytes: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.messages.push(bytes.slice());
    return true;
  }

  close(): void {
    this.isOpen = false;
    this.isClosed = true;
  }
}

/** Makes them, and knows which belongs to which browser. */
export class MemoryTransports implements TransportFactory {
  readonly fingerprint = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
  readonly candidates = [{ address: "192.0.2.7", port: 50_000, priority: 2_130_706_431 }];
  readonly made: MemoryTransport[] = [];

  create(options: TransportOptions, events: TransportEvents): MemoryTransport {
    const transport = new MemoryTransport(options, events);
    this.made.push(transport);
    return transport;
  }

  /** The transport to the browser with that user name; the newest where there are several. */
  to(usernameFragment: string): MemoryTransport {
    const found = this.made.findLast(({ options }) =>
      options.remote.usernameFragment === usernameFragment
    );
    if (found === undefined) throw new Error(`No transport to ${usernameFragment}`);
    return found;
  }
}

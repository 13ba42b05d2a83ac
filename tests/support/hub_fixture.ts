/**
 * A hub on a clock that stands still, with sockets that are plain objects: what is sent is there to
 * read, what is closed says how. The socket pair of the signaling tests.
 */
import { type ClientOrigin, PasscodeHasher } from "../../src/access/mod.ts";
import { type Logger, silentLogger } from "../../src/base/mod.ts";
import { type ServerMessage, SUBPROTOCOL, unpackFrame } from "../../src/protocol/mod.ts";
import {
  Hub,
  type HubOptions,
  type SignalingObserver,
  type Socket,
  type SocketListener,
} from "../../src/signaling/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { ScriptedRandom } from "./scripted_random.ts";
import { waitUntil } from "./wait_until.ts";

/** A socket whose peer takes everything at once, unless told otherwise. */
export class FakeSocket implements Socket {
  readonly protocol: string;
  readonly frames: string[] = [];
  /** What came as binary frames. */
  readonly bytes: Uint8Array[] = [];
  bufferedBytes = 0;
  closed: { code: number; reason: string } | undefined;
  /** The peer answers the closing handshake at once. */
  onClosed: () => void = () => {};
  /** Whether the peer reads; a stalled one lets the bytes pile up. */
  isReading = true;

  constructor(protocol: string) {
    this.protocol = protocol;
  }

  send(frame: string): void {
    if (this.closed !== undefined) return;
    if (this.isReading) this.frames.push(frame);
    else this.bufferedBytes += frame.length;
  }

  sendAll(frames: readonly string[]): void {
    for (const frame of frames) this.send(frame);
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.closed !== undefined) return;
    // As a socket does: what is changed later is not what was sent.
    if (this.isReading) this.bytes.push(bytes.slice());
    else this.bufferedBytes += bytes.length;
  }

  close(code: number, reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = { code, reason };
    this.onClosed();
  }

  closeLingering(code: number, reason: string): void {
    this.close(code, reason);
  }
}

/** A client of the hub: it says and hears, without a network. */
export class FakeClient {
  readonly socket: FakeSocket;
  readonly listener: SocketListener;
  readonly #clock: FakeClock;
  #read = 0;

  constructor(listener: SocketListener, socket: FakeSocket, clock: FakeClock) {
    this.listener = listener;
    this.socket = socket;
    this.#clock = clock;
    socket.onClosed = () => listener.onClosed({ isClean: true });
    listener.onOpen(socket);
  }

  /** Sends one message and ends the turn. */
  say(message: Record<string, unknown>): void {
    this.sayText(JSON.stringify(message));
  }

  /** Sends one frame as it is and ends the turn. */
  sayText(text: string): void {
    this.listener.onFrame(text);
    this.#clock.endTurn();
  }

  /** Sends one binary frame and ends the turn. */
  sayBytes(bytes: Uint8Array): void {
    this.listener.onBytes(bytes);
    this.#clock.endTurn();
  }

  /** What came since the last look, as messages. */
  heard(): ServerMessage[] {
    const frames = this.socket.frames.slice(this.#read);
    this.#read = this.socket.frames.length;
    // The fixture reads what the server itself has typed.
    return frames.flatMap((frame) => unpackFrame(frame)) as ServerMessage[];
  }

  /** The types of what came since the last look. */
  heardTypes(): string[] {
    return this.heard().map(({ type }) => type);
  }

  /** Waits until something new was sent to it, for a request that the hub cannot answer at once. */
  async untilHeard(): Promise<ServerMessage[]> {
    await waitUntil(() => {
      this.#clock.endTurn();
      return this.socket.frames.length > this.#read ? undefined : "nothing was heard";
    });
    return this.heard();
  }

  /** The network goes away without a word. */
  drop(): void {
    this.#closed({ isClean: false });
  }

  /** The client closes the socket. */
  close(): void {
    this.#closed({ isClean: true });
  }

  #closed(end: { isClean: boolean }): void {
    this.socket.onClosed = () => {};
    this.listener.onClosed(end);
    this.#clock.endTurn();
  }
}

/** Counts what the hub reports. */
export class CountingObserver implements SignalingObserver {
  readonly counts: Record<string, number> = {};
  connectionOpened = () => this.#add("opened", 1);
  connectionClosed = () => this.#add("closed", 1);
  messageReceived = (type: string) => this.#add(`in ${type}`, 1);
  messageSent = (type: string, count: number) => this.#add(`out ${type}`, count);
  errorRaised = (code: string) => this.#add(`error ${code}`, 1);
  fannedOut = () => this.#add("fanned out", 1);
  frameReceived = () => this.#add("frame in", 1);
  frameSent = () => this.#add("frame out", 1);
  framesDropped = (why: string, count: number) => this.#add(`frame dropped ${why}`, count);

  #add(name: string, count: number): void {
    this.counts[name] = (this.counts[name] ?? 0) + count;
  }
}

/** What a test may set; the rest is generous. */
export type HubFixtureOptions =
  & Partial<Omit<HubOptions, "limits" | "rates" | "clock">>
  & {
    limits?: Partial<HubOptions["limits"]>;
    rates?: Partial<HubOptions["rates"]>;
    clock?: FakeClock;
  };

/** A rate that no test reaches by accident. */
const UNBOUND = { perSecond: 1_000_000, burst: 1_000_000 };

/** A hub and the means to watch it. */
export class HubFixture {
  readonly clock: FakeClock;
  readonly observer = new CountingObserver();
  readonly hub: Hub;

  constructor(options: HubFixtureOptions = {}) {
    this.clock = options.clock ?? new FakeClock();
    const log: Logger = silentLogger;
    this.hub = new Hub({
      random: new ScriptedRandom(),
      log,
      observer: this.observer,
      iceServers: [{ urls: "stun:stun.example.org" }],
      heartbeatMs: 15_000,
      resumeGraceMs: 15_000,
      maxConnections: 100,
      maxRooms: 100,
      hasher: new PasscodeHasher({ cost: { N: 2 } }),
      ...options,
      clock: this.clock,
      rates: { user: UNBOUND, network: UNBOUND, room: UNBOUND, ...options.rates },
      limits: {
        maxMessageBytes: 65_536,
        messagesPerSecond: 100,
        messageBurst: 1_000,
        maxBufferedBytes: 100_000,
        maxParticipants: 50,
        ...options.limits,
      },
    });
  }

  /** Opens a connection; its welcome is there to be heard. */
  connect(protocol: string = SUBPROTOCOL, origin: ClientOrigin = {}): FakeClient {
    const listener = this.hub.listener(origin);
    const client = new FakeClient(listener, new FakeSocket(protocol), this.clock);
    this.clock.endTurn();
    return client;
  }

  /** Opens a connection, joins, and hears the answer. */
  join(roomId: string, userId: string, more: Record<string, unknown> = {}): FakeClient {
    const client = this.connect();
    client.say({ type: "join", roomId, userId, ...more });
    client.heard();
    return client;
  }
}

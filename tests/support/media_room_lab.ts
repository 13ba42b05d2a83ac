/**
 * Synthetic users in a room of the SFU, without a network: packets go from one side to the other when
 * the clock moves on, and what the room tells arrives as the messages of the wire. Tests of the harness
 * break it in one place and look whether that is found.
 */
import type { MediaEngine } from "../../cli/media/engine.ts";
import { MediaRun } from "../../cli/media/media_run.ts";
import type { MediaSettings } from "../../cli/media/media_settings.ts";
import { SOURCES } from "../../cli/media/media_sender.ts";
import type { MediaRequest, MediaUser } from "../../cli/media/media_user.ts";
import { type Answer, type Finding, RunRecord } from "../../cli/verify/mod.ts";
import { MediaError, type MediaRoomEvents } from "../../src/media/port.ts";
import { SfuRoom } from "../../src/media/sfu/room.ts";
import type {
  Transport,
  TransportEvents,
  TransportFactory,
  TransportOptions,
} from "../../src/media/sfu/transport.ts";
import type { PublishedMedia, RoomId, ServerMessage, UserId } from "../../src/protocol/mod.ts";
import { FakeClock } from "./fake_clock.ts";

/** What the users are asked to do where a test says nothing else. */
export const MEDIA: MediaSettings = {
  kind: "synthetic",
  durationMs: 1_000,
  videoKbps: 100,
  lossRatio: 0,
  maxLossRatio: 0.003,
};

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("0A").join(":") };
const ROOM = "test" as RoomId; // A good room id.

/** Changes a packet on its way, or lets it get lost (undefined); connections are numbered. */
export type OnTheWay = (packet: Uint8Array, connection: number) => Uint8Array | undefined;

/** What may be broken. */
export type LabOptions = {
  readonly settings?: Partial<MediaSettings>;
  /** From the server to a user. Default: nothing is changed. */
  readonly down?: OnTheWay;
  /** From a user to the server. Default: nothing is changed. */
  readonly up?: OnTheWay;
  /** Changes, or swallows, what the server says to a user. Default: nothing is changed. */
  readonly said?: (message: ServerMessage, to: string) => ServerMessage | undefined;
};

/** A room and its users. */
export class MediaRoomLab {
  readonly clock = new FakeClock();
  readonly run = new RunRecord();
  readonly media: MediaRun;
  readonly room: SfuRoom;
  readonly #options: LabOptions;
  readonly #network: MemoryNetwork;

  constructor(options: LabOptions = {}) {
    const { clock, run } = this;
    this.#options = options;
    this.#network = new MemoryNetwork(options);
    this.media = new MediaRun({
      settings: { ...MEDIA, ...options.settings },
      engine: this.#network.engine,
      clock,
      run,
      seed: 1,
    });
    this.room = new SfuRoom({
      ...{ roomId: ROOM, clock, lastN: 25, transports: this.#network.server },
      events: this.#events(),
    });
  }

  /** What is wrong, as `rule: message`. */
  get found(): string[] {
    return this.run.findings.kept.map(({ rule, message }) => `${rule}: ${message}`);
  }

  /** What is wrong, in full. */
  get findings(): readonly Finding[] {
    return this.run.findings.kept;
  }

  /** Lets users in, who publish, and waits until all get everything, or three seconds have passed. */
  async gather(...userIds: string[]): Promise<MediaUser[]> {
    const users = userIds.map((userId) => this.join(userId));
    this.media.start();
    await Promise.all(users.map((user) => user.publish(SOURCES)));
    await this.pass(3_000);
    return users;
  }

  /** Lets one in. */
  join(userId: string): MediaUser {
    const user = this.media.add({ userId, roomId: ROOM, members: 4 }, {
      ask: (message) => this.#ask(userId as UserId, message), // Good user ids all.
      complain: (rule, problem) =>
        this.run.findings.add({ rule, roomId: ROOM, userId, ...problem }),
    });
    this.room.addParticipant(userId as UserId);
    return user;
  }

  /** Lets time pass; what is sent meanwhile arrives. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      this.clock.advance(5);
      this.#network.deliver();
      await Promise.resolve(); // Whoever waits for an answer goes on.
    }
  }

  /** Lets time pass until `promise` has settled. */
  async passUntil(promise: Promise<void>): Promise<void> {
    let isSettled = false;
    const settled = promise.finally(() => isSettled = true);
    settled.catch(() => {}); // Whoever called hears of it below.
    while (!isSettled) await this.pass(5);
    await settled;
  }

  /** Ends the run, and judges it. */
  end(): void {
    this.media.finish();
    this.room.close();
  }

  #events(): MediaRoomEvents {
    const say = (to: string, message: ServerMessage) => this.#say(to, message);
    const others = (userId: string) =>
      this.media.users.filter((user) => user.userId !== userId).map((user) => user.userId);
    return {
      published: (userId, track) =>
        others(userId).forEach((to) => say(to, { type: "track-published", userId, track })),
      unpublished: (userId, { trackId }) =>
        others(userId).forEach((to) => say(to, { type: "track-unpublished", userId, trackId })),
      subscriptionOffered: (userId, { connection, sdp, tracks }) =>
        say(userId, {
          type: "subscription-offer",
          connection,
          tracks: [...tracks],
          description: { type: "offer", sdp },
        }),
      subscriptionUpdated: (userId, { connection, tracks }) =>
        say(userId, { type: "subscription-updated", connection, tracks: [...tracks] }),
      layersWanted: (userId, wanted) => say(userId, { type: "wanted-layers", ...wanted }),
      connectionLost: (userId, channel) => say(userId, { type: "media-lost", channel }),
      speakersChanged() {},
      restarted() {},
      recordingEnded() {},
    };
  }

  #say(to: string, message: ServerMessage): void {
    const { said = (one) => one } = this.#options;
    const heard = said(message, to);
    const user = this.media.users.find(({ userId }) => userId === to);
    // By its own way, so that nothing is said within what it is about.
    if (heard !== undefined) this.clock.after(0, () => user?.receive(heard));
  }

  async #ask(userId: UserId, message: MediaRequest): Promise<Answer> {
    await Promise.resolve();
    try {
      this.#do(userId, message);
      return { isOk: true, code: "" };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      this.run.findings.add({
        ...{ rule: "ER1", roomId: ROOM, userId, message: message.type },
        ...{ expected: "success", seen: error.message },
      });
      return { isOk: false, code: error.code };
    }
  }

  #do(userId: UserId, message: MediaRequest): void {
    const sdp = (message.description as { sdp: string } | undefined)?.sdp ?? "";
    switch (message.type) {
      case "publish": {
        const tracks = message.tracks as PublishedMedia[]; // As the sender wrote them.
        const answer = this.room.publish(userId, { sdp, tracks });
        const user = this.media.users.find((one) => one.userId === userId);
        return user?.receive({
          type: "published",
          description: { type: "answer", sdp: answer.sdp },
          tracks: answer.tracks,
        });
      }
      case "subscription-answer":
        return this.room.answer(userId, { connection: Number(message.connection), sdp });
      case "subscribe":
        return this.room.subscribe(userId, {
          trackId: `${message.trackId}`,
          isPaused: message.paused === true,
        });
      case "restart-subscription":
        return this.room.restartSubscription(userId);
    }
  }
}

/** Both ends of every connection; a packet waits until it is delivered. */
class MemoryNetwork {
  readonly server: TransportFactory;
  readonly engine: MediaEngine;
  readonly #options: LabOptions;
  readonly #underWay: (() => void)[] = [];
  #connections = 0;
  /** Ends by the user name of the client: those that wait for the other one. */
  readonly #servers = new Map<string, MemoryEnd>();
  readonly #clients = new Map<string, MemoryEnd>();

  constructor(options: LabOptions) {
    this.#options = options;
    this.server = {
      fingerprint: FINGERPRINT,
      candidates: [{ address: "192.0.2.7", port: 50_000, priority: 2_130_706_431 }],
      create: (offered, events) => this.#serve(offered, events),
    };
    this.engine = {
      fingerprint: FINGERPRINT,
      connect: ({ local }, events) => {
        const end = new MemoryEnd(events, (packet) => this.#send(packet, end, "up"));
        const server = this.#servers.get(local.usernameFragment);
        if (server === undefined) this.#clients.set(local.usernameFragment, end);
        else this.#join(end, server);
        return end;
      },
      close() {},
    };
  }

  /** What was sent until now arrives. */
  deliver(): void {
    for (const arrive of this.#underWay.splice(0)) arrive();
  }

  #serve({ remote }: TransportOptions, events: TransportEvents): Transport {
    const end = new MemoryEnd(events, (packet) => this.#send(packet, end, "down"));
    const client = this.#clients.get(remote.usernameFragment);
    if (client === undefined) this.#servers.set(remote.usernameFragment, end);
    else this.#join(client, end);
    return end;
  }

  #join(client: MemoryEnd, server: MemoryEnd): void {
    client.other = server;
    server.other = client;
    client.number = server.number = this.#connections++;
    this.#underWay.push(() => client.open(), () => server.open());
  }

  #send(packet: Uint8Array, from: MemoryEnd, way: "up" | "down"): void {
    const change = this.#options[way] ?? ((one) => one);
    const { other, number } = from;
    this.#underWay.push(() => {
      const arrived = change(packet, number);
      if (arrived !== undefined) other?.arrive(arrived);
    });
  }
}

/** One end of a connection. */
class MemoryEnd implements Transport {
  isOpen = false;
  bufferedAmount = 0;
  other: MemoryEnd | undefined;
  number = -1;
  readonly #events: TransportEvents;
  readonly #sent: (packet: Uint8Array) => void;

  constructor(events: TransportEvents, sent: (packet: Uint8Array) => void) {
    this.#events = events;
    this.#sent = sent;
  }

  open(): void {
    this.isOpen = true;
    this.#events.opened();
  }

  arrive(packet: Uint8Array): void {
    if (this.isOpen) this.#events.packet(packet);
  }

  send(packet: Uint8Array): boolean {
    if (this.isOpen) this.#sent(packet.slice());
    return this.isOpen;
  }

  sendMessage(): boolean {
    return false;
  }

  close(): void {
    this.isOpen = false;
  }
}

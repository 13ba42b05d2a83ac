/**
 * Meshes that talk to each other over a wire that a test turns by hand: each direction keeps its
 * order, and nothing else is promised. Fake connections, a fake clock.
 */
import type { ClientMessage, ServerMessage, UserId } from "../../../src/protocol/mod.ts";
import { Mesh } from "../../../static/call/mesh.ts";
import type { CallPlatform } from "../../../static/call/platform.ts";
import type { ByteChannel } from "../../../static/call/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeNetwork, FakePeerConnection } from "./fake_peer_connection.ts";

/** Turns of the microtask queue after which nothing is under way. */
const QUIET_TURNS = 200;

/** A user id of a test. */
export function user(name: string): UserId {
  return name as UserId; // Branded, and any string of letters is one.
}

/** What is on its way, by receiver. */
type Sent = { from: UserId; message: ClientMessage & { to: UserId } };

/** One participant. */
export interface Caller {
  readonly userId: UserId;
  readonly mesh: Mesh;
  /** The connections that it made, oldest first. */
  readonly connections: FakePeerConnection[];
  readonly faults: unknown[];
  readonly channels: ByteChannel[];
  changes: number;
  /** Whether its socket takes messages. */
  isOnline: boolean;
}

/** A room of callers. */
export class CallFixture {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork();
  readonly callers: Caller[] = [];
  /** By `from>to`. */
  readonly wire = new Map<string, Sent[]>();
  /** Everything that was ever sent. */
  readonly sent: Sent[] = [];
  #links = 0;

  /** Somebody who is alone so far. */
  add(name: string): Caller {
    const connections: FakePeerConnection[] = [];
    const faults: unknown[] = [];
    const channels: ByteChannel[] = [];
    const userId = user(name);
    const platform: CallPlatform = {
      clock: this.clock,
      connect: () => {
        const connection = new FakePeerConnection(this.network);
        connections.push(connection);
        return connection as unknown as RTCPeerConnection; // As far as a call uses one.
      },
      createStream: () => ({}) as MediaStream, // Only handed on.
      videoCodecs: () =>
        ["video/VP8", "video/rtx", "video/VP9"].map((mimeType) => ({
          mimeType,
          clockRate: 90_000,
        })),
      randomId: () => `${name}-${++this.#links}`,
    };
    const mesh = new Mesh({
      selfId: userId,
      topology: "mesh",
      iceServers: [],
      platform,
      send: (message) => this.#send(caller, message),
      events: {
        changed: () => caller.changes++,
        channelOpened: (_from, channel) => channels.push(channel),
      },
      faulted: (_userId, fault) => faults.push(fault),
    });
    const caller: Caller = {
      ...{ userId, mesh, connections, faults, channels },
      ...{ changes: 0, isOnline: true },
    };
    this.callers.push(caller);
    return caller;
  }

  /** All are told of all. */
  meet(): void {
    const everybody = this.callers.map(({ userId }) => userId);
    for (const { mesh } of this.callers) mesh.setOthers(everybody);
  }

  /** Lets one message through in a direction, or loses it; false when there is none. */
  deliver(from: Caller, to: Caller, isLost = false): boolean {
    const sent = this.wire.get(`${from.userId}>${to.userId}`)?.shift();
    if (sent === undefined) return false;
    const { to: _to, ...rest } = structuredClone(sent.message);
    // What the server makes of it: `from` in place of `to`.
    if (!isLost) to.mesh.receive({ ...rest, from: sent.from } as unknown as ServerMessage);
    return true;
  }

  /** Lets a message of a test's own through. */
  say(to: Caller, message: Record<string, unknown>): void {
    to.mesh.receive(message as unknown as ServerMessage); // It may be one that no server sends.
  }

  /** Delivers everything, until nobody has anything to say. */
  async settle(): Promise<void> {
    for (let isBusy = true; isBusy;) {
      await turns(QUIET_TURNS);
      isBusy = false;
      for (const from of this.callers) {
        for (const to of this.callers) while (this.deliver(from, to)) isBusy = true;
      }
    }
  }

  /** Lets time pass, and what it brings about happen. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      this.clock.advance(Math.min(left, 500));
      await this.settle();
    }
  }

  /** Ends everybody's call. */
  close(): void {
    for (const { mesh } of this.callers) mesh.close();
  }

  #send(caller: Caller, message: ClientMessage): boolean {
    if (!caller.isOnline) return false;
    const relayed = message as Sent["message"]; // A mesh sends nothing else.
    const key = `${caller.userId}>${relayed.to}`;
    const sent = { from: caller.userId, message: structuredClone(relayed) };
    this.wire.set(key, [...(this.wire.get(key) ?? []), sent]);
    this.sent.push(sent);
    return true;
  }
}

/** Lets so many turns of the microtask queue pass. */
export async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await Promise.resolve();
}

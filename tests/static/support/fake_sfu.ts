/**
 * A server that carries media, as far as the wire goes (rules PB1-PB6, SB1-SB5): it answers and offers
 * by fake connections, reuses m-lines, and tells everybody what others send. A test turns the wire by
 * hand, refuses what it wants refused, and says what has come.
 */
import type {
  ClientMessage,
  ServerMessage,
  TrackSource,
  UserId,
} from "../../../src/protocol/mod.ts";
import type { CallPlatform } from "../../../static/call/platform.ts";
import { SfuCall } from "../../../static/call/sfu/sfu_call.ts";

import { kindOf, slotOf } from "../../../static/call/slot_kinds.ts";
import type { Slot } from "../../../static/call/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { turns, user } from "./call_fixture.ts";
import { FakeNetwork, FakePeerConnection, type FakeSdp } from "./fake_peer_connection.ts";

/** Turns of the microtask queue after which nothing is under way. */
const QUIET_TURNS = 60;

type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;
type Track = { trackId: string; source: TrackSource; mid: string };
/** An m-line to a subscriber, and what it carries. */
type Line = { mid: string; kind: string; carries: (Track & { userId: UserId }) | undefined };
type Publication = { connection: FakePeerConnection; tracks: Track[] };
type Subscription = {
  number: number;
  connection: FakePeerConnection;
  lines: Line[];
  isOffered: boolean;
  isOfferWanted: boolean;
};

/** One participant, with the server's ends of both connections. */
export interface SfuMember {
  readonly userId: UserId;
  readonly call: SfuCall;
  /** Its connections, oldest first. */
  readonly connections: FakePeerConnection[];
  /** What it sent, oldest first. */
  readonly sent: ClientMessage[];
  readonly faults: unknown[];
  /** The streams that others opened, as `user label`. */
  readonly channels: string[];
  /** What it has not received yet. */
  readonly inbox: ServerMessage[];
  changes: number;
  /** Whether its socket takes messages. */
  isOnline: boolean;
  publication: Publication | undefined;
  subscription: Subscription | undefined;
}

/** A room whose media go through the server. */
export class FakeSfu {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork();
  readonly members: SfuMember[] = [];
  /** Errors with which the next requests of a type are answered. */
  readonly refusals: { type: ClientMessage["type"]; code: string; more?: object }[] = [];
  /** Requests of these types are lost. */
  readonly losses = new Set<ClientMessage["type"]>();
  #ids = 0;
  #numbers = 0;

  /** Somebody joins; the others hear of it. */
  add(name: string): SfuMember {
    const connections: FakePeerConnection[] = [];
    const platform: CallPlatform = {
      clock: this.clock,
      connect: () => {
        const connection = new FakePeerConnection(this.network);
        connections.push(connection);
        return connection as unknown as RTCPeerConnection; // As far as a call uses one.
      },
      createStream: () => ({}) as MediaStream, // Only handed on.
      videoCodecs: () =>
        ["video/AV1", "video/VP8", "video/rtx"].map((mimeType) => ({
          mimeType,
          clockRate: 90_000,
        })),
      randomId: () => name,
    };
    const faults: unknown[] = [];
    const channels: string[] = [];
    const call = new SfuCall({
      selfId: user(name),
      topology: "sfu",
      iceServers: [],
      platform,
      send: (message) => this.#send(member, message),
      events: {
        changed: () => member.changes++,
        channelOpened: (from, { label }) => channels.push(`${from} ${label}`),
      },
      faulted: (fault) => faults.push(fault),
    });
    const member: SfuMember = {
      ...{ userId: user(name), call, connections, faults, channels, sent: [], inbox: [] },
      ...{ changes: 0, isOnline: true, publication: undefined, subscription: undefined },
    };
    this.members.push(member);
    const participants = this.members.map((one) => ({
      ...{ userId: one.userId, role: "participant", state: {}, joinedAt: 0 },
      tracks: one.publication?.tracks.map(({ trackId, source }) => ({ trackId, source })) ?? [],
    }));
    this.say(member, { type: "joined", roomId: "r", userId: name, participants });
    const everybody = this.members.map(({ userId }) => userId);
    for (const one of this.members) {
      one.call.setOthers(everybody);
      const participant = participants.at(-1);
      if (one !== member) this.say(one, { type: "user-joined", userId: name, participant });
    }
    this.#subscribe(member);
    return member;
  }

  /** Says something to a member; it arrives with the next {@linkcode settle}. */
  say(member: SfuMember, message: Record<string, unknown>): void {
    member.inbox.push(structuredClone(message) as unknown as ServerMessage); // As the wire has it.
  }

  /** Delivers everything, until nobody has anything to say. */
  async settle(): Promise<void> {
    for (let isBusy = true; isBusy;) {
      await turns(QUIET_TURNS);
      isBusy = false;
      for (const { inbox, call } of this.members) {
        for (const message of inbox.splice(0)) {
          isBusy = true;
          call.receive(message);
        }
      }
    }
  }

  /** Lets time pass, and what it brings about happen. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.advance(Math.min(left, 50));
      await this.settle();
    }
  }

  /** A connection is gone at the server's end: the member hears of it (rule SB5). */
  lose(member: SfuMember, channel: "publisher" | "subscriber"): void {
    if (channel === "publisher") {
      this.#publish(member, undefined, []);
      member.publication = undefined;
    } else member.subscription = undefined;
    this.say(member, { type: "media-lost", channel });
    if (channel === "subscriber") this.#subscribe(member);
  }

  /** So much has come to a member of what somebody sends. */
  decode(member: SfuMember, from: SfuMember, slot: Slot, count: number, keyFrames = 1): void {
    const { lines = [], connection } = member.subscription ?? {};
    const line = lines.find(({ carries }) =>
      carries?.userId === from.userId && slotOf(carries.source) === slot
    );
    if (line === undefined) throw new Error(`Nothing carries the ${slot} of ${from.userId}`);
    this.clientEnd(member, connection)!.stats.set(line.mid, {
      ...{ id: line.mid, type: "inbound-rtp", mid: line.mid, kind: line.kind },
      ...(line.kind === "video"
        ? { framesDecoded: count, keyFramesDecoded: keyFrames }
        : { packetsReceived: count }),
    });
  }

  /** The member's end of one of the server's connections. */
  clientEnd(member: SfuMember, connection?: FakePeerConnection): FakePeerConnection | undefined {
    return member.connections.find((one) => connection?.isAgreedWith(one));
  }

  /** Ends everybody's call. */
  close(): void {
    for (const { call } of this.members) call.close();
  }

  #send(member: SfuMember, message: ClientMessage): boolean {
    if (!member.isOnline) return false;
    const copy = structuredClone(message);
    member.sent.push(copy);
    if (!this.losses.has(copy.type)) void this.#take(member, copy);
    return true;
  }

  async #take(member: SfuMember, message: ClientMessage): Promise<void> {
    const { requestId } = message;
    const refusal = this.refusals.findIndex(({ type }) => type === message.type);
    if (refusal >= 0) {
      const [{ code, more }] = this.refusals.splice(refusal, 1) as [typeof this.refusals[0]];
      this.say(member, { type: "error", code, message: "Cannot", requestId, ...more });
      return;
    }
    if (message.type === "publish") await this.#offered(member, message);
    if (message.type === "subscription-answer") await this.#answered(member, message);
    if (message.type === "restart-subscription") {
      member.subscription = undefined;
      this.#subscribe(member);
    }
    if (message.type !== "publish" && requestId !== undefined) {
      this.say(member, { type: "ok", requestId });
    }
  }

  async #offered(member: SfuMember, message: Message<"publish">): Promise<void> {
    const { ufrag }: FakeSdp = JSON.parse(message.description.sdp);
    const known = member.publication?.connection;
    const isSame = known?.remoteDescription?.sdp.includes(`"${ufrag}"`) === true;
    const connection = isSame ? known : new FakePeerConnection(this.network);
    await connection.setRemoteDescription(message.description);
    await connection.setLocalDescription();
    const before = isSame ? member.publication!.tracks : [];
    const tracks = message.tracks.map(({ mid, source }): Track => {
      const kept = before.find((one) => one.mid === mid && one.source === source);
      return kept ?? { trackId: `t${++this.#ids}`, source, mid };
    });
    this.say(member, {
      type: "published",
      description: connection.localDescription,
      tracks: tracks.map(({ mid, trackId }) => ({ mid, trackId })),
      requestId: message.requestId,
    });
    this.network.look();
    this.#publish(member, connection, tracks);
  }

  #publish(member: SfuMember, connection: FakePeerConnection | undefined, tracks: Track[]): void {
    const before = member.publication?.tracks ?? [];
    if (connection !== undefined) member.publication = { connection, tracks };
    const isIn = (list: Track[], { trackId }: Track) => list.some((one) => one.trackId === trackId);
    for (const other of this.members) {
      if (other === member) continue;
      const { userId } = member;
      for (const track of before.filter((one) => !isIn(tracks, one))) {
        this.say(other, { type: "track-unpublished", userId, trackId: track.trackId });
      }
      for (const { mid: _, ...track } of tracks.filter((one) => !isIn(before, one))) {
        this.say(other, { type: "track-published", userId, track });
      }
      this.#subscribe(other);
    }
  }

  /** Gives every track of the others an m-line, and tells the member. */
  #subscribe(member: SfuMember): void {
    const wanted = this.members.filter((one) => one !== member).flatMap((one) =>
      (one.publication?.tracks ?? []).map((track) => ({ ...track, userId: one.userId }))
    );
    if (wanted.length === 0 && member.subscription === undefined) return;
    const subscription = member.subscription ??= {
      number: ++this.#numbers,
      connection: new FakePeerConnection(this.network),
      ...{ lines: [], isOffered: false, isOfferWanted: false },
    };
    const { lines } = subscription;
    for (const line of lines) {
      if (!wanted.some(({ trackId }) => trackId === line.carries?.trackId)) {
        line.carries = undefined;
      }
    }
    let isNew = false;
    for (const track of wanted) {
      if (lines.some(({ carries }) => carries?.trackId === track.trackId)) continue;
      const slot = slotOf(track.source)!;
      const free = lines.find(({ kind, carries }) =>
        kind === kindOf(slot) && carries === undefined
      );
      if (free === undefined) {
        isNew = true;
        subscription.connection.addTransceiver(kindOf(slot), { direction: "sendonly" });
        lines.push({ mid: "", kind: kindOf(slot), carries: track });
      } else free.carries = track;
    }
    if (isNew || subscription.isOffered) void this.#offer(member, subscription);
    else this.#tell(member, subscription, "subscription-updated");
  }

  async #offer(member: SfuMember, subscription: Subscription): Promise<void> {
    subscription.isOfferWanted = subscription.isOffered;
    if (subscription.isOffered) return;
    subscription.isOffered = true;
    await subscription.connection.setLocalDescription();
    const mids = subscription.connection.getTransceivers().map(({ mid }) => mid!);
    subscription.lines.forEach((line, index) => line.mid = mids[index] ?? line.mid);
    this.#tell(member, subscription, "subscription-offer");
  }

  #tell(member: SfuMember, { connection, number, lines }: Subscription, type: string): void {
    const tracks = lines.flatMap(({ mid, carries }) =>
      carries === undefined || mid === "" ? [] : [{ ...carries, mid }]
    );
    const description = type === "subscription-offer" ? connection.localDescription : undefined;
    this.say(member, { type, connection: number, description, tracks });
  }

  async #answered(member: SfuMember, answer: Message<"subscription-answer">): Promise<void> {
    const { subscription } = member;
    if (subscription?.number !== answer.connection) return; // Of one that is gone.
    await subscription.connection.setRemoteDescription({
      type: "answer",
      sdp: answer.description.sdp,
    });
    subscription.isOffered = false;
    this.network.look();
    if (subscription.isOfferWanted) void this.#offer(member, subscription);
  }
}

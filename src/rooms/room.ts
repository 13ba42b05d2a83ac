/**
 * A room: its members in join order, and what each request of a member means for the others. Every
 * method is synchronous: it checks, changes state, and returns what is to be said, so that all
 * members see one order (rule OR1). Throws ProtocolError and leaves the room as it was when a request
 * cannot proceed. The registry makes and destroys rooms; nobody else holds on to one.
 */
import {
  type ClientMessageOf,
  type LeaveReason,
  MEDIA_PATHS,
  type MediaPath,
  ProtocolError,
  quoted,
  type RoomId,
  type RoomKind,
  type RoomView,
  type ServerMessageOf,
  type UserId,
} from "../protocol/mod.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import { Participant } from "./participant.ts";

/** A message that goes from one participant to another, unread. */
export type RelayedMessage = ClientMessageOf<"offer" | "answer" | "ice-candidate">;

/** A room as it is at one moment. */
export type Roster = Pick<ServerMessageOf<"joined">, "users" | "participants" | "room">;

/** Who wants to enter. */
export type Entrant = Pick<ClientMessageOf<"join">, "name" | "role"> & { userId: UserId };

/** What a room is made with. */
export type RoomOptions = {
  readonly roomId: RoomId;
  readonly kind: RoomKind;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly maxParticipants: number;
};

/** A room with at least one member, but for the moment of its making. */
export class Room {
  /** The room as its members see it. */
  readonly view: RoomView;
  readonly #maxParticipants: number;
  readonly #members = new Map<UserId, Participant>();
  #broadcaster: Participant | undefined;
  #messages = 0;

  /** An empty room; the registry lets the first member in at once. */
  constructor(options: RoomOptions) {
    const { roomId, kind, createdAt, maxParticipants } = options;
    this.view = { roomId, kind, topology: "mesh", createdAt };
    this.#maxParticipants = maxParticipants;
  }

  /** Names the room. */
  get roomId(): RoomId {
    return this.view.roomId;
  }

  /** The members, in join order. */
  get participants(): Participant[] {
    return [...this.#members.values()];
  }

  /** The room as it is now (rules JO2, RE5, BP2). */
  get roster(): Roster {
    return {
      users: [...this.#members.keys()],
      participants: this.participants.map((member) => member.view),
      room: this.view,
    };
  }

  /** How many members the room has. */
  get size(): number {
    return this.#members.size;
  }

  /** How many of them are viewers. */
  get viewerCount(): number {
    let count = 0;
    for (const member of this.#members.values()) if (member.role === "viewer") count++;
    return count;
  }

  /** Whether a user id is in use. */
  has(userId: UserId): boolean {
    return this.#members.has(userId);
  }

  /** Lets `entrant` in (rules JO1-JO6). */
  join(entrant: Entrant, joinedAt: number): { participant: Participant; outcome: Outcome } {
    const { userId, name, role = "participant" } = entrant;
    const attempt = `Cannot join room "${this.roomId}" as "${userId}"`;
    if (this.#members.has(userId)) {
      throw new ProtocolError("user-id-taken", `${attempt}: the user id is in use`);
    }
    if (this.size >= this.#maxParticipants) {
      throw new ProtocolError(
        "room-full",
        `${attempt}: it holds ${this.size} of ${this.#maxParticipants} participants`,
      );
    }
    if (role === "broadcaster" && this.#broadcaster !== undefined) {
      throw new ProtocolError(
        "broadcaster-taken",
        `${attempt}: "${this.#broadcaster.userId}" is the broadcaster`,
      );
    }
    const participant = new Participant({ userId, name, role, joinedAt });
    const others = this.participants;
    this.#members.set(userId, participant);
    if (role === "broadcaster") this.#broadcaster = participant;
    const { roomId } = this;
    const reply: ServerMessageOf<"joined"> = {
      type: "joined",
      roomId,
      userId,
      ...this.roster,
    };
    return {
      participant,
      outcome: {
        reply,
        outbound: [{
          to: others,
          message: { type: "user-joined", roomId, userId, participant: participant.view },
        }],
      },
    };
  }

  /** Takes `participant` out (rules LE2-LE4). */
  leave(participant: Participant, reason: LeaveReason): Outcome {
    const { roomId } = this;
    const { userId } = participant;
    this.#members.delete(userId);
    if (this.#broadcaster === participant) this.#broadcaster = undefined;
    return {
      reply: { type: "leaved", roomId, userId, reason },
      outbound: [{
        to: this.participants,
        message: { type: "user-left", roomId, userId, reason },
      }],
    };
  }

  /** Passes an offer, an answer or a candidate to its addressee (rules RL1-RL4). */
  relay(sender: Participant, message: RelayedMessage): Outcome {
    const addressee = this.#addressee(sender, message);
    const { to: _to, requestId: _requestId, ...rest } = message;
    // What the schema does not name passes too; `from` comes last so that it is the server's.
    const relayed = { ...rest, from: sender.userId };
    return { reply: undefined, outbound: [{ to: [addressee], message: relayed }] };
  }

  /** Delivers text to the room or to one (rules CH1-CH3). */
  chat(sender: Participant, message: ClientMessageOf<"chat">, at: number): Outcome {
    const { to, others } = this.#audience(sender, message);
    const { text } = message;
    const messageId = `${++this.#messages}`;
    const from = sender.userId;
    return said({ type: "chat", from, text, ...to, at, messageId }, others);
  }

  /** Delivers application data to the room or to one (rule DA1). */
  data(sender: Participant, message: ClientMessageOf<"data">, at: number): Outcome {
    const { to, others } = this.#audience(sender, message);
    const { payload } = message;
    const messageId = `${++this.#messages}`;
    const from = sender.userId;
    return said({ type: "data", from, payload, ...to, at, messageId }, others);
  }

  /** Changes what the sender shows of itself (rule ST1). */
  updateState(sender: Participant, message: ClientMessageOf<"state">): Outcome {
    if (!sender.updateState(message)) return { reply: undefined, outbound: [] };
    const { userId, view: { state } } = sender;
    return {
      reply: undefined,
      outbound: [{
        to: this.#others(sender),
        message: { type: "participant-updated", userId, state },
      }],
    };
  }

  /** Tells the others that a member's connection is lost or back (rule RE3). */
  updateConnected(participant: Participant, connected: boolean): Outbound[] {
    if (!participant.updateConnected(connected)) return [];
    const { userId } = participant;
    return [{
      to: this.#others(participant),
      message: { type: "participant-updated", userId, connected },
    }];
  }

  /** What the last reports of the members add up to, for all of them (rule SS2). */
  summarizeStats(): Outbound {
    let bitrateKbps = 0;
    const paths: Partial<Record<MediaPath, number>> = {};
    for (const { role, report } of this.#members.values()) {
      if (report === undefined) continue;
      if (role !== "viewer") bitrateKbps += report.bitrateKbps ?? 0;
      if (report.path !== undefined) paths[report.path] = (paths[report.path] ?? 0) + 1;
    }
    const ordered = MEDIA_PATHS.filter((path) => paths[path] !== undefined)
      .map((path) => [path, paths[path]]);
    return {
      to: this.participants,
      message: {
        type: "stats-summary",
        viewerCount: this.viewerCount,
        bitrateKbps,
        paths: Object.fromEntries(ordered),
      },
    };
  }

  #others(sender: Participant): Participant[] {
    const others: Participant[] = [];
    for (const member of this.#members.values()) if (member !== sender) others.push(member);
    return others;
  }

  #audience(
    sender: Participant,
    message: ClientMessageOf<"chat" | "data">,
  ): { to: { to?: UserId }; others: Participant[] } {
    const { type, to, from } = message;
    if (to === undefined) {
      refuseForged(sender, { type, from });
      return { to: {}, others: this.#others(sender) };
    }
    return { to: { to }, others: [this.#addressee(sender, { type, to, from })] };
  }

  #addressee(
    sender: Participant,
    message: { type: string; to: UserId; from?: string | undefined },
  ): Participant {
    const { type, to } = message;
    refuseForged(sender, message);
    if (to === sender.userId) {
      throw new ProtocolError("not-allowed", `Cannot send ${type} to "${to}": that is the sender`);
    }
    const addressee = this.#members.get(to);
    if (addressee === undefined) {
      throw new ProtocolError(
        "no-such-participant",
        `Cannot send ${type} to "${to}": not in room "${this.roomId}"`,
      );
    }
    return addressee;
  }
}

function said(message: ServerMessageOf<"chat" | "data">, others: Participant[]): Outcome {
  return { reply: message, outbound: [{ to: others, message }] };
}

/** The sender is what the connection is; a frame that claims another is refused (rule RL4). */
function refuseForged(sender: Participant, message: { type: string; from?: string | undefined }) {
  if (message.from === undefined || message.from === sender.userId) return;
  throw new ProtocolError(
    "not-allowed",
    `Cannot send ${message.type} from ${quoted(message.from)}: the sender is "${sender.userId}"`,
  );
}

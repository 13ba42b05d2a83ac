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
  type PathTimes,
  ProtocolError,
  quoted,
  type RoomId,
  type RoomView,
  type ServerMessageOf,
  type UserId,
} from "../protocol/mod.ts";
import { depart, type Entered, enterOrWait, type Onlooker, refuseOnlooker } from "./entering.ts";
import { Moderation } from "./moderation.ts";
import { type Outbound, type Outcome, SILENT } from "./outbound.ts";
import type { Entrant, Participant } from "./participant.ts";
import { endedEvents, type RoomEvent } from "./room_event.ts";
import type { RoomMedia } from "./room_media.ts";
import type { RoomRelay } from "./room_relay.ts";
import { type RoomOptions, RoomState } from "./room_state.ts";

/** A message that goes from one participant to another, unread. */
export type RelayedMessage = ClientMessageOf<"offer" | "answer" | "ice-candidate">;

/** A room as it is at one moment. */
export type Roster = Pick<ServerMessageOf<"joined">, "users" | "participants" | "room">;

/** A room: it has members, or somebody waits for its host. */
export class Room {
  /** What its hosts may do. */
  readonly moderation: Moderation;
  readonly #state: RoomState;
  #messages = 0;

  /** An empty room; the registry lets the first one in at once. */
  constructor(options: RoomOptions) {
    this.#state = new RoomState(options);
    this.moderation = new Moderation(this.#state);
  }

  /** The room as its members see it. */
  get view(): RoomView {
    return this.#state.view;
  }

  /** Its media, as far as they go through the server. */
  get media(): RoomMedia {
    return this.#state.media;
  }

  /** Whose frames go over the socket, and to whom. */
  get frameRelay(): RoomRelay {
    return this.#state.frameRelay;
  }

  /** Names the room. */
  get roomId(): RoomId {
    return this.view.roomId;
  }

  /** Stands for the passcode, if there is one. */
  get passcode(): object | undefined {
    return this.#state.passcode;
  }

  /** The members, in join order. */
  get participants(): Participant[] {
    return this.#state.all;
  }

  /** Those who wait to be admitted, in the order of their knocks. */
  get waiting(): Participant[] {
    return [...this.#state.waiting.values()];
  }

  /** The room as it is now (rules RE5, BP2). */
  get roster(): Roster {
    return {
      users: [...this.#state.members.keys()],
      participants: this.participants.map((member) => member.view),
      room: this.view,
    };
  }

  /** How many members the room has. */
  get size(): number {
    return this.#state.members.size;
  }

  /** How many of them are viewers. */
  get viewerCount(): number {
    let count = 0;
    for (const member of this.#state.members.values()) if (member.role === "viewer") count++;
    return count;
  }

  /** Whether it has served its time: the last member left, or nobody came but some who waited. */
  get isOver(): boolean {
    return this.size === 0 && (this.#state.isOpened || this.#state.waiting.size === 0);
  }

  /** Whether a user id is in use. */
  has(userId: UserId): boolean {
    return this.#state.members.has(userId) || this.#state.waiting.has(userId);
  }

  /** Whether `hostKey` is the one that makes its holder host (rule CR5). */
  isHostKey(hostKey: string): boolean {
    return this.#state.hostKey === hostKey;
  }

  /** Lets `entrant` in, or has it wait (rules JO1-JO6, LB2). */
  join(entrant: Entrant, now: number): Entered {
    return enterOrWait(this.#state, entrant, now);
  }

  /** Throws ProtocolError where a join would be refused of one who watches from outside. */
  refuseOnlooker(onlooker: Onlooker): void {
    refuseOnlooker(this.#state, onlooker);
  }

  /** Takes `participant` out (rules LE2-LE4, HO3, LB6). */
  leave(participant: Participant, reason: LeaveReason): Outcome {
    return depart(this.#state, participant, reason);
  }

  /** What its end means for those who keep account of it (rule EN1). */
  get endedEvents(): RoomEvent[] {
    return endedEvents(this.#state);
  }

  /** Passes an offer, an answer or a candidate to its addressee (rules RL1-RL4). */
  relay(sender: Participant, message: RelayedMessage): Outcome {
    const { to, requestId: _requestId, ...rest } = message;
    if (to === undefined) {
      // A candidate for the server says nothing that it needs to know (rule SB6).
      refuseForged(sender, message);
      return SILENT;
    }
    const addressee = this.#addressee(sender, { ...rest, to });
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
    if (!sender.updateState(message)) return SILENT;
    const { userId, view: { state } } = sender;
    return {
      reply: undefined,
      outbound: [{
        to: this.#state.others(sender),
        message: { type: "participant-updated", userId, state },
      }],
    };
  }

  /** Keeps what a member measured (rules SS1, TO2). */
  reportStats(sender: Participant, message: ClientMessageOf<"stats">): Outbound[] {
    const { bitrateKbps, path, limitedBy, pathMs } = message;
    sender.report = { bitrateKbps, path, pathMs };
    return this.media.reported(sender, limitedBy);
  }

  /** Tells the others that a member's connection is lost or back (rule RE3). */
  updateConnected(participant: Participant, connected: boolean): Outbound[] {
    if (!participant.updateConnected(connected)) return [];
    const { userId } = participant;
    return [{
      to: this.#state.others(participant),
      message: { type: "participant-updated", userId, connected },
    }];
  }

  /** What the last reports of the members add up to, for all of them (rule SS2). */
  summarizeStats(): Outbound {
    let bitrateKbps = 0;
    const counts: PathTimes[] = [];
    const times: PathTimes[] = [];
    for (const { role, report } of this.#state.members.values()) {
      if (report === undefined) continue;
      if (role !== "viewer") bitrateKbps += report.bitrateKbps ?? 0;
      if (report.path !== undefined) counts.push({ [report.path]: 1 });
      if (report.pathMs !== undefined) times.push(report.pathMs);
    }
    return {
      to: this.participants,
      message: {
        type: "stats-summary",
        viewerCount: this.viewerCount,
        bitrateKbps,
        paths: sumByPath(counts),
        ...(times.length === 0 ? {} : { pathMs: sumByPath(times) }),
      },
    };
  }

  #audience(
    sender: Participant,
    message: ClientMessageOf<"chat" | "data">,
  ): { to: { to?: UserId }; others: Participant[] } {
    const { type, to, from } = message;
    if (to === undefined) {
      refuseForged(sender, { type, from });
      return { to: {}, others: this.#state.others(sender) };
    }
    return { to: { to }, others: [this.#addressee(sender, { type, to, from })] };
  }

  #addressee(
    sender: Participant,
    message: { type: string; to: UserId; from?: string | undefined },
  ): Participant {
    const { type, to } = message;
    refuseForged(sender, message);
    return this.#state.addressee(sender, to, `Cannot send ${type} to "${to}"`);
  }
}

/** The sum for each path that any of them names, best path first. */
function sumByPath(all: readonly PathTimes[]): PathTimes {
  const sums: PathTimes = {};
  for (const path of MEDIA_PATHS) {
    for (const { [path]: value } of all) {
      if (value !== undefined) sums[path] = (sums[path] ?? 0) + value;
    }
  }
  return sums;
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

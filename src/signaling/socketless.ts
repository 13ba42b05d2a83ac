/**
 * Participants without a socket: whoever publishes or watches over HTTP (WHIP, RFC 9725; WHEP). Each
 * is a member of its room like any other, in the roster, counted and kicked; but nothing can be said to
 * it, so its stay ends with its media. The exchange has one; HTTP enters through the hub.
 */
import { bannedNetwork, type ClientOrigin, networkOf } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import type { MediaChannel, PublishAnswer, PublishRequest, ViewRequest } from "../media/port.ts";
import type {
  ClientMessageOf,
  LeaveReason,
  RoomId,
  ServerMessage,
  UserId,
} from "../protocol/mod.ts";
import type { Outcome, Participant, RoomRegistry, Seat } from "../rooms/mod.ts";
import type { Admission } from "./admission.ts";
import { answerInTime } from "./media_answers.ts";

/** Who enters without a socket. */
export type SocketlessOptions = {
  /** Where it comes from. The caller has verified its claims, which bind the join (rule TK3). */
  readonly client: ClientOrigin;
  /** Called once when its stay has ended, unless by `leave`: kicked, the room ended, media lost. */
  readonly ended: (reason: LeaveReason) => void;
};

/** What those seats depend on. */
export type SocketlessContext = {
  readonly registry: RoomRegistry;
  readonly admission: Admission;
  readonly clock: Clock;
  /** Throws ProtocolError where nobody may join any more. */
  readonly refuseWhileClosing: () => void;
  /** Carries out what came of an entry or a departure. */
  readonly tell: (outcome: Outcome) => void;
};

/** The place of one participant without a socket. */
export class SocketlessSeat {
  readonly #seat: Seat;
  readonly #clock: Clock;
  readonly #leave: () => void;

  /** Made by {@linkcode SocketlessSeats} alone. */
  constructor(seat: Seat, options: { clock: Clock; leave: () => void }) {
    this.#seat = seat;
    this.#clock = options.clock;
    this.#leave = options.leave;
  }

  /** Its room. */
  get roomId(): RoomId {
    return this.#seat.room.roomId;
  }

  /** Names it there. */
  get userId(): UserId {
    return this.#seat.participant.userId;
  }

  /** Sends media to the room (rules PB1-PB5). Rejects with ProtocolError, and nothing has changed. */
  async publish(request: PublishRequest): Promise<PublishAnswer> {
    const { room: { media }, participant } = this.#seat;
    const pending = media.publish(participant, request);
    return await answerInTime(pending, this.#clock, "Cannot publish");
  }

  /** Receives media of the room over a connection that it offers. Rejects with ProtocolError. */
  async view(request: ViewRequest): Promise<{ readonly sdp: string }> {
    const { room: { media }, participant } = this.#seat;
    return await answerInTime(media.view(participant, request), this.#clock, "Cannot view");
  }

  /** Leaves the room, reason `left`; `ended` is not called. Idempotent, also once it has ended. */
  leave(): void {
    this.#leave();
  }
}

/** All of them. */
export class SocketlessSeats {
  readonly #context: SocketlessContext;
  readonly #stays = new Map<Participant, Seat & Pick<SocketlessOptions, "ended">>();

  /** None at first. */
  constructor(context: SocketlessContext) {
    this.#context = context;
  }

  /**
   * Enters a room as `message` says, under the rules of a join: its token and passcode count, a lobby
   * refuses with `not-allowed`, and so does a room whose media cannot go through the server. Rejects
   * with ProtocolError, and nothing has changed.
   */
  async enter(
    message: ClientMessageOf<"join">,
    { client: { address, claims }, ended }: SocketlessOptions,
  ): Promise<SocketlessSeat> {
    const { registry, admission, clock, refuseWhileClosing, tell } = this.#context;
    const entry = { origin: { network: bannedNetwork(address) } };
    const applicant = { entry, network: networkOf(address), claims, seat: undefined };
    const prepared = await admission.prepareJoin(applicant, message);
    refuseWhileClosing();
    const isSocketless = true;
    const { seat, outcome } = registry.join(prepared.message, { ...prepared.entry, isSocketless });
    this.#stays.set(seat.participant, { ...seat, ended });
    tell(outcome);
    return new SocketlessSeat(seat, { clock, leave: () => this.#leave(seat, "left") });
  }

  /** The room says something to `participant`, which hears only that its stay or its media end. */
  hear(participant: Participant, message: ServerMessage): void {
    const stay = this.#stays.get(participant);
    if (stay === undefined) return;
    if (message.type === "leaved") {
      this.#stays.delete(participant);
      stay.ended(message.reason ?? "disconnected");
    }
    if (message.type === "media-lost" && message.channel === channelOf(participant)) {
      this.#leave(stay, "disconnected");
      stay.ended("disconnected");
    }
  }

  /** The server stops: all of them end. */
  close(): void {
    const stays = [...this.#stays.values()];
    this.#stays.clear();
    for (const { ended } of stays) ended("room-ended");
  }

  #leave(seat: Seat, reason: LeaveReason): void {
    if (!this.#stays.delete(seat.participant)) return;
    this.#context.tell(this.#context.registry.leave(seat, reason));
  }
}

/** A viewer only watches, everybody else publishes. */
function channelOf({ role }: Participant): MediaChannel {
  return role === "viewer" ? "subscriber" : "publisher";
}

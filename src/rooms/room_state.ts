/**
 * What a room knows: its members, who of them is host, who waits, who was kicked. The files of this
 * folder that let people in and out and moderate share it; outside the folder `Room` stands for it.
 */
import {
  ProtocolError,
  type RoomId,
  type RoomKind,
  type RoomView,
  type UserId,
} from "../protocol/mod.ts";
import type { Participant } from "./participant.ts";
import { Bans, Hosts } from "./permissions.ts";
import type { RelayOptions } from "./relay_source.ts";
import { type MediaOptions, RoomMedia } from "./room_media.ts";
import { RoomRelay } from "./room_relay.ts";

/** What a room is made with. */
export type RoomOptions = {
  readonly roomId: RoomId;
  readonly kind: RoomKind;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly maxParticipants: number;
  /** Whether who joins waits for a host from the first on (rule CR5). Default not. */
  readonly hasLobby?: boolean;
  /** Makes the host of whoever knows it (rule CR5). Default none. */
  readonly hostKey?: string | undefined;
  /** What stands for its passcode; who joins must have proven the same object. Default none. */
  readonly passcode?: object | undefined;
  /** What carries its media. Default nothing: they go from each to each. */
  readonly media?: MediaOptions | undefined;
  /** What its frames over the socket need. */
  readonly relay: RelayOptions;
};

/** The state of one room. Nothing here says anything to anybody. */
export class RoomState {
  /** The room as its members see it; replaced, never changed. */
  view: RoomView;
  /** The members by id, in join order. */
  readonly members = new Map<UserId, Participant>();
  /** Who waits to be admitted, in the order of their knocks; a member may have the same id. */
  readonly waiting = new Map<UserId, Participant>();
  /** Who may moderate. */
  readonly hosts = new Hosts();
  /** How its media travel, and those that go through the server. */
  readonly media: RoomMedia;
  /** Whose frames go over the socket, and to whom. */
  readonly frameRelay: RoomRelay;
  /** Who was kicked. */
  readonly bans = new Bans();
  /** Makes a host; secret. */
  readonly hostKey: string | undefined;
  /** Stands for the passcode, if there is one. */
  readonly passcode: object | undefined;
  /** How many members there may be, and how many may wait. */
  readonly maxParticipants: number;
  /** The member that broadcasts, if there is one. */
  broadcaster: Participant | undefined;
  /** Whether there has been a member: before, those who wait keep the room alive. */
  isOpened = false;

  /** Nobody at first. */
  constructor(options: RoomOptions) {
    const { roomId, kind, createdAt, maxParticipants, hasLobby = false, hostKey, passcode } =
      options;
    this.view = {
      roomId,
      kind,
      topology: "mesh",
      createdAt,
      ...(passcode === undefined ? {} : { passcode: true }),
      ...(hasLobby ? { lobby: true } : {}),
    };
    this.passcode = passcode;
    this.maxParticipants = maxParticipants;
    this.hostKey = hostKey;
    this.media = new RoomMedia(this, options.media);
    this.frameRelay = new RoomRelay(this, options.relay);
  }

  /** The members, in join order. */
  get all(): Participant[] {
    return [...this.members.values()];
  }

  /** The members but one. */
  others(one: Participant): Participant[] {
    const others: Participant[] = [];
    for (const member of this.members.values()) if (member !== one) others.push(member);
    return others;
  }

  /** The member of that id other than `sender`; throws ProtocolError when there is none. */
  addressee(sender: Participant, userId: UserId, attempt: string): Participant {
    if (userId === sender.userId) {
      throw new ProtocolError("not-allowed", `${attempt}: that is the sender`);
    }
    const found = this.members.get(userId);
    if (found !== undefined) return found;
    throw new ProtocolError("no-such-participant", `${attempt}: not in room "${this.view.roomId}"`);
  }

  /** The one of that id who waits; throws ProtocolError when there is none. */
  waitingOne(userId: UserId, attempt: string): Participant {
    const found = this.waiting.get(userId);
    if (found !== undefined) return found;
    throw new ProtocolError(
      "no-such-participant",
      `${attempt}: nobody of that id waits at room "${this.view.roomId}"`,
    );
  }
}

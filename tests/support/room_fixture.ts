/** A room without a registry, and words for what its members ask of it and hear. */
import {
  type ClientMessageOf,
  ProtocolError,
  type Role,
  type RoomKind,
} from "../../src/protocol/mod.ts";
import { type Origin, type Outcome, type Participant, Room } from "../../src/rooms/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { clientMessage, roomId, userId } from "./messages.ts";

/** When everything happens. */
export const AT = Date.UTC(2026, 0, 1);

/** An empty room, whose host key is `key` unless it is to have none. */
export function makeRoom(
  options: {
    kind?: RoomKind;
    maxParticipants?: number;
    hasLobby?: boolean;
    hasHostKey?: boolean;
  } = {},
): Room {
  const { kind = "meeting", maxParticipants = 10, hasLobby = false, hasHostKey = true } = options;
  return new Room({
    roomId: roomId("test"),
    kind,
    createdAt: AT,
    maxParticipants,
    hasLobby,
    hostKey: hasHostKey ? "key" : undefined,
    relay: { clock: new FakeClock(), deliver() {}, maxFrameBytes: 1_000 },
  });
}

/** What is known of who enters. */
export type More = {
  role?: Role;
  origin?: Origin;
  mayHost?: boolean;
  mayBroadcast?: boolean;
};

/** Lets one in, or has it wait. */
export function enter(room: Room, user: string, more: More = {}): Participant {
  return room.join({ userId: userId(user), ...more }, AT).participant;
}

/** The user ids of the hosts. */
export function hostsOf(room: Room): string[] {
  return room.participants.filter(({ view }) => view.host).map((one) => one.userId);
}

/** Each message as `addressees type`, with what identifies it. */
export function said({ outbound }: Pick<Outcome, "outbound">): string[] {
  return outbound.filter(({ to }) => to.length > 0).map(({ to, message }) => {
    const about = "userId" in message ? ` ${message.userId}` : "";
    const reason = "reason" in message ? ` ${message.reason}` : "";
    return `${to.map((one) => one.userId)}: ${message.type}${about}${reason}`;
  });
}

/** Whether an error is the expected ProtocolError. */
export function hasCode(code: string): (error: unknown) => boolean {
  return (error: unknown) => error instanceof ProtocolError && error.code === code;
}

/** Sends one away for good. */
export const kick = (user: string): ClientMessageOf<"kick"> =>
  clientMessage("kick", { userId: user });
/** Lets one in. */
export const admit = (user: string): ClientMessageOf<"admit"> =>
  clientMessage("admit", { userId: user });
/** Sends one away. */
export const deny = (user: string): ClientMessageOf<"deny"> =>
  clientMessage("deny", { userId: user });
/** Locks or opens. */
export const lock = (locked: boolean): ClientMessageOf<"lock"> => clientMessage("lock", { locked });
/** Switches the lobby. */
export const lobby = (enabled: boolean): ClientMessageOf<"lobby"> =>
  clientMessage("lobby", { enabled });

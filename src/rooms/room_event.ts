/**
 * What becomes of a room and its members, for those outside it who keep account: a value beside what
 * the members hear, in the order in which it came about. Who waits in a lobby is no member yet. The
 * functions that let members in and out make these; signaling passes them on.
 */
import type { LeaveReason, Role, RoomId, RoomKind, UserId } from "../protocol/mod.ts";
import type { Participant } from "./participant.ts";
import type { RoomState } from "./room_state.ts";

/** A room begins before its first member joins, and ends after its last one has left. */
export type RoomEvent =
  | (OfRoom & { readonly type: "room-started" | "room-ended" })
  | (OfMember & { readonly type: "participant-joined"; readonly host?: true })
  | (OfMember & { readonly type: "participant-left"; readonly reason: LeaveReason })
  | (OfMember & { readonly type: "host-changed" });

type OfRoom = {
  readonly roomId: RoomId;
  readonly kind: RoomKind;
  /** The members after it. */
  readonly participants: number;
};
type OfMember = OfRoom & {
  readonly userId: UserId;
  readonly name?: string;
  readonly role: Role;
};

/** `participant` is a member now; the first one opens the room. */
export function joinedEvents(state: RoomState, participant: Participant): RoomEvent[] {
  const { members: { size } } = state;
  const joined: RoomEvent = {
    type: "participant-joined",
    ...ofMember(state, participant, size),
    ...(participant.view.host === true ? { host: true } : {}),
  };
  return size > 1 ? [joined] : [{ type: "room-started", ...ofRoom(state, 0) }, joined];
}

/** `participant` is no member any more, and `heir` is host in its place; the last one ends the room. */
export function leftEvents(
  state: RoomState,
  participant: Participant,
  { reason, heir }: { reason: LeaveReason; heir: Participant | undefined },
): RoomEvent[] {
  const { members: { size } } = state;
  const left = { type: "participant-left", ...ofMember(state, participant, size), reason } as const;
  if (size === 0) return [left, { type: "room-ended", ...ofRoom(state, 0) }];
  if (heir === undefined) return [left];
  return [left, { type: "host-changed", ...ofMember(state, heir, size) }];
}

/** The room ends for everyone in it. */
export function endedEvents(state: RoomState): RoomEvent[] {
  let { members: { size } } = state;
  if (size === 0) return [];
  const events: RoomEvent[] = [];
  for (const member of state.members.values()) {
    const reason = "room-ended";
    events.push({ type: "participant-left", ...ofMember(state, member, --size), reason });
  }
  events.push({ type: "room-ended", ...ofRoom(state, 0) });
  return events;
}

function ofRoom({ view: { roomId, kind } }: RoomState, participants: number): OfRoom {
  return { roomId, kind, participants };
}

function ofMember(
  state: RoomState,
  { userId, role, view: { name } }: Participant,
  participants: number,
): OfMember {
  return {
    ...ofRoom(state, participants),
    userId,
    ...(name === undefined ? {} : { name }),
    role,
  };
}

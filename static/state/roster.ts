/**
 * Who is in the room, as a reducer over what the server says, and what of that is worth telling
 * somebody who does not look at the list. Rules JO2, JO3, LE2, LE3, ST1, RE3, RE5, BP2, HO3, LK2,
 * LB1, TO4, PB3.
 */
import type {
  LeaveReason,
  MediaState,
  ParticipantView,
  RoomView,
  ServerMessage,
  ServerMessageOf,
  TrackView,
  UserId,
} from "../../src/protocol/mod.ts";

/** The room as one participant of it knows it. */
export interface Roster {
  /** `undefined` while in no room. */
  readonly room: RoomView | undefined;
  readonly selfId: UserId | undefined;
  /** In join order. */
  readonly participants: readonly ParticipantView[];
}

/** Somebody came or went. */
export type RosterEvent =
  | { readonly kind: "joined"; readonly who: string }
  | { readonly kind: "left"; readonly who: string; readonly reason: LeaveReason };

/** In no room. */
export const EMPTY_ROSTER: Roster = { room: undefined, selfId: undefined, participants: [] };

/** The roster after `message`; the same object when that changes nothing. */
export function reduceRoster(roster: Roster, message: ServerMessage): Roster {
  switch (message.type) {
    case "joined":
      return {
        room: message.room,
        selfId: message.userId,
        participants: message.participants,
      };
    case "snapshot":
      return { ...roster, room: message.room, participants: message.participants };
    case "resumed":
      return message.snapshot === undefined ? roster : {
        ...roster,
        room: message.snapshot.room,
        participants: message.snapshot.participants,
      };
    case "leaved":
      return EMPTY_ROSTER;
    case "user-joined":
      return roster.room === undefined ? roster : {
        ...roster,
        participants: [...without(roster, message.userId), message.participant],
      };
    case "user-left":
      return roster.participants.some((participant) => participant.userId === message.userId)
        ? { ...roster, participants: without(roster, message.userId) }
        : roster;
    case "participant-updated":
      return withUpdate(roster, message);
    case "host-changed":
      return {
        ...roster,
        participants: roster.participants.map((participant) =>
          participant.userId === message.userId ? { ...participant, host: true } : participant
        ),
      };
    case "room-updated":
      return roster.room === undefined ? roster : { ...roster, room: message.room };
    case "topology": {
      const { room } = roster;
      return room === undefined
        ? roster
        : { ...roster, room: { ...room, topology: message.topology } };
    }
    case "track-published": {
      const { userId, track } = message;
      return withTracks(roster, userId, (tracks) => [...tracks, track]);
    }
    case "track-unpublished": {
      const { userId, trackId } = message;
      return withTracks(
        roster,
        userId,
        (tracks) => tracks.filter((one) => one.trackId !== trackId),
      );
    }
    default:
      return roster;
  }
}

/** The roster after another participant's state or connection has changed. */
function withUpdate(roster: Roster, message: ServerMessageOf<"participant-updated">): Roster {
  const { userId, state, connected } = message;
  const shown = state === undefined ? roster : withState(roster, userId, state);
  if (connected === undefined) return shown;
  return {
    ...shown,
    participants: shown.participants.map((participant) => {
      if (participant.userId !== userId) return participant;
      const { connected: _, ...rest } = participant;
      return connected ? rest : { ...rest, connected };
    }),
  };
}

/** The roster after `userId` sends other tracks to the server. */
function withTracks(
  roster: Roster,
  userId: UserId,
  change: (tracks: readonly TrackView[]) => TrackView[],
): Roster {
  return {
    ...roster,
    participants: roster.participants.map((participant) =>
      participant.userId === userId
        ? { ...participant, tracks: change(participant.tracks ?? []) }
        : participant
    ),
  };
}

/** The roster after `userId` shows `state`; rule ST1 does not tell the sender its own change. */
export function withState(roster: Roster, userId: UserId, state: MediaState): Roster {
  return {
    ...roster,
    participants: roster.participants.map((participant) =>
      participant.userId === userId
        ? { ...participant, state: { ...participant.state, ...state } }
        : participant
    ),
  };
}

/** What `message` tells about somebody else; `roster` is the one before it. */
export function rosterEventOf(roster: Roster, message: ServerMessage): RosterEvent | undefined {
  if (message.type === "user-joined") {
    return { kind: "joined", who: message.participant.name ?? message.userId };
  }
  if (message.type === "user-left") {
    return { kind: "left", who: nameIn(roster, message.userId), reason: message.reason };
  }
  return undefined;
}

/** How to call a participant: by its name if it has one. */
export function nameIn(roster: Roster, userId: UserId): string {
  const found = roster.participants.find((participant) => participant.userId === userId);
  return found?.name ?? userId;
}

function without(roster: Roster, userId: UserId): ParticipantView[] {
  return roster.participants.filter((participant) => participant.userId !== userId);
}

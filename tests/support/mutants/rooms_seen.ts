/**
 * What mutants know beyond the object that they change: every room of the process and its inside.
 * Nothing of this exists in a correct server, which is the point.
 */
import type { Participant } from "../../../src/rooms/participant.ts";
import { Room } from "../../../src/rooms/room.ts";
import { RoomState } from "../../../src/rooms/room_state.ts";
import { replaceGetter, replaceMethod } from "./mutant.ts";

/** The rooms that somebody has joined so far. */
export const roomsSeen = new Set<Room>();
/** Their insides, by id; of rooms that somebody has entered. */
export const statesSeen = new Map<string, RoomState>();

/** Begins to look. */
export function watchRooms(): void {
  replaceMethod(Room.prototype, "join", (room, original, ...args) => {
    const entered = original(...args);
    roomsSeen.add(room);
    return entered;
  });
  replaceGetter(RoomState.prototype, "all", (state, original) => {
    statesSeen.set(state.view.roomId, state);
    return original();
  });
}

/** A member of another room than `room`, if there is one. */
export function strangerTo(room: Room): Participant | undefined {
  return [...roomsSeen].filter((one) => one !== room).flatMap((one) => one.participants)[0];
}

/** Where a participant is a member. */
export function roomOf(participant: Participant): Room | undefined {
  return [...roomsSeen].find((room) => room.participants.includes(participant));
}

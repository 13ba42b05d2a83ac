/**
 * How stays begin and end in the model: who is told what when somebody enters, waits or goes (rules
 * JO2-JO3, LE3-LE7, HO1-HO3, LB2-LB7). Pure but for the state that it is given.
 */
import { withdraw } from "./frames.ts";
import {
  type Expected,
  participantOf,
  type Room,
  rosterOf,
  type State,
  type Stay,
  tell,
} from "./state.ts";

/** Makes a member of `stay`. Returns its `joined`; the others and the hosts are told by `announce`. */
export function enter(state: State, room: Room, stay: Stay): Expected {
  room.members.push(stay);
  room.isOpened = true;
  stay.isWaiting = false;
  if (stay.mayHost || (room.hosts.length === 0 && stay.role !== "viewer")) makeHost(room, stay);
  const slot = state.slots[room.slot]!;
  slot.reservation = undefined;
  stay.isResumable = stay.asksToResume;
  if (stay.isResumable) state.users[stay.user]!.pass = stay.no;
  const granted = stay.isResumable
    ? {
      resumeToken: { hole: "secret", name: tokenOf(stay.no) },
      resumeGraceMs: { hole: "whole number" },
    }
    : {};
  const place = { roomId: slot.id, userId: stay.userId };
  return {
    rule: "JO2",
    message: { type: "joined", ...place, ...rosterOf(state, room), ...granted },
  };
}

/** Tells those who were there that `stay` entered, and a new host who waits (rules JO3, LB3). */
export function announce(state: State, room: Room, stay: Stay): void {
  const place = { roomId: state.slots[room.slot]!.id, userId: stay.userId };
  const message = { type: "user-joined", ...place, participant: participantOf(stay) };
  for (const other of room.members) {
    if (other !== stay) tell(state, other, { rule: "JO3", message });
  }
  if (stay.isHost) { for (const one of room.waiting) tell(state, stay, knockOf(one)); }
}

/** What hosts hear of one who waits (rule LB3). */
export function knockOf({ userId, role }: Stay): Expected {
  return { rule: "LB3", message: { type: "knock", userId, role } };
}

/**
 * Takes `stay` out and tells who stays. The leaver's own word is the caller's affair. Ends the room
 * when that was the last member (rules LE5, LB7).
 */
export function depart(state: State, stay: Stay, reason: string): void {
  const { room, userId } = stay;
  const slot = state.slots[room.slot]!;
  unseat(state, stay);
  if (stay.isWaiting) {
    room.waiting = room.waiting.filter((one) => one !== stay);
    const message = { type: "knock-ended", userId, reason };
    for (const host of room.hosts) tell(state, host, { rule: "LB6", message });
  } else {
    room.members = room.members.filter((one) => one !== stay);
    const message = { type: "user-left", roomId: slot.id, userId, reason };
    for (const other of room.members) tell(state, other, { rule: leaveRule(reason), message });
    handOver(state, room, stay);
    withdraw(state, stay);
  }
  if (room.members.length > 0 || (!room.isOpened && room.waiting.length > 0)) return;
  endFor(state, room, room.waiting);
}

/** Ends the room for these, who are told so (rules LE6, EN1). */
export function endFor(state: State, room: Room, stays: readonly Stay[]): void {
  const slot = state.slots[room.slot]!;
  for (const stay of stays) {
    const message = {
      type: "leaved",
      roomId: slot.id,
      userId: stay.userId,
      reason: "room-ended",
    };
    tell(state, stay, { rule: "LE6", message });
    unseat(state, stay);
  }
  room.members = [];
  room.waiting = [];
  room.sources = [];
  slot.room = undefined;
  // A code is reserved until somebody opens its room (rule LB8), then it is nobody's.
  if (typeof slot.id !== "string" && slot.reservation === undefined) slot.id = undefined;
}

/** The name of the hole that a stay's resume token fills. */
export function tokenOf(stayNo: number): string {
  return `token of stay ${stayNo}`;
}

/** Its connection is free, its seat is nobody's. */
function unseat(state: State, stay: Stay): void {
  if (stay.connection !== undefined) stay.connection.stay = undefined;
  stay.connection = undefined;
  state.lost = state.lost.filter((one) => one !== stay);
}

function handOver(state: State, room: Room, stay: Stay): void {
  const wasHost = room.hosts.includes(stay);
  room.hosts = room.hosts.filter((one) => one !== stay);
  if (!wasHost || room.hosts.length > 0) return;
  const heir = room.members.find(({ role }) => role !== "viewer");
  if (heir === undefined) return;
  makeHost(room, heir);
  const message = { type: "host-changed", userId: heir.userId };
  for (const member of room.members) tell(state, member, { rule: "HO3", message });
  for (const one of room.waiting) tell(state, heir, knockOf(one));
}

function makeHost(room: Room, stay: Stay): void {
  stay.isHost = true;
  room.hosts.push(stay);
}

function leaveRule(reason: string): string {
  return reason === "timeout" ? "RE8" : reason === "kicked" ? "KI1" : "LE3";
}

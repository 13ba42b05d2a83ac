/**
 * The door of a room: who is let in, who waits, who is turned away, and what happens when somebody
 * goes (rules JO1-JO6, CR7, HO1-HO3, LK1, LB1-LB7, TO4, FR8). `Room` and `moderation.ts` call it; every function
 * checks first, then changes the state, and returns what is to be said.
 */
import { type LeaveReason, ProtocolError, type ServerMessageOf } from "../protocol/mod.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import { type Entrant, Participant } from "./participant.ts";
import { joinedEvents, leftEvents } from "./room_event.ts";
import type { RoomState } from "./room_state.ts";

/** Somebody at the door, and what came of it. */
export type Entered = { readonly participant: Participant; readonly outcome: Outcome };

/** Who is to see a room from outside; it has a user id only by an access token. */
export type Onlooker = Pick<Entrant, "origin" | "passcode" | "mayHost"> & {
  readonly userId?: Entrant["userId"] | undefined;
};

/** Lets `entrant` in, or has it wait. Throws ProtocolError, with nothing changed, if neither. */
export function enterOrWait(state: RoomState, entrant: Entrant, now: number): Entered {
  const { roomId, lobby } = state.view;
  const attempt = `Cannot join room "${roomId}" as "${entrant.userId}"`;
  refuseStranger(state, entrant, attempt);
  refuseOtherBroadcaster(state, entrant, attempt);
  const isHost = entrant.mayHost === true;
  const participant = new Participant(entrant, now);
  if (lobby === true && !isHost) return { participant, outcome: wait(state, participant, attempt) };
  refuseConflict(state, participant, attempt);
  state.media.refuseWithout(participant);
  return { participant, outcome: enter(state, participant) };
}

/**
 * Throws what a join would get of one who is to watch from outside, and be no member: over HTTP nobody
 * sees what is kept from them here. That the room is full refuses nobody, for no place is taken.
 */
export function refuseOnlooker(state: RoomState, onlooker: Onlooker): void {
  const attempt = `Cannot watch room "${state.view.roomId}"`;
  refuseStranger(state, onlooker, attempt);
  if (state.view.lobby === true && onlooker.mayHost !== true) {
    throw new ProtocolError("not-allowed", `${attempt}: its host admits one by one`);
  }
}

/** Lets one in who waits (rule LB4). Throws ProtocolError if it cannot be a member. */
export function admitOne(state: RoomState, participant: Participant, now: number): Outcome {
  const { userId } = participant;
  refuseConflict(state, participant, `Cannot admit "${userId}" to room "${state.view.roomId}"`);
  state.waiting.delete(userId);
  participant.admit(now);
  const { reply, outbound, ...rest } = enter(state, participant);
  const told: Outbound = { to: [participant], message: reply! }; // Entering always has a reply.
  return { ...rest, reply: undefined, outbound: [told, ...outbound] };
}

/** Takes `participant` out, whether it is a member or waits (rules LE2-LE4, HO3, LB6). */
export function depart(state: RoomState, participant: Participant, reason: LeaveReason): Outcome {
  const { roomId } = state.view;
  const { userId } = participant;
  const reply: ServerMessageOf<"leaved"> = { type: "leaved", roomId, userId, reason };
  if (participant.isWaiting) {
    state.waiting.delete(userId);
    const ended = { type: "knock-ended", userId, reason } as const;
    return { reply, outbound: [{ to: state.hosts.all, message: ended }] };
  }
  state.members.delete(userId);
  if (state.broadcaster === participant) state.broadcaster = undefined;
  const heir = state.hosts.left(participant, state.members.values());
  const { all } = state;
  const outbound: Outbound[] = [
    { to: all, message: { type: "user-left", roomId, userId, reason } },
  ];
  if (heir !== undefined) {
    outbound.push({ to: all, message: { type: "host-changed", userId: heir.userId } });
    outbound.push(...knocksFor(state, heir));
  }
  outbound.push(...state.media.left(participant), ...state.frameRelay.left(participant, reason));
  return { reply, outbound, events: leftEvents(state, participant, { reason, heir }) };
}

/** Turns away who was kicked, who finds the room locked, who lacks its passcode (KI2, LK1, PC2). */
function refuseStranger(state: RoomState, stranger: Onlooker, attempt: string): void {
  const { userId, origin = {}, passcode, mayHost } = stranger;
  if (state.bans.has(userId, origin)) {
    throw new ProtocolError("not-allowed", `${attempt}: the host has removed this client`);
  }
  if (mayHost === true) return;
  if (state.view.locked === true) {
    throw new ProtocolError("room-locked", `${attempt}: the host has locked it`);
  }
  if (state.passcode !== undefined && passcode !== state.passcode) {
    throw new ProtocolError("bad-passcode", `${attempt}: it demands its passcode`);
  }
}

/** Turns away who would broadcast under a code that was given to somebody else (rule CR7). */
function refuseOtherBroadcaster(state: RoomState, entrant: Entrant, attempt: string): void {
  const { hostKey, view: { kind } } = state;
  if (entrant.role !== "broadcaster" || kind !== "live" || hostKey === undefined) return;
  if (entrant.mayHost === true || entrant.mayBroadcast === true) return;
  const advice = "to broadcast, join with the room's host key; to watch, join as viewer";
  throw new ProtocolError("not-allowed", `${attempt}: ${advice}`);
}

/** What `participant` would be as a member, and a member is already. */
function refuseConflict(state: RoomState, { userId, role }: Participant, attempt: string): void {
  const { members, maxParticipants, broadcaster } = state;
  if (members.has(userId)) {
    throw new ProtocolError("user-id-taken", `${attempt}: the user id is in use`);
  }
  if (members.size >= maxParticipants) {
    throw new ProtocolError(
      "room-full",
      `${attempt}: it holds ${members.size} of ${maxParticipants} participants`,
    );
  }
  if (role === "broadcaster" && broadcaster !== undefined) {
    throw new ProtocolError(
      "broadcaster-taken",
      `${attempt}: "${broadcaster.userId}" is the broadcaster`,
    );
  }
}

function enter(state: RoomState, participant: Participant): Outcome {
  const { roomId } = state.view;
  const { userId, role } = participant;
  const others = state.all;
  state.members.set(userId, participant);
  if (role === "broadcaster") state.broadcaster = participant;
  state.hosts.entered(participant);
  state.isOpened = true;
  // Before `joined` is made: it shows the topology of the room with this member in it (rule TO4).
  const ofMedia = state.media.entered(participant);
  const joined: ServerMessageOf<"joined"> = {
    type: "joined",
    roomId,
    userId,
    users: [...state.members.keys()],
    participants: state.all.map((member) => member.view),
    room: state.view,
  };
  const outbound: Outbound[] = [{
    to: others,
    message: { type: "user-joined", roomId, userId, participant: participant.view },
  }];
  if (participant.view.host === true) outbound.push(...knocksFor(state, participant));
  outbound.push(...ofMedia);
  return { reply: joined, outbound, events: joinedEvents(state, participant) };
}

/** Has `participant` wait; it learns nothing of who is in the room (rules LB2, LB3). */
function wait(state: RoomState, participant: Participant, attempt: string): Outcome {
  const { userId } = participant;
  if (participant.isSocketless) {
    throw new ProtocolError("not-allowed", `${attempt}: its host admits one by one`);
  }
  if (state.waiting.has(userId)) {
    throw new ProtocolError("user-id-taken", `${attempt}: the user id is in use`);
  }
  if (state.waiting.size >= state.maxParticipants) {
    throw new ProtocolError("room-full", `${attempt}: as many wait as the room may hold`);
  }
  participant.isWaiting = true;
  state.waiting.set(userId, participant);
  return {
    reply: { type: "waiting", roomId: state.view.roomId, userId },
    outbound: [{ to: state.hosts.all, message: knockOf(participant) }],
  };
}

/** A new host learns who waits already. */
function knocksFor(state: RoomState, host: Participant): Outbound[] {
  return [...state.waiting.values()].map((waiting) => ({
    to: [host],
    message: knockOf(waiting),
  }));
}

function knockOf({ userId, role, view: { name } }: Participant): ServerMessageOf<"knock"> {
  return { type: "knock", userId, ...(name === undefined ? {} : { name }), role };
}

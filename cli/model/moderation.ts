/**
 * What the requests of a host mean in the model (rules HO4, KI1, MU1, LK1-LK2, LB1-LB5, EN1). Pure but
 * for the state.
 */
import {
  addresseeOf,
  answer,
  confirm,
  isStay,
  type Refusal,
  refuse,
  tellOthers,
} from "./answers.ts";
import { announce, depart, endFor, enter } from "./departures.ts";
import type { Message } from "./pattern.ts";
import { type Room, type State, type Stay, tell, viewOf } from "./state.ts";

/** Carries out a request that only a host may make. */
export function moderate(state: State, stay: Stay, request: Message): void {
  const { room } = stay;
  const connection = stay.connection!;
  if (!room.hosts.includes(stay)) {
    return refuse(state, connection, request, [["not-allowed", "HO4"]]);
  }
  switch (request.type) {
    case "kick":
      return kick(state, stay, request);
    case "mute": {
      const target = addresseeOf(stay, { to: request.userId });
      if (!isStay(target)) return refuse(state, connection, request, target);
      confirm(state, connection, request);
      const message = { type: "mute", from: stay.userId, kind: request.kind };
      return tell(state, target, { rule: "MU1", message });
    }
    case "lock":
    case "lobby": {
      const isLock = request.type === "lock";
      const on = (isLock ? request.locked : request.enabled) === true;
      const isChanged = on !== (isLock ? room.isLocked : room.hasLobby);
      if (isLock) room.isLocked = on;
      else room.hasLobby = on;
      confirm(state, connection, request);
      if (!isChanged) return;
      const message = { type: "room-updated", room: viewOf(state, room) };
      return tellOthers(state, stay, { rule: isLock ? "LK2" : "LB1", message });
    }
    case "admit":
      return admit(state, stay, request);
    case "deny": {
      const target = waitingOne(room, request);
      if (target === undefined) {
        return refuse(state, connection, request, [["no-such-participant", "LB4"]]);
      }
      confirm(state, connection, request);
      return sendAway(state, target, "denied", "LB5");
    }
    default: {
      const { id } = state.slots[room.slot]!;
      const leaved = { type: "leaved", roomId: id, userId: stay.userId, reason: "room-ended" };
      answer(state, connection, request, "EN1", leaved);
      const others = [...room.members, ...room.waiting].filter((one) => one !== stay);
      connection.stay = undefined;
      stay.connection = undefined;
      return endFor(state, room, others);
    }
  }
}

function kick(state: State, stay: Stay, request: Message): void {
  const { room } = stay;
  const member = addresseeOf(stay, { to: request.userId });
  const waiting = room.members.some(({ userId }) => userId === request.userId)
    ? undefined
    : waitingOne(room, request);
  const target = waiting ?? member;
  if (!isStay(target)) return refuse(state, stay.connection!, request, target);
  room.bannedUserIds.push(target.userId);
  if (target.connection !== undefined) room.bannedConnections.push(target.connection.no);
  confirm(state, stay.connection!, request);
  sendAway(state, target, "kicked", "KI1");
}

function admit(state: State, stay: Stay, request: Message): void {
  const { room } = stay;
  const target = waitingOne(room, request);
  const refusals: Refusal[] = [];
  if (target === undefined) refusals.push(["no-such-participant", "LB4"]);
  else {
    if (room.members.some(({ userId }) => userId === target.userId)) {
      refusals.push(["user-id-taken", "LB4"]);
    }
    const isBroadcaster = ({ role }: Stay) => role === "broadcaster";
    if (isBroadcaster(target) && room.members.some(isBroadcaster)) {
      refusals.push(["broadcaster-taken", "LB4"]);
    }
  }
  if (target === undefined || refusals.length > 0) {
    return refuse(state, stay.connection!, request, refusals);
  }
  confirm(state, stay.connection!, request);
  room.waiting = room.waiting.filter((one) => one !== target);
  tell(state, target, { ...enter(state, room, target), rule: "LB4" });
  announce(state, room, target);
}

function sendAway(state: State, target: Stay, reason: string, rule: string): void {
  const { id } = state.slots[target.room.slot]!;
  const message = { type: "leaved", roomId: id, userId: target.userId, reason };
  tell(state, target, { rule, message });
  depart(state, target, reason);
}

function waitingOne(room: Room, { userId }: Message): Stay | undefined {
  return room.waiting.find((one) => one.userId === userId);
}

/**
 * What each request means, by the rules of PROTOCOL.md: what its sender is answered, and what the
 * others are told. Where a request is wrong in several ways, any of their codes will do: the rules
 * give no order among them. Pure but for the state that it is given.
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
import { announce, depart, enter, knockOf } from "./departures.ts";
import { requestRelay } from "./frames.ts";
import { moderate } from "./moderation.ts";
import { isHole, isSame, type Message } from "./pattern.ts";
import { type Connection, type Room, type Slot, type State, type Stay, tell } from "./state.ts";

/** Carries out a good frame of `connection`: answers it and tells the others. */
export function carryOut(state: State, connection: Connection, request: Message): void {
  const { type } = request;
  if (type === "ping") {
    return answer(state, connection, request, "PI1", { type: "pong", at: request.at });
  }
  if (type === "join") return join(state, connection, request);
  if (type === "create-room") return createRoom(state, connection, request);
  const { stay } = connection;
  if (type === "leave") return leave(state, connection, request);
  if (stay === undefined || stay.isWaiting) {
    return refuse(state, connection, request, [["not-joined", stay === undefined ? "RL5" : "LB2"]]);
  }
  switch (type) {
    case "offer":
    case "answer":
      return relay(state, stay, request);
    case "ice-candidate":
      if (request.channel !== undefined) return confirm(state, connection, request);
      return relay(state, stay, request);
    case "publish":
      return refuse(state, connection, request, [["not-allowed", "PB1"]]);
    case "subscribe":
      return refuse(state, connection, request, [["no-such-track", "SB3"]]);
    case "restart-subscription":
      return refuse(state, connection, request, [["not-allowed", "SB4"]]);
    case "request-forwarding":
      return refuse(state, connection, request, [["not-allowed", "TO5"]]);
    case "request-relay":
      return requestRelay(state, stay, request);
    case "media-stats":
      return refuse(state, connection, request, [["not-allowed", "MS2"]]);
    case "subscription-answer":
      return confirm(state, connection, request);
    case "chat":
    case "data":
      return say(state, stay, request);
    case "state":
      return updateState(state, stay, request);
    case "stats":
      stay.report = {
        bitrateKbps: Number(request.bitrateKbps),
        path: `${request.path}`,
        pathMs: request.pathMs as Record<string, number>, // The plan writes numbers.
      };
      return confirm(state, connection, request);
    default:
      return moderate(state, stay, request);
  }
}

function join(state: State, connection: Connection, request: Message): void {
  if (connection.stay !== undefined) {
    return refuse(state, connection, request, [["already-joined", "JO4"]]);
  }
  const index = state.slots.findIndex(({ id }) => isSame(id, request.roomId));
  const slot = state.slots[index]!;
  const isKeyHolder = isHole(request.hostKey) &&
    isSame(request.hostKey, { name: slot.room?.hostKey ?? slot.reservation?.hostKey });
  const refusals = refusalsOf(slot, connection, request, isKeyHolder);
  if (refusals.length > 0) return refuse(state, connection, request, refusals);
  const role = (request.role ?? "participant") as Stay["role"]; // The plan writes no other.
  const room = slot.room ??= newRoom(state, index, request);
  const stay: Stay = {
    no: state.next++,
    user: connection.user,
    userId: `${request.userId}`,
    role,
    mayHost: isKeyHolder,
    canRelay: request.relay === true,
    room,
    asksToResume: request.resumable === true,
    state: {},
    isHost: false,
    isWaiting: false,
    isResumable: false,
    connection,
    missed: [],
    report: undefined,
  };
  connection.stay = stay;
  if (room.hasLobby && !isKeyHolder) {
    stay.isWaiting = true;
    room.waiting.push(stay);
    const waiting = { type: "waiting", roomId: slot.id, userId: stay.userId };
    answer(state, connection, request, "LB2", waiting);
    for (const host of room.hosts) tell(state, host, knockOf(stay));
    return;
  }
  const { rule, message } = enter(state, room, stay);
  answer(state, connection, request, rule, message);
  announce(state, room, stay);
}

function refusalsOf(
  { room, reservation }: Slot,
  connection: Connection,
  request: Message,
  isKeyHolder: boolean,
): Refusal[] {
  const { userId, role, hostKey, passcode } = request;
  const refusals: Refusal[] = [];
  if (role === "viewer" && (room?.members.length ?? 0) === 0) {
    refusals.push(["room-not-found", "JO6"]);
  }
  if (hostKey !== undefined && !isKeyHolder) refusals.push(["not-allowed", "CR5"]);
  const { kind, hostKey: known } = room ?? reservation ?? {};
  if (role === "broadcaster" && kind === "live" && known !== undefined && !isKeyHolder) {
    refusals.push(["not-allowed", "CR7"]);
  }
  if (
    room?.bannedUserIds.includes(`${userId}`) || room?.bannedConnections.includes(connection.no)
  ) refusals.push(["not-allowed", "KI2"]);
  if (room?.isLocked && !isKeyHolder) refusals.push(["room-locked", "LK1"]);
  const demanded = room === undefined ? reservation?.passcode : room.passcode;
  if (demanded !== undefined && passcode !== demanded && !isKeyHolder) {
    refusals.push(["bad-passcode", "PC2"]);
  }
  const waits = (room?.hasLobby ?? reservation?.lobby ?? false) && !isKeyHolder;
  const present = (waits ? room?.waiting : room?.members) ?? [];
  if (present.some((one) => one.userId === userId)) refusals.push(["user-id-taken", "JO5"]);
  if (!waits && role === "broadcaster" && present.some((one) => one.role === "broadcaster")) {
    refusals.push(["broadcaster-taken", "JO6"]);
  }
  return refusals;
}

function newRoom(state: State, slot: number, { role, passcode }: Message): Room {
  const { reservation } = state.slots[slot]!;
  return {
    slot,
    life: `room ${state.next++}`,
    kind: reservation?.kind ?? (role === "broadcaster" ? "live" : "meeting"),
    passcode: reservation === undefined ? passcode as string | undefined : reservation.passcode,
    hostKey: reservation?.hostKey,
    members: [],
    waiting: [],
    hosts: [],
    sources: [],
    bannedUserIds: [],
    bannedConnections: [],
    isLocked: false,
    hasLobby: reservation?.lobby ?? false,
    isOpened: false,
    said: 0,
  };
}

function createRoom(state: State, connection: Connection, request: Message): void {
  const no = state.next++;
  // The plan asks only where the last place for codes is free.
  const slot = state.slots.findLast(({ room }, index) =>
    index >= state.namedSlots && room === undefined
  )!;
  slot.id = { hole: "code", name: `code ${no}` };
  slot.reservation = {
    kind: `${request.kind}`,
    lobby: request.lobby === true,
    hostKey: `host key ${no}`,
    ...(request.passcode === undefined ? {} : { passcode: `${request.passcode}` }),
  };
  answer(state, connection, request, "CR1", {
    type: "room-created",
    roomId: slot.id,
    hostKey: { hole: "secret", name: slot.reservation.hostKey },
  });
}

function leave(state: State, connection: Connection, request: Message): void {
  const { stay } = connection;
  if (stay === undefined) return refuse(state, connection, request, [["not-joined", "LE1"]]);
  const { id } = state.slots[stay.room.slot]!;
  const { roomId = id, userId = stay.userId } = request;
  if (!isSame(id, roomId) || userId !== stay.userId) {
    return refuse(state, connection, request, [["not-allowed", "LE1"]]);
  }
  const leaved = { type: "leaved", roomId: id, userId, reason: "left" };
  answer(state, connection, request, "LE2", leaved);
  depart(state, stay, "left");
}

function relay(state: State, stay: Stay, request: Message): void {
  const { requestId: _requestId, to: _to, from: _from, ...rest } = request;
  const addressee = addresseeOf(stay, request);
  if (!isStay(addressee)) return refuse(state, stay.connection!, request, addressee);
  confirm(state, stay.connection!, request);
  tell(state, addressee, { rule: "RL1", message: { ...rest, from: stay.userId } });
}

function say(state: State, stay: Stay, request: Message): void {
  const { requestId: _requestId, to, from, ...rest } = request;
  const { room, userId } = stay;
  let others = room.members.filter((one) => one !== stay);
  if (to !== undefined) {
    const addressee = addresseeOf(stay, request);
    if (!isStay(addressee)) return refuse(state, stay.connection!, request, addressee);
    others = [addressee];
  } else if (from !== undefined && from !== userId) {
    return refuse(state, stay.connection!, request, [["not-allowed", "RL4"]]);
  }
  const message = {
    ...rest,
    from: userId,
    ...(to === undefined ? {} : { to }),
    at: { hole: "whole number" },
    messageId: { hole: "messageId", life: room.life, place: room.said++ },
  };
  const rule = request.type === "chat" ? "CH1" : "DA1";
  answer(state, stay.connection!, request, rule, message);
  for (const other of others) tell(state, other, { rule, message });
}

function updateState(state: State, stay: Stay, request: Message): void {
  const { type: _type, requestId: _requestId, ...change } = request;
  const after = { ...stay.state, ...change as Record<string, boolean> }; // The plan writes booleans.
  const isChanged = Object.keys(after).some((key) => after[key] !== stay.state[key]);
  stay.state = after;
  confirm(state, stay.connection!, request);
  if (!isChanged) return;
  const message = { type: "participant-updated", userId: stay.userId, state: after };
  tellOthers(state, stay, { rule: "ST1", message });
}

/**
 * From a step to what is sent: which request it means in the present state, and whether it means
 * anything there. Pure; holes in a request are filled when it is sent.
 */
import { resumableStay } from "./connections.ts";
import type { Message } from "./pattern.ts";
import { type Connection, type State, type Stay, userIdOf } from "./state.ts";
import { type RequestStep, type Step, TEXTS } from "./steps.ts";

/** What the place of the run allows. */
export type Conditions = {
  /** The grace time is short enough to wait for. */
  readonly canExpire: boolean;
  /** Connections can be counted: a departure that nobody in a room witnesses is noticed. */
  readonly canCount: boolean;
};

const PASSCODE = "sesame";
/** Reports all say so; the sum over the room tells them apart. */
const PATH = "p2p";

/** What of a step can be taken now; undefined: nothing. */
export function possible(state: State, step: Step, conditions: Conditions): Step | undefined {
  if (step.do !== "together") return isPossible(state, step, conditions) ? step : undefined;
  const steps = step.steps.filter((one) => isPossibleTogether(state, one));
  return steps.length < 2 ? steps[0] : { ...step, steps };
}

function isPossible(
  state: State,
  step: Exclude<Step, { do: "together" }>,
  conditions: Conditions,
): boolean {
  if (step.do === "grace") return conditions.canExpire && state.lost.length > 0;
  const { connection } = state.users[step.user]!;
  const isStalled = connection?.isStalled === true;
  switch (step.do) {
    case "stall":
      return connection?.stay !== undefined && !isStalled;
    case "read-on":
      return isStalled;
    case "close":
      return connection !== undefined && isNoticed(connection, conditions);
    case "resume":
      return !isStalled && (step.anyway || resumableStay(state, step.user) !== undefined);
    case "garbage":
    case "strikes":
      return !isStalled;
    default:
      return !isStalled && isRequestPossible(state, step) &&
        (step.anyway || hasMeaning(state, step));
  }
}

/** The request of a step. */
export function plan(state: State, step: RequestStep): Message {
  const request = { type: step.do, ...(step.asks ? { requestId: state.next++ } : {}) };
  switch (step.do) {
    case "join":
      return { ...request, ...joinFields(state, step) };
    case "create-room": {
      const { kind, lobby, passcode } = step;
      return {
        ...request,
        kind,
        ...(lobby ? { lobby } : {}),
        ...(passcode ? { passcode: PASSCODE } : {}),
      };
    }
    case "leave":
      return { ...request, ...(step.wrong ? { userId: "somebody-else" } : {}) };
    case "offer":
    case "answer": {
      const description = { type: step.do, sdp: `v=0\r\no=- ${state.next++} 0 IN IP4 0.0.0.0\r\n` };
      return { ...request, to: userIdOf(step.to), description, extra: [1], ...forged(step) };
    }
    case "ice-candidate": {
      const candidate = { candidate: `candidate:${state.next++} 1 udp 1 192.0.2.1 9 typ host` };
      return { ...request, to: userIdOf(step.to), candidate, ...forged(step) };
    }
    case "chat":
    case "data": {
      const text = `${TEXTS[step.text % TEXTS.length]} ${state.next++}`;
      const to = step.to === undefined ? {} : { to: userIdOf(step.to) };
      const content = step.do === "chat" ? { text } : { payload: { text, list: [null, 1.5, {}] } };
      return { ...request, ...content, ...to, ...forged(step) };
    }
    case "state":
      return { ...request, [step.kind]: step.on };
    case "stats":
      return { ...request, bitrateKbps: step.bitrateKbps, path: PATH };
    case "mute":
      return { ...request, userId: userIdOf(step.target), kind: "audio" };
    case "kick":
    case "admit":
    case "deny":
      return { ...request, userId: userIdOf(step.target) };
    case "lock":
      return { ...request, locked: step.on };
    case "lobby":
      return { ...request, enabled: step.on };
    case "end-room":
      return request;
  }
}

/** Whether somebody, or a count, will tell that the connection's end has arrived. */
function isNoticed({ stay }: Connection, { canCount }: Conditions): boolean {
  if (canCount || stay === undefined) return true;
  return stay.room.members.some((one) =>
    one !== stay && one.connection !== undefined && !one.connection.isStalled
  );
}

function isPossibleTogether(state: State, step: RequestStep): boolean {
  const { connection } = state.users[step.user]!;
  if (connection === undefined || connection.isStalled) return false;
  // A passcode takes its time to check, and a code that is free again is nobody's.
  if (step.do === "join") {
    const isNamed = step.room % state.slots.length < state.namedSlots;
    if (step.passcode !== "none" || !isNamed) return false;
  }
  return step.do !== "create-room" && (step.anyway || hasMeaning(state, step));
}

function isRequestPossible(state: State, step: RequestStep): boolean {
  if (step.do === "create-room") {
    return state.slots.some(({ room }, index) => index >= state.namedSlots && room === undefined);
  }
  if (step.do !== "join") return true;
  const slot = state.slots[step.room % state.slots.length]!;
  if (slot.id === undefined) return false;
  return !isWrongGuess(state, step) || state.guessesLeft > 0;
}

/** Whether it does more than to be refused for where its sender, or its target, is. */
function hasMeaning(state: State, step: RequestStep): boolean {
  const stay = state.users[step.user]!.connection?.stay;
  const isThere = (among: readonly Stay[] | undefined, user: number) =>
    among?.some((one) => one !== stay && one.userId === userIdOf(user)) === true;
  switch (step.do) {
    case "create-room":
      return true;
    case "join":
      return stay === undefined;
    case "leave":
      return stay !== undefined;
    case "chat":
    case "data":
      return isMember(stay) && (step.to === undefined || isThere(stay.room.members, step.to));
    case "offer":
    case "answer":
    case "ice-candidate":
      return isMember(stay) && isThere(stay.room.members, step.to);
    case "state":
    case "stats":
      return isMember(stay);
    case "admit":
    case "deny":
      return isMember(stay) && stay.isHost && isThere(stay.room.waiting, step.target);
    case "kick":
    case "mute":
      return isMember(stay) && stay.isHost &&
        isThere([...stay.room.members, ...stay.room.waiting], step.target);
    default:
      return isMember(stay) && stay.isHost;
  }
}

function isMember(stay: Stay | undefined): stay is Stay {
  return stay !== undefined && !stay.isWaiting;
}

function joinFields(
  state: State,
  step: Extract<RequestStep, { do: "join" }>,
): Message {
  const { id, room, reservation } = state.slots[step.room % state.slots.length]!;
  const { role, resumable, passcode, hostKey } = step;
  if (isWrongGuess(state, step)) state.guessesLeft--;
  const known = room?.hostKey ?? reservation?.hostKey;
  const rightKey = known === undefined ? undefined : { hole: "secret", name: known };
  const key = hostKey === "right" ? rightKey : hostKey === "wrong" ? "no such key" : undefined;
  return {
    roomId: id,
    userId: userIdOf(step.as),
    ...(role === "participant" ? {} : { role }),
    ...(resumable ? { resumable } : {}),
    ...(passcode === "none" ? {} : { passcode: passcode === "right" ? PASSCODE : "wrong" }),
    ...(key === undefined ? {} : { hostKey: key }),
  };
}

/** The server counts wrong passcodes, and stops to listen after some. */
function isWrongGuess(state: State, step: Extract<RequestStep, { do: "join" }>): boolean {
  const { room, reservation } = state.slots[step.room % state.slots.length]!;
  const demanded = room === undefined ? reservation?.passcode : room.passcode;
  const shown = step.passcode === "none"
    ? undefined
    : step.passcode === "right"
    ? PASSCODE
    : "wrong";
  return demanded !== undefined && shown !== undefined && demanded !== shown &&
    state.users[step.user]!.connection?.stay === undefined;
}

/** The sender that a forged message claims. */
function forged({ forged }: { readonly forged: boolean }): Message {
  return forged ? { from: "somebody-else" } : {};
}

/** Whether a resume would take the user's seat over from a connection that it still has. */
export function takesOver(state: State, user: number): boolean {
  const { connection } = state.users[user]!;
  const stay = resumableStay(state, user);
  return stay !== undefined && connection !== undefined && connection.stay === stay;
}

/**
 * From a step to what is sent: which request it means in the present state. Pure; holes in a request
 * are filled when it is sent.
 */
import { resumableStay } from "./connections.ts";
import type { Message } from "./pattern.ts";
import { type State, userIdOf } from "./state.ts";
import { type RequestStep, TEXTS } from "./steps.ts";

const PASSCODE = "sesame";
/** Reports all say so; the sum over the room tells them apart. */
const PATH = "p2p";

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
      return { ...request, bitrateKbps: step.bitrateKbps, path: PATH, pathMs: pathMsOf(step) };
    case "publish":
      return { ...request, description: { type: "offer", sdp: "" }, tracks: [] };
    case "subscription-answer":
      return { ...request, connection: 1, description: { type: "answer", sdp: "" } };
    case "subscribe":
      return { ...request, trackId: "1", maxHeight: 360 };
    case "channel-candidate":
      return { ...request, type: "ice-candidate", channel: "publisher", candidate: null };
    case "request-forwarding":
      return { ...request, wanted: true };
    case "request-relay":
      return { ...request, ...relayFields(state, step) };
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
    case "restart-subscription":
    case "media-stats":
    case "end-room":
      return request;
  }
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
    ...(step.relay ? { relay: true } : {}),
    ...(passcode === "none" ? {} : { passcode: passcode === "right" ? PASSCODE : "wrong" }),
    ...(key === undefined ? {} : { hostKey: key }),
  };
}

function relayFields(
  state: State,
  { user, to, active, elsewhere }: Extract<RequestStep, { do: "request-relay" }>,
): Message {
  const room = state.users[user]!.connection?.stay?.room;
  const isNowhere = elsewhere || room === undefined;
  return {
    roomId: isNowhere ? "somewhere-else" : state.slots[room.slot]!.id,
    ...(to === undefined ? {} : { userId: userIdOf(to) }),
    ...(active ? {} : { active }),
  };
}

/** The server counts wrong passcodes, and stops to listen after some. */
export function isWrongGuess(state: State, step: Extract<RequestStep, { do: "join" }>): boolean {
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

/** How long media took the path: any number that tells one report from another. */
function pathMsOf({ bitrateKbps }: { readonly bitrateKbps: number }): Message {
  return { [PATH]: 2 * bitrateKbps };
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

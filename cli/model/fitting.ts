/**
 * Makes random steps fit the present state: a step that could only be refused goes to users for whom
 * it means something, unless it is to be sent anyway. What no user could do is left out. Pure.
 */
import { resumableStay } from "./connections.ts";
import { isWrongGuess } from "./plan.ts";
import { type Connection, type State, type Stay, userIdOf } from "./state.ts";
import type { RequestStep, Step } from "./steps.ts";

/** What the place of the run allows. */
export type Conditions = {
  /** The grace time is short enough to wait for. */
  readonly canExpire: boolean;
  /** Connections can be counted: a departure that nobody in a room witnesses is noticed. */
  readonly canCount: boolean;
};

/** What of a step can be taken now; undefined: nothing. */
export function possible(state: State, step: Step, conditions: Conditions): Step | undefined {
  if (step.do !== "together") {
    const fitted = isRequest(step)
      ? fit(state, step)
      : step.do === "summary"
      ? fitSummary(state, step)
      : step.do === "show"
      ? fitShow(state, step)
      : step;
    return fitted !== undefined && isPossible(state, fitted, conditions) ? fitted : undefined;
  }
  const steps = step.steps.flatMap((one) => {
    const fitted = fit(state, one);
    return fitted !== undefined && isPossibleTogether(state, fitted) ? [fitted] : [];
  });
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
    case "summary":
      // It takes longer than a seat is kept.
      return conditions.canExpire && state.lost.length === 0 && !isStalled &&
        isMember(connection?.stay);
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
    case "show":
      return !isStalled;
    default:
      return !isStalled && isRequestPossible(state, step);
  }
}

function isRequest(step: Exclude<Step, { do: "together" }>): step is RequestStep {
  return "asks" in step;
}

/** The step, by users for whom it means something; undefined where there are none. */
function fit(state: State, step: RequestStep): RequestStep | undefined {
  if (step.anyway) return step;
  // Under another name comes, before all, who was kicked.
  const kicked = step.do === "join" && step.as !== step.user
    ? pick(returns(state, step), step.user)
    : undefined;
  if (kicked !== undefined) return kicked;
  if (hasMeaning(state, step)) return step;
  if (step.do === "join") {
    const idle = state.users.flatMap(({ connection }, user) =>
      connection?.stay === undefined && connection?.isStalled !== true ? [user] : []
    );
    const user = pick(idle, step.user);
    return user === undefined
      ? undefined
      : { ...step, user, as: step.as === step.user ? user : step.as };
  }
  const stays = state.users.flatMap(({ connection }) =>
    connection?.stay === undefined || connection.isStalled ? [] : [connection.stay]
  );
  const able = stays.filter((stay) => step.do === "leave" || isMember(stay)).flatMap((stay) => {
    const fitted = fitTarget(step, stay);
    return fitted !== undefined && hasMeaning(state, fitted) ? [fitted] : [];
  });
  return pick(able, step.user);
}

/** The summary, of a room with somebody in it. */
function fitSummary(state: State, step: Extract<Step, { do: "summary" }>): typeof step {
  const members = state.users.flatMap(({ connection }, user) =>
    isMember(connection?.stay) && connection?.isStalled !== true ? [user] : []
  );
  return { ...step, user: pick(members, step.user) ?? step.user };
}

/** The frame, by somebody whose frames are wanted; undefined where nobody's are. */
function fitShow(state: State, step: Extract<Step, { do: "show" }>): typeof step | undefined {
  if (step.anyway) return step;
  const users = state.users.flatMap(({ connection }, user) => {
    const source = connection?.stay?.room.sources.find(({ stay }) => stay === connection.stay);
    const isWanted = source !== undefined && source.viewers.length > 0;
    return isWanted && connection?.isStalled !== true ? [user] : [];
  });
  const user = pick(users, step.user);
  return user === undefined ? undefined : { ...step, user };
}

/** The join, by those who were kicked, to the rooms that keep them out, as somebody who may come. */
function returns(state: State, step: Extract<RequestStep, { do: "join" }>): RequestStep[] {
  return state.users.flatMap(({ connection }, user) => {
    if (connection === undefined || connection.isStalled || connection.stay !== undefined) {
      return [];
    }
    return state.slots.flatMap(({ room }, slot) => {
      if (room?.bannedConnections.includes(connection.no) !== true) return [];
      const taken = [...room.bannedUserIds, ...room.members.map(({ userId }) => userId)];
      const free = state.users.keys().filter((one) => !taken.includes(userIdOf(one))).toArray();
      const as = pick(free, step.as);
      return as === undefined ? [] : [{ ...step, user, room: slot, as }];
    });
  });
}

/** The step, sent by `stay`, to somebody who is there. */
function fitTarget(step: RequestStep, stay: Stay): RequestStep | undefined {
  const { user, room } = stay;
  const others = room.members.filter((one) => one !== stay);
  switch (step.do) {
    case "chat":
    case "data":
      if (step.to === undefined) return { ...step, user };
      return withTarget(others, step.to, (to) => ({ ...step, user, to }));
    case "offer":
    case "answer":
    case "ice-candidate":
      return withTarget(others, step.to, (to) => ({ ...step, user, to }));
    case "request-relay": {
      if (step.to === undefined) {
        return others.some(({ role }) => role === "broadcaster") ? { ...step, user } : undefined;
      }
      return withTarget(others, step.to, (to) => ({ ...step, user, to }));
    }
    case "kick":
    case "mute":
      return withTarget(others, step.target, (target) => ({ ...step, user, target }));
    case "admit":
    case "deny":
      return withTarget(room.waiting, step.target, (target) => ({ ...step, user, target }));
    default:
      return { ...step, user };
  }
}

function withTarget(
  among: readonly Stay[],
  choice: number,
  make: (user: number) => RequestStep,
): RequestStep | undefined {
  const chosen = pick(among, choice);
  return chosen === undefined ? undefined : make(userOf(chosen.userId));
}

/** The user of a user id; everybody's id is some user's. */
function userOf(userId: string): number {
  for (let user = 0;; user++) if (userIdOf(user) === userId) return user;
}

function pick<T>(list: readonly T[], choice: number): T | undefined {
  return list[choice % list.length];
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
    const slot = step.room % state.slots.length;
    if (step.passcode !== "none" || slot >= state.namedSlots) return false;
    // Nobody would see in which order two knocked, until a host is back who is told of both.
    const room = state.slots[slot]!.room;
    if (room?.hasLobby === true && !room.hosts.some(canSee)) return false;
  }
  return step.do !== "create-room";
}

function canSee({ connection }: Stay): boolean {
  return connection !== undefined && !connection.isStalled;
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
    case "publish":
    case "subscription-answer":
    case "subscribe":
    case "restart-subscription":
    case "media-stats":
    case "request-forwarding":
    case "channel-candidate":
      return isMember(stay);
    case "request-relay":
      return isMember(stay) && stay.room.members.some((one) =>
        one !== stay &&
        (step.to === undefined ? one.role === "broadcaster" : one.userId === userIdOf(step.to))
      );
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

/**
 * What the model knows of a server: rooms with their members in order, hosts, bans, locks, lobbies,
 * the seats that are kept, and the users' connections. Plain data, so that several ways things may
 * have happened can be tried on copies. `requests.ts` and `connections.ts` change it.
 */
import type { Hole, Message } from "./pattern.ts";

/** A message that somebody must be told, and the rule that says so. */
export type Expected = {
  readonly rule: string;
  readonly message: Message;
  /** It was missed and is sent again on `resume`; a snapshot may stand for all of these. */
  readonly isReplay?: boolean;
};

/** A participant from its join to its leave, across connections. */
export type Stay = {
  readonly no: number;
  /** Which of the users it is; its user id may be another's name. */
  readonly user: number;
  readonly userId: string;
  readonly role: "participant" | "broadcaster" | "viewer";
  readonly mayHost: boolean;
  /** It can send frames (rule FR1). */
  readonly canRelay: boolean;
  readonly room: Room;
  /** The join asked to be resumable. */
  readonly asksToResume: boolean;
  state: Record<string, boolean>;
  isHost: boolean;
  isWaiting: boolean;
  /** It has a resume token. */
  isResumable: boolean;
  /** Undefined while it is lost. */
  connection: Connection | undefined;
  /** What was said while it was lost. */
  missed: Expected[];
  report: { bitrateKbps: number; path: string; pathMs: Record<string, number> } | undefined;
};

/** A member whose frames somebody has wanted, and who wants them now (rule FR2). */
export type Source = {
  readonly stay: Stay;
  /** Names the number that stands in its frames. */
  readonly name: string;
  viewers: { readonly stay: Stay; needsKeyFrame: boolean }[];
};

/** A room, from its first join to its last leave. */
export type Room = {
  readonly slot: number;
  /** Names this life of the room; its message ids count within. */
  readonly life: string;
  readonly kind: string;
  readonly passcode: string | undefined;
  readonly hostKey: string | undefined;
  members: Stay[];
  waiting: Stay[];
  hosts: Stay[];
  sources: Source[];
  bannedUserIds: string[];
  bannedConnections: number[];
  isLocked: boolean;
  hasLobby: boolean;
  isOpened: boolean;
  /** Chat and data so far. */
  said: number;
};

/** A place for a room: an id of our choice, or one for a code that is asked for. */
export type Slot = {
  id: string | Hole | undefined;
  reservation: { kind: string; lobby: boolean; passcode?: string; hostKey: string } | undefined;
  room: Room | undefined;
};

/** One socket. */
export type Connection = {
  readonly no: number;
  readonly user: number;
  stay: Stay | undefined;
  /** Somebody has wanted frames of it (rule CO7). */
  isSource: boolean;
  /** Its user reads nothing for now. */
  isStalled: boolean;
  /** What it has been told and not read. */
  owed: Expected[];
};

/** One user. */
export type User = {
  connection: Connection | undefined;
  /** The last stay that it got a resume token for. */
  pass: number | undefined;
};

/** Everything. */
export type State = {
  /** Where rooms with an id of our choice end and those with codes begin. */
  readonly namedSlots: number;
  slots: Slot[];
  users: User[];
  /** Stays whose connection is lost, the longest lost first. */
  lost: Stay[];
  /** The next number of a connection, stay, room or request. */
  next: number;
  /** Wrong passcodes that may still be tried without the server's throttle. */
  guessesLeft: number;
  /** What each connection is told in the present step. */
  told: Record<number, Expected[]>;
  /** Connections that the server ends in the present step, with the close code. */
  ended: Record<number, number>;
};

/** Nobody anywhere: `rooms` of the given ids, and one place for a code. */
export function newState(
  options: { users: number; roomIds: readonly string[]; codes: number; guesses: number },
): State {
  const slotOf = (id: string | undefined): Slot => ({
    id,
    reservation: undefined,
    room: undefined,
  });
  return {
    namedSlots: options.roomIds.length,
    slots: [...options.roomIds, ...Array<undefined>(options.codes).fill(undefined)].map(slotOf),
    users: Array.from(
      { length: options.users },
      () => ({ connection: undefined, pass: undefined }),
    ),
    lost: [],
    next: 1,
    guessesLeft: options.guesses,
    told: {},
    ended: {},
  };
}

const NAMES = ["ann", "bob", "cleo", "dan", "eve", "finn", "gus", "hana", "ivo", "june"];

/** The user id of a user. */
export function userIdOf(user: number): string {
  return NAMES[user] ?? `user-${user + 1}`;
}

/** Has a stay told something: now, or when it comes back. */
export function tell(state: State, stay: Stay, expected: Expected): void {
  if (stay.connection !== undefined) tellConnection(state, stay.connection, expected);
  else if (stay.isResumable) stay.missed.push({ ...expected, isReplay: true });
}

/** Has a connection told something. */
export function tellConnection(state: State, connection: Connection, expected: Expected): void {
  if (connection.isStalled) connection.owed.push(expected);
  else (state.told[connection.no] ??= []).push(expected);
}

/** A room as its members see it. */
export function viewOf(state: State, room: Room): Message {
  return {
    roomId: state.slots[room.slot]!.id,
    kind: room.kind,
    topology: "mesh",
    createdAt: { hole: "whole number" },
    ...(room.isLocked ? { locked: true } : {}),
    ...(room.passcode === undefined ? {} : { passcode: true }),
    ...(room.hasLobby ? { lobby: true } : {}),
  };
}

/** A participant as the others see it. */
export function participantOf(stay: Stay): Message {
  return {
    userId: stay.userId,
    role: stay.role,
    state: { ...stay.state },
    joinedAt: { hole: "whole number" },
    ...(stay.connection === undefined ? { connected: false } : {}),
    ...(stay.isHost ? { host: true } : {}),
  };
}

/** Everybody in a room, twice, and the room. */
export function rosterOf(state: State, room: Room): Message {
  return {
    users: room.members.map(({ userId }) => userId),
    participants: room.members.map(participantOf),
    room: viewOf(state, room),
  };
}

/** What a summary of the room's statistics would say now (rule SS2). */
export function summaryOf(room: Room): Message {
  const paths: Record<string, number> = {};
  const pathMs: Record<string, number> = {};
  let bitrateKbps = 0;
  for (const { role, report } of room.members) {
    if (report === undefined) continue;
    if (role !== "viewer") bitrateKbps += report.bitrateKbps;
    paths[report.path] = (paths[report.path] ?? 0) + 1;
    for (const [path, ms] of Object.entries(report.pathMs)) pathMs[path] = (pathMs[path] ?? 0) + ms;
  }
  const viewerCount = room.members.filter(({ role }) => role === "viewer").length;
  const isTimed = Object.keys(pathMs).length > 0;
  return {
    type: "stats-summary",
    viewerCount,
    bitrateKbps,
    paths,
    ...(isTimed ? { pathMs } : {}),
  };
}

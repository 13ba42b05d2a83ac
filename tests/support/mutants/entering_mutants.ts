/** Mutants that are wrong about who comes, who goes, and who may. */
import { ProtocolError } from "../../../src/protocol/mod.ts";
import type { Outbound } from "../../../src/rooms/outbound.ts";
import { Bans, Hosts } from "../../../src/rooms/permissions.ts";
import { RoomRegistry } from "../../../src/rooms/registry.ts";
import { Room } from "../../../src/rooms/room.ts";
import { type Mutant, replaceGetter, replaceMethod } from "./mutant.ts";
import { statesSeen, watchRooms } from "./rooms_seen.ts";

/** The mutants by name. */
export const enteringMutants: Readonly<Record<string, Mutant>> = {
  "drop-user-left": {
    does: "keeps a departure from the one who has been there shortest",
    rule: "LE3",
    apply: () =>
      changeLeave("user-left", (outbound) => ({ ...outbound, to: outbound.to.slice(0, -1) })),
  },
  "repeat-user-left": {
    does: "tells each departure twice to the one who has been there longest",
    rule: "LE3",
    apply: () => changeLeave("user-left", repeated),
  },
  "repeat-user-joined": {
    does: "tells each join twice to the one who has been there longest",
    rule: "JO3",
    apply: () => changeJoin("user-joined", repeated),
  },
  "tell-oneself": {
    does: "tells a joiner of its own join",
    rule: "JO3",
    apply: () =>
      replaceMethod(Room.prototype, "join", (_room, original, ...args) => {
        const { participant, outcome } = original(...args);
        const outbound = outcome.outbound.map((one) =>
          one.message.type === "user-joined" ? { ...one, to: [...one.to, participant] } : one
        );
        return { participant, outcome: { ...outcome, outbound } };
      }),
  },
  "wrong-reason": {
    does: "says of every departure that it was wanted",
    rule: "LE4",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "leave",
        (_room, original, participant) => original(participant, "left"),
      ),
  },
  "keep-a-ghost": {
    does: "keeps whoever goes without a word",
    rule: "LE7",
    apply: () =>
      replaceMethod(
        RoomRegistry.prototype,
        "leave",
        (_registry, original, seat, reason) =>
          reason === "disconnected" ? { reply: undefined, outbound: [] } : original(seat, reason),
      ),
  },
  "keep-a-room": {
    does: "keeps a room when its last member has left",
    rule: "LE5",
    apply: () => replaceGetter(Room.prototype, "isOver", () => false),
  },
  "wrong-roster-order": {
    does: "lists the members backwards to who joins",
    rule: "JO2",
    apply: () => changeJoined((joined) => ({ ...joined, users: joined.users.toReversed() })),
  },
  "roster-without-state": {
    does: "forgets in the roster what the members show of themselves",
    rule: "ST2",
    apply: () =>
      changeJoined((joined) => ({
        ...joined,
        participants: joined.participants.map((one) => ({ ...one, state: {} })),
      })),
  },
  "accept-duplicate-user-id": {
    does: "lets another in under a user id that is in use",
    rule: "JO5",
    apply: () =>
      replaceMethod(Room.prototype, "join", (room, original, entrant, now) => {
        try {
          return original(entrant, now);
        } catch (error) {
          const isTaken = error instanceof ProtocolError && error.code === "user-id-taken";
          const present = room.participants.find(({ userId }) => userId === entrant.userId);
          if (!isTaken || present === undefined) throw error;
          room.leave(present, "left");
          return original(entrant, now);
        }
      }),
  },
  "ban-not-held": {
    does: "lets those in again who were kicked",
    rule: "KI2",
    apply: () => replaceMethod(Bans.prototype, "has", () => false),
  },
  "ban-by-name-alone": {
    does: "forgets the connection of who was kicked",
    rule: "KI2",
    apply: () =>
      replaceMethod(Bans.prototype, "has", (_bans, original, userId) => original(userId, {})),
  },
  "lock-ignored": {
    does: "lets joiners into a locked room",
    rule: "LK1",
    apply: () => {
      watchRooms();
      replaceMethod(Room.prototype, "join", (room, original, ...args) => {
        const state = statesSeen.get(room.roomId);
        if (state?.view.locked !== true) return original(...args);
        const { locked: _locked, ...open } = state.view;
        const before = state.view;
        state.view = open;
        try {
          return original(...args);
        } finally {
          state.view = before;
        }
      });
    },
  },
  "passcode-ignored": {
    does: "lets joiners in without the passcode",
    rule: "PC2",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "join",
        (room, original, entrant, now) => original({ ...entrant, passcode: room.passcode }, now),
      ),
  },
  "anybody-broadcasts": {
    does: "lets whoever has the code broadcast in somebody else's live room",
    rule: "CR7",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "join",
        (_room, original, entrant, now) => original({ ...entrant, mayBroadcast: true }, now),
      ),
  },
  "host-not-handed-over": {
    does: "leaves a room without a host when the host goes",
    rule: "HO3",
    apply: () =>
      replaceMethod(
        Hosts.prototype,
        "left",
        (_hosts, original, participant) => original(participant, []),
      ),
  },
  "youngest-inherits": {
    does: "makes the host of who has been there shortest",
    rule: "HO3",
    apply: () =>
      replaceMethod(
        Hosts.prototype,
        "left",
        (_hosts, original, participant, members) =>
          original(participant, [...members].toReversed()),
      ),
  },
  "everybody-moderates": {
    does: "carries out what only a host may ask for",
    rule: "HO4",
    apply: () => replaceMethod(Hosts.prototype, "refuseOthers", () => {}),
  },
  "end-room-spares-one": {
    does: "tells the last one nothing when a room is ended",
    rule: "EN1",
    apply: () =>
      replaceMethod(RoomRegistry.prototype, "end", (_registry, original, roomId) => {
        const { unseated, outbound, ...ending } = original(roomId);
        return { ...ending, unseated: unseated.slice(0, -1), outbound: outbound.slice(0, -1) };
      }),
  },
};

function changeJoin(type: string, change: (outbound: Outbound) => Outbound): void {
  replaceMethod(Room.prototype, "join", (_room, original, ...args) => {
    const { participant, outcome } = original(...args);
    const outbound = outcome.outbound.map((one) => one.message.type === type ? change(one) : one);
    return { participant, outcome: { ...outcome, outbound } };
  });
}

function changeLeave(type: string, change: (outbound: Outbound) => Outbound): void {
  replaceMethod(Room.prototype, "leave", (_room, original, ...args) => {
    const outcome = original(...args);
    const outbound = outcome.outbound.map((one) => one.message.type === type ? change(one) : one);
    return { ...outcome, outbound };
  });
}

type Joined = Extract<Outbound["message"], { type: "joined" }>;

function changeJoined(change: (joined: Joined) => Joined): void {
  replaceMethod(Room.prototype, "join", (_room, original, ...args) => {
    const { participant, outcome } = original(...args);
    const { reply } = outcome;
    if (reply?.type !== "joined") return { participant, outcome };
    return { participant, outcome: { ...outcome, reply: change(reply) } };
  });
}

function repeated(outbound: Outbound): Outbound {
  return { ...outbound, to: [...outbound.to.slice(0, 1), ...outbound.to] };
}

/**
 * Mutants that do what people reported of other servers, one for each regression that no other
 * mutant stands for. They are for the regressions alone: no random schedule has to find them.
 */
import { ProtocolError } from "../../../src/protocol/mod.ts";
import { Moderation } from "../../../src/rooms/moderation.ts";
import { Room } from "../../../src/rooms/room.ts";
import { Connection } from "../../../src/signaling/connection.ts";
import { Exchange } from "../../../src/signaling/exchange.ts";
import { Sessions } from "../../../src/signaling/sessions.ts";
import { type Mutant, replaceMethod } from "./mutant.ts";
import { roomOf, roomsSeen, statesSeen, watchRooms } from "./rooms_seen.ts";

/** The mutants by name. */
export const regressionMutants: Readonly<Record<string, Mutant>> = {
  "fourth-return-is-not-told": {
    does: "goes on showing as lost who came back the fourth time",
    rule: "RE3",
    apply: () => {
      let returns = 0;
      replaceMethod(Room.prototype, "updateConnected", (_room, original, participant, isBack) => {
        const outbound = original(participant, isBack);
        return isBack && outbound.length > 0 && ++returns % 4 === 0 ? [] : outbound;
      });
    },
  },
  "resumes-once": {
    does: "forgets the token of a seat that was resumed",
    rule: "RE7",
    apply: () => {
      const used = new Set<string>();
      replaceMethod(Sessions.prototype, "find", (_sessions, original, token, lastSeq) => {
        if (used.has(token)) throw new ProtocolError("resume-expired", "Cannot resume again");
        const found = original(token, lastSeq);
        used.add(token);
        return found;
      });
    },
  },
  "resumes-not-from-zero": {
    does: "refuses to resume a seat that has heard nothing yet",
    rule: "RE4",
    apply: () =>
      replaceMethod(Sessions.prototype, "find", (_sessions, original, token, lastSeq) => {
        if (lastSeq === 0) throw new ProtocolError("resume-expired", "Cannot resume from nothing");
        return original(token, lastSeq);
      }),
  },
  "silent-rejoin": {
    does: "tells nobody of one who has been in the room before",
    rule: "JO3",
    apply: () => {
      const known = new WeakMap<Room, Set<string>>();
      replaceMethod(Room.prototype, "join", (room, original, ...args) => {
        const { participant, outcome } = original(...args);
        const before = known.get(room) ?? new Set();
        known.set(room, before);
        const isKnown = before.has(participant.userId);
        before.add(participant.userId);
        if (!isKnown) return { participant, outcome };
        const outbound = outcome.outbound.filter(({ message }) => message.type !== "user-joined");
        return { participant, outcome: { ...outcome, outbound } };
      });
    },
  },
  "glare-keeps-one": {
    does: "loses an offer that crosses one of the other side",
    rule: "RL1",
    apply: () => {
      const last = new WeakMap<Room, string>();
      replaceMethod(Room.prototype, "relay", (room, original, sender, message) => {
        const outcome = original(sender, message);
        if (message.type !== "offer") return outcome;
        const isCrossing = last.get(room) === `${message.to} to ${sender.userId}`;
        last.set(room, isCrossing ? "" : `${sender.userId} to ${message.to}`);
        return isCrossing ? { ...outcome, outbound: [] } : outcome;
      });
    },
  },
  "relays-across-rooms": {
    does: "relays to whoever has that id, in whatever room",
    rule: "RL2",
    apply: () => {
      watchRooms();
      replaceMethod(Room.prototype, "relay", (_room, original, sender, message) => {
        try {
          return original(sender, message);
        } catch (error) {
          const everybody = [...roomsSeen].flatMap((room) => room.participants);
          const found = everybody.find(({ userId }) => userId === message.to);
          if (!(error instanceof ProtocolError) || found === undefined) throw error;
          const { to: _to, requestId: _requestId, ...rest } = message;
          const relayed = { ...rest, from: sender.userId };
          return { reply: undefined, outbound: [{ to: [found], message: relayed }] };
        }
      });
    },
  },
  "drops-in-silence": {
    does: "does not tell a slow reader that it missed something",
    rule: "BP2",
    apply: () => replaceMethod(Exchange.prototype, "lagged", () => {}),
  },
  "oversized-frame-ends-all": {
    does: "ends every connection when one sends a frame that is too large",
    rule: "ER2",
    apply: () => {
      const connections = new Set<Connection>();
      replaceMethod(Connection.prototype, "receive", (connection, original, text) => {
        connections.add(connection);
        original(text);
        if ((text?.length ?? 0) < 100_000) return;
        for (const one of connections) one.close(1011, "");
      });
    },
  },
  "markup-is-escaped": {
    does: "writes chat as the markup of a page",
    rule: "CH2",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "chat",
        (_room, original, sender, message, at) =>
          original(sender, { ...message, text: message.text.replaceAll("<", "&lt;") }, at),
      ),
  },
  "first-opens-the-lobby": {
    does: "makes a host of whoever is there first, lobby or not",
    rule: "LB8",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "join",
        (room, original, entrant, now) =>
          original(room.size === 0 ? { ...entrant, mayHost: true } : entrant, now),
      ),
  },
  "admits-all": {
    does: "lets in everybody who waits when one is admitted",
    rule: "LB4",
    apply: () => {
      watchRooms();
      replaceMethod(Moderation.prototype, "admit", (_moderation, original, host, message, now) => {
        const waiting = roomOf(host)?.waiting ?? [];
        const outcome = original(host, message, now);
        const others = waiting.filter(({ userId }) => userId !== message.userId)
          .map(({ userId }) => original(host, { ...message, userId }, now));
        const outbound = [outcome, ...others].flatMap((one) => one.outbound);
        return { ...outcome, outbound };
      });
    },
  },
  "place-is-never-free": {
    does: "counts those who have left among those who fill a room",
    rule: "LI1",
    apply: () => {
      watchRooms();
      const joins = new WeakMap<Room, number>();
      replaceMethod(Room.prototype, "join", (room, original, ...args) => {
        const count = joins.get(room) ?? 0;
        const size = statesSeen.get(room.roomId)?.maxParticipants ?? Infinity;
        if (count >= size) throw new ProtocolError("room-full", "Cannot join: it was full");
        const entered = original(...args);
        joins.set(room, count + 1);
        return entered;
      });
    },
  },
};

/** Mutants that are wrong about what members say to each other, and what hosts ask for. */
import { Moderation } from "../../../src/rooms/moderation.ts";
import type { Outbound, Outcome } from "../../../src/rooms/outbound.ts";
import { Room } from "../../../src/rooms/room.ts";
import { Delivery } from "../../../src/signaling/delivery.ts";
import { Session } from "../../../src/signaling/session.ts";
import { type Mutant, replaceMethod } from "./mutant.ts";
import { roomOf, strangerTo, watchRooms } from "./rooms_seen.ts";

/** The mutants by name. */
export const tellingMutants: Readonly<Record<string, Mutant>> = {
  "leak-chat": {
    does: "delivers chat to somebody in another room as well",
    rule: "OR2",
    apply: () => {
      watchRooms();
      changeChat((outcome, room) => {
        const stranger = strangerTo(room);
        return stranger === undefined ? outcome : alsoTo(outcome, [stranger]);
      });
    },
  },
  "lose-chat": {
    does: "loses every fifth chat for the others",
    rule: "CH1",
    apply: () => {
      let count = 0;
      changeChat((outcome) => ++count % 5 === 0 ? { ...outcome, outbound: [] } : outcome);
    },
  },
  "reorder-chat": {
    does: "holds chat back until something else was said to that one",
    rule: "OR1",
    apply: () => holdBack(/^\{"type":"chat"/),
  },
  "reorder-candidates": {
    does: "lets whatever comes next overtake a candidate",
    rule: "OR3",
    apply: () => holdBack(/^\{"type":"ice-candidate"/),
  },
  "chat-not-copied": {
    does: "keeps the sender's copy of its chat from it",
    rule: "CH1",
    apply: () => changeChat((outcome) => ({ ...outcome, reply: undefined })),
  },
  "message-id-repeats": {
    does: "gives two chats in a row the same messageId",
    rule: "CH3",
    apply: () => {
      const counts = new WeakMap<Room, number>();
      changeChat((outcome, room) => {
        const count = (counts.get(room) ?? 0) + 1;
        counts.set(room, count);
        const messageId = `${Math.ceil(count / 2)}`;
        const change = <M extends Outbound["message"]>(message: M): M =>
          message.type === "chat" ? { ...message, messageId } : message;
        return {
          ...outcome,
          reply: outcome.reply && change(outcome.reply),
          outbound: outcome.outbound.map(({ to, message }) => ({ to, message: change(message) })),
        };
      });
    },
  },
  "private-chat-to-all": {
    does: "delivers chat for one to everybody",
    rule: "CH1",
    apply: () =>
      replaceMethod(Room.prototype, "chat", (room, original, sender, message, at) => {
        const outcome = original(sender, message, at);
        if (message.to === undefined) return outcome;
        return alsoTo(
          outcome,
          room.participants.filter((one) => one !== sender && one.userId !== message.to),
        );
      }),
  },
  "lobby-hears-chat": {
    does: "lets those who wait hear the chat",
    rule: "LB2",
    apply: () => changeChat((outcome, room) => alsoTo(outcome, room.waiting)),
  },
  "forged-sender": {
    does: "relays in the name that the sender claims",
    rule: "RL4",
    apply: () =>
      replaceMethod(Room.prototype, "relay", (_room, original, sender, message) => {
        const { from = sender.userId, ...rest } = message;
        const outcome = original(sender, rest as typeof message); // `from` is optional.
        const outbound = outcome.outbound.map((one) =>
          ({ ...one, message: { ...one.message, from } }) as Outbound // Only its sender differs.
        );
        return { ...outcome, outbound };
      }),
  },
  "relay-drops-fields": {
    does: "relays only the fields that it knows",
    rule: "RL1",
    apply: () =>
      replaceMethod(Room.prototype, "relay", (_room, original, sender, message) => {
        const known = new Set(["type", "to", "from", "description", "candidate", "requestId"]);
        const fields = Object.entries(message).filter(([key]) => known.has(key));
        return original(sender, Object.fromEntries(fields) as typeof message); // Known ones alone.
      }),
  },
  "state-to-nobody": {
    does: "keeps every change of state to itself",
    rule: "ST1",
    apply: () =>
      replaceMethod(Room.prototype, "updateState", (_room, original, ...args) => ({
        ...original(...args),
        outbound: [],
      })),
  },
  "mute-to-all": {
    does: "asks everybody to be mute instead of one",
    rule: "MU1",
    apply: () => {
      watchRooms();
      replaceMethod(Moderation.prototype, "mute", (_moderation, original, sender, message) => {
        const outcome = original(sender, message);
        const others = roomOf(sender)?.participants.filter((one) => one !== sender) ?? [];
        return { ...outcome, outbound: outcome.outbound.map((one) => ({ ...one, to: others })) };
      });
    },
  },
  "kicked-not-told": {
    does: "tells everybody but the kicked one",
    rule: "KI1",
    apply: () =>
      replaceMethod(Moderation.prototype, "kick", (_moderation, original, ...args) => {
        const outcome = original(...args);
        return {
          ...outcome,
          outbound: outcome.outbound.filter(({ message }) => message.type !== "leaved"),
        };
      }),
  },
  "knock-to-all": {
    does: "tells every member who knocks, not only the hosts",
    rule: "LB3",
    apply: () =>
      replaceMethod(Room.prototype, "join", (room, original, ...args) => {
        const { participant, outcome } = original(...args);
        const outbound = outcome.outbound.map((one) =>
          one.message.type === "knock" && participant.isWaiting
            ? { ...one, to: room.participants }
            : one
        );
        return { participant, outcome: { ...outcome, outbound } };
      }),
  },
  "admit-in-silence": {
    does: "lets one in from the lobby without telling the members",
    rule: "LB4",
    apply: () =>
      replaceMethod(Moderation.prototype, "admit", (_moderation, original, ...args) => {
        const outcome = original(...args);
        return {
          ...outcome,
          outbound: outcome.outbound.filter(({ message }) => message.type !== "user-joined"),
        };
      }),
  },
  "stats-count-the-departed": {
    does: "goes on counting viewers who have left",
    rule: "SS2",
    apply: () => {
      const departed = new WeakMap<Room, number>();
      replaceMethod(Room.prototype, "leave", (room, original, participant, reason) => {
        if (participant.role === "viewer") departed.set(room, (departed.get(room) ?? 0) + 1);
        return original(participant, reason);
      });
      replaceMethod(Room.prototype, "summarizeStats", (room, original) => {
        const { to, message } = original();
        if (message.type !== "stats-summary") return { to, message };
        const viewerCount = message.viewerCount + (departed.get(room) ?? 0);
        return { to, message: { ...message, viewerCount } };
      });
    },
  },
  "forget-ok": {
    does: "forgets every fourth ok",
    rule: "ME4",
    apply: () => {
      let count = 0;
      replaceMethod(Delivery.prototype, "send", (_delivery, original, to, message) => {
        if (message.type === "ok" && ++count % 4 === 0) return;
        original(to, message);
      });
    },
  },
  "answer-twice": {
    does: "answers every fourth request with an ok twice",
    rule: "ME4",
    apply: () => {
      let count = 0;
      replaceMethod(Delivery.prototype, "send", (_delivery, original, to, message) => {
        original(to, message);
        if (message.type === "ok" && ++count % 4 === 0) original(to, message);
      });
    },
  },
  "error-without-request-id": {
    does: "does not say which request an error answers",
    rule: "ME4",
    apply: () =>
      replaceMethod(Delivery.prototype, "send", (_delivery, original, to, message) => {
        if (message.type !== "error") return original(to, message);
        const { requestId: _requestId, ...rest } = message;
        original(to, rest);
      }),
  },
};

function changeChat(change: (outcome: Outcome, room: Room) => Outcome): void {
  replaceMethod(
    Room.prototype,
    "chat",
    (room, original, ...args) => change(original(...args), room),
  );
}

function alsoTo(outcome: Outcome, more: Outbound["to"]): Outcome {
  const outbound = outcome.outbound.map((one) => ({ ...one, to: [...one.to, ...more] }));
  return { ...outcome, outbound };
}

/** Delivers what `late` matches after the next message of the same session. */
function holdBack(late: RegExp): void {
  const held = new WeakMap<Session, string>();
  replaceMethod(Session.prototype, "deliver", (session, original, encoded, key) => {
    const before = held.get(session);
    if (before === undefined && late.test(encoded)) return void held.set(session, encoded);
    original(encoded, key);
    if (before === undefined) return;
    held.delete(session);
    original(before, undefined);
  });
}

/** Mutants that are wrong about connections that are lost, and seats that are kept. */
import { systemClock } from "../../../src/base/mod.ts";
import { Room } from "../../../src/rooms/room.ts";
import { KeptMessages } from "../../../src/signaling/kept_messages.ts";
import { Session } from "../../../src/signaling/session.ts";
import { Sessions } from "../../../src/signaling/sessions.ts";
import { type Mutant, MUTANT_GRACE_MS, replaceMethod } from "./mutant.ts";

/** The mutants by name. */
export const resumeMutants: Readonly<Record<string, Mutant>> = {
  "resume-repeats": {
    does: "sends the last message that was heard again on resume",
    rule: "RE4",
    apply: () =>
      replaceMethod(
        Session.prototype,
        "missedAfter",
        (_session, original, lastSeq) => original(Math.max(0, lastSeq - 1)),
      ),
  },
  "resume-loses": {
    does: "loses the first message that was missed",
    rule: "RE4",
    apply: () =>
      replaceMethod(
        Session.prototype,
        "missedAfter",
        (_session, original, lastSeq) => original(lastSeq)?.slice(1),
      ),
  },
  "resume-reorders": {
    does: "sends what was missed backwards",
    rule: "RE4",
    apply: () =>
      replaceMethod(
        Session.prototype,
        "missedAfter",
        (_session, original, lastSeq) => original(lastSeq)?.toReversed(),
      ),
  },
  "number-repeats": {
    does: "gives every tenth message the number of the one before",
    rule: "RE2",
    apply: () =>
      replaceMethod(KeptMessages.prototype, "add", (_kept, original, encoded) => {
        const seq = original(encoded);
        return seq % 10 === 0 ? seq - 1 : seq;
      }),
  },
  "token-outlives-stay": {
    does: "takes a resume token after its participant has left",
    rule: "RE8",
    apply: () => {
      const ended = new Map<string, Session>();
      replaceMethod(Sessions.prototype, "end", (_sessions, original, session) => {
        if (session.resumeToken !== undefined) ended.set(session.resumeToken, session);
        original(session);
      });
      replaceMethod(Sessions.prototype, "find", (_sessions, original, token, lastSeq) => {
        const session = ended.get(token);
        return session === undefined
          ? original(token, lastSeq)
          : { session, missed: session.missedAfter(lastSeq) ?? [] };
      });
    },
  },
  "grace-never-ends": {
    does: "keeps a lost seat for good",
    rule: "RE8",
    apply: () =>
      replaceMethod(
        systemClock,
        "after",
        (_clock, original, delayMs, callback) =>
          delayMs === MUTANT_GRACE_MS ? () => {} : original(delayMs, callback),
      ),
  },
  "no-grace": {
    does: "gives a lost seat up at once",
    rule: "RE3",
    apply: () =>
      replaceMethod(
        systemClock,
        "after",
        (_clock, original, delayMs, callback) =>
          original(delayMs === MUTANT_GRACE_MS ? 0 : delayMs, callback),
      ),
  },
  "takeover-is-told": {
    does: "tells the others of a resume that they had not heard the loss of",
    rule: "RE7",
    apply: () =>
      replaceMethod(Room.prototype, "updateConnected", (room, original, participant, connected) => {
        const outbound = original(participant, connected);
        if (outbound.length > 0 || !connected) return outbound;
        const to = room.participants.filter((one) => one !== participant);
        const { userId } = participant;
        return [{ to, message: { type: "participant-updated", userId, connected } }];
      }),
  },
  "loss-is-not-told": {
    does: "keeps a lost connection to itself",
    rule: "RE3",
    apply: () =>
      replaceMethod(
        Room.prototype,
        "updateConnected",
        (_room, original, participant, connected) => {
          original(participant, connected);
          return [];
        },
      ),
  },
  "old-connection-stays": {
    does: "leaves the old connection open when another takes its seat over",
    rule: "RE7",
    apply: () =>
      replaceMethod(Sessions.prototype, "attach", (_sessions, original, session, connection) => {
        original(session, connection);
        return undefined;
      }),
  },
};

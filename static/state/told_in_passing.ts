/** What of a message of the server is worth a notice, for somebody who does not look. Pure. */
import type { ServerMessage, ServerMessageOf } from "../../src/protocol/mod.ts";
import { isOfCall } from "../call/sfu/request_ids.ts";
import type { Notice } from "./notices.ts";
import { nameIn, type Roster } from "./roster.ts";

/**
 * Errors that nobody has to hear of: the connection's own sign tells the first, and the others come
 * of descriptions, candidates and wishes that crossed with somebody's leaving.
 */
const SILENT = ["server-shutting-down", "no-such-participant", "no-such-track", "not-joined"];

/** The notices that `message` makes; `before` is the roster before it. */
export function noticesOf(message: ServerMessage, before: Roster): readonly Notice[] {
  switch (message.type) {
    case "host-changed": {
      const isSelf = message.userId === before.selfId;
      return [{ kind: "host", who: isSelf ? undefined : nameIn(before, message.userId) }];
    }
    case "room-updated":
      return roomNotices(before.room, message.room);
    case "participant-updated":
      return signNotices(message, before);
    case "lagged":
      return [{ kind: "lagged", dropped: message.dropped }];
    case "error": {
      const { code, message: words, requestId } = message;
      // A call makes up for what it was refused; the tiles say how it fares.
      return SILENT.includes(code) || isOfCall(requestId)
        ? []
        : [{ kind: "refused", code, message: words }];
    }
    default:
      return [];
  }
}

function roomNotices(
  before: Roster["room"],
  after: ServerMessageOf<"room-updated">["room"],
): readonly Notice[] {
  const notices: Notice[] = [];
  if (before?.locked !== after.locked) {
    notices.push({ kind: "room", change: after.locked ? "locked" : "unlocked" });
  }
  if (before?.lobby !== after.lobby) {
    notices.push({ kind: "room", change: after.lobby ? "lobby-on" : "lobby-off" });
  }
  return notices;
}

function signNotices(
  { userId, state }: ServerMessageOf<"participant-updated">,
  before: Roster,
): readonly Notice[] {
  const known = before.participants.find((participant) => participant.userId === userId)?.state;
  return (["hand", "screen", "recording"] as const)
    .filter((sign) => state?.[sign] === true && known?.[sign] !== true)
    .map((sign) => ({ kind: "sign", who: nameIn(before, userId), sign }));
}

/**
 * Addresses of meetings, `/meet/<room>`: what one names, and the one that invites. An invitation
 * carries the room and nothing else: no name, no passcode, no key.
 */
import type { RoomId } from "../../src/protocol/mod.ts";
import { parseRoomId } from "./ids.ts";

const PREFIX = "/meet/";

/** The room that a path names; undefined where it names none, or what is no room id. */
export function roomOfPath(path: string): RoomId | undefined {
  if (!path.startsWith(PREFIX)) return undefined;
  try {
    return parseRoomId(decodeURIComponent(path.slice(PREFIX.length)).normalize("NFC"));
  } catch {
    return undefined; // A percent sign that escapes nothing.
  }
}

/** The path of a meeting. */
export function meetingPath(roomId: string): string {
  return `${PREFIX}${encodeURIComponent(roomId)}`;
}

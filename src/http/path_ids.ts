/** Ids in the paths of requests. The routes read them here, so that all refuse alike. */
import {
  parseRoomId,
  parseUserId,
  ProtocolError,
  quoted,
  type RoomId,
  type UserId,
} from "../protocol/mod.ts";

const EXPECTED = 'it is not 1 to 64 letters, digits, "_", "-" or "."';

/** Reads a room id. Throws `invalid-room-id`. */
export function readRoomId(text: string): RoomId {
  const roomId = parseRoomId(text);
  if (roomId !== undefined) return roomId;
  throw new ProtocolError("invalid-room-id", `Cannot use room id ${quoted(text)}: ${EXPECTED}`);
}

/** Reads a user id. Throws `invalid-user-id`. */
export function readUserId(text: string): UserId {
  const userId = parseUserId(text);
  if (userId !== undefined) return userId;
  throw new ProtocolError("invalid-user-id", `Cannot use user id ${quoted(text)}: ${EXPECTED}`);
}

/** Checked messages for tests of what stands behind the door: written plainly, decoded really. */
import {
  type ClientMessageOf,
  type ClientMessageType,
  decodeValue,
  parseRoomId,
  parseUserId,
  type RoomId,
  type UserId,
} from "../../src/protocol/mod.ts";

/** The message of type `type` with `fields`; throws when the wire would refuse it. */
export function clientMessage<T extends ClientMessageType>(
  type: T,
  fields: Record<string, unknown> = {},
): ClientMessageOf<T> {
  const decoded = decodeValue({ type, ...fields });
  if (!decoded.ok) throw new TypeError(`Cannot use ${type} in a test: ${decoded.message}`);
  return decoded.message as ClientMessageOf<T>; // decodeValue keeps the type it was given.
}

/** `text` as a user id. */
export function userId(text: string): UserId {
  const id = parseUserId(text);
  if (id === undefined) throw new TypeError(`Cannot use ${text} as a user id`);
  return id;
}

/** `text` as a room id. */
export function roomId(text: string): RoomId {
  const id = parseRoomId(text);
  if (id === undefined) throw new TypeError(`Cannot use ${text} as a room id`);
  return id;
}

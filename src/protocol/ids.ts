/**
 * The identifiers of the wire. Their types are branded, so that a room's id cannot be passed where a
 * participant's is wanted; only a decoded message or a `parse` function makes one. Rules ID1-ID3.
 */
import Type, { type TUnsafe } from "typebox";

declare const brand: unique symbol;

/** Names a room: 1 to 64 letters, digits, `_`, `-`, `.`, of any script. */
export type RoomId = string & { readonly [brand]: "RoomId" };
/** Names a participant within its room; the same alphabet. */
export type UserId = string & { readonly [brand]: "UserId" };
/** Names one WebSocket connection for its lifetime; made by the server. */
export type ConnectionId = string & { readonly [brand]: "ConnectionId" };

/** ECMA-262 pattern (with the `u` flag, as JSON Schema demands) of room ids and user ids. */
export const ID_PATTERN = "^[\\p{L}\\p{N}_.-]{1,64}$";
const idExpression = new RegExp(ID_PATTERN, "u");

/** Schema of a room id. */
export const RoomIdSchema: TUnsafe<RoomId> = Type.Unsafe<RoomId>(
  Type.String({ pattern: ID_PATTERN, description: "A room id." }),
);
/** Schema of a user id. */
export const UserIdSchema: TUnsafe<UserId> = Type.Unsafe<UserId>(
  Type.String({ pattern: ID_PATTERN, description: "A user id." }),
);

/** `text` as a room id, or `undefined` when it is none. */
export function parseRoomId(text: string): RoomId | undefined {
  return idExpression.test(text) ? text as RoomId : undefined; // The brand is what the test proved.
}

/** Whether a room id is a code as `create-room` gives them: others are as secret as their names. */
export function isRoomCode(roomId: RoomId): boolean {
  return /^[0-9]{6}$/.test(roomId);
}

/** `text` as a user id, or `undefined` when it is none. */
export function parseUserId(text: string): UserId | undefined {
  return idExpression.test(text) ? text as UserId : undefined; // The brand is what the test proved.
}

/** A connection's id from the server's random source. */
export function connectionIdFrom(random: string): ConnectionId {
  return random as ConnectionId; // The server alone makes these; every string is a valid one.
}

/**
 * A message without what may differ from one run to the next: times, ids that the server makes, numbers
 * that packing or speed decide, settings of the server, words for people. Two messages with the same
 * normal form say the same. Pure.
 */
import { fieldsOf } from "../verify/mod.ts";

/** Fields that no two runs share. */
const VOLATILE = [
  ...["at", "joinedAt", "createdAt", "expiresAt", "retryAfterMs", "reconnectAfterMs"],
  ...["messageId", "connectionId", "seq", "lastSeq", "resumeToken", "hostKey"],
  ...["resumeGraceMs", "iceServers", "heartbeatMs", "limits"],
];
/** What applications send through a room is compared as it is. */
const OPAQUE = ["payload", "description", "candidate"];

/** The normal form, as JSON with its keys in order. */
export function normalForm(message: unknown): string {
  const fields = fieldsOf(message);
  // The sentence of an error is for people and may change (rule ER1).
  const { message: _sentence, ...error } = fields ?? {};
  return JSON.stringify(ordered(fields?.type === "error" ? error : message, false));
}

/**
 * Who caused the message: what one causes keeps its order, what several cause at the same time need
 * not (rule OR1 gives the room one order, not which).
 */
export function laneOf(message: unknown): string {
  const { type, from, userId, requestId } = fieldsOf(message) ?? {};
  if (typeof from === "string") return `user ${from}`;
  const isAboutOne = ["user-joined", "user-left", "participant-updated", "knock", "knock-ended"];
  if (isAboutOne.includes(String(type)) && typeof userId === "string") return `user ${userId}`;
  return requestId === undefined ? `type ${type}` : "own";
}

function ordered(value: unknown, isOpaque: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => ordered(one, isOpaque));
  const fields = fieldsOf(value);
  if (fields === undefined) return value;
  const kept = Object.keys(fields).filter((key) => isOpaque || !VOLATILE.includes(key)).sort();
  return Object.fromEntries(
    kept.map((key) => [key, ordered(fields[key], isOpaque || OPAQUE.includes(key))]),
  );
}

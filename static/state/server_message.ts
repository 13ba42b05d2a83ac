/**
 * From an unknown value of a frame to a {@linkcode ServerMessage}, or to `undefined` for what this
 * page does not know. The page carries no validator: it checks the fields that it reads itself, so
 * that a strange frame can be seen in the log and can do no more than that.
 */
import type { ServerMessage, ServerMessageType } from "../../src/protocol/mod.ts";
import { assertNever } from "./assert_never.ts";

type Shape = "string" | "number" | "object" | "array" | "records";

/** The fields that the page reads, by type; the rest only passes through to the log. */
const fields: Record<ServerMessageType, Readonly<Record<string, Shape>>> = {
  welcome: { connectionId: "string", limits: "object" },
  joined: { roomId: "string", userId: "string", participants: "array", room: "object" },
  resumed: { missed: "number", lastSeq: "number" },
  lagged: { dropped: "number" },
  snapshot: { userId: "string", participants: "array", room: "object" },
  "user-joined": { roomId: "string", userId: "string", participant: "object" },
  leaved: { roomId: "string", userId: "string" },
  "user-left": { roomId: "string", userId: "string", reason: "string" },
  "room-created": { roomId: "string" },
  waiting: { roomId: "string", userId: "string" },
  knock: { userId: "string" },
  "knock-ended": { userId: "string" },
  "host-changed": { userId: "string" },
  "room-updated": { room: "object" },
  "token-expiring": { expiresAt: "number" },
  "token-refreshed": { expiresAt: "number" },
  topology: { topology: "string" },
  published: { description: "object", tracks: "records" },
  "track-published": { userId: "string", track: "object" },
  "track-unpublished": { userId: "string", trackId: "string" },
  "subscription-offer": { connection: "number", description: "object", tracks: "records" },
  "subscription-updated": { connection: "number", tracks: "records" },
  "active-speakers": { speakers: "records" },
  "wanted-layers": { trackId: "string", maxHeight: "number" },
  "media-stats": { published: "records", received: "records" },
  "media-lost": { channel: "string" },
  mute: { from: "string", kind: "string" },
  offer: { from: "string" },
  answer: { from: "string" },
  "ice-candidate": { from: "string" },
  chat: { from: "string", text: "string", at: "number", messageId: "string" },
  data: { from: "string" },
  "participant-updated": { userId: "string" },
  "stats-summary": { viewerCount: "number" },
  "relay-started": { userId: "string", sourceId: "number" },
  "relay-wanted": { pictures: "records", viewers: "number", maxFrameBytes: "number" },
  "relay-key-frame": {},
  pong: { at: "number" },
  ok: {},
  error: { code: "string", message: "string" },
};

/** `value` as a message of the server, when its type is known and its fields are there. */
export function asServerMessage(value: unknown): ServerMessage | undefined {
  if (!isRecord(value) || typeof value.type !== "string") return undefined;
  if (!isServerMessageType(value.type)) return undefined;
  for (const [name, shape] of Object.entries(fields[value.type])) {
    if (!hasShape(value[name], shape)) return undefined;
  }
  const isRoster = value.type === "joined" || value.type === "snapshot";
  if (isRoster && !hasParticipants(value)) return undefined;
  if (value.type === "resumed" && value.snapshot !== undefined && !isSnapshot(value.snapshot)) {
    return undefined;
  }
  if (value.type === "participant-updated" && !isUpdate(value)) return undefined;
  if (value.type === "user-joined" && !isParticipant(value.participant)) return undefined;
  // The type is known and every field that the page reads has been checked above; the server of the
  // page's own origin, held to the same schemas by its tests, answers for the rest.
  return value as unknown as ServerMessage;
}

/** Whether `value` is an object with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isServerMessageType(type: string): type is ServerMessageType {
  return Object.hasOwn(fields, type);
}

function isParticipant(value: unknown): boolean {
  return isRecord(value) && typeof value.userId === "string" && typeof value.role === "string" &&
    isRecord(value.state) && (value.tracks === undefined || hasShape(value.tracks, "records"));
}

function isUpdate({ state, connected }: Readonly<Record<string, unknown>>): boolean {
  return (state === undefined || isRecord(state)) &&
    (connected === undefined || typeof connected === "boolean");
}

function isSnapshot(value: unknown): boolean {
  return isRecord(value) && isRecord(value.room) && Array.isArray(value.participants) &&
    hasParticipants(value);
}

function hasParticipants({ participants }: Readonly<Record<string, unknown>>): boolean {
  return asArray(participants).every(isParticipant);
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function hasShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "object":
      return isRecord(value);
    case "array":
      return Array.isArray(value);
    case "records":
      return Array.isArray(value) && value.every(isRecord);
    default:
      return assertNever(shape);
  }
}

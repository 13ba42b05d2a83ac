/**
 * Rooms over HTTP: the list, one room, and a new code, open to everybody; every room,
 * who is in one, a kick and the end of a room, for the administrator.
 */
import type { Hono } from "hono";
import type { Clock } from "../base/mod.ts";
import {
  type ClientMessageOf,
  decodeValue,
  isRoomCode,
  type MediaState,
  ProtocolError,
  type Role,
  type RoomId,
  type RoomKind,
  type UserId,
} from "../protocol/mod.ts";
import type { Participant, Room } from "../rooms/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { RefuseOthers } from "./administration.ts";
import { mediaTypeOf, readText } from "./body.ts";
import { readRoomId, readUserId } from "./path_ids.ts";
import { addressOf } from "./request_environment.ts";

/** Longest body of a request to the API; a room's kind needs some twenty bytes. */
const MAX_BODY_BYTES = 1024;

/** What the API depends on. */
export type RoomsApiOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  /** Keeps from administration who is no administrator. */
  readonly refuseOthers: RefuseOthers;
};

/** A room as the API shows it; who is in it stays with its members. */
export type RoomSummary = {
  roomId: RoomId;
  kind: RoomKind;
  topology: "mesh" | "sfu";
  /** How many participants it holds, viewers included. */
  participants: number;
  viewers: number;
  /** Milliseconds since the Unix epoch. */
  createdAt: number;
  ageMs: number;
};

/** A participant as the administrator sees it; nothing here says where it comes from. */
export type ParticipantSummary = {
  userId: UserId;
  name?: string;
  role: Role;
  host: boolean;
  /** False while its connection is lost and it may resume. */
  connected: boolean;
  state: MediaState;
  /** Milliseconds since the Unix epoch. */
  joinedAt: number;
};

/** Adds the routes. */
export function addRoomRoutes(app: Hono, options: RoomsApiOptions): void {
  const { hub: { registry }, hub, clock, refuseOthers } = options;

  app.get("/api/rooms", (context) => {
    const now = clock.now();
    const isForAll = context.req.query("all") === "true";
    if (isForAll) refuseOthers(context, "Cannot list all rooms");
    // A code is a secret among those who were told it; the list would tell everybody.
    const rooms = registry.rooms().filter(({ roomId }) => isForAll || !isRoomCode(roomId));
    return context.json({ rooms: rooms.map((room) => summarize(room, now)) });
  });

  app.get("/api/rooms/:id", (context) => {
    const roomId = readRoomId(context.req.param("id"));
    const room = hub.admission.findRoom(roomId, addressOf(context));
    return context.json(summarize(room, clock.now()));
  });

  app.post("/api/rooms", async (context) => {
    const request = await readNewRoom(context.req.raw);
    const created = await hub.admission.reserve(request, addressOf(context));
    return context.json(created, 201, { location: `/api/rooms/${created.roomId}` });
  });

  app.delete("/api/rooms/:id", (context) => {
    refuseOthers(context, "Cannot end a room");
    hub.endRoom(readRoomId(context.req.param("id")));
    return context.body(null, 204);
  });

  app.get("/api/rooms/:id/participants", (context) => {
    const attempt = "Cannot list participants";
    refuseOthers(context, attempt);
    const roomId = readRoomId(context.req.param("id"));
    const room = registry.get(roomId);
    if (room !== undefined) {
      return context.json({ participants: room.participants.map(summarizeParticipant) });
    }
    throw new ProtocolError("room-not-found", `${attempt} of room "${roomId}": no such room`);
  });

  app.delete("/api/rooms/:id/participants/:userId", (context) => {
    refuseOthers(context, "Cannot kick");
    hub.kick(readRoomId(context.req.param("id")), readUserId(context.req.param("userId")));
    return context.body(null, 204);
  });
}

function summarize(room: Room, now: number): RoomSummary {
  const { roomId, kind, topology, createdAt } = room.view;
  return {
    roomId,
    kind,
    topology,
    participants: room.size,
    viewers: room.viewerCount,
    createdAt,
    ageMs: Math.max(0, now - createdAt),
  };
}

function summarizeParticipant({ view }: Participant): ParticipantSummary {
  const { userId, name, role, host = false, connected = true, state, joinedAt } = view;
  return {
    userId,
    ...(name === undefined ? {} : { name }),
    role,
    host,
    connected,
    state,
    joinedAt,
  };
}

/**
 * Reads the fields of `create-room` but its type. The content type is demanded because a page of another origin
 * cannot send it without asking first (Fetch, CORS-safelisted request header).
 */
async function readNewRoom(request: Request): Promise<ClientMessageOf<"create-room">> {
  const attempt = "Cannot create a room";
  if (mediaTypeOf(request) !== "application/json") {
    throw new ProtocolError("bad-message", `${attempt}: the content type is not application/json`);
  }
  const text = await readText(request, MAX_BODY_BYTES);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ProtocolError("bad-message", `${attempt}: the body is not JSON`);
  }
  // What is no object has no fields to spread: it lacks a kind, and is refused for that.
  const fields: object = typeof body === "object" && body !== null ? body : {};
  const decoded = decodeValue({ ...fields, type: "create-room" });
  if (!decoded.ok || decoded.message.type !== "create-room") {
    const reason = decoded.ok ? "" : decoded.message.replace(/^Cannot [^:]*: /, "");
    throw new ProtocolError("bad-message", `${attempt}: ${reason}`);
  }
  return decoded.message;
}

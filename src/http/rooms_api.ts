/**
 * Rooms over HTTP: the list, one room, a new code, the end of a room, and the ICE servers. Reading is
 * open; ending a room takes the administrator's token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Clock } from "../base/mod.ts";
import {
  type ClientMessageOf,
  decodeValue,
  type IceServer,
  isRoomCode,
  parseRoomId,
  ProtocolError,
  quoted,
  type RoomId,
  type RoomKind,
} from "../protocol/mod.ts";
import type { Room } from "../rooms/mod.ts";
import type { Hub } from "../signaling/mod.ts";

/** Longest body of a request to the API; a room's kind needs some twenty bytes. */
const MAX_BODY_BYTES = 1024;

/** What the handler passes to the routes beside the request. */
export type RequestEnvironment = {
  /** The client's IP address, where it is known. */
  readonly address?: string | undefined;
};

/** What the API depends on. */
export type RoomsApiOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly iceServers: readonly IceServer[];
  readonly adminToken: string | undefined;
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

/** Adds the routes. */
export function addRoomRoutes(app: Hono, options: RoomsApiOptions): void {
  const { hub: { registry }, hub, clock, iceServers, adminToken } = options;

  app.get("/api/rooms", (context) => {
    const now = clock.now();
    // A code is a secret among those who were told it; the list would tell everybody.
    const rooms = registry.rooms().filter(({ roomId }) => !isRoomCode(roomId));
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
    refuseWithoutToken(context.req.header("authorization"), adminToken);
    hub.endRoom(readRoomId(context.req.param("id")));
    return context.body(null, 204);
  });

  app.get("/api/ice-servers", (context) => context.json({ iceServers }));
}

function addressOf(context: Context): string | undefined {
  const environment: RequestEnvironment = context.env ?? {}; // The handler passes nothing else.
  return environment.address;
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

function readRoomId(text: string): RoomId {
  const roomId = parseRoomId(text);
  if (roomId !== undefined) return roomId;
  throw new ProtocolError(
    "invalid-room-id",
    `Cannot use room id ${quoted(text)}: it is not 1 to 64 letters, digits, ` +
      '"_", "-" or "."',
  );
}

/**
 * Reads the fields of `create-room` but its type. The content type is demanded because a page of another origin
 * cannot send it without asking first (Fetch, CORS-safelisted request header).
 */
async function readNewRoom(request: Request): Promise<ClientMessageOf<"create-room">> {
  const attempt = "Cannot create a room";
  if (!request.headers.get("content-type")?.startsWith("application/json")) {
    throw new ProtocolError("bad-message", `${attempt}: the content type is not application/json`);
  }
  const text = await readBounded(request);
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

async function readBounded(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body, so nothing beyond the bound is read.
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new ProtocolError(
        "message-too-large",
        `Cannot read a body of more than ${MAX_BODY_BYTES} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text(); // Fetch never shares memory.
}

function refuseWithoutToken(header: string | undefined, adminToken: string | undefined): void {
  if (adminToken === undefined) {
    throw new ProtocolError(
      "not-allowed",
      "Cannot end a room over HTTP: the server was started without ADMIN_TOKEN",
    );
  }
  const token = /^Bearer (.+)$/i.exec(header ?? "")?.[1];
  if (token === undefined) {
    throw new ProtocolError("bad-token", "Cannot end a room without a token");
  }
  // Digests have one length, so the comparison takes one time.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (timingSafeEqual(digest(token), digest(adminToken))) return;
  throw new ProtocolError("bad-token", "Cannot end a room: the token is not the administrator's");
}

/** What the page asks the server over HTTP: the open rooms, a new room, TURN credentials, the schema's examples. */
import type { RoomKind } from "../../src/protocol/mod.ts";
import type { RoomAsked } from "../state/fresh_ice_servers.ts";
import { type Example, examplesIn } from "../state/examples.ts";
import {
  type CreatedRoom,
  createdRoomIn,
  type OpenRoom,
  openRoomsIn,
} from "../state/open_rooms.ts";

/** A server that has not answered by then is not going to. */
const TIMEOUT_MS = 8_000;

/** The open rooms. Rejects when the server does not tell. */
export async function fetchOpenRooms(): Promise<readonly OpenRoom[]> {
  return openRoomsIn(await askForJson("/api/rooms"));
}

/** What a new room is to be like. */
export interface NewRoom {
  readonly kind: RoomKind;
  /** Demanded of everybody who comes in without the host key. */
  readonly passcode?: string;
  /** Whoever comes waits to be admitted. */
  readonly lobby?: boolean;
}

/** Makes a room of six digits. Rejects when the server makes none. */
export async function createRoom(wish: NewRoom): Promise<CreatedRoom> {
  const answer = await askForJson("/api/rooms", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(wish),
  });
  const room = createdRoomIn(answer);
  if (room === undefined) throw new TypeError("Cannot create a room: the answer names none");
  return room;
}

/** Fresh TURN credentials for whoever is in that room. Rejects when the server gives none. */
export async function fetchIceServers({ roomId, passcode }: RoomAsked): Promise<unknown> {
  const headers = passcode === undefined ? {} : { "room-passcode": encodeURIComponent(passcode) };
  return await askForJson(`/api/ice-servers?roomId=${encodeURIComponent(roomId)}`, { headers });
}

/** The examples of what a client may send. Rejects when the server publishes no schema. */
export async function fetchExamples(): Promise<readonly Example[]> {
  return examplesIn(await askForJson("/schema"));
}

async function askForJson(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Cannot read ${path}: the server answered ${response.status}`);
  return await response.json();
}

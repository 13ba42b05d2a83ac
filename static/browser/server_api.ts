/** What the page asks the server over HTTP: the open rooms, a new room, the schema's examples. */
import type { RoomKind } from "../../src/protocol/mod.ts";
import { type Example, examplesIn } from "../state/examples.ts";
import { type OpenRoom, openRoomsIn, roomIdIn } from "../state/open_rooms.ts";

/** A server that has not answered by then is not going to. */
const TIMEOUT_MS = 8_000;

/** The open rooms. Rejects when the server does not tell. */
export async function fetchOpenRooms(): Promise<readonly OpenRoom[]> {
  return openRoomsIn(await askForJson("/api/rooms"));
}

/** Makes a room of six digits and returns its id. Rejects when the server makes none. */
export async function createRoom(kind: RoomKind): Promise<string> {
  const answer = await askForJson("/api/rooms", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind }),
  });
  const roomId = roomIdIn(answer);
  if (roomId === undefined) throw new TypeError("Cannot create a room: the answer names none");
  return roomId;
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

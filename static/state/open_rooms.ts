/** What the server's `/api/rooms` says, as the start page shows it. */
import { isRecord } from "./server_message.ts";

/** A room that somebody is in. */
export interface OpenRoom {
  readonly roomId: string;
  readonly kind: "meeting" | "live";
  readonly participants: number;
  readonly viewers: number;
  readonly ageMs: number;
}

/** The rooms in `answer`, in its order; what does not look like one is passed over. */
export function openRoomsIn(answer: unknown): OpenRoom[] {
  if (!isRecord(answer) || !Array.isArray(answer.rooms)) return [];
  return answer.rooms.flatMap((room: unknown): OpenRoom[] => {
    if (!isRecord(room) || typeof room.roomId !== "string") return [];
    return [{
      roomId: room.roomId,
      kind: room.kind === "live" ? "live" : "meeting",
      participants: countOf(room.participants),
      viewers: countOf(room.viewers),
      ageMs: countOf(room.ageMs),
    }];
  });
}

/** A room that was made. */
export interface CreatedRoom {
  readonly roomId: string;
  /** Makes whoever joins with it host (rule CR5). */
  readonly hostKey: string;
}

/** The room that was made, in the answer to the request for it. */
export function createdRoomIn(answer: unknown): CreatedRoom | undefined {
  if (!isRecord(answer)) return undefined;
  const { roomId, hostKey } = answer;
  return typeof roomId === "string" && typeof hostKey === "string"
    ? { roomId, hostKey }
    : undefined;
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** What can be watched over HTTP, as `/api/streams` lists it and the page of streams shows it. */
import type { Role, RoomId, UserId } from "../protocol/mod.ts";
import type { Participant, Room } from "../rooms/mod.ts";
import { streamPath } from "./stream_request.ts";

/** Streams in one answer; whoever has more asks room by room. */
export const MAX_LISTED = 1_000;

/** Somebody whose pictures can be watched. */
export type StreamSummary = {
  roomId: RoomId;
  userId: UserId;
  name?: string;
  role: Role;
  /** Milliseconds since the Unix epoch: who leaves and comes back is another stream. */
  joinedAt: number;
  /** Paths on this server; what the room demands is added by whoever opens them. */
  urls: { mjpeg: string; jpg: string };
};

/** What one may watch of those rooms; `isCut` where there is more than an answer holds. */
export function listStreams(rooms: readonly Room[]): { streams: StreamSummary[]; isCut: boolean } {
  const streams: StreamSummary[] = [];
  for (const { roomId, participants } of rooms) {
    for (const participant of participants) {
      if (!canBeSeen(participant)) continue;
      if (streams.length === MAX_LISTED) return { streams, isCut: true };
      streams.push(summarize(roomId, participant));
    }
  }
  return { streams, isCut: false };
}

/** Why a participant's pictures cannot be had; `undefined`: they can. */
export function obstacleOf({ canRelay, view: { state } }: Participant): Obstacle | undefined {
  if (!canRelay) return "no-sender";
  return state.video === false && state.screen !== true ? "nothing-shown" : undefined;
}

/** It cannot send pictures over its socket, or has its camera off and shows no screen. */
export type Obstacle = "no-sender" | "nothing-shown";

function canBeSeen(participant: Participant): boolean {
  return participant.role !== "viewer" && obstacleOf(participant) === undefined;
}

function summarize(
  roomId: RoomId,
  { userId, role, view: { name, joinedAt } }: Participant,
): StreamSummary {
  return {
    roomId,
    userId,
    ...(name === undefined ? {} : { name }),
    role,
    joinedAt,
    urls: {
      mjpeg: streamPath(roomId, userId, "mjpeg"),
      jpg: streamPath(roomId, userId, "jpg"),
    },
  };
}

/**
 * What can be watched as pictures, as `/api/streams` says it and the page of streams shows it: who,
 * under which addresses, how large and how often.
 */
import { isRecord } from "./server_message.ts";

/** Somebody whose pictures can be watched. */
export interface Stream {
  readonly roomId: string;
  readonly userId: string;
  /** For people. */
  readonly name: string;
  /** Milliseconds since the Unix epoch; tells one stay from the next. */
  readonly joinedAt: number;
  /** Paths without a query. */
  readonly mjpeg: string;
  readonly jpg: string;
}

/** What the server says to the question what there is. */
export type StreamsAnswer =
  | { readonly kind: "streams"; readonly streams: readonly Stream[] }
  /** It says no, with a code of the wire. */
  | { readonly kind: "refused"; readonly code: string; readonly waitMs: number | undefined }
  /** It says nothing. */
  | { readonly kind: "unavailable" };

/** What a room demands of who wants to see it. */
export interface StreamRights {
  /** Empty: all rooms that are open to everybody. */
  readonly room: string;
  /** Empty: none. */
  readonly passcode: string;
  /** Empty: none. */
  readonly accessToken: string;
}

/** How pictures are to be. */
export interface PictureChoice {
  readonly framesPerSecond: number;
  readonly width: number;
}

/** Rates to choose from. */
export const FRAME_RATES = [0.2, 0.5, 1, 2, 5, 10, 15, 25, 30] as const;
/** Widths to choose from, in pixels. */
export const PICTURE_WIDTHS = [160, 320, 640, 960, 1280, 1920] as const;
/** What is chosen at first, as the server has it. */
export const USUAL_CHOICE: PictureChoice = { framesPerSecond: 10, width: 640 };

/** The streams in `answer`, in its order; what does not look like one is passed over. */
export function streamsIn(answer: unknown): Stream[] {
  if (!isRecord(answer) || !Array.isArray(answer.streams)) return [];
  return answer.streams.flatMap((stream: unknown): Stream[] => {
    if (!isRecord(stream) || !isRecord(stream.urls)) return [];
    const { roomId, userId, name, joinedAt, urls: { mjpeg, jpg } } = stream;
    if (typeof roomId !== "string" || typeof userId !== "string") return [];
    if (!isOwnPath(mjpeg) || !isOwnPath(jpg)) return [];
    return [{
      roomId,
      userId,
      name: typeof name === "string" && name !== "" ? name : userId,
      joinedAt: typeof joinedAt === "number" ? joinedAt : 0,
      mjpeg,
      jpg,
    }];
  });
}

/** Names a stream among all. */
export function streamKey({ roomId, userId, joinedAt }: Stream): string {
  return `${roomId} ${userId} ${joinedAt}`;
}

/** The question what there is, with what the room demands. */
export function streamsQuery({ room, passcode, accessToken }: StreamRights): {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  return {
    path: room === "" ? "/api/streams" : `/api/streams?room=${encodeURIComponent(room)}`,
    headers: {
      ...(passcode === "" ? {} : { "room-passcode": encodeURIComponent(passcode) }),
      ...(accessToken === "" ? {} : { authorization: `Bearer ${accessToken}` }),
    },
  };
}

/** Where an image finds the pictures. `turn` makes the address of another attempt another one. */
export function pictureAddress(
  stream: Stream,
  form: "mjpeg" | "jpg",
  options: { choice: PictureChoice; rights: StreamRights; turn: number },
): string {
  const { choice: { framesPerSecond, width }, rights, turn } = options;
  const query = new URLSearchParams();
  if (form === "mjpeg") query.set("fps", `${framesPerSecond}`);
  query.set("width", `${width}`);
  // An image sets no headers.
  if (rights.passcode !== "") query.set("passcode", rights.passcode);
  if (rights.accessToken !== "") query.set("access_token", rights.accessToken);
  query.set("v", `${stream.joinedAt}.${turn}`);
  return `${stream[form]}?${query}`;
}

/** A path that stays on this server, whatever comes in an answer. */
function isOwnPath(path: unknown): path is string {
  return typeof path === "string" && /^\/streams\/[^/]+\/[^/]+$/.test(path);
}

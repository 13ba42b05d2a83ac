/**
 * What a request for pictures asks for: whose, one or many, how wide and how often. Its path names the
 * first two, as in `/streams/test/ann.mjpeg`, its query the others.
 */
import { ProtocolError, quoted, type RoomId, type UserId } from "../protocol/mod.ts";
import { readRoomId, readUserId } from "./path_ids.ts";
import { HttpError } from "./problem.ts";

/** Bounds of `width`, in pixels: an icon, and what is called 4K. */
export const WIDTHS = { least: 16, most: 3_840, usual: 640 } as const;
/** Bounds of `fps`: a picture every five seconds, and what cameras make. */
export const RATES = { least: 0.2, most: 30, usual: 10 } as const;

/** Pictures one after the other, or one. */
export type StreamForm = "mjpeg" | "jpg";

/** What is asked for. */
export type StreamRequest = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly form: StreamForm;
  /** Pixels; no picture is wider. */
  readonly width: number;
  readonly framesPerSecond: number;
};

/** Reads it. Throws HttpError or ProtocolError. */
export function readStreamRequest(
  path: { readonly roomId: string; readonly file: string },
  query: URLSearchParams,
): StreamRequest {
  const [, name = "", form] = /^(.*)\.(mjpeg|jpg)$/su.exec(path.file) ?? [];
  if (form === undefined) {
    throw new HttpError(404, {
      code: "not-found",
      message: `Cannot find ${quoted(path.file)}: it ends in neither .mjpeg nor .jpg`,
    });
  }
  return {
    roomId: readRoomId(path.roomId),
    userId: readUserId(name),
    form: form === "jpg" ? "jpg" : "mjpeg",
    width: readNumber("width", query, { ...WIDTHS, pattern: /^\d{1,9}$/ }),
    framesPerSecond: readNumber("fps", query, { ...RATES, pattern: /^\d{1,9}(\.\d{1,9})?$/ }),
  };
}

/** The path at which a participant's pictures are had. */
export function streamPath(roomId: RoomId, userId: UserId, form: StreamForm): string {
  return `/streams/${encodeURIComponent(roomId)}/${encodeURIComponent(userId)}.${form}`;
}

function readNumber(
  name: string,
  query: URLSearchParams,
  bounds: { least: number; most: number; usual: number; pattern: RegExp },
): number {
  const text = query.get(name);
  if (text === null) return bounds.usual;
  const value = bounds.pattern.test(text) ? Number(text) : NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  throw new ProtocolError(
    "bad-message",
    `Cannot use ${name} ${quoted(text)}: it is no number from ${bounds.least} to ${bounds.most}`,
  );
}

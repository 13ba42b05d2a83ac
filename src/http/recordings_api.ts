/**
 * What the server itself records of a room, for the administrator: begin, end, list. The files lie in
 * the folder of `--recordings-dir`; here they have names.
 */
import type { Hono } from "hono";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { Clock } from "../base/mod.ts";
import type { RecordingOptions } from "../media/port.ts";
import { ProtocolError } from "../protocol/mod.ts";
import type { Room, RoomRegistry } from "../rooms/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { RefuseOthers } from "./administration.ts";
import { mediaTypeOf, readText } from "./body.ts";
import { waitForMedia } from "./media_wait.ts";
import { readRoomId } from "./path_ids.ts";
import { HttpError } from "./problem.ts";

/** Longest body: three short fields. */
const MAX_BODY_BYTES = 1024;

/** What an operator allows. */
export type RecordingSettings = {
  /** Where the files go. Default none: nothing is recorded. */
  readonly folder: string | undefined;
  readonly maxBytes: number;
  readonly maxMs: number;
};

/** What the routes depend on. */
export type RecordingsApiOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly recordings: RecordingSettings;
  /** Keeps from administration who is no administrator. */
  readonly refuseOthers: RefuseOthers;
};

/** What a body may ask for; beyond the operator's bounds it is cut. */
export const RecordingRequestSchema = Type.Object({
  container: Type.Optional(Type.Union([Type.Literal("webm"), Type.Literal("mp4")])),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  maxMs: Type.Optional(Type.Integer({ minimum: 1 })),
}, { additionalProperties: false });

const recordingRequest = Compile(RecordingRequestSchema);

/** Adds the routes. */
export function addRecordingRoutes(app: Hono, options: RecordingsApiOptions): void {
  const { hub: { registry }, clock, recordings, refuseOthers } = options;

  app.get("/api/rooms/:id/recordings", async (context) => {
    const attempt = "Cannot list recordings";
    refuseOthers(context, attempt);
    const { media } = findRoom(registry, context.req.param("id"), attempt);
    const recordings = await waitForMedia(media.recordings(), clock, attempt);
    return context.json({ recordings });
  });

  app.post("/api/rooms/:id/recordings", async (context) => {
    const attempt = "Cannot record";
    refuseOthers(context, attempt);
    refuseWithoutFolder(recordings);
    const wish = await readRequest(context.req.raw, recordings);
    const { media } = findRoom(registry, context.req.param("id"), attempt);
    return context.json(await waitForMedia(media.startRecording(wish), clock, attempt), 201);
  });

  app.delete("/api/rooms/:id/recordings", async (context) => {
    const attempt = "Cannot end the recording";
    refuseOthers(context, attempt);
    const { media } = findRoom(registry, context.req.param("id"), attempt);
    return context.json(await waitForMedia(media.stopRecording(), clock, attempt));
  });
}

/** The room that a path names. Throws ProtocolError. */
export function findRoom(registry: RoomRegistry, id: string, attempt: string): Room {
  const roomId = readRoomId(id);
  const room = registry.get(roomId);
  if (room !== undefined) return room;
  throw new ProtocolError("room-not-found", `${attempt} of room "${roomId}": no such room`);
}

function refuseWithoutFolder({ folder }: RecordingSettings): void {
  if (folder !== undefined) return;
  throw new HttpError(501, {
    code: "not-configured",
    message:
      "Cannot record: the server was started without --recordings-dir, a folder for the files",
  });
}

async function readRequest(
  request: Request,
  { maxBytes, maxMs }: RecordingSettings,
): Promise<RecordingOptions> {
  const text = await readText(request, MAX_BODY_BYTES);
  const wish = text === "" ? {} : parse(request, text);
  return {
    container: wish.container ?? "webm",
    maxBytes: Math.min(maxBytes, wish.maxBytes ?? maxBytes),
    maxMs: Math.min(maxMs, wish.maxMs ?? maxMs),
  };
}

/** As with `POST /api/rooms`, the content type keeps pages of other origins from asking. */
function parse(request: Request, text: string): Partial<RecordingOptions> {
  if (mediaTypeOf(request) !== "application/json") {
    throw badRequest("the content type is not application/json");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("the body is not JSON");
  }
  if (recordingRequest.Check(body)) return body;
  throw badRequest('the body is no {"container"?: "webm" or "mp4", "maxBytes"?, "maxMs"?}');
}

function badRequest(reason: string): ProtocolError {
  return new ProtocolError("bad-message", `Cannot record: ${reason}`);
}

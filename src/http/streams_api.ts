/**
 * Pictures over plain HTTP, for whatever shows an image: `/streams/:roomId/:userId.mjpeg` one after the
 * other, `.jpg` one, and `/api/streams`, what there is to watch. The participant's page makes them while
 * somebody watches. Nobody sees what a join would refuse.
 */
import type { Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { Claims, TokenVerifier } from "../access/mod.ts";
import { isRoomCode, ProtocolError, type RoomId, type UserId } from "../protocol/mod.ts";
import type { Room } from "../rooms/mod.ts";
import type { Hub, Sight } from "../signaling/mod.ts";
import { bearerOf } from "./bearer.ts";
import { addressKey } from "./client_address.ts";
import { readRoomId } from "./path_ids.ts";
import { contentTypeOf, secondsOf } from "./picture_stream.ts";
import { HttpError } from "./problem.ts";
import { addressOf } from "./request_environment.ts";
import { PASSCODE_HEADER, passcodeOf } from "./shown_secrets.ts";
import type { SocketDoor } from "./socket_door.ts";
import { listStreams, type Obstacle, obstacleOf } from "./stream_list.ts";
import { readStreamRequest, type StreamForm, type StreamRequest } from "./stream_request.ts";
import type { StreamViewers, Viewer } from "./stream_viewers.ts";

/** Pictures are of now, so nobody keeps them; a proxy neither collects nor changes them. */
const PICTURE_HEADERS = {
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

/** What the routes depend on. */
export type StreamsApiOptions = {
  readonly hub: Hub;
  readonly streams: StreamViewers;
  readonly door: SocketDoor;
  /** Checks access tokens. Default none: no tokens are demanded. */
  readonly verifier: TokenVerifier | undefined;
  /** Origins whose pages may see pictures: `*`, `none`, or a list. */
  readonly corsOrigins: readonly string[];
};

/** Adds the routes. */
export function addStreamRoutes(app: Hono, options: StreamsApiOptions): void {
  const { corsOrigins } = options;
  if (!corsOrigins.includes("none")) {
    app.use(
      "/streams/:roomId/:file",
      cors({
        origin: corsOrigins.includes("*") ? "*" : [...corsOrigins],
        allowMethods: ["GET", "HEAD"],
        allowHeaders: ["authorization", PASSCODE_HEADER],
        exposeHeaders: ["x-timestamp", "retry-after"],
      }),
    );
  }
  app.get("/streams/:roomId/:file", (context) => answer(context, options));
  app.get("/api/streams", async (context) => {
    const { streams, isCut } = listStreams(await visibleRooms(context, options));
    return context.json(isCut ? { streams, isCut } : { streams });
  });
}

async function answer(context: Context, options: StreamsApiOptions): Promise<Response> {
  const { roomId = "", file = "" } = context.req.param() as Record<string, string>;
  const { raw } = context.req;
  const request = readStreamRequest({ roomId, file }, new URL(raw.url).searchParams);
  refuseNow(options, addressOf(context));
  const { sight, claims } = await admit(context, request.roomId, options);
  refuseWithoutPictures(sight.room, request.userId);
  if (raw.method === "HEAD") return new Response(null, { headers: headersOf(request.form) });
  return await show(request, { sight, claims, address: addressOf(context) }, options);
}

async function show(
  request: StreamRequest,
  viewer: Viewer,
  { streams }: StreamsApiOptions,
): Promise<Response> {
  if (request.form === "mjpeg") {
    const { body, contentType } = await streams.stream(request, viewer);
    return new Response(body, { headers: { ...PICTURE_HEADERS, "content-type": contentType } });
  }
  const { jpeg, timestampUs } = await streams.picture(request, viewer);
  // Copied: what a Response takes may not be a view of memory that others share.
  return new Response(new Uint8Array(jpeg), {
    headers: {
      ...headersOf("jpg"),
      "content-length": `${jpeg.length}`,
      "x-timestamp": secondsOf(timestampUs),
    },
  });
}

/** The rooms whose streams somebody may know of: the one that it asks for, or all that are open. */
async function visibleRooms(context: Context, options: StreamsApiOptions): Promise<Room[]> {
  const { hub, verifier } = options;
  const asked = context.req.query("room");
  if (asked !== undefined) return [(await admit(context, readRoomId(asked), options)).sight.room];
  if (verifier !== undefined) {
    const claims = await verifier.verify(bearerOf(context.req.raw));
    const { sight } = await admit(context, claims.roomId, options);
    return [sight.room];
  }
  const client = { address: addressOf(context) };
  return hub.registry.rooms().filter((room) =>
    !isRoomCode(room.roomId) && hub.onlookers.isOpen(room, client)
  );
}

/** Lets a request see a room, by what it shows. Rejects with ProtocolError. */
async function admit(
  context: Context,
  roomId: RoomId,
  { hub, verifier }: StreamsApiOptions,
): Promise<{ sight: Sight; claims: Claims | undefined }> {
  const { raw } = context.req;
  const claims = await verifier?.verify(bearerOf(raw));
  const asked = { roomId, passcode: passcodeOf(raw) };
  const sight = await hub.onlookers.admit(asked, { address: addressOf(context), claims });
  return { sight, claims };
}

/** Throws where nobody can watch, or nobody of this address. */
function refuseNow({ hub, streams, door }: StreamsApiOptions, address?: string): void {
  const refusal = streams.refusal ?? hub.refusal;
  if (refusal !== undefined) {
    throw new ProtocolError(refusal, "Cannot show pictures now: try again in a moment");
  }
  const wait = door.addresses.refusal(address === undefined ? undefined : addressKey(address));
  if (wait === undefined) return;
  throw new HttpError(429, {
    code: "too-many-connections",
    message: `Cannot show pictures: ${wait.reason}`,
    headers: { "retry-after": `${Math.ceil(wait.retryAfterMs / 1000)}` },
  });
}

function refuseWithoutPictures({ roomId, participants }: Room, userId: UserId): void {
  const found = participants.find((participant) => participant.userId === userId);
  if (found === undefined) {
    const message = `Cannot watch "${userId}": not in room "${roomId}"`;
    throw new ProtocolError("no-such-participant", message);
  }
  const obstacle = obstacleOf(found);
  if (obstacle !== undefined) throw pictureless(userId, obstacle);
}

/** RFC 9110, section 15.5.10: it may be otherwise later, and nothing is wrong with the request. */
function pictureless(userId: UserId, obstacle: Obstacle): HttpError {
  const attempt = `Cannot watch "${userId}"`;
  return obstacle === "no-sender"
    ? new HttpError(409, {
      code: "media-failed",
      message: `${attempt}: what it is connected with cannot make pictures`,
    })
    : new HttpError(409, {
      code: "nothing-shown",
      message: `${attempt}: its camera is off, and it shows no screen`,
    });
}

/** Those of an answer without its body; a boundary is drawn for each answer. */
function headersOf(form: StreamForm): Record<string, string> {
  const contentType = form === "jpg" ? "image/jpeg" : contentTypeOf("picture");
  return { ...PICTURE_HEADERS, "content-type": contentType };
}

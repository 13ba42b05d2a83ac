/**
 * WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): media into a room and out of it with nothing but
 * HTTP, for encoders and players that know no rooms. A POST of an offer opens a session; it is a member
 * of the room until its DELETE, or until its media or its stay end.
 */
import type { Context, Hono } from "hono";
import type { TokenVerifier } from "../access/mod.ts";
import type { MediaPlane } from "../media/port.ts";
import { ProtocolError, type RoomId } from "../protocol/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import { addressKey } from "./client_address.ts";
import { crossOrigin, isPreflight } from "./cross_origin.ts";
import { iceLinks } from "./ice_links.ts";
import type { IceServers } from "./ice_servers_api.ts";
import type { MediaSession, MediaSessions, SessionKind } from "./media_sessions.ts";
import { readUserId } from "./path_ids.ts";
import { HttpError } from "./problem.ts";
import { addressOf } from "./request_environment.ts";
import { type Connect, publishing, viewing } from "./session_media.ts";
import type { SessionOffer } from "./session_offer.ts";
import { FRAGMENT_TYPE, patchSession } from "./session_patch.ts";
import { readSessionRequest, refuseOthersSession, SDP_TYPE } from "./session_request.ts";
import { HOST_KEY_HEADER, PASSCODE_HEADER } from "./shown_secrets.ts";
import type { SocketDoor } from "./socket_door.ts";

/** What the routes depend on. */
export type SessionApiOptions = {
  readonly hub: Hub;
  readonly media: MediaPlane | undefined;
  readonly sessions: MediaSessions;
  /** Who may enter rooms by socket may do it here. */
  readonly door: SocketDoor;
  /** Checks access tokens. Default none: no tokens are demanded. */
  readonly verifier: TokenVerifier | undefined;
  /** Their links come with a session. */
  readonly servers: IceServers;
};

/** What pages may send and read. */
const CROSS_ORIGIN = {
  methods: ["POST", "PATCH", "DELETE"],
  requestHeaders: ["authorization", "content-type", "if-match", PASSCODE_HEADER, HOST_KEY_HEADER],
  responseHeaders: ["location", "etag", "link", "retry-after"],
};

/** Adds the routes. */
export function addSessionRoutes(app: Hono, options: SessionApiOptions): void {
  const { hub, door, servers } = options;
  const open = async (context: Context, kind: SessionKind, connectOf: ConnectOf) => {
    const { session, answer } = await openSession(context, { ...options, kind, connectOf });
    return created(session, answer, iceLinks(servers.forParticipant(session)));
  };

  for (const kind of ["whip", "whep"] as const) {
    app.use(`/${kind}/*`, crossOrigin(door.origins, CROSS_ORIGIN));
    addEndpointRoutes(app, kind, servers);
    addResourceRoutes(app, kind, options);
  }
  app.post("/whip/:roomId", (context) => open(context, "whip", publishing));
  app.post("/whep/:roomId", (context) => {
    const from = undefined;
    return open(context, "whep", (offer, roomId) => viewing(offer, { hub, roomId, from }));
  });
  app.post("/whep/:roomId/:id", (context) => {
    const from = readUserId(context.req.param("id"));
    return open(context, "whep", (offer, roomId) => viewing(offer, { hub, roomId, from }));
  });
}

/** What a session does with its offer in that room. */
type ConnectOf = (offer: SessionOffer, roomId: RoomId) => Connect;

/** The URL that clients are given. It has nothing to show (RFC 9725, section 4.1). */
function addEndpointRoutes(app: Hono, kind: SessionKind, servers: IceServers): void {
  const path = `/${kind}/:roomId`;
  app.get(path, (context) => context.body(null, 204));
  app.options(path, async (context) => {
    const headers = new Headers({ "accept-post": SDP_TYPE, allow: "GET, HEAD, POST, OPTIONS" });
    // Credentials are no business of a preflight (RFC 9725, section 4.6).
    if (!isPreflight(context.req.raw)) {
      for (const link of await linksFor(context, servers)) headers.append("link", link);
    }
    return new Response(null, { headers });
  });
}

/** Who may not have credentials may still know the servers that need none. */
async function linksFor(context: Context, servers: IceServers): Promise<string[]> {
  try {
    return iceLinks(await servers.forRequest(context, context.req.param("roomId")));
  } catch (error) {
    if (error instanceof ProtocolError) return iceLinks(servers.shared);
    throw error;
  }
}

/** The URL of a session; below a WHEP endpoint also that of one participant's media. */
function addResourceRoutes(app: Hono, kind: SessionKind, options: SessionApiOptions): void {
  const { sessions, verifier } = options;
  const path = `/${kind}/:roomId/:id`;
  const find = async (context: Context): Promise<MediaSession> => {
    const { roomId = "", id = "" } = context.req.param() as Record<string, string>;
    const session = sessions.find(kind, roomId, id);
    await refuseOthersSession(context.req.raw, session, verifier);
    return session;
  };

  app.get(path, (context) => context.body(null, 204));
  app.options(path, () => {
    const headers = new Headers({ "accept-patch": FRAGMENT_TYPE });
    if (kind === "whep") headers.set("accept-post", SDP_TYPE);
    const methods = ["GET", "HEAD", ...(kind === "whep" ? ["POST"] : []), "PATCH", "DELETE"];
    headers.set("allow", [...methods, "OPTIONS"].join(", "));
    return new Response(null, { headers });
  });
  app.patch(path, async (context) => {
    await patchSession(context.req.raw, await find(context));
    return context.body(null, 204);
  });
  app.delete(path, async (context) => {
    (await find(context)).end();
    return context.body(null, 200);
  });
}

async function openSession(
  context: Context,
  options: SessionApiOptions & { kind: SessionKind; connectOf: ConnectOf },
): Promise<{ session: MediaSession; answer: string }> {
  const { kind, verifier, sessions, connectOf } = options;
  const address = addressOf(context);
  refuseNow(options, address);
  const roomId = context.req.param("roomId")!; // Every route names a room.
  const asked = { kind, roomId, verifier };
  const { join, claims, offer } = await readSessionRequest(context.req.raw, asked);
  const connect = connectOf(offer, join.roomId);
  return await sessions.open({ kind, join, claims, address, ice: offer.ice, connect });
}

/** Throws where no session can be opened for whomever, or for this address. */
function refuseNow({ media, sessions, door }: SessionApiOptions, address?: string): void {
  if (media?.isAvailable !== true) {
    throw new HttpError(501, {
      code: "no-media",
      message: "Cannot open a session: this server carries no media (--media)",
    });
  }
  const { refusal } = sessions;
  if (refusal !== undefined) {
    throw new ProtocolError(refusal, "Cannot open a session now: try again in a moment");
  }
  const wait = door.addresses.refusal(address === undefined ? undefined : addressKey(address));
  if (wait === undefined) return;
  throw new HttpError(429, {
    code: "too-many-connections",
    message: `Cannot open a session: ${wait.reason}`,
    headers: { "retry-after": `${Math.ceil(wait.retryAfterMs / 1000)}` },
  });
}

function created(session: MediaSession, answer: string, links: readonly string[]): Response {
  const { kind, roomId, id, etag } = session;
  const location = `/${kind}/${encodeURIComponent(roomId)}/${id}`;
  const headers = new Headers({ "content-type": SDP_TYPE, location, etag });
  for (const link of links) headers.append("link", link);
  return new Response(answer, { status: 201, headers });
}

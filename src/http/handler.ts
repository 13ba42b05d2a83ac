/**
 * HTTP as one function from request to response: the WebSocket upgrade, the page, the API and the
 * operators' routes, under one set of security headers. The application makes it; a listener or a
 * test calls it.
 */
import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import type { TokenVerifier } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import type { MediaPlane } from "../media/port.ts";
import { type IceServer, quoted, SOCKET_PATH } from "../protocol/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";
import { administratorsDoor } from "./administration.ts";
import type { PageAssets } from "./assets.ts";
import { addIceServerRoutes, IceServers } from "./ice_servers_api.ts";
import type { MediaSessions } from "./media_sessions.ts";
import type { Metrics } from "./metrics.ts";
import { addOperationsRoutes } from "./operations.ts";
import { addPageRoutes } from "./page.ts";
import { problem, problemOf } from "./problem.ts";
import { addRecordingRoutes, type RecordingSettings } from "./recordings_api.ts";
import type { RequestEnvironment } from "./request_environment.ts";
import { addRoomMediaRoutes } from "./room_media_api.ts";
import { addRoomRoutes } from "./rooms_api.ts";
import { addSessionRoutes } from "./session_api.ts";
import type { SocketDoor } from "./socket_door.ts";
import { pictureOrigins } from "./stream_origins.ts";
import type { StreamViewers } from "./stream_viewers.ts";
import { addStreamRoutes } from "./streams_api.ts";
import { upgrade } from "./upgrade.ts";

/** What the routes depend on. */
export type HandlerOptions = {
  readonly hub: Hub;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  readonly random: Random;
  readonly iceServers: readonly IceServer[];
  /** Makes TURN credentials. Default none are made. */
  readonly turn?: TurnCredentials | undefined;
  readonly heartbeatMs: number;
  /** Who may open a socket. */
  readonly door: SocketDoor;
  /** Checks access tokens. Default none: no tokens are demanded. */
  readonly verifier: TokenVerifier | undefined;
  /** Carries media through the server. Default nothing does. */
  readonly media: MediaPlane | undefined;
  /** Those of WHIP and WHEP. */
  readonly sessions: MediaSessions;
  /** Those who watch pictures over HTTP. */
  readonly streams: StreamViewers;
  /** What the server may record. */
  readonly recordings: RecordingSettings;
  /** Origins whose pages may read the API: `*`, `none`, or a list. */
  readonly corsOrigins: readonly string[];
  readonly adminToken: string | undefined;
  /** The server itself speaks TLS, so that browsers may be told to come back over HTTPS only. */
  readonly isSecure: boolean;
  /** The page; `undefined` where there is none. */
  readonly assets: PageAssets | undefined;
};

/** What a listener knows of a request beside the request; `Deno.serve` passes it along. */
export type RequestOrigin = {
  /** The other end of the connection. */
  readonly remoteAddr: Deno.Addr;
};

/** Answers one request. Without an origin it is nobody's, and counts for no address. */
export type Handler = (request: Request, from?: RequestOrigin) => Response | Promise<Response>;

/** What a page of another origin may read. Writing stays with the server's own pages. */
const READ_ONLY_PATHS = ["/api/*", "/schema", "/openapi.json"];

/** Builds the handler. */
export function createHandler(options: HandlerOptions): Handler {
  const { door, clock, heartbeatMs } = options;
  const app = createRoutes(options);
  return (request, from) => {
    if (new URL(request.url).pathname === SOCKET_PATH) {
      return upgrade(request, { door, clock, heartbeatMs, peer: peerOf(from) });
    }
    const address = door.clientOf(request, peerOf(from));
    return app.fetch(request, { address } satisfies RequestEnvironment);
  };
}

function peerOf(from: RequestOrigin | undefined): string | undefined {
  return from !== undefined && "hostname" in from.remoteAddr ? from.remoteAddr.hostname : undefined;
}

function createRoutes(options: HandlerOptions): Hono {
  const { corsOrigins, isSecure, log, clock, adminToken } = options;
  const refuseOthers = administratorsDoor({ token: adminToken, clock });
  const app = new Hono();
  // Ahead of the headers for all, so that what it says of other origins is said last.
  app.use("/streams/:roomId/:file", pictureOrigins(corsOrigins));
  const strictTransportSecurity = isSecure && HSTS;
  app.use(secureHeaders({ ...SECURITY_HEADERS, strictTransportSecurity }));
  if (!corsOrigins.includes("none")) {
    const origin = corsOrigins.includes("*") ? "*" : [...corsOrigins];
    for (const path of READ_ONLY_PATHS) app.use(path, cors({ origin, allowMethods: ["GET"] }));
  }
  addPageRoutes(app, options.assets);
  const servers = new IceServers({ turn: undefined, ...options });
  addRoomRoutes(app, { ...options, refuseOthers });
  addIceServerRoutes(app, servers);
  addRoomMediaRoutes(app, { ...options, refuseOthers });
  addRecordingRoutes(app, { ...options, refuseOthers });
  addSessionRoutes(app, { ...options, servers });
  addStreamRoutes(app, options);
  addOperationsRoutes(app, options);
  refuseOtherMethods(app);
  app.notFound((context) =>
    problem(404, {
      code: "not-found",
      detail: `Cannot find ${quoted(context.req.path)}: start at /`,
    })
  );
  app.onError((error, context) => {
    const expected = problemOf(error);
    if (expected !== undefined) return expected;
    log.error("request failed", { path: context.req.path, error: `${error}` });
    return problem(500, { code: "internal-error", detail: "A fault of the server; it was logged" });
  });
  return app;
}

/** A known path with a method it does not have is 405 with `Allow` (RFC 9110, section 15.5.6). */
function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const known = methods.get(path) ?? new Set();
    known.add(method);
    if (method === "GET") known.add("HEAD");
    methods.set(path, known);
  }
  for (const [path, known] of methods) {
    const allow = [...known.add("OPTIONS")].join(", ");
    app.options(path, () => new Response(null, { status: 204, headers: { allow } }));
    app.all(path, (context) => {
      const detail = `Cannot ${context.req.method} ${context.req.path}: it takes ${allow}`;
      return problem(405, { code: "method-not-allowed", detail, headers: { allow } });
    });
  }
}

/**
 * Browsers keep to HTTPS for half a year (RFC 6797). Of the host's other names and of a proxy in front
 * the server knows nothing, so it speaks for neither.
 */
const HSTS = "max-age=15552000";

/**
 * Everything comes from the server itself, nothing is inline, and no text becomes markup: a page that
 * needs more has to change this line first.
 */
const SECURITY_HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", "data:", "blob:"],
    mediaSrc: ["'self'", "blob:"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
  permissionsPolicy: {
    camera: ["self"],
    microphone: ["self"],
    displayCapture: ["self"],
    fullscreen: ["self"],
    geolocation: [],
    payment: [],
    usb: [],
  },
  referrerPolicy: "no-referrer",
  xContentTypeOptions: "nosniff",
  xFrameOptions: "DENY",
  // The API is to be read from other origins where CORS allows it.
  crossOriginResourcePolicy: "cross-origin",
};

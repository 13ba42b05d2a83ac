/**
 * `GET /ws`: checks the handshake and hands the socket to the hub (rules CO1, CO3, TK1). The handler calls
 * it ahead of the routes, because the response of an upgrade must be passed on untouched.
 */
import type { Claims, TokenVerifier } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { ProtocolError, quoted, SUBPROTOCOL } from "../protocol/mod.ts";
import { attachDenoSocket, type Hub } from "../signaling/mod.ts";
import { problem, problemOf } from "./problem.ts";

/** What the upgrade depends on. */
export type UpgradeOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  /** `same`, `*`, or the origins whose pages may connect. */
  readonly origins: readonly string[];
  readonly heartbeatMs: number;
  /** The client's IP address, where it is known. */
  readonly address: string | undefined;
  /** Checks access tokens; `undefined` where none are demanded. */
  readonly verifier: TokenVerifier | undefined;
};

/** Answers one request for a WebSocket; later only where a token has to be checked first. */
export function upgrade(request: Request, options: UpgradeOptions): Response | Promise<Response> {
  const { hub, origins, verifier } = options;
  if (request.method !== "GET" || request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return problem(426, {
      code: "upgrade-required",
      detail: "Cannot answer without an upgrade: this is a WebSocket endpoint",
      headers: { upgrade: "websocket", connection: "Upgrade" },
    });
  }
  const origin = request.headers.get("origin");
  if (origin !== null && !isAllowed(origin, request, origins)) {
    hub.errorRaised("not-allowed");
    const detail = `Cannot connect from origin ${quoted(origin)}: ` +
      "the server's --origin does not list it";
    return problem(403, { code: "not-allowed", detail });
  }
  const { refusal } = hub;
  if (refusal !== undefined) {
    hub.errorRaised(refusal);
    const error = new ProtocolError(refusal, "Cannot connect now: try again in a moment");
    return problemOf(error)!; // Every refusal is a code with a status.
  }
  if (verifier === undefined) return accept(request, options);
  return verifier.verify(tokenOf(request)).then(
    (claims) => accept(request, options, claims),
    (error) => {
      const response = problemOf(error);
      if (response === undefined) throw error;
      hub.errorRaised(error instanceof ProtocolError ? error.code : "internal-error");
      return response;
    },
  );
}

/** Upgrades: nothing speaks against it. */
function accept(request: Request, options: UpgradeOptions, claims?: Claims): Response {
  const { hub, clock, heartbeatMs, address } = options;
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  const isOffered = offered.split(",").some((name) => name.trim() === SUBPROTOCOL);
  const protocol = isOffered ? SUBPROTOCOL : "";
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: Math.ceil(heartbeatMs / 1000),
      ...(isOffered ? { protocol } : {}),
    });
    attachDenoSocket(socket, hub.listener({ address, claims }), { clock, protocol });
    return response;
  } catch (error) {
    // Only a handshake that RFC 6455, section 4.2.1 does not allow gets here.
    const detail = `Cannot upgrade: ${error instanceof Error ? error.message : "bad handshake"}`;
    return problem(400, { code: "bad-handshake", detail });
  }
}

/** Browsers cannot set headers on a socket, so the query may carry the token too (RFC 6750). */
function tokenOf(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer +(\S+)$/i.exec(header)?.[1];
  return new URL(request.url).searchParams.get("access_token") ?? undefined;
}

function isAllowed(origin: string, request: Request, origins: readonly string[]): boolean {
  return origins.some((allowed) => {
    if (allowed === "*" || allowed === origin) return true;
    if (allowed !== "same" || !URL.canParse(origin)) return false;
    return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
  });
}

/**
 * `GET /ws`: checks the handshake and hands the socket to the hub (rules CO1, CO3). The handler calls
 * it ahead of the routes, because the response of an upgrade must be passed on untouched.
 */
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
};

/** Answers one request for a WebSocket. */
export function upgrade(request: Request, options: UpgradeOptions): Response {
  const { hub, clock, origins, heartbeatMs, address } = options;
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
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  const isOffered = offered.split(",").some((name) => name.trim() === SUBPROTOCOL);
  const protocol = isOffered ? SUBPROTOCOL : "";
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: Math.ceil(heartbeatMs / 1000),
      ...(isOffered ? { protocol } : {}),
    });
    attachDenoSocket(socket, hub.listener({ address }), { clock, protocol });
    return response;
  } catch (error) {
    // Only a handshake that RFC 6455, section 4.2.1 does not allow gets here.
    const detail = `Cannot upgrade: ${error instanceof Error ? error.message : "bad handshake"}`;
    return problem(400, { code: "bad-handshake", detail });
  }
}

function isAllowed(origin: string, request: Request, origins: readonly string[]): boolean {
  return origins.some((allowed) => {
    if (allowed === "*" || allowed === origin) return true;
    if (allowed !== "same" || !URL.canParse(origin)) return false;
    return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
  });
}

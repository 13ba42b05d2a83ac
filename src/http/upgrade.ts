/**
 * `GET /ws` under `Deno.serve`: a handshake that the door admits becomes a native socket. The handler
 * calls it ahead of the routes, because the response of an upgrade must be passed on untouched.
 */
import type { Clock } from "../base/mod.ts";
import { attachDenoSocket } from "../signaling/mod.ts";
import { badHandshake, type SocketDoor } from "./socket_door.ts";

/** What the upgrade depends on. */
export type UpgradeOptions = {
  readonly door: SocketDoor;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** The address at the other end, where it is known. */
  readonly peer: string | undefined;
};

/** Answers one request for a WebSocket. */
export function upgrade(request: Request, options: UpgradeOptions): Response {
  const { door, clock, heartbeatMs, peer } = options;
  const admission = door.knock(request, peer);
  if (admission.kind === "refused") return admission.response;
  const { protocol, listener } = admission;
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: Math.ceil(heartbeatMs / 1000),
      ...(protocol === "" ? {} : { protocol }),
    });
    attachDenoSocket(socket, listener, { clock, protocol });
    return response;
  } catch (error) {
    return badHandshake(error);
  }
}

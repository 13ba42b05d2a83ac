/**
 * `GET /ws` under `Deno.serve`: a handshake that the door admits becomes a native socket. The handler
 * calls it ahead of the routes, because the response of an upgrade must be passed on untouched.
 */
import type { Clock } from "../base/mod.ts";
import { attachDenoSocket } from "../signaling/mod.ts";
import { type Admission, badHandshake, type SocketDoor } from "./socket_door.ts";

/** What the upgrade depends on. */
export type UpgradeOptions = {
  readonly door: SocketDoor;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** The address at the other end, where it is known. */
  readonly peer: string | undefined;
};

/** Answers one request for a WebSocket; later only where the door has to wait. */
export function upgrade(request: Request, options: UpgradeOptions): Response | Promise<Response> {
  const admission = options.door.knock(request, options.peer);
  if (!(admission instanceof Promise)) return answer(request, admission, options);
  return admission.then((admission) => answer(request, admission, options));
}

function answer(request: Request, admission: Admission, options: UpgradeOptions): Response {
  const { clock, heartbeatMs } = options;
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

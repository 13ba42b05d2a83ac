/** The servers that help to find a path (rules CO2, IC1), as the browser wants them. Pure. */
import type { ServerMessageOf } from "../../src/protocol/mod.ts";

/** An older server of the page's own may send none. */
export function toIceServers(
  iceServers: ServerMessageOf<"welcome">["iceServers"] | undefined,
): RTCIceServer[] {
  if (!Array.isArray(iceServers)) return [];
  return iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
}

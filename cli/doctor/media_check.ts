/**
 * Whether media reach the server's media port from here, and are let in: what no look at HTTP tells,
 * for firewalls treat UDP differently. It publishes silence for a moment, in a room of its own.
 */
import { decodeJwt } from "jose";
import { Interrupted } from "../scenarios/waiting.ts";
import { type MediaReach, reachMedia } from "../media/media_reach.ts";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped } from "./check.ts";

/** Begins the names of rooms that are the doctor's own. */
const ROOM_PREFIX = "doctor-";

/** The check. */
export const MEDIA_CHECK: Check<SiteContext> = {
  id: "media",
  title: "media port",
  needs: ["upgrade"],
  run: judgeMedia,
};

/** Judges the media port. */
export async function judgeMedia(context: SiteContext): Promise<Outcome> {
  const { token, site, clock, signal } = context;
  const room = token === undefined
    ? `${ROOM_PREFIX}${crypto.randomUUID().slice(0, 8)}`
    : roomOf(token);
  // In any other room it would be seen.
  if (room === undefined || !room.startsWith(ROOM_PREFIX)) {
    return skipped(
      `with a token for a room of its own alone: deno task token --room ${ROOM_PREFIX}1 --user doctor`,
    );
  }
  const endpoint = new URL(site.url(`/whip/${encodeURIComponent(room)}`));
  try {
    return judgeReach(await reachMedia(endpoint, { token, clock, signal }));
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
}

/** What to say of an attempt. */
export function judgeReach(reach: MediaReach): Outcome {
  switch (reach.kind) {
    case "reached":
      return ok(`UDP ${reach.addresses.join(", ")} answers, ${reach.ms.toFixed(0)} ms`);
    case "silent":
      return fail(
        `UDP ${reach.addresses.join(", ")} does not answer`,
        "Open the port for UDP (--media-port, one more a process), and name the address that " +
          "clients reach with --public-ip; clients with TURN get there by that",
      );
    case "refused":
      if (/\[no-media\]$/.test(reach.reason)) {
        return skipped("media do not go through this server (--media, --topology, --public-ip)");
      }
      return fail(reach.reason, "See the server's log");
    case "no-engine":
      return skipped(`there is nothing here to try it with: ${reach.reason}`);
  }
}

function roomOf(token: string): string | undefined {
  try {
    const { room } = decodeJwt(token);
    return typeof room === "string" ? room : undefined;
  } catch {
    return undefined; // The check of the token says so.
  }
}

/**
 * Whether the access token opens the socket, and for how long it will: rules TK1 and TK2. The token is
 * read, not verified: only the server can do that. Nothing of it but its room, user and times is told.
 */
import { decodeJwt, type JWTPayload } from "jose";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped, warn } from "./check.ts";
import { Probe, Refused } from "./probe.ts";

/** Shorter than this, it ends within a call. */
const SOON_MS = 5 * 60_000;

/** The check. */
export const TOKEN_CHECK: Check<SiteContext> = {
  id: "token",
  title: "access token",
  needs: ["upgrade"],
  run: judgeToken,
};

/** Judges the token that `upgrade` was let in with. */
export async function judgeToken(context: SiteContext): Promise<Outcome> {
  const { token, clock } = context;
  if (token === undefined) return skipped("none given, and none demanded");
  if (await isLetInWithout(context)) {
    return warn("given, but the server demands none", "Start it with one of --token-...");
  }
  return judgeClaims(token, clock.now());
}

/** What the claims of an accepted token say at the time `now`. */
export function judgeClaims(token: string, now: number): Outcome {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch {
    return fail("no JWT", "Mint one: deno task token --room ID --user ID");
  }
  const { exp, sub } = claims;
  const whose = `for user ${JSON.stringify(sub ?? "")} in room ${
    JSON.stringify(claims.room ?? "")
  }`;
  if (exp === undefined) return fail(`${whose}, without an end`, "Tokens need exp (rule TK2)");
  const leftMs = exp * 1_000 - now;
  if (leftMs <= 0) return fail(`${whose}, ended ${inWords(-leftMs)} ago`, "Mint another");
  const found = `accepted, ${whose}, for another ${inWords(leftMs)}`;
  if (leftMs > SOON_MS) return ok(found);
  return warn(found, "Let clients send refresh-token in time (rules TK6 and TK7)");
}

async function isLetInWithout(context: SiteContext): Promise<boolean> {
  try {
    await using _probe = await Probe.open(context);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.ceil(ms / 1_000)} s`;
  if (minutes < 180) return `${minutes} minutes`;
  return minutes < 2_880
    ? `${Math.round(minutes / 60)} hours`
    : `${Math.round(minutes / 1_440)} days`;
}

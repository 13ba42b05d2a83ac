/**
 * PATCH of a session (RFC 9725, section 4.3): what a client says about ICE once its session stands, its
 * candidates or a restart. The server is ICE-lite and learns where a client is from its checks, so it
 * takes candidates without needing them; another transport under the same session it does not have.
 */
import { ProtocolError, quoted } from "../protocol/mod.ts";
import { mediaTypeOf, readText } from "./body.ts";
import type { MediaSession } from "./media_sessions.ts";
import { HttpError } from "./problem.ts";
import { attributeOf, type IceCredentials } from "./session_offer.ts";

/** The media type of a fragment (RFC 8840). */
export const FRAGMENT_TYPE = "application/trickle-ice-sdpfrag";
/** Longest fragment: a machine with very many candidates. */
const MAX_FRAGMENT_BYTES = 16_384;

/** Takes a fragment for `session`. Rejects with HttpError or ProtocolError; the session stays. */
export async function patchSession(request: Request, session: MediaSession): Promise<void> {
  const waitMs = session.patches.take();
  if (waitMs > 0) {
    const sentence = "Cannot take the fragment: the session sends too many";
    throw new ProtocolError("rate-limited", sentence, { retryAfterMs: waitMs });
  }
  if (mediaTypeOf(request) !== FRAGMENT_TYPE) {
    throw new HttpError(415, {
      code: "unsupported-media-type",
      message: `Cannot read the fragment: the content type is not ${FRAGMENT_TYPE}`,
      headers: { "accept-patch": FRAGMENT_TYPE },
    });
  }
  refuseOtherIceSession(request.headers.get("if-match"), session.etag);
  takeFragment(await readText(request, MAX_FRAGMENT_BYTES), session.ice);
}

/** RFC 9110, section 13.1.1, and RFC 6585, section 3. */
function refuseOtherIceSession(ifMatch: string | null, etag: string): void {
  if (ifMatch === null) {
    throw new HttpError(428, {
      code: "precondition-required",
      message: "Cannot take the fragment: If-Match has to name the ETag of the session",
    });
  }
  const tags = ifMatch.split(",").map((tag) => tag.trim());
  if (tags.includes("*") || tags.includes(etag)) return;
  throw new HttpError(412, {
    code: "precondition-failed",
    message: "Cannot take the fragment: If-Match names another ICE session",
  });
}

/** Throws HttpError: 400 for what is no fragment, 422 for an ICE restart. */
function takeFragment(text: string, { usernameFragment, password }: IceCredentials): void {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const strange = lines.find((line) => !/^[a-z]=\S/.test(line));
  if (strange !== undefined) throw malformed(`${quoted(strange)} is no line of it`);
  if (!lines.some((line) => line.startsWith("a="))) throw malformed("it has no attribute");
  const isSame = (attributeOf(lines, "ice-ufrag") ?? usernameFragment) === usernameFragment &&
    (attributeOf(lines, "ice-pwd") ?? password) === password;
  if (isSame) return;
  throw new HttpError(422, {
    code: "no-ice-restart",
    message: "Cannot restart ICE: end the session and begin another",
  });
}

function malformed(reason: string): HttpError {
  const message = `Cannot read the fragment: ${reason}`;
  return new HttpError(400, { code: "bad-message", message });
}

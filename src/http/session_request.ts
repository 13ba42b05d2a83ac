/**
 * A POST that is to open a session of WHIP or WHEP, read and checked as far as no room is needed: its
 * media types, its parameters, its access token, its offer. What it may then do is up to the room.
 */
import { badToken, bindJoin, type Claims, type TokenVerifier } from "../access/mod.ts";
import { type ClientMessageOf, decodeValue, ProtocolError } from "../protocol/mod.ts";
import { bearerOf } from "./bearer.ts";
import { mediaTypeOf, readText } from "./body.ts";
import type { MediaSession, SessionKind } from "./media_sessions.ts";
import { HttpError } from "./problem.ts";
import { readOffer, type SessionOffer } from "./session_offer.ts";
import { hostKeyOf, passcodeOf } from "./shown_secrets.ts";

/** The media type of descriptions. */
export const SDP_TYPE = "application/sdp";
/** Longest offer; a browser's with simulcast and every codec has some 12,000 bytes. */
const MAX_OFFER_BYTES = 65_536;

/** What was asked for. */
export type SessionRequest = {
  readonly join: ClientMessageOf<"join">;
  readonly claims: Claims | undefined;
  readonly offer: SessionOffer;
};

/** Reads a POST to the endpoint of a room. Rejects with HttpError or ProtocolError. */
export async function readSessionRequest(
  request: Request,
  options: { kind: SessionKind; roomId: string; verifier: TokenVerifier | undefined },
): Promise<SessionRequest> {
  const { kind, roomId, verifier } = options;
  refuseMediaTypes(request);
  const wanted = joinOf(request, { kind, roomId });
  // Before the body: who may not come in has nothing read.
  const claims = await verifier?.verify(bearerOf(request));
  const join = claims === undefined ? wanted : bindJoin(wanted, claims);
  if (kind === "whip" && join.role === "viewer") {
    throw new ProtocolError("not-allowed", "Cannot publish: the token is that of a viewer");
  }
  const offer = readOffer(await readText(request, MAX_OFFER_BYTES));
  return { join, claims, offer };
}

/** Throws `bad-token` unless the request shows a token for the session, where tokens are demanded. */
export async function refuseOthersSession(
  request: Request,
  { roomId, userId }: MediaSession,
  verifier: TokenVerifier | undefined,
): Promise<void> {
  if (verifier === undefined) return;
  const claims = await verifier.verify(bearerOf(request));
  if (claims.roomId === roomId && claims.userId === userId) return;
  throw badToken("it is of another user id or room", "Cannot change the session");
}

/** RFC 9110, sections 12.5.1, 15.5.7 and 15.5.16. */
function refuseMediaTypes(request: Request): void {
  if (mediaTypeOf(request) !== SDP_TYPE) {
    throw new HttpError(415, {
      code: "unsupported-media-type",
      message: `Cannot read the offer: the content type is not ${SDP_TYPE}`,
      headers: { "accept-post": SDP_TYPE },
    });
  }
  if (accepts(request.headers.get("accept") ?? "", SDP_TYPE)) return;
  const message = `Cannot answer: the client accepts no ${SDP_TYPE}`;
  throw new HttpError(406, { code: "not-acceptable", message });
}

/** Whether `header` lets pass `type`; the most specific range of it counts. */
function accepts(header: string, type: string): boolean {
  const ranges = header.split(",").map((item) => item.trim().toLowerCase())
    .filter((item) => item !== "")
    .map((item) => {
      const [range = "", ...parameters] = item.split(";").map((part) => part.trim());
      return { range, isRefused: parameters.some((one) => /^q=0(\.0*)?$/.test(one)) };
    });
  if (ranges.length === 0) return true;
  const candidates = [type, `${type.split("/")[0]}/*`, "*/*"];
  const best = candidates.map((name) => ranges.find(({ range }) => range === name))
    .find((found) => found !== undefined);
  return best !== undefined && !best.isRefused;
}

/** The join that the path, the query and the headers ask for. Throws ProtocolError. */
function joinOf(
  request: Request,
  { kind, roomId }: { kind: SessionKind; roomId: string },
): ClientMessageOf<"join"> {
  const { searchParams } = new URL(request.url);
  const given = (name: string) => searchParams.get(name) ?? undefined;
  const role = kind === "whep" ? "viewer" : given("role");
  if (kind === "whip" && role === "viewer") {
    throw new ProtocolError("bad-message", "Cannot publish as a viewer");
  }
  const decoded = decodeValue({
    type: "join",
    roomId,
    ...present("userId", given("userId")),
    ...present("name", given("name")),
    ...present("role", role),
    ...present("passcode", passcodeOf(request)),
    ...present("hostKey", hostKeyOf(request)),
    sfu: true,
  });
  if (decoded.ok && decoded.message.type === "join") return decoded.message;
  throw decoded.ok
    ? new TypeError("a join was decoded as another message")
    : new ProtocolError(decoded.code, decoded.message);
}

function present(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

/**
 * STUN and TURN servers over HTTP: `GET /api/ice-servers`, and the links of WHIP and WHEP. Where TURN
 * credentials are made, they are for whoever could join: with the token where tokens are demanded, and
 * for a room that is named with its passcode. Who asks too often waits.
 */
import type { Context, Hono } from "hono";
import { type Claims, KeyedBuckets, type TokenVerifier } from "../access/mod.ts";
import type { Clock, Random } from "../base/mod.ts";
import {
  type ClientMessageOf,
  connectionIdFrom,
  decodeValue,
  type IceServer,
  ProtocolError,
  quoted,
} from "../protocol/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";
import { bearerOf } from "./bearer.ts";
import { addressKey } from "./client_address.ts";
import { addressOf } from "./request_environment.ts";
import { passcodeOf } from "./shown_secrets.ts";
import type { SocketDoor } from "./socket_door.ts";

/** A page asks once in the life of its credentials; an office of them comes from one address. */
const RATE = { perSecond: 1, burst: 60 };
/** Characters of the id of who has none: as unguessable as that of a connection. */
const GUEST_LENGTH = 12;

/** What the servers are known by. */
export type IceServersOptions = {
  readonly hub: Hub;
  /** Whose pages may open a socket may have credentials. */
  readonly door: SocketDoor;
  readonly clock: Clock;
  readonly random: Random;
  /** Those of everybody. */
  readonly iceServers: readonly IceServer[];
  /** Makes TURN credentials. Default none are made. */
  readonly turn: TurnCredentials | undefined;
  /** Checks access tokens. Default none: no tokens are demanded. */
  readonly verifier: TokenVerifier | undefined;
};

/** The servers that requests are told. One for a server. */
export class IceServers {
  readonly #options: IceServersOptions;
  readonly #rates: KeyedBuckets;

  /** Nobody has asked yet. */
  constructor(options: IceServersOptions) {
    this.#options = options;
    this.#rates = new KeyedBuckets(options.clock, RATE);
  }

  /** Those that everybody is told. */
  get shared(): readonly IceServer[] {
    return this.#options.iceServers;
  }

  /** How long the credentials of these are good, in seconds; `undefined`: none are made. */
  get ttlS(): number | undefined {
    return this.#options.turn?.ttlS;
  }

  /** All servers, for one participant of a room. */
  forParticipant(holder: Parameters<TurnCredentials["forParticipant"]>[0]): readonly IceServer[] {
    const { iceServers, turn } = this.#options;
    return turn === undefined ? iceServers : [...iceServers, turn.forParticipant(holder)];
  }

  /** All servers, for whoever sent the request. Rejects with ProtocolError. */
  async forRequest(context: Context, roomId?: string): Promise<readonly IceServer[]> {
    const { iceServers, turn, random } = this.#options;
    if (turn === undefined) return iceServers;
    const request = context.req.raw;
    const address = addressOf(context);
    this.#refuseStrangePage(request);
    this.#take(address);
    const claims = await this.#options.verifier?.verify(bearerOf(request));
    if (roomId !== undefined) await this.#refuseOthers(request, { roomId, claims, address });
    if (claims !== undefined) return this.forParticipant(claims);
    // Nothing proves who asks; a name of its own, so that it takes up nobody's quota.
    const guest = random.id(GUEST_LENGTH);
    return [...iceServers, turn.forConnection(connectionIdFrom(guest))];
  }

  #refuseStrangePage(request: Request): void {
    const origin = request.headers.get("origin");
    if (origin === null || this.#options.door.origins.allows(origin, request)) return;
    const message = `Cannot give credentials to a page of ${quoted(origin)}: ` +
      "the server's --origin does not list it";
    throw new ProtocolError("not-allowed", message);
  }

  #take(address: string | undefined): void {
    const key = address === undefined ? undefined : addressKey(address);
    const waitMs = key === undefined ? 0 : this.#rates.take(key);
    if (waitMs === 0) return;
    const message = "Cannot give credentials now: your address asks for too many";
    throw new ProtocolError("rate-limited", message, { retryAfterMs: waitMs });
  }

  /** What a join would have to show ahead of the room (rules TK3, TH1, PC2). */
  async #refuseOthers(
    request: Request,
    asked: { roomId: string; claims: Claims | undefined; address: string | undefined },
  ): Promise<void> {
    const { roomId, claims, address } = asked;
    const passcode = passcodeOf(request);
    const join = readJoin({ roomId, ...(passcode === undefined ? {} : { passcode }) });
    await this.#options.hub.admission.checkJoin(join, { address, claims });
  }
}

/** Adds the route. */
export function addIceServerRoutes(app: Hono, servers: IceServers): void {
  app.get("/api/ice-servers", async (context) => {
    const iceServers = await servers.forRequest(context, context.req.query("roomId"));
    const { ttlS } = servers;
    if (ttlS === undefined) return context.json({ iceServers });
    context.header("cache-control", "no-store");
    return context.json({ iceServers, ttlS });
  });
}

function readJoin(fields: Record<string, string>): ClientMessageOf<"join"> {
  const decoded = decodeValue({ type: "join", ...fields });
  if (decoded.ok && decoded.message.type === "join") return decoded.message;
  throw decoded.ok
    ? new TypeError("a join was decoded as another message")
    : new ProtocolError(decoded.code, decoded.message);
}

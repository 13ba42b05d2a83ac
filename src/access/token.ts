/**
 * Access tokens: signed JSON Web Tokens (RFC 7519) that say who may enter which room (rules TK1-TK7).
 * HTTP checks one before an upgrade, signaling one that a join or a refresh carries.
 */
import { compactVerify, createRemoteJWKSet, customFetch, errors } from "jose";
import type { KeyObject } from "node:crypto";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { Clock } from "../base/mod.ts";
import {
  type ClientMessageOf,
  ProtocolError,
  type Role,
  RoleSchema,
  type RoomId,
  RoomIdSchema,
  type UserId,
  UserIdSchema,
} from "../protocol/mod.ts";

/** How long the server of a key set may take; a joiner waits for it. */
const JWKS_TIMEOUT_MS = 5_000;
/** How far the clock of whoever signs may be ahead of ours. */
const LEEWAY_MS = 5_000;
/** Longest token that is looked at: some times what one of these needs. */
const MAX_TOKEN_LENGTH = 8_192;

/** What tokens are checked with. */
export type TokenKey =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "public-key"; readonly key: KeyObject }
  | { readonly kind: "jwks"; readonly url: string };

/** What a token says. */
export type Claims = {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly role: Role | undefined;
  /** `true`: host; `false`: never; `undefined`: by the rules of the room. */
  readonly mayHost: boolean | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
};

const claims = Compile(Type.Object({
  room: RoomIdSchema,
  sub: UserIdSchema,
  role: Type.Optional(RoleSchema),
  host: Type.Optional(Type.Boolean()),
  exp: Type.Number(),
  nbf: Type.Optional(Type.Number()),
}));

/** Checks tokens with one key. The application makes one where a key is configured. */
export class TokenVerifier {
  readonly #clock: Clock;
  readonly #verify: (token: string) => Promise<Uint8Array>;

  /** A key set is fetched with the first token, and again when its keys change. */
  constructor(key: TokenKey, clock: Clock) {
    this.#clock = clock;
    this.#verify = verifierOf(key);
  }

  /** What a good token says. Rejects with ProtocolError `bad-token`; never shows the token. */
  async verify(token: string | undefined): Promise<Claims> {
    if (token === undefined) throw badToken("there is none");
    if (token.length > MAX_TOKEN_LENGTH) throw badToken("it is too long");
    const found = parse(await this.#check(token));
    if (!claims.Check(found)) {
      throw badToken("it does not hold the claims room, sub and exp, or one of them is wrong");
    }
    const { room, sub, role, host, exp, nbf = 0 } = found;
    const now = this.#clock.now();
    if (exp * 1000 <= now) throw badToken("it has expired");
    if (nbf * 1000 > now + LEEWAY_MS) throw badToken("it is not valid yet");
    return { roomId: room, userId: sub, role, mayHost: host, expiresAt: Math.floor(exp * 1000) };
  }

  async #check(token: string): Promise<Uint8Array> {
    try {
      return await this.#verify(token);
    } catch (error) {
      const isTokensFault = error instanceof errors.JOSEError &&
        !(error instanceof errors.JWKSTimeout) && error.code !== "ERR_JOSE_GENERIC";
      if (isTokensFault) throw badToken("its signature is not that of the configured key");
      throw new ProtocolError("internal-error", "Cannot check the token: its keys cannot be had");
    }
  }
}

/**
 * The join that `message` may be under `claims`: user id and role are those of the token. Throws
 * `bad-token` where it asks for others (rule TK3).
 */
export function bindJoin(
  message: ClientMessageOf<"join">,
  { roomId, userId, role }: Claims,
): ClientMessageOf<"join"> {
  const refuse = (what: string) => {
    throw badToken(`it is not for ${what}`, `Cannot join room "${message.roomId}"`);
  };
  if (message.roomId !== roomId) refuse("this room");
  if (message.userId !== undefined && message.userId !== userId) refuse("this user id");
  if (role !== undefined && message.role !== undefined && message.role !== role) {
    refuse(`the role ${message.role}`);
  }
  return { ...message, userId, ...(role === undefined ? {} : { role }) };
}

/** The error of a token that will not do. */
export function badToken(reason: string, attempt = "Cannot use the token"): ProtocolError {
  return new ProtocolError("bad-token", `${attempt}: ${reason}`);
}

/** Each kind of key takes its own algorithms alone, so that no token chooses how it is checked. */
function verifierOf(key: TokenKey): (token: string) => Promise<Uint8Array> {
  if (key.kind === "secret") {
    const secret = new TextEncoder().encode(key.secret);
    const options = { algorithms: ["HS256"] };
    return async (token) => (await compactVerify(token, secret, options)).payload;
  }
  const options = { algorithms: ["EdDSA", "Ed25519"] };
  if (key.kind === "public-key") {
    return async (token) => (await compactVerify(token, key.key, options)).payload;
  }
  const keys = createRemoteJWKSet(new URL(key.url), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    [customFetch]: fetchKeys,
  });
  return async (token) => (await compactVerify(token, keys, options)).payload;
}

/** As `fetch`; the library leaves the body of a failure open. */
async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (response.status !== 200) await response.body?.cancel();
  return response;
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined; // What is no JSON has no claims, and is refused for that.
  }
}

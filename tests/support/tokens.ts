/** Access tokens for tests, good and bad. */
import { SignJWT } from "jose";
import { TokenVerifier } from "../../src/access/mod.ts";
import type { FakeClock } from "./fake_clock.ts";

/** The secret that the tests' servers are given. */
export const SECRET = "a secret of the tests, long enough for HS256";
const key = new TextEncoder().encode(SECRET);
/** When tokens of {@linkcode sign} end unless told otherwise: in 2100. */
const LATE = 4_102_444_800;

/** A token with these claims, signed with {@linkcode SECRET} unless another key is given. */
export function sign(
  claims: Record<string, unknown>,
  options: {
    alg?: string;
    key?: Parameters<SignJWT["sign"]>[0];
    header?: Record<string, unknown>;
  } = {},
): Promise<string> {
  const { alg = "HS256", header = {} } = options;
  const all = { room: "test", sub: "ann", exp: LATE, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg, ...header }).sign(options.key ?? key);
}

/** What checks them. */
export function makeVerifier(clock: FakeClock): TokenVerifier {
  return new TokenVerifier({ kind: "secret", secret: SECRET }, clock);
}

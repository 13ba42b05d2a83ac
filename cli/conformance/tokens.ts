/**
 * Access tokens, good and bad, for the checks of rules TK1 to TK8: signed with the secret that the
 * server under test has.
 */
import { SignJWT } from "jose";
import type { Clock } from "../../src/base/mod.ts";

const GOOD_FOR_S = 3_600;

/** How a token differs from a good one. */
export type TokenOptions = {
  /** Default: the server's. */
  readonly secret?: string;
  /** Default HS256. */
  readonly algorithm?: string;
};

/** Signs tokens. */
export class Tokens {
  /** The server's secret. */
  readonly secret: string;
  readonly #clock: Clock;

  /** Signs with `secret` unless told otherwise. */
  constructor(secret: string, clock: Clock) {
    this.secret = secret;
    this.#clock = clock;
  }

  /** Seconds since the Unix epoch, `laterS` seconds from now. */
  in(laterS: number): number {
    return this.#clock.now() / 1_000 + laterS;
  }

  /** A token with these claims; it is good for an hour unless they say otherwise. */
  sign(claims: Readonly<Record<string, unknown>>, options: TokenOptions = {}): Promise<string> {
    const { secret = this.secret, algorithm = "HS256" } = options;
    const all = { exp: this.in(GOOD_FOR_S), ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: algorithm })
      .sign(new TextEncoder().encode(secret));
  }

  /** A token that is not signed at all (RFC 7519, section 6). */
  unsigned(claims: Readonly<Record<string, unknown>>): string {
    const part = (value: unknown) =>
      new TextEncoder().encode(JSON.stringify(value)).toBase64({
        alphabet: "base64url",
        omitPadding: true,
      });
    return `${part({ alg: "none" })}.${part({ exp: this.in(GOOD_FOR_S), ...claims })}.`;
  }
}

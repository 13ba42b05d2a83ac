/**
 * Who may ask the TURN server for something: long-term credentials (RFC 8489, section 9.2) of our REST
 * scheme. An allocation goes on with the credentials that it was made with, also when they have ended
 * meanwhile; nothing new is made with those.
 */
import type { Clock } from "../base/mod.ts";
import type { Credentials } from "./allocation.ts";
import { passwordOf, readUsername } from "./credentials.ts";
import type { Nonces } from "./nonces.ts";
import { ATTRIBUTE, isSignedWith, longTermKey, type StunMessage } from "./stun_message.ts";

/** RFC 8489, section 14.3. */
const MAX_USERNAME_LENGTH = 508;

/** What becomes of a request. */
export type Verdict =
  | { readonly kind: "known"; readonly credentials: Credentials }
  | { readonly kind: "refused"; readonly code: number; readonly reason: string };

/** What the check depends on. */
export type AuthenticationOptions = {
  readonly realm: string;
  readonly secret: string;
  readonly nonces: Nonces;
  readonly clock: Clock;
};

/** Checks requests. */
export class Authentication {
  readonly #options: AuthenticationOptions;

  /** Remembers nothing between two requests. */
  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** Who sent `message` from `address`; `known` are the credentials of its allocation, if any. */
  check(message: StunMessage, address: string, known: Credentials | undefined): Verdict {
    const { realm, nonces } = this.#options;
    if (message.integrityAt === undefined) return refused(401, "Unauthorized");
    const { username, realm: shown, nonce } = textsOf(message);
    if (username === undefined || shown === undefined || nonce === undefined) {
      return refused(400, "Bad Request");
    }
    // First: who cannot be reached at its address makes us compute nothing else.
    if (!nonces.isGood(nonce, address)) return refused(438, "Stale Nonce");
    if (known !== undefined && username !== known.username) {
      return refused(441, "Wrong Credentials");
    }
    const credentials = known ?? this.#credentialsOf(username);
    if (credentials === undefined || shown !== realm || !isSignedWith(message, credentials.key)) {
      return refused(401, "Unauthorized");
    }
    return { kind: "known", credentials };
  }

  #credentialsOf(username: string): Credentials | undefined {
    const { realm, secret, clock } = this.#options;
    const read = readUsername(username);
    if (read === undefined || read.endsAt * 1000 <= clock.now()) return undefined;
    const key = longTermKey(username, realm, passwordOf(username, secret));
    return { username, holder: read.holder, key };
  }
}

function textsOf({ attributes }: StunMessage): {
  username: string | undefined;
  realm: string | undefined;
  nonce: Uint8Array | undefined;
} {
  const text = (type: number) => {
    const bytes = attributes.get(type);
    return bytes === undefined || bytes.length > MAX_USERNAME_LENGTH
      ? undefined
      : new TextDecoder().decode(bytes);
  };
  return {
    username: text(ATTRIBUTE.username),
    realm: text(ATTRIBUTE.realm),
    nonce: attributes.get(ATTRIBUTE.nonce),
  };
}

function refused(code: number, reason: string): Verdict {
  return { kind: "refused", code, reason };
}

/**
 * Makes the credentials of one secret for the TURN servers that know it. The application has one where
 * a secret is configured, or a server of our own runs.
 */
import type { Clock } from "../base/mod.ts";
import type { ConnectionId, IceServer } from "../protocol/mod.ts";
import { passwordOf, usernameOf } from "./credentials.ts";
import type { Holder, TurnCredentials } from "./port.ts";

/** What an issuer is made with. */
export type IssuerOptions = {
  /** The servers: `turn:` and `turns:`. */
  readonly urls: readonly string[];
  readonly secret: string;
  /** How long credentials are good, in seconds. */
  readonly ttlS: number;
  readonly clock: Clock;
};

/** See {@linkcode TurnCredentials}. */
export class CredentialIssuer implements TurnCredentials {
  readonly #options: IssuerOptions;

  /** Keeps nothing of what it makes. */
  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  get ttlS(): number {
    return this.#options.ttlS;
  }

  forConnection(id: ConnectionId): IceServer {
    return this.#make(id);
  }

  forParticipant({ roomId, userId }: Holder): IceServer {
    return this.#make({ roomId, userId });
  }

  #make(holder: Holder | ConnectionId): IceServer {
    const { urls, secret, ttlS, clock } = this.#options;
    const username = usernameOf(holder, clock.now() / 1000 + ttlS);
    return { urls: [...urls], username, credential: passwordOf(username, secret) };
  }
}

/**
 * Who may administer the rooms over HTTP: whoever shows the administrator's token. The routes ask it
 * before they look at anything else; a network that guesses is stopped (rule TH5).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { badToken, GuessThrottle, networkOf } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { ProtocolError } from "../protocol/mod.ts";
import { addressOf } from "./request_environment.ts";

/** What is known of a request. */
export type AdministrationRequest = {
  /** The header. */
  readonly authorization: string | undefined;
  /** The client's IP address, where it is known. */
  readonly address: string | undefined;
};

/** Throws ProtocolError unless a request is the administrator's; `attempt` as in "Cannot end a room". */
export type RefuseOthers = (context: Context, attempt: string) => void;

/** The door of administration, as the routes of one server ask it. */
export function administratorsDoor(options: {
  token: string | undefined;
  clock: Clock;
}): RefuseOthers {
  const administration = new Administration(options);
  return (context, attempt) => {
    const authorization = context.req.header("authorization");
    administration.refuseOthers({ authorization, address: addressOf(context) }, attempt);
  };
}

/** The door of administration. */
export class Administration {
  readonly #digest: Uint8Array | undefined;
  readonly #throttle: GuessThrottle;

  /** Without a token nobody administers anything. */
  constructor(options: { token: string | undefined; clock: Clock }) {
    const { token, clock } = options;
    this.#digest = token === undefined ? undefined : digestOf(token);
    // Not for all networks together: whoever has many could shut the administrator out.
    this.#throttle = new GuessThrottle(clock, { guesses: "wrong tokens", everybody: undefined });
  }

  /** Throws ProtocolError unless the request shows the token; `attempt` as in "Cannot end a room". */
  refuseOthers({ authorization, address }: AdministrationRequest, attempt: string): void {
    if (this.#digest === undefined) {
      throw new ProtocolError(
        "not-allowed",
        `${attempt} over HTTP: the server was started without ADMIN_TOKEN`,
      );
    }
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw badToken("there is no token", attempt);
    const network = networkOf(address);
    this.#throttle.refuseBeyond(network, attempt);
    // Digests have one length, so the comparison takes one time.
    if (timingSafeEqual(digestOf(token), this.#digest)) return;
    this.#throttle.count(network, attempt);
    throw badToken("the token is not the administrator's", attempt);
  }
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

/**
 * TURN (RFC 8656) for those who reach each other no other way: the credentials for it, and a server.
 *
 * ```ts
 * import { systemClock } from "../base/mod.ts";
 * import { parseRoomId, parseUserId } from "../protocol/mod.ts";
 * import { CredentialIssuer, passwordOf } from "./mod.ts";
 *
 * const secret = "known to the TURN server too";
 * const urls = ["turn:turn.example.org"];
 * const issuer = new CredentialIssuer({ urls, secret, ttlS: 3600, clock: systemClock });
 * const holder = { roomId: parseRoomId("test")!, userId: parseUserId("ann")! };
 * const { username = "", credential } = issuer.forParticipant(holder);
 * if (!username.endsWith(":test/ann")) throw new Error("it names whom it is for");
 * if (credential !== passwordOf(username, secret)) throw new Error("the secret proves it");
 * ```
 *
 * @module
 */
export { passwordOf, readUsername, type Username, usernameOf } from "./credentials.ts";
export {
  type EmbeddedContext,
  type EmbeddedOptions,
  EmbeddedTurn,
  type TurnCounts,
  type WorkerWord,
} from "./embedded.ts";
export { CredentialIssuer, type IssuerOptions } from "./issuer.ts";
export type { Holder, TurnCredentials } from "./port.ts";

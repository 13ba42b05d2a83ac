/**
 * Who may come in, before any room is asked: access tokens, passcodes, the budget of wrong guesses, where a client
 * comes from. Signaling asks it while a join waits; HTTP at the door.
 *
 * ```ts
 * import { systemClock } from "../base/mod.ts";
 * import { GuessThrottle, networkOf } from "./mod.ts";
 *
 * const throttle = new GuessThrottle(systemClock);
 * const network = networkOf("192.0.2.7");
 * throttle.count(network, "Cannot join");
 * if (throttle.size !== 1) throw new Error("a wrong guess is remembered");
 * ```
 *
 * @module
 */
export { bannedNetwork, type ClientOrigin, countedNetwork, networkOf } from "./client_origin.ts";
export {
  ALL_GUESSES,
  GuessThrottle,
  type GuessThrottleOptions,
  NETWORK_GUESSES,
} from "./guess_throttle.ts";
export { KeyedBuckets, type Rate } from "./keyed_buckets.ts";
export { type PasscodeHash, PasscodeHasher } from "./passcode.ts";
export { Expiry, type ExpiryActions, WARNING_MS } from "./expiry.ts";
export { badToken, bindJoin, type Claims, type TokenKey, TokenVerifier } from "./token.ts";
export { TokenBucket } from "./token_bucket.ts";

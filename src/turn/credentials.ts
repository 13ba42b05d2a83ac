/**
 * Credentials of the TURN REST scheme (draft-uberti-behave-turn-rest-00), as coturn takes them with
 * `use-auth-secret`: the user name says until when and for whom, the password is its HMAC by a secret
 * that only the servers know. Whoever makes them and whoever checks them calls this; pure.
 */
import { createHash, createHmac } from "node:crypto";
import type { ConnectionId } from "../protocol/mod.ts";
import type { Holder } from "./port.ts";

/** Longest form of an id in a user name: RFC 8489, section 14.3 has room for 508 bytes in all. */
const MAX_ID_LENGTH = 200;
/** Characters of the digest that stands for what is longer: 128 bits. */
const DIGEST_LENGTH = 32;

/** A user name as {@linkcode usernameOf} makes it. */
export type Username = {
  /** When it ends: seconds since the Unix epoch. */
  readonly endsAt: number;
  /** Whom it is for; the same in each user name of the same holder. */
  readonly holder: string;
};

/** The user name of `holder`, good until `endsAt`, in seconds since the Unix epoch. */
export function usernameOf(holder: Holder | ConnectionId, endsAt: number): string {
  const name = typeof holder === "string"
    ? plain(holder)
    : `${plain(holder.roomId)}/${plain(holder.userId)}`;
  return `${Math.floor(endsAt)}:${name}`;
}

/** Reads a user name; `undefined` for what {@linkcode usernameOf} does not make. */
export function readUsername(text: string): Username | undefined {
  const [, seconds, holder] = /^(\d{1,15}):([\x21-\x7e]+)$/.exec(text) ?? [];
  if (seconds === undefined || holder === undefined) return undefined;
  return { endsAt: Number(seconds), holder };
}

/** The password that belongs to a user name. */
export function passwordOf(username: string, secret: string): string {
  return createHmac("sha1", secret).update(username).digest("base64");
}

/** An id in ASCII, without the separators: servers and headers take nothing else for sure. */
function plain(id: string): string {
  const encoded = encodeURIComponent(id);
  if (encoded.length <= MAX_ID_LENGTH) return encoded;
  return `~${createHash("sha256").update(id).digest("hex").slice(0, DIGEST_LENGTH)}`;
}

/**
 * Proves to the receiver who sent a webhook, and that nobody changed it: the headers of Standard
 * Webhooks 1.0 (github.com/standard-webhooks), HMAC-SHA256. Whoever delivers calls it for each
 * attempt; the settings read the secret with it.
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** A key as long as the hash, or it is the weaker part (RFC 2104, section 3). */
const MIN_SECRET_BYTES = 32;
/** What the specification demands of a secret in its own form. */
const MIN_KEY_BYTES = 24;
/** Marks a secret in the form of the specification: base64 follows. */
const PREFIX = "whsec_";

/** What is signed. */
export type Signed = {
  /** The same in every attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  /** When this attempt is made: milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly body: string;
};

/**
 * The key of a secret: its text, or what follows `whsec_` in base64. Throws RangeError saying what it
 * expects; never shows the secret.
 */
export function readWebhookKey(secret: string): Uint8Array {
  if (!secret.startsWith(PREFIX)) {
    const key = new TextEncoder().encode(secret);
    if (key.length >= MIN_SECRET_BYTES) return key;
    throw new RangeError(`expected at least ${MIN_SECRET_BYTES} bytes`);
  }
  const base64 = secret.slice(PREFIX.length);
  // The decoder passes over what is no base64; a secret that was cut or mistyped must not.
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : undefined;
  if (key !== undefined && key.length >= MIN_KEY_BYTES) return key;
  throw new RangeError(`expected ${PREFIX} and at least ${MIN_KEY_BYTES} bytes in base64`);
}

/** The headers that sign one attempt. */
export function signatureHeaders(
  key: Uint8Array,
  { id, atMs, body }: Signed,
): Record<string, string> {
  const timestamp = `${Math.floor(atMs / 1000)}`;
  const hash = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${hash}`,
  };
}

/**
 * Webhooks: applications are told over HTTP what happens in rooms, signed, in order, and without ever
 * slowing a room. The application makes them; HTTP describes their bodies.
 *
 * ```ts
 * import { readWebhookKey, signatureHeaders } from "./mod.ts";
 *
 * const key = readWebhookKey("a secret of at least thirty-two bytes");
 * const headers = signatureHeaders(key, { id: "1", atMs: 1_767_225_600_000, body: "{}" });
 * if (!headers["webhook-signature"]?.startsWith("v1,")) throw new Error("it is not signed");
 * ```
 *
 * @module
 */
export type { Fetch } from "./attempt.ts";
export { type Occurrence, type WebhookEvent, webhookEvents } from "./event.ts";
export type { WebhookObserver, WebhookOutcome } from "./observer.ts";
export { readWebhookKey, signatureHeaders, type Signed } from "./signature.ts";
export { Webhooks, type WebhooksOptions } from "./webhooks.ts";

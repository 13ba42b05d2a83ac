/**
 * Tells the operator's URLs what happens in rooms. The application makes one where a URL is
 * configured and has the hub report to it; a report returns at once, whatever the receivers do.
 */
import type { Clock, Logger, Random } from "../base/mod.ts";
import type { Fetch } from "./attempt.ts";
import type { Occurrence } from "./event.ts";
import type { WebhookObserver } from "./observer.ts";
import { readWebhookKey } from "./signature.ts";
import { WebhookQueue } from "./webhook_queue.ts";

/** Characters of an event's id: 132 bits, so that no two are the same over any number of restarts. */
const ID_LENGTH = 22;

/** What webhooks are made with. */
export type WebhooksOptions = {
  /** Who is told; each gets every event. */
  readonly urls: readonly string[];
  /** Signs what is sent: at least 32 bytes, or `whsec_` and base64. */
  readonly secret: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer: WebhookObserver;
  /** Sends the requests. Default the platform's. */
  readonly fetch?: Fetch | undefined;
};

/** The webhooks of one server. */
export class Webhooks {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #queues: readonly WebhookQueue[];

  /** Sends nothing until something happens. Throws RangeError for a secret that is too short. */
  constructor({ urls, secret, fetch = globalThis.fetch, ...shared }: WebhooksOptions) {
    this.#clock = shared.clock;
    this.#random = shared.random;
    const key = readWebhookKey(secret);
    this.#queues = urls.map((url) => new WebhookQueue({ ...shared, url, key, fetch }));
  }

  /** Something happened: every URL is told, in the order of these calls. Never throws, never waits. */
  happened(occurrence: Occurrence): void {
    const id = this.#random.id(ID_LENGTH);
    const event = { id, at: this.#clock.now(), ...occurrence };
    for (const queue of this.#queues) queue.add(event);
  }

  /** Gives what waits a last chance of `drainMs`. Idempotent; never rejects. */
  async close(drainMs: number): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.close(drainMs)));
  }
}

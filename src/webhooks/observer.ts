/** What the webhooks tell those who count: the metrics implement it. Calls are cheap and never throw. */

/** What became of an event, for one URL. */
export type WebhookOutcome =
  /** The receiver has taken it. */
  | "delivered"
  /** The receiver does not want it: a status other than 2xx that another attempt does not mend. */
  | "refused"
  /** No attempt succeeded in the time that there is for one. */
  | "expired"
  /** Too many waited already. */
  | "overflowed"
  /** The server stopped before it could be delivered. */
  | "unsent";

/** Hears of each event once a URL. */
export interface WebhookObserver {
  /** An event is done with. */
  webhookSettled(outcome: WebhookOutcome): void;
}

/**
 * A receiver of webhooks that does what a test wrote down, on a clock that stands still: each request
 * is kept, and answered by a status, by no connection, or never.
 */
import { type Logger, systemClock } from "../../src/base/mod.ts";
import { parseRoomId } from "../../src/protocol/mod.ts";
import type { Occurrence, WebhookObserver, WebhookOutcome } from "../../src/webhooks/mod.ts";
import { FakeClock } from "./fake_clock.ts";

/** The secret of every test. */
export const WEBHOOK_SECRET = "0123456789abcdef0123456789abcdef";

/** What a receiver does with a request. */
export type Answer = number | "unreachable" | "silent" | Response;

/** One request as it came. */
export type Delivery = {
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly atMs: number;
};

/** The clock, the receiver, the log and the counts of one test. */
export class WebhookFixture implements WebhookObserver {
  readonly clock = new FakeClock();
  readonly deliveries: Delivery[] = [];
  readonly outcomes: WebhookOutcome[] = [];
  readonly logged: string[] = [];
  readonly log: Logger;
  /** What comes next; the last one goes on. */
  answers: Answer[] = [200];

  constructor() {
    const write = (level: string) => (message: string, fields: Record<string, unknown> = {}) =>
      void this.logged.push([level, message, ...Object.values(fields)].join(" "));
    this.log = {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
    };
  }

  webhookSettled(outcome: WebhookOutcome): void {
    this.outcomes.push(outcome);
  }

  /** Answers as written; a signal ends what is not answered. */
  readonly fetch = (url: string, { headers, body, signal }: RequestInit): Promise<Response> => {
    const text = String(body);
    this.deliveries.push({
      url,
      headers: new Headers(headers),
      text,
      body: JSON.parse(text),
      atMs: this.clock.elapsed(),
    });
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    if (answer instanceof Response) return Promise.resolve(answer);
    if (typeof answer === "number") return Promise.resolve(new Response(null, { status: answer }));
    if (answer === "unreachable") return Promise.reject(new TypeError("fetch failed"));
    return new Promise((_, reject) =>
      signal!.addEventListener("abort", () => reject(signal!.reason))
    );
  };

  /** Moves the time on, and lets happen what it brings about. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    this.clock.advance(ms);
    await this.settle();
  }

  /** Lets happen what needs no time. */
  async settle(): Promise<void> {
    this.clock.endTurn();
    // A turn of the real event loop: every promise that can go on has gone on.
    await new Promise<void>((resolve) => systemClock.afterTurn(resolve));
  }

  /** What the receiver got, as `room` names. */
  get rooms(): unknown[] {
    return this.deliveries.map(({ body }) => body.roomId);
  }
}

/** Something that happened, told apart by the name of its room. */
export function occurrence(room: string): Occurrence {
  const roomId = parseRoomId(room);
  if (roomId === undefined) throw new TypeError(`Cannot use ${room} as a room id`);
  return { type: "room-started", roomId, kind: "meeting", participants: 0 };
}

/**
 * The end of a step: every connection is pinged and answers. A sender's pong comes behind what its
 * request was answered; when it is there, the others were told, and their pongs come behind that.
 */
import { pong } from "../model/connections.ts";
import type { Connection } from "../model/state.ts";
import type { Way } from "./judge.ts";
import { ANSWER_TIMEOUT_MS, type Line } from "./line.ts";

/** Pings the lines of one schedule. The driver owns one. */
export class Barrier {
  readonly #lines: ReadonlyMap<number, Line>;
  #lastPing = 0;

  constructor(lines: ReadonlyMap<number, Line>) {
    this.#lines = lines;
  }

  /** Has all of `live` answer, the senders first. Returns what the model has to know of it. */
  async pass(live: readonly Connection[], senders: ReadonlySet<number>): Promise<Way> {
    const isSender = ({ user }: Connection) => senders.has(user);
    const sent = live.filter(isSender);
    const first = await this.#ping(sent);
    if (senders.size > 1) {
      // Where several sent at once, only the last of these pongs is known to come after all else.
      for (const { no, user } of sent) this.#lines.get(no)?.forgetPong(first.get(user)!);
    }
    const second = await this.#ping(senders.size > 1 ? live : live.filter((one) => !isSender(one)));
    const pings = new Map([...first, ...second]);
    return (state) => {
      for (const [user, at] of pings) {
        const { connection } = state.users[user]!;
        if (connection !== undefined) pong(state, connection, at);
      }
    };
  }

  /** Pings these, and waits for the answers. Returns what each user was asked. */
  async #ping(connections: readonly Connection[]): Promise<Map<number, number>> {
    const pings = new Map<number, number>();
    await Promise.all(connections.map(async ({ no, user }) => {
      const at = ++this.#lastPing;
      pings.set(user, at);
      const line = this.#lines.get(no)!; // Each connection of the model has its line.
      await line.send({ type: "ping", at });
      const isOver = () =>
        line.end !== undefined || line.fault !== undefined ||
        line.heard.some((message) => message.type === "pong" && message.at === at);
      await line.until(isOver, ANSWER_TIMEOUT_MS);
    }));
    return pings;
  }
}

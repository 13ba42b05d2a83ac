/**
 * What one neutral check plays in: clients of a dialect, in rooms and under ids of their own.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError } from "../client.ts";
import type { Stage } from "../conformance/check.ts";
import { demand, same } from "../conformance/expectation.ts";
import { foreignPlace } from "../conformance/place.ts";
import { RawSocket } from "../conformance/raw_socket.ts";
import { portOf, randomSuffix, rawOptions } from "../conformance/scene.ts";
import type { Transcript } from "../conformance/transcript.ts";
import { Finding, NotApplicable } from "../conformance/verdict.ts";
import { within } from "../conformance/within.ts";
import type { Dialect, DialectClient, DialectEvent, Lack } from "./dialect.ts";

/** What a scene is made with. */
export type DialectSceneOptions = {
  readonly dialect: Dialect;
  readonly url: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly transcript: Transcript;
};

/** The world of one neutral check. */
export class DialectScene implements Stage {
  /** A room of its own. */
  readonly room: string;
  /** Another one. */
  readonly otherRoom: string;
  readonly notes: string[] = [];
  readonly #options: DialectSceneOptions;
  readonly #suffix = randomSuffix();
  readonly #clients: DialectClient[] = [];
  readonly #raws: RawSocket[] = [];

  /** Names are random, so that checks and runs do not meet. */
  constructor(options: DialectSceneOptions) {
    this.#options = options;
    this.room = `room-${this.#suffix}`;
    this.otherRoom = `other-${this.#suffix}`;
  }

  /** The adapter. */
  get dialect(): Dialect {
    return this.#options.dialect;
  }

  /** Throws NotApplicable where the dialect has no such thing. */
  needs(...lacks: readonly Lack[]): void {
    for (const lack of lacks) {
      const why = this.dialect.lacks[lack];
      if (why !== undefined) throw new NotApplicable(why);
    }
  }

  /** A client that is connected and in no room. */
  async open(name: string): Promise<DialectClient> {
    const id = `${name}-${this.#suffix}`;
    try {
      const client = await this.dialect.open({ ...this.#options, id });
      this.#clients.push(client);
      return client;
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      throw new Finding(`a connection for ${name}`, error.message);
    }
  }

  /** A client in a room, by default that of the scene. */
  async enter(name: string, room = this.room): Promise<DialectClient> {
    const client = await this.open(name);
    const outcome = await client.enter(room);
    demand(outcome.ok, `${client.id} enters`, outcome);
    return client;
  }

  /** Several in one room; those before have heard of each, where the dialect tells. */
  async gather(names: readonly string[], room = this.room): Promise<DialectClient[]> {
    const present: DialectClient[] = [];
    for (const name of names) {
      const client = await this.enter(name, room);
      if (this.dialect.lacks.rooms === undefined) {
        for (const one of present) await this.hear(one, { kind: "entered", who: client.id });
      }
      present.push(client);
    }
    return present;
  }

  /** Takes the next event of `client`, which has to be this one. */
  async hear(client: DialectClient, expected: DialectEvent): Promise<void> {
    const { clock, timeoutMs } = this.#options;
    const endAt = clock.elapsed() + timeoutMs;
    const wanted = `${client.id} hears ${JSON.stringify(expected)}`;
    while (client.heard.length === 0) {
      const leftMs = endAt - clock.elapsed();
      if (!client.isOpen) throw new Finding(wanted, "the end of its connection");
      if (leftMs <= 0) throw new Finding(wanted, `nothing within ${timeoutMs} ms`);
      await client.wait(leftMs);
    }
    same(`${client.id} hears`, client.heard.shift(), expected);
  }

  /** Demands that `client` has heard nothing else. */
  async hearNothing(client: DialectClient): Promise<void> {
    demand(await client.barrier(), `${client.id} is still served`, "no answer");
    const [event] = client.heard;
    demand(event === undefined, `${client.id} hears nothing more`, event);
  }

  /** Asks until the answer is good: the server hears of an end when it does. */
  async untilEntered(name: string): Promise<DialectClient> {
    const { clock, timeoutMs } = this.#options;
    const endAt = clock.elapsed() + timeoutMs;
    for (;;) {
      const client = await this.open(name);
      const outcome = await client.enter(this.room);
      if (outcome.ok) return client;
      await client.drop();
      demand(clock.elapsed() < endAt, `${client.id} enters again`, outcome);
      await new Promise<void>((resolve) => clock.after(50, resolve));
    }
  }

  /** A connection that has shaken hands, for frames that no client sends. */
  async raw(name: string): Promise<RawSocket> {
    const { url, clock, timeoutMs: ms } = this.#options;
    const socketUrl = this.dialect.socketUrl(url, `${name}-${this.#suffix}`);
    const place = foreignPlace(socketUrl, { listener: undefined, tokenSecret: undefined });
    const opening = RawSocket.open(portOf(place), rawOptions(place));
    const raw = await within(clock, opening, { ms, awaited: "a TCP connection" });
    this.#raws.push(raw);
    const { status } = await within(clock, raw.readAnswer(), { ms, awaited: "a handshake" });
    same("the status of a handshake", status, 101);
    return raw;
  }

  /** Demands that nobody who is still there has heard more than the check did. */
  async settle(): Promise<void> {
    const open = this.#clients.filter(({ isOpen }) => isOpen);
    await Promise.all(open.map((client) => this.hearNothing(client)));
  }

  /** Ends whatever the check has left open. */
  async clear(): Promise<void> {
    for (const raw of this.#raws) raw.drop();
    await Promise.all(this.#clients.map((client) => client.drop()));
  }
}

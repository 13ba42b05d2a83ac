/**
 * What one check plays in: fresh names, actors, raw sockets and servers, all of which are gone when
 * the check is over. The runner makes one for each check.
 */
import type { Clock } from "../../src/base/mod.ts";
import { Actor } from "./actor.ts";
import { same } from "./expectation.ts";
import type { OwnServers } from "./own_servers.ts";
import { ownPlace, type Place } from "./place.ts";
import { RawSocket, type RawSocketOptions } from "./raw_socket.ts";
import { Tokens } from "./tokens.ts";
import type { Transcript } from "./transcript.ts";
import { Finding, NotApplicable } from "./verdict.ts";
import { within } from "./within.ts";

/** What a scene is made with. */
export type SceneOptions = {
  readonly place: Place;
  /** Starts more servers; undefined where the run is against `--url`. */
  readonly servers: OwnServers | undefined;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** `--slow`: waits that take minutes are allowed, and what uses up the guesses of this network. */
  readonly isSlow: boolean;
  readonly transcript: Transcript;
};

/** How an actor connects. */
export type ConnectOptions = {
  /** Default: the place of the scene. */
  readonly at?: Place;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** An access token for the query. */
  readonly accessToken?: string;
};

/** What a join carries, and how its actor connects. */
export type JoinOptions = ConnectOptions & {
  /** Default: the room of the scene. */
  readonly room?: string;
  /** More fields of the join. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** The answer to a request over HTTP. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/** Waits longer than this need `--slow` against a server that the run did not start. */
const AFFORDABLE_MS = 20_000;
/** A closing handshake that takes longer is not waited for. */
const GOODBYE_MS = 1_000;
const SECRET = "the secret of the conformance run's own servers";

/** The world of one check. */
export class Scene {
  /** A room of its own. */
  readonly room: string;
  /** Another one. */
  readonly otherRoom: string;
  /** Parts of the rule that were left out, and why. */
  readonly notes: string[] = [];
  readonly #options: SceneOptions;
  readonly #suffix: string;
  readonly #actors: Actor[] = [];
  readonly #raws: RawSocket[] = [];
  readonly #places: Place[] = [];

  /** Names are random, so that checks and runs do not meet. */
  constructor(options: SceneOptions) {
    this.#options = options;
    this.#suffix = randomSuffix();
    this.room = `check-${this.#suffix}`;
    this.otherRoom = `other-${this.#suffix}`;
  }

  /** The server under test. */
  get place(): Place {
    return this.#options.place;
  }

  /** Whether the run has started the server itself, and so knows its settings. */
  get isOwn(): boolean {
    return this.#options.servers !== undefined;
  }

  /** Whether `--slow` was given. */
  get isSlow(): boolean {
    return this.#options.isSlow;
  }

  /** The time. */
  get clock(): Clock {
    return this.#options.clock;
  }

  /** How long anything may take. */
  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /** A user id that no other check has. */
  id(name: string): string {
    return `${name}-${this.#suffix}`;
  }

  /** Connects and takes the `welcome`. */
  async connect(name: string, options: ConnectOptions = {}): Promise<Actor> {
    const actor = await Actor.connect(this.#actorOptions(name, options));
    this.#actors.push(actor);
    return actor;
  }

  /** Connects; the `welcome` is still to be heard. */
  async open(name: string, options: ConnectOptions = {}): Promise<Actor> {
    const actor = await Actor.open(this.#actorOptions(name, options));
    this.#actors.push(actor);
    return actor;
  }

  /** Connects and joins. */
  async join(name: string, options: JoinOptions = {}): Promise<Actor> {
    const { room = this.room, fields = {}, ...connect } = options;
    const actor = await this.connect(name, connect);
    await actor.join(room, fields);
    return actor;
  }

  /** Has these join one after the other; each has heard of those after it. */
  async gather(names: readonly string[], options: JoinOptions = {}): Promise<Actor[]> {
    const { room: roomId = this.room, fields = {}, ...connect } = options;
    const present: Actor[] = [];
    for (const name of names) {
      const actor = await this.connect(name, connect);
      const { users } = await actor.join(roomId, fields);
      present.push(actor);
      same("users in join order", users, present.map((one) => one.name));
      const others = present.slice(0, -1);
      await everyone(others, (one) => one.hear("user-joined", { roomId, userId: actor.name }));
    }
    return present;
  }

  /** Opens a raw socket to the server; the answer to its handshake is still to be read. */
  async raw(options: RawSocketOptions & { at?: Place } = {}): Promise<RawSocket> {
    const { at = this.place, ...rest } = options;
    return await this.#keep(RawSocket.open(portOf(at), { ...rawOptions(at), ...rest }));
  }

  /** Opens a TCP connection to the server, and sends nothing. */
  async rawConnection(at: Place = this.place): Promise<RawSocket> {
    return await this.#keep(RawSocket.connect(portOf(at), rawOptions(at)));
  }

  /** Waits for `promise`; throws {@linkcode Finding} where it takes too long. */
  async inTime<T>(promise: Promise<T>, awaited: string, ms = this.timeoutMs): Promise<T> {
    return await within(this.clock, promise, { ms, awaited });
  }

  /** Waits. Only for times that the protocol names: whether something arrives, a barrier tells. */
  async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.clock.after(ms, resolve));
  }

  /** Asks over HTTP. */
  async http(path: string, init: RequestInit & { at?: Place } = {}): Promise<HttpAnswer> {
    const { at = this.place, ...rest } = init;
    const asking = fetch(`${at.address}${path}`, rest).then(async (response) => {
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: parsed(text) };
    }).catch((error: unknown) => {
      // What fetch rejects with is no answer of the server.
      throw new Finding(
        `an answer to ${path}`,
        error instanceof Error ? error.message : `${error}`,
      );
    });
    const answer = await this.inTime(asking, `an answer to ${path}`);
    this.#options.transcript.add("http", "·", `${rest.method ?? "GET"} ${path}: ${answer.status}`);
    return answer;
  }

  /** Whether the server has the API that shows rooms; the wire alone does not demand it. */
  async hasApi(): Promise<boolean> {
    const { status, body } = await this.http("/api/rooms");
    return status === 200 && typeof body === "object" && body !== null && "rooms" in body;
  }

  /** A server with these flags, for this check alone. Throws NotApplicable against `--url`. */
  async ownServer(...flags: readonly string[]): Promise<Place> {
    const { servers } = this.#options;
    if (servers === undefined) {
      const settings = flags.length === 0 ? "by the run itself" : `with ${flags.join(" ")}`;
      throw new NotApplicable(`it takes a server that is started ${settings}`);
    }
    const server = await servers.start("--listener", "ws", ...flags);
    const tokenSecret = flags[flags.indexOf("--token-secret") + 1];
    const known = flags.includes("--token-secret") ? tokenSecret : undefined;
    const place = ownPlace(server, { listener: "ws", tokenSecret: known });
    this.#places.push(place);
    return place;
  }

  /** A server that demands access tokens, and what signs them. Throws NotApplicable without. */
  async tokenServer(...flags: readonly string[]): Promise<{ at: Place; tokens: Tokens }> {
    if (this.isOwn) {
      const at = await this.ownServer("--token-secret", SECRET, ...flags);
      return { at, tokens: new Tokens(SECRET, this.clock) };
    }
    const { tokenSecret } = this.place;
    if (tokenSecret === undefined) {
      throw new NotApplicable(
        "the server demands no access tokens, or --token-secret is not given",
      );
    }
    return { at: this.place, tokens: new Tokens(tokenSecret, this.clock) };
  }

  /** Throws NotApplicable where a wait of `ms` is too long for this run. */
  afford(ms: number, what: string): void {
    if (ms <= AFFORDABLE_MS || this.isSlow) return;
    throw new NotApplicable(`${what} takes ${Math.round(ms / 1000)} s; --slow waits for it`);
  }

  /** Says that a part of the rule is not checked, and why. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Demands that nobody who is still there has heard more than the check did. */
  async settle(): Promise<void> {
    await everyone(this.#actors.filter(({ isOpen }) => isOpen), (one) => one.hearNothing());
  }

  /** Ends whatever the check has left open. */
  async clear(): Promise<void> {
    for (const raw of this.#raws) raw.drop();
    await everyone(this.#actors.filter(({ isOpen }) => isOpen), (one) => this.#end(one));
    await Promise.all(this.#places.map((place) => place.stop?.()));
  }

  /** Ends as one who means to go, or a seat would wait for it; cuts a server that does not answer. */
  async #end(actor: Actor): Promise<void> {
    actor.readAgain();
    const cancel = this.clock.after(GOODBYE_MS, () => void actor.drop());
    await actor.close();
    cancel();
  }

  #actorOptions(name: string, options: ConnectOptions) {
    const { at = this.place, protocols, headers, accessToken } = options;
    const { clock, timeoutMs, transcript } = this.#options;
    const url = new URL(at.socketUrl);
    if (accessToken !== undefined) url.searchParams.set("access_token", accessToken);
    return {
      ...{ name, url: url.href, clock, timeoutMs, transcript },
      ...(protocols === undefined ? {} : { protocols }),
      ...(headers === undefined ? {} : { headers }),
    };
  }

  async #keep(opening: Promise<RawSocket>): Promise<RawSocket> {
    const socket = await this.inTime(opening, "a TCP connection");
    this.#raws.push(socket);
    return socket;
  }
}

/** Has all of them do something at once; the first that fails is the one that is told. */
export async function everyone<T>(
  actors: readonly Actor[],
  act: (actor: Actor) => Promise<T>,
): Promise<T[]> {
  return await Promise.all(actors.map(act));
}

/** Letters and digits that no other run has. */
export function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return [...bytes].map((byte) => byte.toString(36).padStart(2, "0")).join("");
}

/** The port of its WebSocket. */
export function portOf({ socketUrl }: Place): number {
  const { port, protocol } = new URL(socketUrl);
  return Number(port || (protocol === "wss:" ? 443 : 80));
}

/** How a raw socket reaches it. */
export function rawOptions({ socketUrl }: Place): RawSocketOptions {
  const { hostname, protocol, pathname, search } = new URL(socketUrl);
  return { hostname, isSecure: protocol === "wss:", path: `${pathname}${search}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // A page, or a proxy's words: shown as it is.
  }
}

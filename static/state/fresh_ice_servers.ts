/**
 * The STUN and TURN servers of a call. Credentials end (rule IC1), so they are renewed before that; the
 * list is one array for good, whose content changes: whoever makes a connection copies it then. A
 * model of a room has one, and gives its list to the call.
 */
import type { IceServer, RoomId } from "../../src/protocol/mod.ts";
import type { Cancel, Clock } from "./clock.ts";
import { toIceServers } from "./ice_servers.ts";
import { isRecord } from "./server_message.ts";

/** Credentials are renewed when so much of their time is over. */
const RENEWED_AFTER = 0.8;
/** A clock that is wrong must not ask without end. */
const MIN_PAUSE_MS = 60_000;
/** Beyond this a timer of the browser would go off at once. */
const MAX_PAUSE_MS = 86_400_000;

/** The room whose participant asks. */
export interface RoomAsked {
  readonly roomId: RoomId;
  /** Of a room that has one. */
  readonly passcode?: string | undefined;
}

/** What the servers depend on. */
export interface FreshIceServersOptions {
  readonly clock: Clock;
  /** Asks for fresh ones (`/api/ice-servers`), again after a rejection; undefined: nobody is asked. */
  readonly fetch: ((room: RoomAsked) => Promise<unknown>) | undefined;
}

/** The servers of one call after the other. */
export class FreshIceServers {
  readonly #options: FreshIceServersOptions;
  readonly #list: RTCIceServer[] = [];
  #cancel: Cancel | undefined;
  #room: RoomAsked | undefined;

  /** None at first. */
  constructor(options: FreshIceServersOptions) {
    this.#options = options;
  }

  /** For RTCPeerConnection: the same array each time, to be copied for each connection. */
  get list(): readonly RTCIceServer[] {
    return this.#list;
  }

  /** Takes those of `welcome` or `joined`; a server without credentials puts none into the latter. */
  take(servers: unknown): void {
    if (!Array.isArray(servers)) return;
    this.#set(servers);
  }

  /** A room was entered: credentials are kept fresh from now on. */
  enter(room: RoomAsked): void {
    this.#room = room;
    const endsAt = this.#list.map(endOf).filter((end) => end !== undefined);
    const leftMs = Math.min(...endsAt) * 1000 - this.#options.clock.now();
    if (endsAt.length > 0) this.#renewIn(leftMs * RENEWED_AFTER);
  }

  /** The room was left: nothing is renewed any more. */
  leave(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#room = undefined;
  }

  #set(servers: readonly unknown[]): void {
    const known = servers.filter((server) => isRecord(server) && server.urls !== undefined);
    this.#list.splice(0, this.#list.length, ...toIceServers(known as IceServer[])); // Our server's.
  }

  #renewIn(ms: number): void {
    this.#cancel?.();
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, ms));
    this.#cancel = this.#options.clock.after(pauseMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const [room, { fetch }] = [this.#room, this.#options];
    if (room === undefined || fetch === undefined) return;
    let answer: unknown;
    try {
      answer = await fetch(room);
    } catch {
      answer = undefined; // The server is away, or refuses: the next try will tell.
    }
    if (room !== this.#room) return;
    if (!isRecord(answer) || !Array.isArray(answer.iceServers)) return this.#renewIn(0);
    this.#set(answer.iceServers);
    if (typeof answer.ttlS === "number") this.#renewIn(answer.ttlS * 1000 * RENEWED_AFTER);
  }
}

/** When its credentials end, in seconds since the Unix epoch; undefined: never, or nobody knows. */
function endOf({ username }: RTCIceServer): number | undefined {
  const [, seconds] = /^(\d{10}):/.exec(username ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/**
 * Participants that exist to keep the person at the page company: each has a connection of its own
 * and joins the same room. Listed by what they are doing; dropped without a word or with a `leave`.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ErrorCode, RoomId } from "../../src/protocol/mod.ts";
import type { Clock } from "./clock.ts";
import { Coalesce } from "./coalesce.ts";
import { numberedUserId, parseUserId } from "./ids.ts";
import { Session } from "./session.ts";
import type { SessionState } from "./session_state.ts";
import type { Direction } from "./signaling_log.ts";
import type { SocketFactory } from "./socket.ts";

/** A browser allows some 200 sockets a page; fifty leave room for other tabs. */
export const MAX_SIMULATED_USERS = 50;
/** Their round trips only prove that they are alive: measure them seldom. */
const PING_PERIOD_MS = 20_000;
/** Another tab may number its users the same way: so many numbers are tried. */
const MAX_RENUMBERINGS = 60;
/** The list is drawn this often at most while fifty of them come in. */
const LIST_PERIOD_MS = 50;

/** A simulated user as the list shows it. */
export interface SimulatedUser {
  readonly key: number;
  readonly userId: string;
  readonly state: SessionState;
  /** Why the server would not have it. */
  readonly refusal: ErrorCode | undefined;
}

/** Whose message it was: the name of the moment, and the number that stays. */
export interface LoggedUser {
  readonly user: string;
  readonly client: number;
}

/** What the simulated users need. */
export interface SimulatedUsersOptions {
  readonly clock: Clock;
  readonly connect: SocketFactory;
  readonly random: () => number;
  readonly logged: (from: LoggedUser, direction: Direction, message: unknown) => void;
}

interface Member {
  readonly key: number;
  readonly session: Session;
  userId: string;
  refusal: ErrorCode | undefined;
  renumberings: number;
}

/** The simulated users of this page. */
export class SimulatedUsers {
  readonly #options: SimulatedUsersOptions;
  readonly #members = new Map<number, Member>();
  readonly #list: Signal<readonly SimulatedUser[]> = signal([]);
  readonly #redraw: Coalesce;
  #lastKey = 0;
  #lastNumber = 0;

  /** Nobody yet. */
  constructor(options: SimulatedUsersOptions) {
    this.#options = options;
    this.#redraw = new Coalesce(options.clock, {
      periodMs: LIST_PERIOD_MS,
      run: () => this.#draw(),
    });
  }

  /** Everybody, in the order in which they were added. */
  get list(): ReadonlySignal<readonly SimulatedUser[]> {
    return this.#list;
  }

  /** Adds `count` users named after `base`, as many as fit; returns how many that were. */
  add(count: number, target: { readonly roomId: RoomId; readonly base: string }): number {
    const added = Math.max(0, Math.min(count, MAX_SIMULATED_USERS - this.#members.size));
    for (let index = 0; index < added; index++) this.#addOne(target.roomId, target.base);
    this.#draw();
    return added;
  }

  /** Says `leave` for a user, and lets it go when the server has answered. */
  leave(key: number): void {
    const member = this.#members.get(key);
    if (member?.session.state.phase === "joined") member.session.leave();
    else this.drop(key);
  }

  /** Cuts a user's connection without a `leave`, as a crash would. */
  drop(key: number): void {
    this.#members.get(key)?.session.disconnect();
    this.#members.delete(key);
    this.#draw();
  }

  /** Lets everybody leave. */
  leaveAll(): void {
    for (const key of [...this.#members.keys()]) this.leave(key);
  }

  /** Sends a frame as a user; `false` when it has no connection. */
  sendTextAs(key: number, text: string): boolean {
    return this.#members.get(key)?.session.sendText(text) ?? false;
  }

  #addOne(roomId: RoomId, base: string): void {
    const session: Session = new Session({
      clock: this.#options.clock,
      connect: this.#options.connect,
      random: this.#options.random,
      pingPeriodMs: PING_PERIOD_MS,
      handler: {
        changed: () => this.#redraw.touch(),
        logged: (direction, message) => {
          this.#options.logged({ user: member.userId, client: member.key }, direction, message);
        },
        received: (message) => {
          if (message.type === "leaved") this.drop(member.key);
          if (message.type === "joined") member.userId = message.userId;
        },
        refused: (error) => {
          const isTaken = error.code === "user-id-taken";
          if (isTaken && member.renumberings++ < MAX_RENUMBERINGS) join();
          else member.refusal = error.code;
          this.#redraw.touch();
        },
        measured: () => {},
      },
    });
    const join = () => {
      member.userId = numberedUserId(base, ++this.#lastNumber);
      const userId = parseUserId(member.userId);
      session.join({ roomId, ...(userId === undefined ? {} : { userId }) });
    };
    const member: Member = {
      key: ++this.#lastKey,
      session,
      userId: base,
      refusal: undefined,
      renumberings: 0,
    };
    this.#members.set(member.key, member);
    join();
  }

  #draw(): void {
    this.#redraw.close();
    this.#list.value = [...this.#members.values()].map((member) => ({
      key: member.key,
      userId: member.userId,
      state: member.session.state,
      refusal: member.refusal,
    }));
  }
}

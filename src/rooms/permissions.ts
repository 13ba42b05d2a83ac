/**
 * Who may moderate a room, and who may never come back to it (rules HO1-HO4, KI2-KI4). The room's
 * state holds one of each; `entering.ts` asks them at the door, `moderation.ts` before each request
 * of a host.
 */
import { type ConnectionId, ProtocolError, type UserId } from "../protocol/mod.ts";
import type { Origin } from "./origin.ts";
import type { Participant } from "./participant.ts";

/** Bans a room remembers; the oldest goes. More kicks than that are no room any more. */
const MAX_BANS = 10_000;

/** The hosts of a room: mostly one, several where tokens or keys made them. */
export class Hosts {
  readonly #hosts = new Set<Participant>();

  /** The hosts, in the order in which they became so. */
  get all(): Participant[] {
    return [...this.#hosts];
  }

  /** Takes in who enters: a host by grant, or the first who may be one (rules HO1, HO2). */
  entered(participant: Participant): void {
    const { mayHost } = participant;
    if (mayHost === true || (this.#hosts.size === 0 && canInherit(participant))) {
      this.#make(participant);
    }
  }

  /** Takes out who leaves. Returns the heir among `members`, longest present first (rule HO3). */
  left(participant: Participant, members: Iterable<Participant>): Participant | undefined {
    if (!this.#hosts.delete(participant) || this.#hosts.size > 0) return undefined;
    for (const member of members) {
      if (!canInherit(member)) continue;
      this.#make(member);
      return member;
    }
    return undefined;
  }

  /** Throws `not-allowed` unless `participant` is host (rule HO4). */
  refuseOthers(participant: Participant, attempt: string): void {
    if (this.#hosts.has(participant)) return;
    throw new ProtocolError("not-allowed", `${attempt}: "${participant.userId}" is not the host`);
  }

  #make(participant: Participant): void {
    this.#hosts.add(participant);
    participant.becomeHost();
  }
}

/** Whether the rules alone may make it host: it can ask for something, and its token does not say no. */
function canInherit({ role, mayHost, isSocketless }: Participant): boolean {
  return role !== "viewer" && mayHost !== false && !isSocketless;
}

/** Those who were kicked, for the room's life. */
export class Bans {
  readonly #userIds = new Set<UserId>();
  readonly #connections = new Set<ConnectionId>();
  readonly #networks = new Set<string>();

  /**
   * Keeps out whoever shows one of the marks of `participant` (rule KI2). The networks of `hosts` are
   * none: they could not come back themselves.
   */
  add(
    { userId, origin: { connectionId, network } }: Participant,
    hosts: readonly Participant[],
  ): void {
    remember(this.#userIds, userId);
    if (connectionId !== undefined) remember(this.#connections, connectionId);
    const isOfHost = hosts.some(({ origin }) => origin.network === network);
    if (network !== undefined && !isOfHost) remember(this.#networks, network);
  }

  /** Whether an entrant shows one of those marks; who only watches may have no user id. */
  has(userId: UserId | undefined, { connectionId, network }: Origin): boolean {
    return (userId !== undefined && this.#userIds.has(userId)) ||
      (connectionId !== undefined && this.#connections.has(connectionId)) ||
      (network !== undefined && this.#networks.has(network));
  }
}

function remember<T>(marks: Set<T>, mark: T): void {
  marks.add(mark);
  if (marks.size <= MAX_BANS) return;
  for (const oldest of marks) return void marks.delete(oldest);
}

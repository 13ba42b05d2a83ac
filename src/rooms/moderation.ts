/**
 * What a host may do to its room: kick, mute, lock, switch the lobby, admit and deny (rules HO4,
 * KI1-KI5, MU1, LK1-LK2, LB1-LB8). Each method refuses whoever is not host before it looks at
 * anything else, then works as the room's own do. Each room has one; the dispatch calls it, and the
 * registry where the administrator kicks.
 */
import {
  type ClientMessageOf,
  type LeaveReason,
  ProtocolError,
  type RoomView,
  type UserId,
} from "../protocol/mod.ts";
import { admitOne, depart } from "./entering.ts";
import { type Outbound, type Outcome, SILENT } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import type { RoomState } from "./room_state.ts";

/** The requests of a room's hosts. */
export class Moderation {
  readonly #state: RoomState;

  /** The moderation of the room with this state. */
  constructor(state: RoomState) {
    this.#state = state;
  }

  /** Sends a member or one who waits away, and keeps it out (rules KI1-KI4). */
  kick(sender: Participant, { userId }: ClientMessageOf<"kick">): Outcome {
    const attempt = `Cannot kick "${userId}"`;
    this.refuseOthers(sender, "kick");
    const waiting = this.#state.members.has(userId) ? undefined : this.#state.waiting.get(userId);
    const target = waiting ?? this.#state.addressee(sender, userId, attempt);
    this.#state.bans.add(target, [sender]);
    return this.#sendAway(target, "kicked");
  }

  /** Sends one away as `kick` does, for the administrator: a host too (rule KI5). */
  kickByAdministrator(userId: UserId): Outcome {
    const { members, waiting, bans, hosts } = this.#state;
    const target = members.get(userId) ?? waiting.get(userId);
    if (target === undefined) {
      throw new ProtocolError(
        "no-such-participant",
        `Cannot kick "${userId}": not in room "${this.#state.view.roomId}"`,
      );
    }
    bans.add(target, hosts.all.filter((host) => host !== target));
    return this.#sendAway(target, "kicked");
  }

  /** Asks a member to switch something off; whether it does is its own decision (rule MU1). */
  mute(sender: Participant, { userId, kind }: ClientMessageOf<"mute">): Outcome {
    this.refuseOthers(sender, "mute");
    const target = this.#state.addressee(sender, userId, `Cannot mute "${userId}"`);
    const message = { type: "mute", from: sender.userId, kind } as const;
    return { reply: undefined, outbound: [{ to: [target], message }] };
  }

  /** Lets nobody else in, or lets them in again (rules LK1, LK2). */
  lock(sender: Participant, { locked }: ClientMessageOf<"lock">): Outcome {
    this.refuseOthers(sender, "lock");
    const { locked: isLocked = false, ...view } = this.#state.view;
    if (isLocked === locked) return SILENT;
    return this.#update(sender, locked ? { ...view, locked } : view);
  }

  /** Has who joins wait, or not any more; those who wait go on waiting (rule LB1). */
  lobby(sender: Participant, { enabled }: ClientMessageOf<"lobby">): Outcome {
    this.refuseOthers(sender, "lobby");
    const { lobby: isEnabled = false, ...view } = this.#state.view;
    if (isEnabled === enabled) return SILENT;
    return this.#update(sender, enabled ? { ...view, lobby: enabled } : view);
  }

  /** Lets one in who waits (rule LB4). */
  admit(sender: Participant, { userId }: ClientMessageOf<"admit">, now: number): Outcome {
    this.refuseOthers(sender, "admit");
    const target = this.#state.waitingOne(userId, `Cannot admit "${userId}"`);
    return admitOne(this.#state, target, now);
  }

  /** Sends one away who waits; it may knock again (rule LB5). */
  deny(sender: Participant, { userId }: ClientMessageOf<"deny">): Outcome {
    this.refuseOthers(sender, "deny");
    return this.#sendAway(this.#state.waitingOne(userId, `Cannot deny "${userId}"`), "denied");
  }

  /** Throws `not-allowed` unless `sender` is host (rule HO4). */
  refuseOthers(sender: Participant, type: string): void {
    this.#state.hosts.refuseOthers(sender, `Cannot ${type} in room "${this.#state.view.roomId}"`);
  }

  #sendAway(target: Participant, reason: LeaveReason): Outcome {
    const { reply, outbound, ...rest } = depart(this.#state, target, reason);
    const told: Outbound = { to: [target], message: reply! }; // Departing always has a reply.
    return { ...rest, reply: undefined, outbound: [told, ...outbound], unseated: [target] };
  }

  #update(sender: Participant, view: RoomView): Outcome {
    this.#state.view = view;
    const message = { type: "room-updated", room: view } as const;
    return { reply: undefined, outbound: [{ to: this.#state.others(sender), message }] };
  }
}

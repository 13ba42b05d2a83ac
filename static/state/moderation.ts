/**
 * What a host may ask of the room (rules HO1 to LB8, EN1): one request each. What the server has
 * against one comes back as an error, which the meeting shows.
 */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ClientMessage, ServerMessage, UserId } from "../../src/protocol/mod.ts";
import { type Knock, reduceKnocks } from "./knocks.ts";
import type { Roster } from "./roster.ts";

/** The requests of a host, and who waits for an answer to a knock. */
export class Moderation {
  /** Whether the own participant is host. */
  readonly isHost: ReadonlySignal<boolean>;
  readonly #send: (message: ClientMessage) => boolean;
  readonly #knocks: Signal<readonly Knock[]> = signal([]);

  /** `send` is `false` when there is no connection. */
  constructor(send: (message: ClientMessage) => boolean, roster: ReadonlySignal<Roster>) {
    this.#send = send;
    this.isHost = computed(() => {
      const { selfId, participants } = roster.value;
      return participants.some(({ userId, host }) => userId === selfId && host === true);
    });
  }

  /** Who waits to be admitted. */
  get knocks(): ReadonlySignal<readonly Knock[]> {
    return this.#knocks;
  }

  /** Takes a message of the server. */
  receive(message: ServerMessage): void {
    this.#knocks.value = reduceKnocks(this.#knocks.value, message);
  }

  /** Lets somebody in who waits. */
  admit(userId: UserId): boolean {
    return this.#send({ type: "admit", userId });
  }

  /** Sends somebody away who waits; the server answers with the end of the knock. */
  deny(userId: UserId): boolean {
    return this.#send({ type: "deny", userId });
  }

  /** Lets in everybody who waits. */
  admitAll(): void {
    for (const { userId } of this.#knocks.value) this.admit(userId);
  }

  /** Sends somebody out, for the room's life. */
  kick(userId: UserId): boolean {
    return this.#send({ type: "kick", userId });
  }

  /** Asks somebody to switch something off. */
  askToMute(userId: UserId, kind: "audio" | "video" | "screen"): boolean {
    return this.#send({ type: "mute", userId, kind });
  }

  /** Lets nobody else in, or again. */
  lock(isLocked: boolean): boolean {
    return this.#send({ type: "lock", locked: isLocked });
  }

  /** Lets who joins wait to be admitted, or not any more. */
  setLobby(isOn: boolean): boolean {
    return this.#send({ type: "lobby", enabled: isOn });
  }

  /** Ends the meeting for everyone. */
  endForAll(): boolean {
    return this.#send({ type: "end-room" });
  }
}

/**
 * The way into a meeting: the name, the passcode where one is demanded, and the request that they add
 * up to. The user id is made by the page; people know each other by name.
 */
import { type Signal, signal } from "@preact/signals";
import { MAX_NAME_LENGTH } from "../../src/protocol/limits.ts";
import type { RoomId } from "../../src/protocol/mod.ts";
import type { HostKeys } from "./host_keys.ts";
import { friendlyUserId, nextUserId, parseUserId } from "./ids.ts";
import type { Preferences } from "./preferences.ts";
import type { JoinRequest } from "./session_state.ts";

// Rule ID3: control characters, separators of lines, and marks that turn the direction of text.
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** What an entry starts from. */
export interface EntryOptions {
  readonly roomId: RoomId;
  readonly preferences: Preferences;
  readonly hostKeys: HostKeys;
  readonly random: () => number;
  /** Goes before what is remembered. */
  readonly link: { readonly user?: string; readonly name?: string };
}

/** The fields before a meeting. */
export class Entry {
  readonly roomId: RoomId;
  readonly name: Signal<string>;
  readonly userId: Signal<string>;
  /** Empty: none. */
  readonly passcode: Signal<string> = signal("");
  readonly #preferences: Preferences;
  readonly #hostKeys: HostKeys;
  readonly #random: () => number;

  /** Fields with what is known already. */
  constructor({ roomId, preferences, hostKeys, random, link }: EntryOptions) {
    this.roomId = roomId;
    this.#preferences = preferences;
    this.#hostKeys = hostKeys;
    this.#random = random;
    this.name = signal(link.name ?? preferences.read("name") ?? "");
    this.userId = signal(link.user ?? preferences.read("userId") ?? friendlyUserId(random));
  }

  /** The request; name and user id are remembered for the next visit. */
  toRequest(): JoinRequest {
    const name = cleanName(this.name.value);
    const userId = parseUserId(this.userId.value) ?? parseUserId(friendlyUserId(this.#random))!;
    this.userId.value = userId;
    this.#preferences.write("name", name);
    this.#preferences.write("userId", userId);
    const passcode = this.passcode.value;
    const hostKey = this.#hostKeys.read(this.roomId);
    return {
      roomId: this.roomId,
      userId,
      ...(name === "" ? {} : { name }),
      ...(passcode === "" ? {} : { passcode }),
      ...(hostKey === undefined ? {} : { hostKey }),
    };
  }

  /** Takes the next user id: the present one sits in the room already, in another tab perhaps. */
  renumber(): void {
    this.userId.value = nextUserId(this.userId.value);
  }
}

/** A name as rule ID3 takes it; empty where nothing is left. */
export function cleanName(text: string): string {
  return [...text.replace(FORBIDDEN, "").trim()].slice(0, MAX_NAME_LENGTH).join("").trim();
}

/**
 * The fields of a join: what is in them, which of them the server would not take, and the request
 * that they add up to. Both pages have one; the form components show it.
 */
import { type Signal, signal } from "@preact/signals";
import type { Role } from "../../src/protocol/mod.ts";
import { DEFAULT_ROOM, friendlyUserId, parseRoomId, parseUserId } from "./ids.ts";
import type { DeepLink } from "./deep_link.ts";
import type { Preferences } from "./preferences.ts";
import type { JoinRequest } from "./session_state.ts";

/** A field that can be wrong. */
export type WrongField = "roomId" | "userId";

/** What the fields start from. */
export interface JoinFieldsOptions {
  readonly preferences: Preferences;
  readonly random: () => number;
  /** What a link asks for goes before what is remembered. */
  readonly link: DeepLink;
}

/** The fields; each is read and written by its input. */
export class JoinFields {
  readonly roomId: Signal<string>;
  /** Empty: the server makes one. */
  readonly userId: Signal<string>;
  /** Empty: none. */
  readonly name: Signal<string>;
  readonly role: Signal<Role>;
  /** Where the last {@linkcode JoinFields.toRequest} failed. */
  readonly wrong: Signal<WrongField | undefined> = signal(undefined);
  readonly #preferences: Preferences;

  /** Fields with a value in each that works. */
  constructor({ preferences, random, link }: JoinFieldsOptions) {
    this.#preferences = preferences;
    this.roomId = signal(link.room ?? DEFAULT_ROOM);
    this.userId = signal(link.user ?? preferences.read("userId") ?? friendlyUserId(random));
    this.name = signal(link.name ?? preferences.read("name") ?? "");
    this.role = signal(link.role ?? "participant");
  }

  /** The request, remembered for the next visit; `undefined` and {@linkcode wrong} if it is none. */
  toRequest(): JoinRequest | undefined {
    const roomId = parseRoomId(this.roomId.value.trim());
    const userText = this.userId.value.trim();
    const userId = userText === "" ? undefined : parseUserId(userText);
    const isUserWrong = userText !== "" && userId === undefined;
    this.wrong.value = roomId === undefined ? "roomId" : isUserWrong ? "userId" : undefined;
    if (roomId === undefined || isUserWrong) return undefined;
    const name = this.name.value.trim();
    if (userId !== undefined) this.#preferences.write("userId", userId);
    this.#preferences.write("name", name);
    const role = this.role.value;
    return {
      roomId,
      ...(userId === undefined ? {} : { userId }),
      ...(name === "" ? {} : { name }),
      ...(role === "participant" ? {} : { role }),
    };
  }
}

/** The chat of a meeting: its lines, to whom one writes, and how many lines nobody has read yet. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ClientMessage, ServerMessage, UserId } from "../../src/protocol/mod.ts";
import { type ChatLine, reduceChat } from "./chat.ts";
import type { Roster } from "./roster.ts";

/** The chat. */
export class MeetingChat {
  /** To whom the next line goes; undefined: to everyone. */
  readonly addressee: Signal<UserId | undefined> = signal(undefined);
  readonly #send: (message: ClientMessage) => boolean;
  readonly #lines: Signal<readonly ChatLine[]> = signal([]);
  readonly #unread: Signal<number> = signal(0);
  readonly #newest: Signal<ChatLine | undefined> = signal(undefined);
  #isOpen = false;

  /** A chat without lines; `send` is `false` when there is no connection. */
  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  /** The last lines. */
  get lines(): ReadonlySignal<readonly ChatLine[]> {
    return this.#lines;
  }

  /** How many lines of others came while the chat was closed. */
  get unread(): ReadonlySignal<number> {
    return this.#unread;
  }

  /** The last line of somebody else that came while the chat was closed. */
  get newest(): ReadonlySignal<ChatLine | undefined> {
    return this.#newest;
  }

  /** The chat is looked at, or not any more. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) return;
    this.#unread.value = 0;
    this.#newest.value = undefined;
  }

  /** Takes a message of the server. */
  receive(message: ServerMessage, roster: Roster): void {
    const before = this.#lines.value;
    this.#lines.value = reduceChat(before, message, roster);
    if (message.type === "user-left" && message.userId === this.addressee.value) {
      this.addressee.value = undefined; // What was meant for one alone must not go to everyone.
    }
    if (message.type !== "chat" || message.from === roster.selfId || this.#isOpen) return;
    this.#unread.value += 1;
    this.#newest.value = this.#lines.value.at(-1);
  }

  /** Says something; `false` when there is nothing to say or no connection. */
  say(text: string): boolean {
    if (text.trim() === "") return false;
    const to = this.addressee.value;
    return this.#send({ type: "chat", text, ...(to === undefined ? {} : { to }) });
  }

  /** Forgets everything, as for another room. */
  clear(): void {
    this.#lines.value = [];
    this.#unread.value = 0;
    this.#newest.value = undefined;
    this.addressee.value = undefined;
  }
}

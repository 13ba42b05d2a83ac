/**
 * What a meeting tells in passing: who became host, what a device did, what the server refused. Each
 * stays for a while or until it is dismissed; components put them into words.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ErrorCode, MediaState, ServerMessageOf } from "../../src/protocol/mod.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { DeviceEvent } from "./own_media.ts";

/** Long enough to be read twice. */
export const NOTICE_MS = 7_000;
/** More than that at once is read by nobody; the oldest goes. */
export const MAX_NOTICES = 4;

/** What is told. Names are those at the time of telling. */
export type Notice =
  | { readonly kind: "device"; readonly event: DeviceEvent }
  /** A host asks for silence. A microphone is off at once, the rest is for the person to do. */
  | {
    readonly kind: "asked-to-mute";
    readonly by: string;
    readonly what: ServerMessageOf<"mute">["kind"];
    readonly isDone: boolean;
  }
  /** `who` is undefined for the own participant. */
  | { readonly kind: "host"; readonly who: string | undefined }
  | { readonly kind: "room"; readonly change: "locked" | "unlocked" | "lobby-on" | "lobby-off" }
  | { readonly kind: "sign"; readonly who: string; readonly sign: keyof MediaState }
  /** Somebody offers a file; the panel has it. */
  | { readonly kind: "file"; readonly who: string; readonly fileName: string }
  | { readonly kind: "lagged"; readonly dropped: number }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string };

/** A notice that is shown. */
export interface ShownNotice {
  /** Counts up. */
  readonly id: number;
  readonly notice: Notice;
}

/** The notices of a page. */
export class Notices {
  readonly #clock: Clock;
  readonly #list: Signal<readonly ShownNotice[]> = signal([]);
  readonly #timers = new Map<number, Cancel>();
  #last = 0;

  /** No notices yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is shown, oldest first. */
  get list(): ReadonlySignal<readonly ShownNotice[]> {
    return this.#list;
  }

  /** Shows a notice. One that asks for something stays until it is dismissed. */
  add(notice: Notice): void {
    const text = JSON.stringify(notice);
    const same = this.#list.value.find((shown) => JSON.stringify(shown.notice) === text);
    if (same !== undefined) this.dismiss(same.id); // The same again is one notice, not two.
    const id = ++this.#last;
    const list = [...this.#list.value, { id, notice }];
    for (const { id: old } of list.slice(0, -MAX_NOTICES)) this.dismiss(old);
    this.#list.value = list.slice(-MAX_NOTICES);
    if (!asksForSomething(notice)) {
      this.#timers.set(id, this.#clock.after(NOTICE_MS, () => this.dismiss(id)));
    }
  }

  /** Takes a notice away; nothing happens where it has gone already. */
  dismiss(id: number): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.#list.value = this.#list.value.filter((shown) => shown.id !== id);
  }

  /** Takes all of them away. */
  clear(): void {
    for (const { id } of this.#list.value) this.dismiss(id);
  }
}

/** Whether somebody waits for an answer, so that time alone does not take it away. */
export function asksForSomething(notice: Notice): boolean {
  if (notice.kind === "asked-to-mute") return !notice.isDone;
  return notice.kind === "device" && notice.event.kind === "found";
}

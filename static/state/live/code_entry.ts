/** The field for a code of six digits: what is typed and pasted, and when it is whole. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RoomId } from "../../../src/protocol/mod.ts";
import { parseRoomId } from "../ids.ts";
import { CODE_LENGTH, codeDigitsIn } from "./live_address.ts";

/** The field. */
export class CodeEntry {
  /** The code, once it is whole. */
  readonly roomId: ReadonlySignal<RoomId | undefined>;
  readonly #digits: Signal<string> = signal("");
  readonly #completed: (roomId: RoomId) => void;

  /** `completed` is called each time that the last digit comes. */
  constructor(completed: (roomId: RoomId) => void) {
    this.#completed = completed;
    this.roomId = computed(() => {
      const digits = this.#digits.value;
      return digits.length === CODE_LENGTH ? parseRoomId(digits) : undefined;
    });
  }

  /** What stands in it: up to six digits. */
  get digits(): ReadonlySignal<string> {
    return this.#digits;
  }

  /** Takes what stands in the field now, as it was typed or pasted. */
  input(text: string): void {
    const before = this.#digits.value;
    this.#digits.value = codeDigitsIn(text);
    const roomId = this.roomId.value;
    if (roomId !== undefined && this.#digits.value !== before) this.#completed(roomId);
  }
}

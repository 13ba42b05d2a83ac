/**
 * The wall of streams: asks what there is every few seconds while it is seen, and decides which of it
 * moves, which is a picture that is renewed now and then, and which is not shown. The page reads its
 * signals and passes on what people choose.
 */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Cancel, Clock } from "./clock.ts";
import { parseRoomId } from "./ids.ts";
import {
  pictureAddress,
  type PictureChoice,
  type Stream,
  streamKey,
  type StreamRights,
  type StreamsAnswer,
} from "./streams.ts";
import type { StreamsAddress } from "./streams_address.ts";

/** Fresh enough to trust, and the rate at which pictures that do not move are renewed. */
export const REFRESH_MS = 5_000;
/**
 * Streams that move at once. A browser keeps six connections to a server over HTTP/1.1, and a stream
 * holds one: two are left for the list and for single pictures.
 */
export const MAX_MOVING = 4;

/** How a stream is shown. */
export type Showing =
  /** Its pictures follow one another. */
  | { readonly kind: "moving"; readonly address: string }
  /** One picture, renewed with the list. */
  | { readonly kind: "renewed"; readonly address: string }
  | { readonly kind: "hidden" }
  /** Nobody sees the page, so nothing is loaded. */
  | { readonly kind: "paused" };

/** A stream in its place. */
export interface Tile {
  readonly key: string;
  readonly stream: Stream;
  readonly showing: Showing;
}

/** What the wall needs. */
export interface StreamsWallOptions {
  readonly clock: Clock;
  /** What the page's address asks for. */
  readonly address: StreamsAddress;
  /** Asks the server what there is. Never rejects. */
  readonly ask: (rights: StreamRights) => Promise<StreamsAnswer>;
}

/** The wall. */
export class StreamsWall {
  /** What the server said last; `undefined` before it has. */
  readonly answer: Signal<StreamsAnswer | undefined> = signal(undefined);
  /** What is in the fields: a room and its passcode. */
  readonly roomText: Signal<string>;
  readonly passcodeText: Signal<string>;
  /** Whether what stands in the field of the room is no room id. */
  readonly isRoomWrong: Signal<boolean> = signal(false);
  /** What the list is of. */
  readonly rights: Signal<StreamRights>;
  /** How pictures are to be. */
  readonly choice: Signal<PictureChoice>;
  /** What is to be seen, in the order of the list. */
  readonly tiles: ReadonlySignal<readonly Tile[]>;
  /** How many there are. */
  readonly count: ReadonlySignal<number>;
  /** The user id of the stream that is seen alone, where one is. */
  readonly only: string | undefined;
  readonly #options: StreamsWallOptions;
  readonly #hidden: Signal<ReadonlySet<string>> = signal(new Set());
  readonly #isVisible = signal(false);
  /** Counts the answers: a picture that does not move is loaded again with each. */
  readonly #round = signal(0);
  /** Counts the times that what moves has to be loaded anew. */
  readonly #turn = signal(0);
  #cancel: Cancel | undefined;
  #isClosed = false;

  /** Asks nothing before it is seen. */
  constructor(options: StreamsWallOptions) {
    this.#options = options;
    const { rights, choice, only } = options.address;
    this.only = only;
    this.rights = signal(rights);
    this.choice = signal(choice);
    this.roomText = signal(rights.room);
    this.passcodeText = signal(rights.passcode);
    this.tiles = computed(() => {
      const answer = this.answer.value;
      const streams = answer?.kind === "streams" ? answer.streams : [];
      return this.#place(
        only === undefined ? streams : streams.filter(({ userId }) => userId === only),
      );
    });
    this.count = computed(() => this.tiles.value.length);
  }

  /** Whether one stream is seen alone. */
  get isSingle(): boolean {
    return this.only !== undefined;
  }

  /** The page is seen, or not: it asks at once, or no more. */
  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible.peek() || this.#isClosed) return;
    this.#isVisible.value = isVisible;
    this.#cancel?.();
    this.#cancel = undefined;
    if (isVisible) void this.#ask();
  }

  /** Shows the room in the fields, or all. Returns whether the field names one, or none. */
  submit(): boolean {
    const room = this.roomText.value.trim();
    this.isRoomWrong.value = room !== "" && parseRoomId(room) === undefined;
    if (this.isRoomWrong.value) return false;
    const passcode = room === "" ? "" : this.passcodeText.value;
    this.rights.value = { ...this.rights.value, room, passcode };
    this.answer.value = undefined;
    void this.#ask();
    return true;
  }

  /** Shows a stream, or hides it. */
  toggle(key: string): void {
    const hidden = new Set(this.#hidden.value);
    if (!hidden.delete(key)) hidden.add(key);
    this.#hidden.value = hidden;
  }

  /** Hides all, or shows them again. */
  toggleAll(isShown: boolean): void {
    this.#hidden.value = new Set(isShown ? [] : this.tiles.value.map(({ key }) => key));
  }

  /** What moves is loaded anew, after one of it has failed. */
  again(): void {
    this.#turn.value++;
  }

  /** Asks no more. Idempotent. */
  close(): void {
    this.setVisible(false);
    this.#isClosed = true;
  }

  #place(streams: readonly Stream[]): Tile[] {
    const options = { choice: this.choice.value, rights: this.rights.value };
    let moving = 0;
    return streams.map((stream): Tile => {
      const key = streamKey(stream);
      const place = (showing: Showing): Tile => ({ key, stream, showing });
      if (this.#hidden.value.has(key)) return place({ kind: "hidden" });
      if (!this.#isVisible.value) return place({ kind: "paused" });
      if (moving++ < MAX_MOVING) {
        const turn = this.#turn.value;
        const address = pictureAddress(stream, "mjpeg", { ...options, turn });
        return place({ kind: "moving", address });
      }
      const turn = this.#round.value;
      return place({
        kind: "renewed",
        address: pictureAddress(stream, "jpg", { ...options, turn }),
      });
    });
  }

  async #ask(): Promise<void> {
    const { ask, clock } = this.#options;
    const rights = this.rights.value;
    this.#cancel?.();
    const answer = await ask(rights);
    // Another question was asked meanwhile, or nobody looks any more.
    if (rights !== this.rights.value || !this.#isVisible.value) return;
    const before = this.answer.value;
    // What moved has stood still since the server went away, and would go on to.
    if (before?.kind === "unavailable" && answer.kind === "streams") this.again();
    this.answer.value = answer;
    this.#round.value++;
    const waitMs = answer.kind === "refused" ? answer.waitMs ?? REFRESH_MS : REFRESH_MS;
    this.#cancel?.();
    this.#cancel = clock.after(Math.max(waitMs, REFRESH_MS), () => void this.#ask());
  }
}

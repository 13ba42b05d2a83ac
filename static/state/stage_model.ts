/** The stage of a call as signals: the chosen view, the pinned tile, and the order that follows. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { UserId } from "../../src/protocol/mod.ts";
import type { Speakers } from "../call/speaker.ts";
import type { StageSize } from "./layout.ts";
import type { Person } from "./people.ts";
import type { Preferences } from "./preferences.ts";
import {
  arrange,
  type Arrangement,
  isSameTile,
  orderSharers,
  type TileKey,
  type View,
  VIEWS,
} from "./stage.ts";
import { givePlaces, type StagePlaces } from "./stage_places.ts";

/** The stage. */
export class StageModel {
  /** The large tile, if there is one, and the others in order. */
  readonly arrangement: ReadonlySignal<Arrangement>;
  /** Who stands where; undefined while nobody has measured the stage. */
  readonly places: ReadonlySignal<StagePlaces | undefined>;
  readonly #preferences: Preferences;
  readonly #view: Signal<View>;
  readonly #pinned: Signal<TileKey | undefined> = signal(undefined);
  readonly #size: Signal<StageSize | undefined> = signal(undefined);
  readonly #pixelRatio: Signal<number> = signal(1);
  #sharers: readonly UserId[] = [];

  /** A stage on which nothing is pinned; the view is the one of the last visit. */
  constructor(
    people: ReadonlySignal<readonly Person[]>,
    speakers: ReadonlySignal<Speakers>,
    preferences: Preferences,
  ) {
    this.#preferences = preferences;
    const remembered = VIEWS.find((view) => view === preferences.read("view"));
    this.#view = signal(remembered ?? "grid");
    this.arrangement = computed(() => {
      const all = people.value;
      // The own screen is no tile: a picture of the page in the page would mirror itself for ever.
      const sharing = all.filter(({ isSelf, tracks }) => !isSelf && tracks.screen !== undefined);
      this.#sharers = orderSharers(this.#sharers, sharing.map(({ userId }) => userId));
      return arrange({
        view: this.#view.value,
        userIds: all.map(({ userId }) => userId),
        selfId: all.find(({ isSelf }) => isSelf)?.userId,
        sharers: this.#sharers,
        pinned: this.#pinned.value,
        speakerId: speakers.value.active,
      });
    });
    this.places = computed(() => {
      const size = this.#size.value;
      if (size === undefined) return undefined;
      return givePlaces(this.arrangement.value, size, speakers.value.active);
    });
  }

  /** Pixels of the screen for a pixel of the stage. */
  get pixelRatio(): ReadonlySignal<number> {
    return this.#pixelRatio;
  }

  /** The chosen view. */
  get view(): ReadonlySignal<View> {
    return this.#view;
  }

  /** The tile that was pinned; it counts while it is there. */
  get pinned(): ReadonlySignal<TileKey | undefined> {
    return this.#pinned;
  }

  /** The stage is this large now; `pixelRatio` pixels of the screen show one of it. */
  setSize(size: StageSize, pixelRatio: number): void {
    const before = this.#size.value;
    this.#pixelRatio.value = pixelRatio;
    if (before?.width !== size.width || before.height !== size.height) this.#size.value = size;
  }

  /** Chooses a view, for the next visit too. */
  chooseView(view: View): void {
    this.#view.value = view;
    this.#pinned.value = undefined;
    this.#preferences.write("view", view);
  }

  /** Makes a tile the large one, or lets it go again. */
  togglePin(tile: TileKey): void {
    this.#pinned.value = isSameTile(tile, this.#pinned.value) ? undefined : tile;
  }
}

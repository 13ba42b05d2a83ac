/**
 * The subscriber connection of one participant of the media plane in memory: pairs of m-lines, one
 * offer at a time, and what each m-line carries (rules SB1, SB2, SB4).
 */
import {
  kindOfSource,
  type SubscribedMedia,
  type TrackView,
  type UserId,
} from "../../protocol/mod.ts";
import { MediaError, type SubscriptionOffer, type SubscriptionWish } from "../port.ts";
import { type MediaGroup, PairPlan } from "../sfu/pair_plan.ts";
import { readFake, writeFake } from "./fake_description.ts";

/** What somebody publishes. */
export type FakePublication = TrackView & { readonly userId: UserId };

/** Who is told what. */
export type FakeSubscriberOptions = {
  readonly userId: UserId;
  readonly offered: (offer: SubscriptionOffer) => void;
  readonly updated: (update: Omit<SubscriptionOffer, "sdp">) => void;
};

/** What one participant receives. */
export class FakeSubscriber {
  /** How it wants a track, if it said so. */
  readonly wishes = new Map<string, SubscriptionWish>();
  readonly #options: FakeSubscriberOptions;
  #plan = new PairPlan();
  #publications: readonly FakePublication[] = [];
  #carried: readonly SubscribedMedia[] = [];
  #connection = 1;
  #pairs = 0;
  #offeredPairs = 0;
  #state: "new" | "offered" | "connected" = "new";

  /** Nothing is offered yet. */
  constructor(options: FakeSubscriberOptions) {
    this.#options = options;
  }

  /** Whether the participant has answered. */
  get isConnected(): boolean {
    return this.#state === "connected";
  }

  /** What the m-lines carry. */
  get carried(): readonly SubscribedMedia[] {
    return this.#carried;
  }

  /** What the others publish now. */
  follow(publications: readonly FakePublication[]): void {
    this.#publications = publications;
    const { pairs } = this.#plan.assign(this.#groups());
    const carried = pairs.flatMap((group, pair) =>
      (group?.tracks ?? []).map(({ trackId, userId, source }) => ({
        mid: `${kindOfSource(source) === "audio" ? "a" : "v"}${pair}`,
        ...{ trackId, userId, source },
      }))
    );
    const isSame = JSON.stringify(carried) === JSON.stringify(this.#carried);
    this.#carried = carried;
    this.#pairs = pairs.length;
    if (this.#pairs > this.#offeredPairs) return this.#offer();
    if (!isSame) this.#options.updated({ connection: this.#connection, tracks: carried });
  }

  /** Takes the answer to the offer. Throws MediaError `bad-description`. */
  answer(connection: number, sdp: string): void {
    if (this.#state !== "offered" || connection !== this.#connection) {
      throw new MediaError(
        "bad-description",
        `Cannot take the answer: no offer ${connection} waits`,
      );
    }
    readFake(sdp);
    this.#state = "connected";
    if (this.#pairs > this.#offeredPairs) this.#offer();
  }

  /** Offers another connection. */
  restart(): void {
    this.#connection++;
    this.#plan = new PairPlan();
    this.#carried = [];
    this.#offeredPairs = 0;
    this.#state = "new";
    this.follow(this.#publications);
  }

  #offer(): void {
    if (this.#state === "offered") return; // One at a time; the answer brings the next.
    this.#state = "offered";
    this.#offeredPairs = this.#pairs;
    const lines = Array.from({ length: this.#pairs }, (_, pair) => [
      { mid: `a${pair}`, kind: "audio", sends: true },
      { mid: `v${pair}`, kind: "video", sends: true },
    ]).flat();
    const usernameFragment = `sub${this.#connection}`;
    this.#options.offered({
      connection: this.#connection,
      sdp: writeFake({ usernameFragment, lines }),
      tracks: this.#carried,
    });
  }

  #groups() {
    const groups = new Map<string, FakePublication[]>();
    for (const publication of this.#publications) {
      const key = `${publication.userId} ${groupOf(publication)}`;
      groups.set(key, [...groups.get(key) ?? [], publication]);
    }
    return [...groups.values()].map((tracks) => ({
      userId: tracks[0]!.userId, // A group has at least the track that it was made for.
      group: groupOf(tracks[0]!),
      spokeAtMs: 0,
      isWanted: false,
      isPaused: tracks.every(({ trackId }) => this.wishes.get(trackId)?.isPaused === true),
      tracks,
    }));
  }
}

function groupOf({ source }: TrackView): MediaGroup {
  return source === "microphone" || source === "camera" ? "person" : "screen";
}

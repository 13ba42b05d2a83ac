/**
 * The connection over which one participant receives: pairs of m-lines that the server offers, as many
 * as there is something to carry, and what each carries from now on. One offer is outstanding at a
 * time; what changes meanwhile waits for its answer (rules SB1, SB2).
 */
import type { SubscribedMedia, UserId } from "../../protocol/mod.ts";
import { MediaError, type SubscriptionOffer, type SubscriptionWish } from "../port.ts";
import {
  offerSubscriber,
  readSubscriberAnswer,
  type SubscriberSection,
} from "../sdp/subscriber_offer.ts";
import { createIceParameters, createSsrc } from "./credentials.ts";
import { Downlink, type Wish } from "./downlink.ts";
import { forwardedVideos, groupTracks, type ReceiverView } from "./media_groups.ts";
import { PairPlan } from "./pair_plan.ts";
import type { Publication } from "./publication.ts";
import { Slot } from "./slot.ts";
import type { IceParameters, TransportFactory } from "./transport.ts";

/** A client that has not answered by then takes no media; it is left alone until it asks again. */
const ANSWER_MS = 15_000;

/** What a client knows of a connection before it is told anything: that it carries nothing. */
const NOTHING_TOLD = "[]";

/** Two m-lines whose media play in step. */
type Pair = { readonly audio: Slot; readonly video: Slot };

/** The offer that waits for its answer. */
type Outstanding = { readonly at: number; readonly pairs: number };

/** What a subscriber is made with. */
export type SubscriberOptions = {
  readonly userId: UserId;
  readonly transports: TransportFactory;
  /** Pictures that it is sent at most, screens aside. */
  readonly lastN: number;
  /** When somebody spoke last; larger is later. */
  readonly spokeAt: (userId: UserId) => number;
  /** Whether somebody is heard now. */
  readonly isSpeaking: (userId: UserId) => boolean;
  readonly offered: (offer: SubscriptionOffer) => void;
  readonly updated: (update: Omit<SubscriptionOffer, "sdp">) => void;
  readonly lost: (reason: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
};

/** The subscriber connection of one participant, one after the other where the first is lost. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #wishes = new Map<string, SubscriptionWish>();
  #publications: readonly Publication[] = [];
  #forwarded: ReadonlySet<string> = new Set();
  #downlink: Downlink;
  #plan = new PairPlan();
  #ice: IceParameters = createIceParameters();
  #ssrcs = new Set<number>();
  #pairs: Pair[] = [];
  /** How many pairs the client has agreed to. */
  #answeredPairs = 0;
  #connection = 1;
  #version = 0;
  #outstanding: Outstanding | undefined;
  #isSilent = false;
  #told = NOTHING_TOLD;
  #isClosed = false;

  /** Nothing is offered yet. */
  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#downlink = this.#createDownlink();
  }

  /** What goes to the participant now. */
  get downlink(): Downlink {
    return this.#downlink;
  }

  /** How the participant wants a track, if it said so. */
  wishFor(trackId: string): SubscriptionWish | undefined {
    return this.#wishes.get(trackId);
  }

  /** How the participant wants a track from now on (rule SB3). */
  wish(wish: SubscriptionWish): void {
    this.#wishes.set(wish.trackId, wish);
    this.#follow();
    this.#downlink.changed();
  }

  /** What the others publish now. */
  follow(publications: readonly Publication[]): void {
    this.#publications = publications;
    const known = new Set(publications.map(({ trackId }) => trackId));
    for (const trackId of this.#wishes.keys()) {
      if (!known.has(trackId)) this.#wishes.delete(trackId);
    }
    this.#follow();
  }

  /** Takes the answer to the offer. Throws MediaError, with nothing changed. */
  answer(connection: number, sdp: string): void {
    const outstanding = this.#outstanding;
    if (connection !== this.#connection || outstanding === undefined) {
      throw new MediaError(
        "bad-description",
        `Cannot take the answer: no offer ${connection} waits`,
      );
    }
    const mids = this.#sections().slice(0, 2 * outstanding.pairs).map(({ mid }) => mid);
    const { remote, acceptedMids } = readSubscriberAnswer(sdp, mids);
    if (this.#downlink.transport === undefined) this.#connect(remote);
    this.#outstanding = undefined;
    this.#isSilent = false;
    this.#answeredPairs = outstanding.pairs;
    for (const { audio, video } of this.#pairs.slice(0, outstanding.pairs)) {
      for (const slot of [audio, video]) slot.isReady = acceptedMids.has(slot.mid);
    }
    this.#downlink.changed();
    this.#follow();
  }

  /** Another connection in place of the one before (rule SB4). */
  restart(): void {
    this.#downlink.close();
    this.#downlink = this.#createDownlink();
    this.#ice = createIceParameters();
    this.#ssrcs = new Set();
    this.#pairs = [];
    this.#answeredPairs = 0;
    this.#connection++;
    this.#version = 0;
    this.#outstanding = undefined;
    this.#isSilent = false;
    this.#told = NOTHING_TOLD;
    this.#plan = new PairPlan();
    this.#follow();
  }

  /** What is due at `at`. */
  tick(at: number): void {
    this.#downlink.tick(at);
    if (this.#outstanding === undefined || at - this.#outstanding.at < ANSWER_MS) return;
    this.#outstanding = undefined;
    this.#isSilent = true;
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#downlink.close();
  }

  #createDownlink(): Downlink {
    return new Downlink({
      wishOf: (slot) => this.#wishOf(slot),
      cnameOf: (slot) => streamIdOf(slot.mid),
    });
  }

  #connect(remote: ReturnType<typeof readSubscriberAnswer>["remote"]): void {
    const downlink = this.#downlink;
    const { transports, elapsed } = this.#options;
    downlink.transport = transports.create({ local: this.#ice, remote, hasData: false }, {
      opened: () => downlink.changed(),
      packet: (bytes) => downlink.receive(bytes, elapsed()),
      message() {},
      drained() {},
      closed: (reason) => {
        if (this.#isClosed || downlink !== this.#downlink) return;
        this.#options.lost(reason);
        this.restart();
      },
    });
  }

  /** Gives the pairs to who is there now; offers more where they do not suffice. */
  #follow(): void {
    if (this.#isClosed) return;
    const { lastN, spokeAt } = this.#options;
    const view: ReceiverView = {
      publications: this.#publications,
      wishOf: (trackId) => this.#wishes.get(trackId),
      spokeAt,
    };
    this.#forwarded = forwardedVideos(view, lastN);
    const { pairs } = this.#plan.assign(groupTracks(view));
    while (this.#pairs.length < pairs.length) {
      this.#pairs.push(this.#createPair(this.#pairs.length));
    }
    this.#pairs.forEach(({ audio, video }, index) => {
      const tracks = pairs[index]?.tracks ?? [];
      audio.assign(tracks.find(({ isVideo }) => !isVideo));
      video.assign(tracks.find(({ isVideo }) => isVideo));
    });
    this.#downlink.changed();
    this.#tell();
  }

  #tell(): void {
    if (this.#isSilent || this.#outstanding !== undefined) return;
    if (this.#pairs.length > this.#answeredPairs) return this.#offer();
    const tracks = this.#tracks(this.#answeredPairs);
    const told = JSON.stringify(tracks);
    if (told === this.#told) return;
    this.#told = told;
    this.#options.updated({ connection: this.#connection, tracks });
  }

  #offer(): void {
    const { transports, elapsed, offered } = this.#options;
    const sdp = offerSubscriber({
      local: {
        ice: this.#ice,
        fingerprint: transports.fingerprint,
        candidates: transports.candidates,
      },
      version: ++this.#version,
      sections: this.#sections(),
    });
    const pairs = this.#pairs.length;
    this.#outstanding = { at: elapsed(), pairs };
    const tracks = this.#tracks(pairs);
    this.#told = JSON.stringify(tracks);
    offered({ connection: this.#connection, sdp, tracks });
  }

  #createPair(index: number): Pair {
    const output = this.#downlink;
    const audio = new Slot({
      mid: `a${index}`,
      isVideo: false,
      ssrc: createSsrc(this.#ssrcs),
      rtxSsrc: 0,
      output,
    });
    const video = new Slot({
      mid: `v${index}`,
      isVideo: true,
      ssrc: createSsrc(this.#ssrcs),
      rtxSsrc: createSsrc(this.#ssrcs),
      output,
    });
    for (const slot of [audio, video]) output.add(slot);
    return { audio, video };
  }

  #sections(): SubscriberSection[] {
    return this.#pairs.flatMap(({ audio, video }) => [audio, video]).map((slot) => ({
      mid: slot.mid,
      kind: slot.isVideo ? "video" : "audio",
      ssrc: slot.ssrc,
      rtxSsrc: slot.rtxSsrc,
      streamId: streamIdOf(slot.mid),
      trackId: slot.mid,
      cname: streamIdOf(slot.mid),
    }));
  }

  #tracks(pairs: number): SubscribedMedia[] {
    return this.#pairs.slice(0, pairs).flatMap(({ audio, video }) =>
      [audio, video].flatMap(({ mid, publication }) =>
        publication === undefined ? [] : [{
          mid,
          trackId: publication.trackId,
          userId: publication.userId,
          source: publication.source,
        }]
      )
    );
  }

  #wishOf({ publication }: Slot): Wish {
    const wish = publication && this.#wishes.get(publication.trackId);
    const isHidden = publication !== undefined && publication.isVideo &&
      !this.#forwarded.has(publication.trackId);
    const isHeard = publication !== undefined && this.#options.isSpeaking(publication.userId);
    return {
      maxHeight: wish?.maxHeight,
      isPaused: wish?.isPaused === true || isHidden,
      priority: publication?.source === "screen" ? "screen" : isHeard ? "speaker" : "other",
    };
  }
}

/** The two m-lines of a pair share a stream, and a name in their reports: they play in step. */
function streamIdOf(mid: string): string {
  return `s${mid.slice(1)}`;
}

/**
 * A receiver that brings its own m-lines (WHEP, draft-ietf-wish-whep): they are filled with what one
 * participant publishes, or with what is published at all, as far as there are m-lines for it.
 */
import type { UserId } from "../../protocol/mod.ts";
import { MediaError, type SubscriptionWish } from "../port.ts";
import { parseDescription, remoteParametersOf } from "../sdp/description.ts";
import type { ViewedMedia } from "../sdp/negotiated_media.ts";
import { answerViewer } from "../sdp/viewer_answer.ts";
import { createIceParameters, createSsrc } from "./credentials.ts";
import { Downlink } from "./downlink.ts";
import { groupTracks } from "./media_groups.ts";
import { PairPlan } from "./pair_plan.ts";
import type { Publication } from "./publication.ts";
import { Slot } from "./slot.ts";
import type { TransportFactory } from "./transport.ts";

/** All of it belongs to one stream: whoever watches one participant has lips and voice in step. */
const STREAM_ID = "s0";

/** What a viewer is made with. */
export type ViewerOptions = {
  readonly transports: TransportFactory;
  /** The offer (RFC 8866). */
  readonly sdp: string;
  /** Whose media; undefined: everybody's. */
  readonly from: UserId | undefined;
  readonly spokeAt: (userId: UserId) => number;
  readonly isSpeaking: (userId: UserId) => boolean;
  readonly lost: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
};

/** A receiver with m-lines of its own. */
export class Viewer {
  /** Answers its offer. */
  readonly sdp: string;
  readonly downlink: Downlink;
  readonly #options: ViewerOptions;
  readonly #audio: Slot[];
  readonly #video: Slot[];
  readonly #plan: PairPlan;
  #isClosed = false;

  /** Throws MediaError for an offer that cannot be answered. */
  constructor(options: ViewerOptions) {
    this.#options = options;
    const { transports, elapsed } = options;
    const offer = parseDescription(options.sdp);
    const remote = remoteParametersOf(offer);
    const ice = createIceParameters();
    const ssrcs = new Set<number>();
    const sections = offer.media.filter(({ kind }) => kind !== "application").map(({ mid }) => ({
      mid,
      ssrc: createSsrc(ssrcs),
      rtxSsrc: createSsrc(ssrcs),
      streamId: STREAM_ID,
      trackId: mid,
      cname: STREAM_ID,
    }));
    const { fingerprint, candidates } = transports;
    const local = { ice, fingerprint, candidates };
    const answer = answerViewer({ offer, local, version: 1, sections });
    if (answer.media.length === 0) {
      throw new MediaError("bad-description", "Cannot view: the offer has no m-line to send into");
    }
    this.sdp = answer.sdp;
    this.downlink = new Downlink({
      wishOf: ({ publication }) => ({
        maxHeight: undefined,
        isPaused: false,
        priority: publication?.source === "screen"
          ? "screen"
          : publication !== undefined && options.isSpeaking(publication.userId)
          ? "speaker"
          : "other",
      }),
      cnameOf: () => STREAM_ID,
    });
    const slots = answer.media.map((media) =>
      slotOf(media, sections.find(({ mid }) => mid === media.mid)!, this.downlink) // It is of them.
    );
    for (const slot of slots) this.downlink.add(slot);
    this.#audio = slots.filter(({ isVideo }) => !isVideo);
    this.#video = slots.filter(({ isVideo }) => isVideo);
    this.#plan = new PairPlan(Math.max(this.#audio.length, this.#video.length));
    this.downlink.transport = transports.create({ local: ice, remote, hasData: answer.hasData }, {
      opened: () => this.downlink.changed(),
      packet: (bytes) => this.downlink.receive(bytes, elapsed()),
      message() {},
      drained() {},
      closed: () => {
        if (!this.#isClosed) options.lost();
      },
    });
  }

  /** What the others publish now. */
  follow(publications: readonly Publication[]): void {
    const { from, spokeAt } = this.#options;
    const { pairs } = this.#plan.assign(groupTracks({
      publications: publications.filter(({ userId }) => from === undefined || userId === from),
      wishOf: () => undefined,
      spokeAt,
    }));
    this.#audio.forEach((slot, index) =>
      slot.assign(pairs[index]?.tracks.find(({ isVideo }) => !isVideo))
    );
    this.#video.forEach((slot, index) =>
      slot.assign(pairs[index]?.tracks.find(({ isVideo }) => isVideo))
    );
    this.downlink.changed();
  }

  /** A viewer takes what it gets. */
  wish(_wish: SubscriptionWish): void {}

  /** What is due at `at`. */
  tick(at: number): void {
    this.downlink.tick(at);
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.downlink.close();
  }
}

function slotOf(
  { mid, kind, payloadTypes, rtxPayloadTypes, extensionIds }: ViewedMedia,
  { ssrc, rtxSsrc }: { ssrc: number; rtxSsrc: number },
  output: Downlink,
): Slot {
  const isRepeated = Object.keys(rtxPayloadTypes).length > 0;
  const slot = new Slot({
    mid,
    isVideo: kind === "video",
    ssrc,
    rtxSsrc: isRepeated ? rtxSsrc : 0,
    output,
    format: { payloadTypes, rtxPayloadTypes, extensionIds },
  });
  slot.isReady = true;
  return slot;
}

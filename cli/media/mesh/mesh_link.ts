/**
 * The link to one other participant, from its entering to its leaving: a pair of connections, and a
 * new one in its place when its path is gone or the other side looks for one anew. It speaks as the
 * links of the pages do: each pair has an id, each offer a number, and the one with the larger user id
 * gives way where both begin at once.
 */
import type { Cancel } from "../../../src/base/mod.ts";
import { MediaError } from "../../../src/media/port.ts";
import type { ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { SourceFrame } from "../sources/frame_source.ts";
import type { TrackSource } from "../../../src/protocol/mod.ts";
import { DescriptionError } from "../server_description.ts";
import { PeerPair, type PeerPairOptions } from "./peer_pair.ts";

/** An offer without an answer is sent again after this long, then after twice as long, and so on. */
export const RESEND_MS = 5_000;
/** Where offers crossed, ours should be answered at once; after this long it must have got lost. */
export const CROSSED_RESEND_MS = 1_000;
/** A path that is gone is replaced after so long, then after twice as long: who left is told first. */
export const REPLACE_MS = 1_000;
/** The pauses grow no further. */
export const LONGEST_PAUSE_MS = 60_000;
/** The polite side lets the other one begin, so that not both make a new connection at once. */
const POLITE_FACTOR = 3;
/** Ids of former pairs that are remembered, to drop what is still on its way from them. */
const MAX_RETIRED = 16;
/** Messages that wait for a socket. */
const MAX_UNSENT = 64;

/** A relayed message that came in. */
export type LinkMessage = ServerMessageOf<"offer" | "answer" | "ice-candidate">;
/** One to the other side, before it has a `to`. */
export type OutgoingLinkMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** What a link needs. */
export type MeshLinkOptions =
  & Omit<PeerPairOptions, "link" | "found" | "opened" | "closed">
  & {
    /** The one with the larger user id, who waits for the first offer. */
    readonly isPolite: boolean;
    /** Sends to the other side; `false`: there is no connection to send it on. */
    readonly send: (message: OutgoingLinkMessage) => boolean;
    /** Something of the other side was refused; the link goes on. */
    readonly faulted: (what: string) => void;
    /** The tracks are others than before, or begin to come. */
    readonly changed: () => void;
  };

/** How the media of a link fare. */
export type MeshLinkState = "waiting" | "connecting" | "connected" | "interrupted";

/** One link. */
export class MeshLink {
  readonly #options: MeshLinkOptions;
  #pair: PeerPair | undefined;
  #retired: string[] = [];
  #unsent: OutgoingLinkMessage[] = [];
  #answered: { readonly number: number; readonly message: OutgoingLinkMessage } | undefined;
  #cancelResend: Cancel | undefined;
  #cancelReplace: Cancel | undefined;
  #attempts = 0;
  #wasConnected = false;
  #isEnded = false;

  /** Waits for an offer, or makes one at once. */
  constructor(options: MeshLinkOptions) {
    this.#options = options;
    if (!options.isPolite) this.#begin();
  }

  /** The pair that counts. */
  get pair(): PeerPair | undefined {
    return this.#pair;
  }

  /** How it fares. */
  get state(): MeshLinkState {
    if (this.#pair?.isOpen) return "connected";
    if (this.#wasConnected) return "interrupted";
    return this.#pair?.isAgreed ? "connecting" : "waiting";
  }

  /** Sends a frame of `source`. */
  sendFrame(source: TrackSource, frame: SourceFrame): void {
    this.#pair?.channel.sendFrame(source, frame);
  }

  /** Does what is due. */
  tick(): void {
    this.#pair?.channel.tick();
  }

  /** Takes a message of the other side; those of former connections are dropped. */
  receive(message: LinkMessage): void {
    if (this.#isEnded) return;
    const { link: named, number }: Record<string, unknown> = { ...message };
    const pair = this.#pair;
    const link = typeof named === "string" ? named : pair?.link ?? "";
    const count = typeof number === "number" ? number : undefined;
    try {
      if (link === pair?.link) this.#take(pair, message, count);
      else if (message.type === "offer" && !this.#retired.includes(link)) {
        this.#consider(link, message.description.sdp, count);
      }
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      this.#options.faulted(`its ${message.type} cannot be used: ${error.message}`);
    }
  }

  /** The socket is back: what waited goes out, and an offer that waits for its answer once more. */
  networkChanged(): void {
    if (this.#isEnded) return;
    for (const message of this.#unsent.splice(0)) this.#send(message);
    const pair = this.#pair;
    if (pair !== undefined && pair.number > 0 && !pair.isAgreed) this.#sendOffer(pair, RESEND_MS);
  }

  /** Ends it. Idempotent. */
  end(): void {
    this.#isEnded = true;
    this.#cancelResend?.();
    this.#cancelReplace?.();
    this.#pair?.close();
    this.#pair = undefined;
  }

  /** Makes a pair, and offers it. */
  #begin(): void {
    const link = crypto.randomUUID();
    this.#answered = undefined;
    try {
      const pair = PeerPair.offering(this.#pairOptions(link));
      this.#adopt(pair);
      this.#sendOffer(pair, RESEND_MS);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      this.#options.faulted(error.message);
      this.#replaceLater();
    }
  }

  #take(pair: PeerPair, message: LinkMessage, number: number | undefined): void {
    switch (message.type) {
      case "offer":
        return this.#takeOffer(pair, message.description.sdp, number);
      case "answer":
        if (number !== undefined && number !== pair.number) return; // It is sent twice.
        pair.takeAnswer(message.description.sdp);
        this.#cancelResend?.();
        return this.#options.changed();
      case "ice-candidate": {
        const { candidate = "" } = message.candidate ?? {};
        if (candidate !== "") pair.addCandidate(candidate);
      }
    }
  }

  #takeOffer(pair: PeerPair, sdp: string, number: number | undefined): void {
    const { isPolite } = this.#options;
    if (number !== undefined && this.#answered !== undefined && number <= this.#answered.number) {
      // It was sent again because our answer did not arrive in time: the same answer is still true.
      if (number === this.#answered.number) this.#send(this.#answered.message);
      return;
    }
    if (!pair.isAgreed) { // Without ids both may begin under one name.
      if (isPolite) this.#answer(pair.link, sdp, number);
      else this.#hasten(pair);
      return;
    }
    const answer = pair.answerAgain(sdp);
    // The addon cannot look for another path on a connection that it has: another one is made.
    if (answer === undefined) return this.#begin();
    this.#sendAnswer(pair.link, answer, number);
    this.#options.changed();
  }

  /** The other side offers another connection than the one that we know. */
  #consider(link: string, sdp: string, number: number | undefined): void {
    const pair = this.#pair;
    // Both have begun at once: ours is on its way, and the polite side will take it.
    const isCrossed = pair !== undefined && pair.number > 0 && !pair.isAgreed;
    if (isCrossed && !this.#options.isPolite) return this.#hasten(pair);
    this.#answer(link, sdp, number);
  }

  #answer(link: string, sdp: string, number: number | undefined): void {
    const { pair, answer } = PeerPair.answering(this.#pairOptions(link), sdp);
    this.#answered = undefined;
    this.#adopt(pair);
    this.#sendAnswer(link, answer, number);
    this.#options.changed();
  }

  #sendAnswer(link: string, sdp: string, number: number | undefined): void {
    const message = {
      type: "answer",
      link,
      ...(number === undefined ? {} : { number }),
      description: { type: "answer", sdp },
    };
    if (number !== undefined) this.#answered = { number, message };
    this.#send(message);
  }

  #sendOffer(pair: PeerPair, nextMs: number): void {
    const { link, number, offer: sdp } = pair;
    this.#send({ type: "offer", link, number, description: { type: "offer", sdp } });
    this.#resendAfter(pair, nextMs);
  }

  #hasten(pair: PeerPair): void {
    if (!pair.isAgreed) this.#resendAfter(pair, CROSSED_RESEND_MS);
  }

  #resendAfter(pair: PeerPair, pauseMs: number): void {
    this.#cancelResend?.();
    this.#cancelResend = this.#options.time.after(pauseMs, () => {
      if (pair !== this.#pair || pair.isAgreed || this.#isEnded) return;
      this.#sendOffer(pair, Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
    });
  }

  /** From now on `pair` is the connection of this link. */
  #adopt(pair: PeerPair): void {
    const before = this.#pair;
    this.#pair = pair;
    this.#cancelReplace?.();
    this.#cancelResend?.();
    if (before === undefined) return;
    before.close();
    this.#unsent = this.#unsent.filter(({ link }) => link !== before.link);
    if (before.link !== pair.link) {
      this.#retired = [...this.#retired, before.link].slice(-MAX_RETIRED);
    }
  }

  #pairOptions(link: string): PeerPairOptions {
    const isCurrent = () => this.#pair?.link === link && !this.#isEnded;
    return {
      ...this.#options,
      link,
      found: (candidate, sdpMid) => {
        if (!isCurrent()) return;
        this.#send({
          type: "ice-candidate",
          link,
          candidate: candidate === undefined ? null : { candidate, sdpMid, sdpMLineIndex: 0 },
        });
      },
      opened: () => {
        if (!isCurrent()) return;
        this.#attempts = 0;
        this.#wasConnected = true;
        this.#options.changed();
      },
      closed: () => {
        if (isCurrent()) this.#replaceLater();
      },
    };
  }

  /** The path is gone: another pair is made, unless the other side makes one first, or has left. */
  #replaceLater(): void {
    const { time, isPolite, changed } = this.#options;
    const pauseMs = Math.min(REPLACE_MS * 2 ** this.#attempts++, LONGEST_PAUSE_MS);
    this.#cancelReplace?.();
    this.#cancelReplace = time.after(isPolite ? pauseMs * POLITE_FACTOR : pauseMs, () => {
      if (!this.#isEnded) this.#begin();
    });
    changed();
  }

  #send(message: OutgoingLinkMessage): void {
    if (this.#unsent.length === 0 && this.#options.send(message)) return;
    this.#unsent.push(message);
    if (this.#unsent.length > MAX_UNSENT) this.#unsent.shift();
  }
}

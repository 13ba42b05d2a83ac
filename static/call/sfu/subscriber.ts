/**
 * What comes from the server: one connection, and another one in its place where it was lost. The
 * former one is shown until its successor has something to show.
 */
import type {
  ClientMessage,
  ServerMessage,
  ServerMessageOf,
  UserId,
} from "../../../src/protocol/mod.ts";
import type { CallPlatform } from "../platform.ts";
import type { Progress } from "../progress.ts";
import { readLink, receivedByMid, type Stream } from "../statistics.ts";
import { Entries, type Sample } from "../stats_entries.ts";
import type { LinkState, LocalTracks, Slot } from "../transport.ts";
import { Showing } from "./showing.ts";
import { SubscriberPeer } from "./subscriber_peer.ts";
import { Upkeep } from "./upkeep.ts";

/** What a subscriber needs. */
export interface SubscriberOptions {
  readonly platform: CallPlatform;
  readonly iceServers: readonly RTCIceServer[];
  readonly newRequestId: () => string;
  readonly send: (message: ClientMessage) => boolean;
  /** Whether anybody sends something that could be received. */
  readonly isExpecting: () => boolean;
  /** What is received, or how, is another. */
  readonly changed: () => void;
  /** Another connection was begun; the server may have forgotten what was asked of the last one. */
  readonly renewed: () => void;
  readonly faulted: (fault: unknown) => void;
}

/** What one measurement says of the way from the server. */
export interface Reception {
  readonly roundTripMs: number | undefined;
  readonly streams: ReadonlyMap<UserId, readonly (Stream & { readonly slot: Slot })[]>;
}

/** The way from the server. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #upkeep: Upkeep;
  readonly #showing: Showing;
  #peer: SubscriberPeer | undefined;
  #answer: ClientMessage | undefined;
  #answerId: string | undefined;
  #sample: Sample | undefined;
  #isLost = false;
  #isRestartUnsent = false;
  #isClosed = false;

  /** A subscriber that waits for the first offer. */
  constructor(options: SubscriberOptions) {
    this.#options = options;
    const { platform, changed } = options;
    this.#upkeep = new Upkeep({ clock: platform.clock, renew: () => this.#restart(), changed });
    this.#showing = new Showing({ clock: platform.clock, changed });
  }

  /** How the connection fares. */
  get state(): LinkState {
    return this.#upkeep.state;
  }

  /** What is to be shown and heard of somebody. */
  tracksOf(userId: UserId): LocalTracks {
    return this.#showing.tracksOf(userId);
  }

  /** How much has come of everybody. */
  progress(): Promise<ReadonlyMap<UserId, Progress>> {
    return this.#showing.progress();
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case "subscription-offer":
        this.#offered(message);
        return;
      case "subscription-updated":
        if (this.#isCurrent(message)) this.#peer?.update(message.tracks);
        return;
      case "media-lost":
        if (message.channel === "subscriber") this.#lost();
        return;
      case "ok":
        if (message.requestId === this.#answerId) this.#answerId = undefined;
        return;
      case "error":
        this.#refused(message);
        return;
      default: // Not about what we receive.
    }
  }

  /** Somebody sends something: an offer should come, unless there was one already. */
  expect(): void {
    if (this.#peer === undefined && !this.#isClosed) this.#upkeep.expect();
  }

  /** The socket is back, or the network is another one. */
  networkChanged(): void {
    if (this.#answer !== undefined) this.#sendAnswer(this.#answer);
    if (this.#isRestartUnsent) this.#restart();
    this.#upkeep.networkChanged();
  }

  /** What comes in, by whom it comes from; `undefined` while there is no connection. */
  async measure(): Promise<Reception | undefined> {
    const peer = this.#peer;
    if (peer === undefined) return undefined;
    const stats: ReadonlyMap<string, unknown> = await peer.connection.getStats();
    if (peer !== this.#peer) return undefined; // Another connection took its place meanwhile.
    const sample = { at: this.#options.platform.clock.now(), stats };
    const { roundTripMs } = readLink(sample, this.#sample, new Map());
    const byMid = receivedByMid(new Entries(sample, this.#sample));
    this.#sample = sample;
    const streams = new Map<UserId, (Stream & { slot: Slot })[]>();
    for (const { mid, userId, slot } of this.#showing.carried) {
      const stream = byMid.get(mid);
      if (stream === undefined) continue;
      streams.set(userId, [...streams.get(userId) ?? [], { slot, ...stream }]);
    }
    return { roundTripMs, streams };
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#upkeep.close();
    this.#showing.close();
    this.#peer?.close();
    this.#peer = undefined;
  }

  #offered(offer: ServerMessageOf<"subscription-offer">): void {
    if (!this.#isCurrent(offer) || this.#peer?.isOther(offer)) this.#begin(offer);
    this.#peer?.take(offer);
  }

  /** What is lost never comes back: the next offer is for another connection, whatever its number. */
  #isCurrent({ connection }: { readonly connection: number }): boolean {
    return connection === this.#peer?.number && !this.#isLost;
  }

  #begin(offer: ServerMessageOf<"subscription-offer">): void {
    const { platform, iceServers, faulted } = this.#options;
    if (this.#peer !== undefined && !this.#showing.knows(this.#peer)) this.#peer.close();
    const connection = platform.connect({
      iceServers: [...iceServers],
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
    });
    const peer: SubscriberPeer = new SubscriberPeer(offer, connection, {
      carries: (media) => peer === this.#peer && this.#showing.follow(peer, media),
      answered: (sdp) => peer === this.#peer && this.#answered(offer.connection, sdp),
      moved: (state) => peer === this.#peer && this.#upkeep.moved(state),
      failed: (fault) => {
        faulted(fault);
        if (peer === this.#peer) this.#upkeep.lost();
      },
    });
    const isFirst = this.#peer === undefined;
    this.#peer = peer;
    this.#isLost = false;
    this.#sample = this.#answer = this.#answerId = undefined;
    this.#upkeep.began();
    if (!isFirst) this.#options.renewed();
  }

  #answered(connection: number, sdp: string): void {
    this.#sendAnswer({
      type: "subscription-answer",
      requestId: this.#answerId = this.#options.newRequestId(),
      connection,
      description: { type: "answer", sdp },
    });
  }

  #sendAnswer(answer: ClientMessage): void {
    this.#answer = this.#options.send(answer) ? undefined : answer;
  }

  #lost(): void {
    this.#isLost = true;
    if (this.#options.isExpecting()) this.#upkeep.replaced();
    else this.#upkeep.rest();
  }

  #refused(error: ServerMessageOf<"error">): void {
    if (this.#answerId === undefined || error.requestId !== this.#answerId) return;
    this.#answerId = undefined;
    this.#options.faulted(new Error(`Cannot subscribe: ${error.code}: ${error.message}`));
    this.#upkeep.lost();
  }

  #restart(): void {
    const requestId = this.#options.newRequestId();
    this.#isRestartUnsent = !this.#options.send({ type: "restart-subscription", requestId });
    // Where there is nothing to offer, no offer is waited for.
    if (!this.#options.isExpecting()) this.#upkeep.rest();
  }
}

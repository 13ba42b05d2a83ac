/**
 * What goes to the server: one connection, and another one in its place where it was lost or refused.
 * The former one goes on until the server has taken its successor (rule PB5).
 */
import type { ClientMessageOf, ServerMessage, ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { LinkReport } from "../link_report.ts";
import type { CallPlatform } from "../platform.ts";
import { readLink } from "../statistics.ts";
import type { Sample } from "../stats_entries.ts";
import type { LinkState, Slot } from "../transport.ts";
import { Outlets, type Sending } from "./outlets.ts";
import { PublisherPeer } from "./publisher_peer.ts";
import { Upkeep } from "./upkeep.ts";

/** Tracks whose wanted height is remembered before it is known which of ours they are. */
const MAX_WANTED = 64;

/** What a publisher needs. */
export interface PublisherOptions {
  readonly platform: CallPlatform;
  readonly iceServers: readonly RTCIceServer[];
  /** Read whenever something is applied. */
  readonly sending: () => Omit<Sending, "wanted">;
  /** MIME types of pictures, most wanted first. */
  readonly codecs: readonly string[] | undefined;
  readonly newRequestId: () => string;
  readonly send: (message: ClientMessageOf<"publish">) => boolean;
  /** {@linkcode Publisher.state} is another. */
  readonly changed: () => void;
  /** There is another channel for everything that is no picture and no sound. */
  readonly channelMade: (channel: RTCDataChannel) => void;
  readonly faulted: (fault: unknown) => void;
}

/** The way to the server. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #upkeep: Upkeep;
  #peer: PublisherPeer | undefined;
  /** It is carried until the server has taken the newer one. */
  #former: PublisherPeer | undefined;
  /** By the ids of tracks. */
  #heights: ReadonlyMap<string, number> = new Map();
  #sample: Sample | undefined;
  #isClosed = false;

  /** A publisher that has offered nothing. */
  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#upkeep = new Upkeep({
      clock: options.platform.clock,
      renew: () => this.#renew(),
      changed: options.changed,
    });
  }

  /** How the connection fares. */
  get state(): LinkState {
    return this.#upkeep.state;
  }

  /** Pixels of the tallest picture that anybody wants, of the slots of which that is known. */
  get wanted(): ReadonlyMap<Slot, number> {
    const known = [...this.#peer?.slotsByTrack ?? []].flatMap(([trackId, slot]) => {
      const height = this.#heights.get(trackId);
      return height === undefined ? [] : [[slot, height] as const];
    });
    return new Map(known);
  }

  /** Makes the first offer; later calls do nothing. */
  begin(): void {
    if (this.#isClosed || this.#peer !== undefined) return;
    this.#upkeep.began();
    this.#renew();
  }

  /** Other tracks are sent from now on. */
  tracksChanged(): void {
    this.#peer?.follow();
  }

  /** Other bounds hold from now on. */
  encodingsChanged(): void {
    this.#peer?.outlets.applyEncodings();
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case "published":
      case "error":
        this.#peer?.receive(message);
        return;
      case "wanted-layers":
        this.#want(message);
        return;
      case "media-lost":
        // While an offer of a new connection waits for its reply, this is about the former one.
        if (message.channel === "publisher" && this.#peer?.isAgreed) this.#upkeep.lost();
        return;
      default: // Not about what we send.
    }
  }

  /** The socket is back, or the network is another one. */
  networkChanged(): void {
    this.#peer?.resend();
    this.#upkeep.networkChanged();
  }

  /** What the connection measures; `undefined` while there is none. */
  async measure(): Promise<LinkReport | undefined> {
    const peer = this.#peer;
    if (peer === undefined) return undefined;
    const stats: ReadonlyMap<string, unknown> = await peer.connection.getStats();
    if (peer !== this.#peer) return undefined; // Another connection took its place meanwhile.
    const sample = { at: this.#options.platform.clock.now(), stats };
    const report = readLink(sample, this.#sample, peer.outlets.byMid);
    this.#sample = sample;
    return report;
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#upkeep.close();
    this.#peer?.close();
    this.#former?.close();
    this.#peer = this.#former = undefined;
  }

  #renew(): void {
    const { platform, iceServers, codecs, newRequestId, send, faulted } = this.#options;
    const connection = platform.connect({
      iceServers: [...iceServers],
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
    });
    const outlets = new Outlets({
      connection,
      sending: () => ({
        ...this.#options.sending(),
        wanted: this.wanted,
      }),
      createStream: platform.createStream,
      videoCodecs: platform.videoCodecs,
      codecs,
      faulted,
    });
    const peer: PublisherPeer = new PublisherPeer({
      connection,
      outlets,
      clock: platform.clock,
      newRequestId,
      events: {
        send,
        settled: () => this.#settled(peer),
        refused: (error) => this.#refused(peer, error),
        moved: (state) => peer === this.#peer && this.#upkeep.moved(state),
        failed: (fault) => {
          faulted(fault);
          if (peer === this.#peer) this.#upkeep.lost();
        },
      },
    });
    this.#take(peer);
    peer.follow();
    this.#options.channelMade(peer.channel);
  }

  #take(peer: PublisherPeer): void {
    // What was never agreed on has nothing to show for itself.
    if (this.#peer?.isAgreed) {
      this.#former?.close();
      this.#former = this.#peer;
    } else this.#peer?.close();
    this.#peer = peer;
    this.#sample = undefined;
  }

  #settled(peer: PublisherPeer): void {
    if (peer !== this.#peer) return;
    this.#former?.close();
    this.#former = undefined;
    peer.outlets.applyEncodings();
  }

  #refused(peer: PublisherPeer, error: ServerMessageOf<"error">): void {
    if (peer !== this.#peer) return;
    this.#options.faulted(new Error(`Cannot publish: ${error.code}: ${error.message}`));
    // A viewer, or a room whose media have just begun to travel another way: nothing helps.
    if (error.code === "not-allowed") this.#upkeep.rest();
    else this.#upkeep.lost();
  }

  #want({ trackId, maxHeight }: ServerMessageOf<"wanted-layers">): void {
    const others = [...this.#heights].filter(([id]) => id !== trackId);
    this.#heights = new Map([...others, [trackId, maxHeight] as const].slice(-MAX_WANTED));
    this.#peer?.outlets.applyEncodings();
  }
}

/**
 * One publisher connection and its negotiation: offers are ours, answers the server's (rules PB1-PB5).
 * One offer is outstanding at a time; what changes meanwhile goes into the next one. The reply is
 * known by the id of the request, so a late one of an offer that was sent again is dropped.
 */
import type { ClientMessageOf, ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { CallClock } from "../platform.ts";
import { SerialQueue } from "../serial_queue.ts";
import type { Slot } from "../transport.ts";
import type { Outlets } from "./outlets.ts";

/** An offer without a reply is sent again after this long: a message may have got lost. */
export const RESEND_MS = 5_000;
/** What was just sent is not sent again, however often the network is said to have changed. */
const MIN_RESEND_MS = 500;
/** Where the server names no time. */
const REFUSED_PAUSE_MS = 1_000;
/** The channel for everything that is no picture and no sound. */
export const CHANNEL_LABEL = "signalbox";

/** What a peer tells its publisher. */
export interface PublisherPeerEvents {
  /** `false` when there is no connection to send it on. */
  send(message: ClientMessageOf<"publish">): boolean;
  /** The server carries what was offered last. */
  settled(): void;
  /** The server does not; nothing has changed. */
  refused(error: ServerMessageOf<"error">): void;
  moved(state: RTCPeerConnectionState): void;
  /** The browser refused a description: nothing comes of this connection. */
  failed(fault: unknown): void;
}

/** What a peer needs. */
export interface PublisherPeerOptions {
  readonly connection: RTCPeerConnection;
  readonly outlets: Outlets;
  readonly clock: CallClock;
  readonly newRequestId: () => string;
  readonly events: PublisherPeerEvents;
}

/** One connection, from its first offer to its end. */
export class PublisherPeer {
  readonly connection: RTCPeerConnection;
  readonly outlets: Outlets;
  /** Ordered, and reliable. */
  readonly channel: RTCDataChannel;
  readonly #options: PublisherPeerOptions;
  readonly #queue: SerialQueue;
  /** The slots of the last offer, in order. */
  #offered = "";
  #isOfferWanted = false;
  #requestId: string | undefined;
  #sentAt = -Infinity;
  #cancelResend: (() => void) | undefined;
  #slots: ReadonlyMap<string, Slot> = new Map();
  #isClosed = false;

  /** A peer that has offered nothing; {@linkcode PublisherPeer.follow} makes the first offer. */
  constructor(options: PublisherPeerOptions) {
    this.#options = options;
    ({ connection: this.connection, outlets: this.outlets } = options);
    this.#queue = new SerialQueue(options.events.failed);
    this.channel = this.connection.createDataChannel(CHANNEL_LABEL, { ordered: true });
    this.connection.onconnectionstatechange = () =>
      options.events.moved(this.connection.connectionState);
  }

  /** Whether the server has ever carried something of it. */
  get isAgreed(): boolean {
    return this.connection.remoteDescription !== null;
  }

  /** Whether an offer waits for its reply. */
  get isWaiting(): boolean {
    return this.#requestId !== undefined;
  }

  /** The slots by the id of their track, as the server last named them. */
  get slotsByTrack(): ReadonlyMap<string, Slot> {
    return this.#slots;
  }

  /** Sends what is to be sent now, and offers it where the server has to know. */
  follow(): void {
    void this.#queue.run(() => this.#follow());
  }

  /** Sends an offer that waits for its reply again, unless that has just been done. */
  resend(): void {
    if (!this.isWaiting) return;
    if (this.#options.clock.elapsed() - this.#sentAt >= MIN_RESEND_MS) this.#send();
  }

  /** Takes a reply; one to another request is not its business. */
  receive(message: ServerMessageOf<"published" | "error">): void {
    if (this.#requestId === undefined || message.requestId !== this.#requestId) return;
    if (message.type === "published") {
      void this.#queue.run(() => this.#takeAnswer(message));
      return;
    }
    if (message.code === "rate-limited") {
      this.#resendAfter(message.retryAfterMs ?? REFUSED_PAUSE_MS);
      return;
    }
    this.#cancelResend?.();
    this.#options.events.refused(message);
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelResend?.();
    this.#queue.close();
    this.outlets.close();
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  async #follow(): Promise<void> {
    await this.outlets.applyTracks();
    if (this.#isClosed) return;
    const slots = this.outlets.sending.join();
    const isKnown = this.isAgreed || this.isWaiting;
    if (isKnown && slots === this.#offered && !this.outlets.isIncomplete) return;
    // Both sides have to be done with the last offer; then this is called again.
    this.#isOfferWanted = this.connection.signalingState !== "stable";
    if (this.#isOfferWanted) return;
    this.#offered = slots;
    await this.connection.setLocalDescription();
    if (!this.#isClosed) this.#send();
  }

  #send(): void {
    const { sdp = "" } = this.connection.localDescription ?? {};
    this.#requestId = this.#options.newRequestId();
    this.#sentAt = this.#options.clock.elapsed();
    this.#options.events.send({
      type: "publish",
      requestId: this.#requestId,
      description: { type: "offer", sdp },
      tracks: this.outlets.media,
    });
    this.#resendAfter(RESEND_MS);
  }

  /** Also where it could not be sent: the socket may be back by then. */
  #resendAfter(pauseMs: number): void {
    this.#cancelResend?.();
    this.#cancelResend = this.#options.clock.after(pauseMs, () => this.#send());
  }

  async #takeAnswer({ description, tracks }: ServerMessageOf<"published">): Promise<void> {
    if (this.connection.signalingState !== "have-local-offer") return; // It came twice.
    this.#cancelResend?.();
    this.#requestId = undefined;
    await this.connection.setRemoteDescription(description);
    if (this.#isClosed) return;
    const { byMid } = this.outlets;
    const slots = tracks.flatMap(({ mid, trackId }) => {
      const slot = byMid.get(mid);
      return slot === undefined ? [] : [[trackId, slot] as const];
    });
    this.#slots = new Map(slots);
    this.#options.events.settled();
    if (this.#isOfferWanted) await this.#follow();
  }
}

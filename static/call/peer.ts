/**
 * One RTCPeerConnection and its negotiation with the one on the other side: the W3C's "perfect
 * negotiation" (webrtc-pc, section 10.7). Both sides may offer at any time; where their offers cross,
 * the polite side takes its own back.
 *
 * Everything runs in one queue, so the pattern's `makingOffer` and `isSettingRemoteAnswerPending`
 * have no counterpart here: when a description's turn comes, nothing else is under way, and
 * `signalingState` says all. What is added to the pattern is that messages may get lost.
 */
import type { Incoming, Outgoing } from "./link_message.ts";
import { fieldsOf } from "./link_message.ts";
import type { CallClock } from "./platform.ts";
import { SerialQueue } from "./serial_queue.ts";
import type { Slots } from "./slots.ts";

/** An offer without an answer is sent again after this long, then after twice as long, and so on. */
export const RESEND_MS = 5_000;
/** The pauses grow no further: somebody without media is not to be bothered. */
export const LONGEST_RESEND_MS = 60_000;
/** Where offers crossed, ours should be answered at once; after this long it must have got lost. */
export const CROSSED_RESEND_MS = 1_000;
/** What was just sent is not sent again, however often the network is said to have changed. */
const MIN_RESEND_MS = 500;
/** Candidates that may wait for their description; a browser finds a dozen or two. */
const MAX_EARLY = 100;

/** What a peer tells its link. */
export interface PeerEvents {
  send(message: Outgoing): void;
  /** Both sides agree on a description, the first one or another. */
  settled(): void;
  moved(state: RTCPeerConnectionState): void;
  channelOpened(channel: RTCDataChannel): void;
  /** Something was refused, by us or by the browser; everything goes on as it was. */
  faulted(fault: unknown): void;
}

/** What a peer needs. */
export interface PeerOptions {
  readonly link: string;
  readonly isPolite: boolean;
  readonly connection: RTCPeerConnection;
  readonly slots: Slots;
  readonly clock: CallClock;
  readonly events: PeerEvents;
}

type Candidate = RTCIceCandidateInit | null;

/** One connection, from its first description to its end. */
export class Peer {
  readonly link: string;
  readonly connection: RTCPeerConnection;
  readonly slots: Slots;
  readonly #options: PeerOptions;
  readonly #queue: SerialQueue;
  #offers = 0;
  #isOfferWanted = false;
  #isIgnoring = false;
  #isDescribing = false;
  #answered: { readonly number: number; readonly message: Outgoing } | undefined;
  /** Candidates that came before their description. */
  #early: Candidate[] = [];
  /** Our candidates of a description that is not sent yet. */
  #held: Candidate[] = [];
  #offeredAt = -Infinity;
  #cancelResend: (() => void) | undefined;
  #isClosed = false;

  /** A peer that waits for an offer; {@linkcode Peer.begin} makes the first one instead. */
  constructor(options: PeerOptions) {
    this.#options = options;
    ({ link: this.link, connection: this.connection, slots: this.slots } = options);
    this.#queue = new SerialQueue(options.events.faulted);
    const { connection } = this;
    const { events } = options;
    connection.onnegotiationneeded = () => void this.#queue.run(() => this.#offer());
    connection.onicecandidate = ({ candidate }) => this.#found(candidate);
    connection.onconnectionstatechange = () => events.moved(connection.connectionState);
    connection.ondatachannel = ({ channel }) => events.channelOpened(channel);
  }

  /** Whether an answer or an offer of the other side has been taken. */
  get isAgreed(): boolean {
    return this.connection.remoteDescription !== null;
  }

  /** Makes the slots, and with them the first offer. */
  begin(): void {
    this.slots.makeForOffer();
  }

  /** Offers anew, as soon as that can be. */
  negotiate(): void {
    this.#isOfferWanted = true;
    void this.#queue.run(() => this.#offer());
  }

  /** Looks for a path anew; the offer follows by itself. */
  restart(): void {
    if (this.isAgreed && !this.#isClosed) this.connection.restartIce();
  }

  /** Sends an offer that waits for its answer again, now. */
  resend(): void {
    if (!this.isPending(this.#offers)) return;
    if (this.#options.clock.elapsed() - this.#offeredAt < MIN_RESEND_MS) return;
    this.#resendNow(RESEND_MS, this.#offers);
  }

  /** The other side has not seen our offer yet: it is sent again soon if that stays so. */
  hasten(): void {
    if (this.isPending(this.#offers)) this.#resendAfter(CROSSED_RESEND_MS, this.#offers);
  }

  /** Takes a message of this link; resolves when it has been dealt with. */
  receive(message: Incoming): Promise<void> {
    const { number } = fieldsOf(message);
    switch (message.type) {
      case "offer":
        return this.#queue.run(() => this.#takeOffer(message.description, number));
      case "answer":
        return this.#queue.run(() => this.#takeAnswer(message.description, number));
      case "ice-candidate":
        return this.#queue.run(() => this.#takeCandidate(toInit(message.candidate)));
    }
  }

  /** Whether an offer of ours with this number still waits for its answer. */
  isPending(number: number | undefined): boolean {
    return number === this.#offers && this.connection.signalingState === "have-local-offer";
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelResend?.();
    this.#queue.close();
    this.slots.close();
    const { connection } = this;
    connection.onnegotiationneeded = connection.onicecandidate = null;
    connection.onconnectionstatechange = connection.ondatachannel = null;
    connection.close();
  }

  async #offer(): Promise<void> {
    const { connection } = this;
    // When the state is stable again, the browser asks again for what it still wants, and we do.
    if (connection.signalingState !== "stable") return;
    if (!this.isAgreed && !this.slots.isReady) return;
    this.#isOfferWanted = false;
    const number = this.#offers += 1;
    await this.#describe(() => this.#send({ type: "offer", number }));
    this.#resendAfter(RESEND_MS, number);
  }

  async #takeOffer(
    description: RTCSessionDescriptionInit,
    number: number | undefined,
  ): Promise<void> {
    const { connection } = this;
    if (number !== undefined && this.#answered !== undefined && number <= this.#answered.number) {
      // It was sent again because our answer did not arrive in time: the same answer is still true.
      if (number === this.#answered.number) this.#options.events.send(this.#answered.message);
      return;
    }
    this.#isIgnoring = connection.signalingState === "have-local-offer" && !this.#options.isPolite;
    if (this.#isIgnoring) {
      this.hasten();
      return;
    }
    await connection.setRemoteDescription(description); // Takes our own offer back, if there is one.
    this.#cancelResend?.();
    if (!this.slots.isReady) this.slots.takeFromOffer();
    await this.#addEarly();
    await this.#describe(() => {
      const message = this.#send({ type: "answer", ...(number === undefined ? {} : { number }) });
      if (number !== undefined) this.#answered = { number, message };
    });
    this.#settle();
  }

  async #takeAnswer(
    description: RTCSessionDescriptionInit,
    number: number | undefined,
  ): Promise<void> {
    const isExpected = number === undefined || number === this.#offers;
    const { signalingState } = this.connection;
    const isAwaited = signalingState === "have-local-offer" ||
      signalingState === "have-remote-pranswer";
    if (!isAwaited || !isExpected) return; // Of an offer that was taken back, or sent twice.
    await this.connection.setRemoteDescription(description);
    this.#isIgnoring = false;
    await this.#addEarly();
    this.#settle();
  }

  #settle(): void {
    if (this.#isClosed) return; // It was closed while the browser was at work.
    if (this.connection.signalingState === "stable") this.#cancelResend?.();
    this.#options.events.settled();
    if (this.#isOfferWanted) this.negotiate();
  }

  async #takeCandidate(candidate: Candidate): Promise<void> {
    if (!this.isAgreed) {
      if (this.#early.length < MAX_EARLY) this.#early.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate);
    } catch (fault) {
      // Candidates of an offer that we ignore have no place to go to.
      if (!this.#isIgnoring && !this.#isClosed) this.#options.events.faulted(fault);
    }
  }

  async #addEarly(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#takeCandidate(candidate);
  }

  /** Sets our description, sends it, and only then the candidates that were found meanwhile. */
  async #describe(send: () => void): Promise<void> {
    this.#isDescribing = true;
    try {
      await this.connection.setLocalDescription();
      if (!this.#isClosed) send();
    } finally {
      this.#isDescribing = false;
    }
    for (const candidate of this.#held.splice(0)) this.#found(candidate);
  }

  #found(candidate: RTCIceCandidate | Candidate): void {
    if (this.#isClosed) return;
    const init = candidate === null || !("toJSON" in candidate) ? candidate : candidate.toJSON();
    if (this.#isDescribing) this.#held.push(init);
    else {
      this.#options.events.send({
        type: "ice-candidate",
        link: this.link,
        candidate: init === null ? null : { ...init, candidate: init.candidate ?? "" },
      });
    }
  }

  #send(fields: { type: "offer" | "answer"; number?: number }): Outgoing {
    const { sdp = "" } = this.connection.localDescription ?? {};
    const common = { link: this.link, ...(fields.number === undefined ? {} : fields) };
    const message: Outgoing = fields.type === "offer"
      ? { ...common, type: "offer", description: { type: "offer", sdp } }
      : { ...common, type: "answer", description: { type: "answer", sdp } };
    if (message.type === "offer") this.#offeredAt = this.#options.clock.elapsed();
    this.#options.events.send(message);
    return message;
  }

  /** The first of the messages that may be lost; the answer may be, too. */
  #resendAfter(pauseMs: number, number: number): void {
    this.#cancelResend?.();
    if (this.#isClosed) return;
    this.#cancelResend = this.#options.clock.after(pauseMs, () => {
      if (!this.isPending(number)) return;
      this.#resendNow(Math.min(pauseMs * 2, LONGEST_RESEND_MS), number);
    });
  }

  #resendNow(nextPauseMs: number, number: number): void {
    this.#send({ type: "offer", number });
    this.#resendAfter(nextPauseMs, number);
  }
}

/** The wire's candidate as the browser takes it. */
function toInit(candidate: Extract<Incoming, { type: "ice-candidate" }>["candidate"]): Candidate {
  if (candidate === null) return null;
  const { sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate;
  return { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment };
}

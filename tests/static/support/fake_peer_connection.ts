/**
 * RTCPeerConnection as far as negotiation goes (W3C webrtc-pc, section 4): signaling states, implicit
 * descriptions, rollback, `negotiationneeded`, restarts of ICE, candidates that fit a description or
 * do not. Descriptions are JSON. Two of them are connected when each has agreed on the other's
 * present fragment; no media.
 */

/** What a description says. */
export type FakeSdp = { ufrag: string; mids: { mid: string; kind: string }[] };
type Fields = { type: "offer" | "answer"; sdp: string };
type Candidate = { candidate: string; sdpMid: string; usernameFragment: string };

/** Tracks are compared by identity alone; a picture has a height. */
export class FakeTrack {
  readonly kind: string;
  readonly height: number | undefined;

  constructor(kind: string, height?: number) {
    this.kind = kind;
    this.height = height;
  }

  getSettings(): { height?: number } {
    return this.height === undefined ? {} : { height: this.height };
  }

  /** As calls take it. */
  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack; // As far as a call uses one.
  }
}

/** A sender that keeps what it was told. */
export class FakeSender {
  track: FakeTrack | null = null;
  parameters: Record<string, unknown> = { encodings: [], codecs: [] };
  readonly refuses: Error[] = [];

  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  setStreams(): void {}

  getParameters(): Record<string, unknown> {
    return structuredClone(this.parameters);
  }

  setParameters(parameters: Record<string, unknown>): Promise<void> {
    const fault = this.refuses.shift();
    if (fault !== undefined) return Promise.reject(fault);
    this.parameters = parameters;
    return Promise.resolve();
  }
}

/** One m-line. */
export class FakeTransceiver {
  mid: string | null = null;
  direction = "recvonly";
  codecs: readonly { mimeType: string }[] = [];
  readonly sender: FakeSender = new FakeSender();
  readonly receiver: { track: FakeTrack };

  constructor(kind: string) {
    this.receiver = { track: new FakeTrack(kind) };
  }

  setCodecPreferences(codecs: readonly { mimeType: string }[]): void {
    this.codecs = codecs;
  }
}

/** A channel that opens when a test says so, and keeps what is sent. */
export class FakeChannel extends EventTarget {
  readonly label: string;
  readyState: RTCDataChannelState = "connecting";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = "";
  isClosed = false;
  onopen: (() => void) | null = null;
  readonly sent: Uint8Array<ArrayBuffer>[] = [];

  constructor(label: string) {
    super();
    this.label = label;
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
  }

  /** Both sides have agreed on it. */
  open(): void {
    this.readyState = "open";
    this.dispatchEvent(new Event("open"));
  }

  close(): void {
    this.isClosed = true;
  }
}

/** All connections of a test, and whether a path is there between them. */
export class FakeNetwork {
  readonly all: FakePeerConnection[] = [];
  isUp = true;
  #fragments = 0;

  nextFragment(): string {
    return `f${++this.#fragments}`;
  }

  /** Sets the path up or cuts it, for all. */
  set(isUp: boolean, lost: RTCPeerConnectionState = "disconnected"): void {
    this.isUp = isUp;
    for (const one of this.all) if (!isUp && one.connectionState === "connected") one.move(lost);
    this.look();
  }

  /** Connects those who have agreed. */
  look(): void {
    for (const one of this.all) {
      const other = this.all.find((found) => found !== one && one.isAgreedWith(found));
      if (this.isUp && other?.isAgreedWith(one)) one.move("connected");
    }
  }
}

/** One connection. Tests hand it to a call as an RTCPeerConnection. */
export class FakePeerConnection {
  signalingState = "stable";
  connectionState: RTCPeerConnectionState = "new";
  localDescription: Fields | null = null;
  remoteDescription: Fields | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: Candidate | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ondatachannel: ((event: { channel: FakeChannel }) => void) | null = null;
  readonly channels: FakeChannel[] = [];
  stats: Map<string, unknown> = new Map();
  readonly #network: FakeNetwork;
  readonly #transceivers: FakeTransceiver[] = [];
  #hasApplication = false;
  #ufrag: string;
  #agreed: { local: Fields | null; remote: Fields | null } = { local: null, remote: null };
  #newMids: FakeTransceiver[] = [];
  #isRestarting = false;
  #isAsking = false;

  constructor(network: FakeNetwork) {
    this.#network = network;
    this.#ufrag = network.nextFragment();
    network.all.push(this);
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  addTransceiver(
    source: string | FakeTrack,
    { direction, sendEncodings }: { direction: string; sendEncodings?: object[] },
  ): FakeTransceiver {
    const isTrack = typeof source !== "string";
    const transceiver = new FakeTransceiver(isTrack ? source.kind : source);
    transceiver.direction = direction;
    if (isTrack) transceiver.sender.track = source;
    if (sendEncodings !== undefined) transceiver.sender.parameters.encodings = sendEncodings;
    this.#transceivers.push(transceiver);
    this.#askIfNeeded();
    return transceiver;
  }

  createDataChannel(label: string): FakeChannel {
    const channel = new FakeChannel(label);
    this.channels.push(channel);
    this.#askIfNeeded();
    return channel;
  }

  restartIce(): void {
    this.#isRestarting = true;
    this.#askIfNeeded();
  }

  async setLocalDescription(): Promise<void> {
    await this.#turn();
    const isAnswer = this.signalingState === "have-remote-offer";
    if (!isAnswer) this.#giveMids();
    const isNew = this.localDescription === null || this.#isRestarting;
    if (isNew) this.#ufrag = this.#network.nextFragment();
    if (isAnswer) this.#isRestarting = false;
    const sdp: FakeSdp = { ufrag: this.#ufrag, mids: isAnswer ? this.#theirs.mids : this.#mids() };
    this.localDescription = { type: isAnswer ? "answer" : "offer", sdp: JSON.stringify(sdp) };
    this.signalingState = isAnswer ? "stable" : "have-local-offer";
    if (isAnswer) this.#settle();
    if (isNew) this.#gather();
  }

  async setRemoteDescription(description: Fields): Promise<void> {
    const theirs: FakeSdp = JSON.parse(description.sdp); // Rejects what does not parse.
    await this.#turn();
    if (description.type === "answer") {
      if (this.signalingState !== "have-local-offer") throw new Error("InvalidStateError");
      if (theirs.mids.length !== sdpOf(this.localDescription).mids.length) {
        throw new Error("InvalidAccessError: the m-lines differ");
      }
      this.#isRestarting = false;
      this.remoteDescription = description;
      this.signalingState = "stable";
      this.#settle();
      return;
    }
    if (this.signalingState === "have-local-offer") this.#rollBack();
    this.remoteDescription = description;
    this.signalingState = "have-remote-offer";
    for (const { mid, kind } of theirs.mids) {
      if (kind === "application") this.#hasApplication = true;
      else if (!this.#transceivers.some((one) => one.mid === mid)) {
        const added = new FakeTransceiver(kind);
        added.mid = mid;
        this.#transceivers.push(added);
      }
    }
  }

  async addIceCandidate(candidate: Candidate | null): Promise<void> {
    await this.#turn();
    if (this.remoteDescription === null) throw new Error("InvalidStateError: no description");
    if (candidate !== null && candidate.usernameFragment !== this.#theirs.ufrag) {
      throw new Error(`OperationError: candidate of ${candidate.usernameFragment}`);
    }
  }

  getStats(): Promise<Map<string, unknown>> {
    return Promise.resolve(this.stats);
  }

  close(): void {
    this.signalingState = "closed";
    this.connectionState = "closed";
  }

  /** Changes the state of the connection, and tells. */
  move(state: RTCPeerConnectionState): void {
    if (this.connectionState === state || this.signalingState === "closed") return;
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** The m-lines that both sides agreed on. */
  get mids(): string[] {
    return sdpOf(this.localDescription).mids.map(({ mid, kind }) => `${mid}:${kind}`);
  }

  /** Whether this side uses what `other` last said. */
  isAgreedWith(other: FakePeerConnection): boolean {
    return this.signalingState === "stable" && this.remoteDescription !== null &&
      this.#theirs.ufrag === other.#ufrag;
  }

  get #theirs(): FakeSdp {
    return sdpOf(this.remoteDescription);
  }

  #mids(): FakeSdp["mids"] {
    const known = sdpOf(this.localDescription).mids;
    const all = this.#transceivers.map((one) => ({ mid: one.mid!, kind: one.receiver.track.kind }));
    const wanted = this.#hasApplication || this.channels.length > 0
      ? [...all, { mid: "data", kind: "application" }]
      : all;
    // What was agreed on stays where it was.
    return [...known, ...wanted.filter(({ mid }) => !known.some((one) => one.mid === mid))];
  }

  #giveMids(): void {
    for (const transceiver of this.#transceivers) {
      if (transceiver.mid !== null) continue;
      transceiver.mid = `${this.#ufrag}-${this.#transceivers.indexOf(transceiver)}`;
      this.#newMids.push(transceiver);
    }
  }

  #rollBack(): void {
    for (const transceiver of this.#newMids.splice(0)) transceiver.mid = null;
    this.localDescription = this.#agreed.local;
    if (this.localDescription !== null) this.#ufrag = sdpOf(this.localDescription).ufrag;
    this.signalingState = "stable";
  }

  #settle(): void {
    this.#newMids = [];
    this.#hasApplication ||= this.#mids().some(({ kind }) => kind === "application") &&
      sdpOf(this.localDescription).mids.some(({ kind }) => kind === "application");
    this.#agreed = { local: this.localDescription, remote: this.remoteDescription };
    this.#network.look();
    this.#askIfNeeded();
  }

  #isNeeded(): boolean {
    return this.#isRestarting || this.#transceivers.some(({ mid }) => mid === null) ||
      (this.channels.length > 0 && !this.#hasApplication);
  }

  #askIfNeeded(): void {
    if (this.signalingState !== "stable" || !this.#isNeeded() || this.#isAsking) return;
    this.#isAsking = true;
    queueMicrotask(() => {
      this.#isAsking = false;
      if (this.signalingState === "stable" && this.#isNeeded()) this.onnegotiationneeded?.();
    });
  }

  #gather(): void {
    const usernameFragment = this.#ufrag;
    queueMicrotask(() => {
      this.onicecandidate?.({ candidate: { candidate: "x", sdpMid: "0", usernameFragment } });
      this.onicecandidate?.({ candidate: null });
    });
  }

  /** What a browser does takes a moment, in which other things happen. */
  async #turn(): Promise<void> {
    for (let n = 0; n < 3; n++) await Promise.resolve();
    if (this.signalingState === "closed") throw new Error("InvalidStateError: closed");
  }
}

function sdpOf(description: Fields | null): FakeSdp {
  return description === null ? { ufrag: "", mids: [] } : JSON.parse(description.sdp);
}

/**
 * The link to one other participant, from its entering to its leaving: a connection, and a new one in
 * its place when nothing else helps. Each pair of connections has an id that all its messages carry,
 * so that both sides know which one is meant.
 */
import { ChannelWishes } from "./channel_wishes.ts";
import { fieldsOf, type Incoming, type Outgoing } from "./link_message.ts";
import type { LinkReport } from "./link_report.ts";
import { Peer } from "./peer.ts";
import type { CallPlatform } from "./platform.ts";
import { type Progress, progressOf, readCounters } from "./progress.ts";
import { Recovery } from "./recovery.ts";
import { type LocalMedia, Slots } from "./slots.ts";
import { readLink } from "./statistics.ts";
import type { Sample } from "./stats_entries.ts";
import type { ByteChannel, LocalTracks, RemoteMedia } from "./transport.ts";

/** Ids of former pairs that are remembered, to drop what is still on its way from them. */
const MAX_RETIRED = 16;
/** Messages that wait for a socket: two descriptions with their candidates. */
const MAX_UNSENT = 64;
/** Two reports that are closer than this say nothing about what lies between them. */
const MIN_SAMPLE_MS = 250;

/** What a link needs. */
export interface LinkOptions {
  /** The one with the larger user id is polite, and waits for the first offer. */
  readonly isPolite: boolean;
  readonly platform: CallPlatform;
  readonly iceServers: readonly RTCIceServer[];
  readonly media: () => LocalMedia;
  /** Sends to the other side; `false` when there is no connection to send it on. */
  readonly send: (message: Outgoing) => boolean;
  /** {@linkcode Link.remote} is another. */
  readonly changed: () => void;
  readonly channelOpened: (channel: ByteChannel) => void;
  readonly faulted: (fault: unknown) => void;
}

/** A link to one participant. */
export class Link {
  readonly #options: LinkOptions;
  readonly #recovery: Recovery;
  readonly #wishes: ChannelWishes;
  #peer: Peer | undefined;
  /** A pair that the other side began; takes the place of ours once its offer proves good. */
  #next: Peer | undefined;
  #retired: string[] = [];
  #unsent: Outgoing[] = [];
  #remote: RemoteMedia = { state: "waiting", tracks: {} };
  #sample: Sample | undefined;
  #report: LinkReport | undefined;
  #isEnded = false;

  /** A link that waits for an offer, or makes one at once. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#wishes = new ChannelWishes(options.platform.clock);
    this.#recovery = new Recovery({
      clock: options.platform.clock,
      isPolite: options.isPolite,
      restart: () => this.#peer?.restart(),
      replace: () => this.#begin(),
      changed: () => this.#look(),
    });
    if (!options.isPolite) this.#begin();
  }

  /** What comes from the other side. */
  get remote(): RemoteMedia {
    return this.#remote;
  }

  /** Takes a message of the other side; messages of former connections are dropped. */
  receive(message: Incoming): void {
    if (this.#isEnded) return;
    this.#revive();
    const peer = this.#peer;
    const link = fieldsOf(message).link ?? peer?.link ?? "";
    if (link === peer?.link) void peer.receive(message);
    else if (link === this.#next?.link) void this.#next.receive(message);
    else if (message.type === "offer" && !this.#retired.includes(link)) {
      this.#consider(link, message);
    }
  }

  /** Other tracks are sent from now on. */
  tracksChanged(): void {
    for (const peer of this.#peers()) peer.slots.applyTracks();
  }

  /** Other bounds hold from now on. */
  encodingsChanged(): void {
    for (const peer of this.#peers()) peer.slots.applyEncodings();
  }

  /** Other codecs are wanted from now on; both sides have to agree on that. */
  codecsChanged(): void {
    for (const peer of this.#peers()) {
      peer.slots.applyCodecs();
      peer.slots.applyEncodings();
      peer.negotiate();
    }
  }

  /** The socket is back, or the network is another one. */
  networkChanged(): void {
    if (this.#isEnded) return;
    this.#revive();
    this.#flush();
    this.#peer?.resend();
    this.#recovery.networkChanged();
  }

  /** Opens a channel. Rejects when it is not open within 20 s, or the link ends before. */
  openChannel(label: string): Promise<ByteChannel> {
    return this.#wishes.ask(label);
  }

  /** What the link measures; `undefined` while there is no connection. */
  async measure(): Promise<LinkReport | undefined> {
    const peer = this.#peer;
    if (peer === undefined) return undefined;
    const { clock } = this.#options.platform;
    if (this.#sample !== undefined && clock.now() - this.#sample.at < MIN_SAMPLE_MS) {
      return this.#report;
    }
    const stats: ReadonlyMap<string, unknown> = await peer.connection.getStats();
    if (peer !== this.#peer) return undefined; // Another connection took its place meanwhile.
    const sample = { at: clock.now(), stats };
    this.#report = readLink(sample, this.#sample, peer.slots.byMid);
    this.#sample = sample;
    return this.#report;
  }

  /** How much has come on the connection that there is. */
  async progress(): Promise<Progress> {
    const peer = this.#peer;
    if (peer === undefined) return {};
    const stats: ReadonlyMap<string, unknown> = await peer.connection.getStats();
    return peer === this.#peer ? progressOf(readCounters(stats), peer.slots.byMid) : {};
  }

  /** Ends the link. Idempotent. */
  end(): void {
    this.#isEnded = true;
    this.#recovery.close();
    this.#wishes.close();
    for (const peer of this.#peers()) peer.close();
    this.#peer = this.#next = undefined;
    this.#unsent = [];
  }

  /** Makes a connection, and offers it. */
  #begin(): void {
    const peer = this.#create(this.#options.platform.randomId());
    this.#take(peer);
    peer.begin();
  }

  /** A browser that puts a page to sleep may close its connections, and tells nobody. */
  #revive(): void {
    if (this.#peer?.connection.signalingState === "closed") this.#begin();
  }

  /** The other side offers another connection than the one that we know. */
  #consider(link: string, offer: Incoming): void {
    const peer = this.#peer;
    // Both have begun at once: ours is on its way, and the polite side will take it.
    if (!this.#options.isPolite && peer !== undefined && !peer.isAgreed) return peer.hasten();
    if (this.#next !== undefined) this.#retire(this.#next);
    const next = this.#next = this.#create(link);
    void next.receive(offer).then(() => {
      if (this.#next !== next) return;
      this.#next = undefined;
      // An offer that the browser refuses does not cost us the connection that we have.
      this.#retire(next);
    });
  }

  #create(link: string): Peer {
    const { platform, iceServers, media, isPolite, faulted, channelOpened } = this.#options;
    const connection = platform.connect({
      iceServers: [...iceServers],
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
    });
    const { createStream, videoCodecs } = platform;
    const slots = new Slots({ connection, media, createStream, videoCodecs, faulted });
    const peer: Peer = new Peer({
      link,
      isPolite,
      connection,
      slots,
      clock: platform.clock,
      events: {
        send: (message) => this.#send(message),
        settled: () => this.#settled(peer),
        moved: (state) => peer === this.#peer && this.#recovery.moved(state),
        channelOpened: (channel) => {
          channel.binaryType = "arraybuffer";
          channelOpened(channel);
        },
        faulted,
      },
    });
    return peer;
  }

  #settled(peer: Peer): void {
    if (peer === this.#next) {
      this.#next = undefined;
      const isFirst = this.#peer === undefined;
      this.#take(peer);
      if (!isFirst) this.#recovery.adopted();
    }
    this.#recovery.described();
    peer.slots.applyEncodings();
    this.#wishes.settled(peer.connection);
    this.#look();
  }

  /** From now on `peer` is the connection of this link. */
  #take(peer: Peer): void {
    if (this.#peer !== undefined) this.#retire(this.#peer);
    this.#peer = peer;
    this.#sample = this.#report = undefined;
  }

  #retire(peer: Peer): void {
    peer.close();
    this.#unsent = this.#unsent.filter(({ link }) => link !== peer.link);
    this.#retired = [...this.#retired, peer.link].slice(-MAX_RETIRED);
  }

  #send(message: Outgoing): void {
    const isSame = (one: Outgoing) => one.link === message.link && one.number === message.number;
    const isWaiting = message.type === "offer" &&
      this.#unsent.some((one) => one.type === "offer" && isSame(one));
    if (!isWaiting) this.#unsent.push(message);
    if (this.#unsent.length > MAX_UNSENT) this.#unsent.shift();
    this.#flush();
  }

  #flush(): void {
    for (;;) {
      const [first] = this.#unsent;
      if (first === undefined) return;
      // An offer that was taken back while it waited here would only confuse the other side.
      const isOver = first.type === "offer" && !this.#isPending(first);
      if (!isOver && !this.#options.send(first)) return;
      this.#unsent.shift();
    }
  }

  #isPending({ link, number }: Outgoing): boolean {
    return this.#peers().some((peer) => peer.link === link && peer.isPending(number));
  }

  #peers(): Peer[] {
    return [this.#peer, this.#next].filter((peer) => peer !== undefined);
  }

  /** Tells the owner if what comes from the other side is another than before. */
  #look(): void {
    const tracks = this.#peer?.slots.remoteTracks ?? {};
    const { state } = this.#recovery;
    if (state === this.#remote.state && isSame(tracks, this.#remote.tracks)) return;
    this.#remote = { state, tracks };
    if (!this.#isEnded) this.#options.changed();
  }
}

function isSame(one: LocalTracks, other: LocalTracks): boolean {
  const slots = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof LocalTracks>;
  return [...slots].every((slot) => one[slot] === other[slot]);
}

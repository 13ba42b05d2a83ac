/**
 * One pair of connections with another participant: its descriptions, its candidates, its transport and
 * its media. Ours offers, or answers what came; a link has one after the other, each with an id that
 * all its messages carry (the pages do the same).
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { MediaError } from "../../../src/media/port.ts";
import { createIceParameters, createSsrc } from "../../../src/media/sfu/credentials.ts";
import { CODECS } from "../../../src/media/rtp/codecs.ts";
import type { IceServer, TrackSource } from "../../../src/protocol/mod.ts";
import type { ClientSide } from "../client_descriptions.ts";
import type { PeerEngine, PeerTransport } from "../engine.ts";
import type { RunTime } from "../run_time.ts";
import { DescriptionError } from "../server_description.ts";
import { MediaChannel, type SentCounts, type SentLine } from "./media_channel.ts";
import {
  peerAnswer,
  type PeerDescription,
  type PeerLine,
  peerOffer,
  readPeerDescription,
  type SentSource,
  SOURCES,
} from "./peer_description.ts";

/** Candidates that may wait for their description; a browser finds a dozen or two. */
const MAX_EARLY = 100;

/** What is sent to everybody: of what, in which codec. */
export type LocalSources = ReadonlyMap<TrackSource, CodecName>;

/** What a pair is made with. */
export type PeerPairOptions = {
  /** Names it in all messages. */
  readonly link: string;
  readonly engine: PeerEngine;
  readonly time: RunTime;
  readonly iceServers: readonly IceServer[];
  readonly cname: string;
  readonly sources: LocalSources;
  readonly counts: SentCounts;
  readonly wantKeyFrame: () => void;
  /** A way to us, and the tag of the m-line that carries all; undefined: there are no more. */
  readonly found: (candidate: string | undefined, mid: string) => void;
  /** Packets go both ways. */
  readonly opened: () => void;
  /** It is over, by the network or the other side. */
  readonly closed: (reason: string) => void;
};

/** One pair. */
export class PeerPair {
  readonly link: string;
  readonly channel: MediaChannel;
  /** Of our offer; 0: the other side has offered. */
  readonly number: number;
  /** Our offer; empty: the other side has offered. */
  readonly offer: string;
  /** What of theirs each m-line carries, by its tag. */
  sourceOf: ReadonlyMap<string, TrackSource> = new Map();
  readonly #options: PeerPairOptions;
  readonly #client: ClientSide;
  readonly #sent: ReadonlyMap<TrackSource, SentSource>;
  #transport: PeerTransport | undefined;
  #remoteFragment: string | undefined;
  /** Of the m-line that carries all. */
  #mid = "0";
  #early: string[] = [];
  #answers = 0;
  #isClosed = false;

  private constructor(options: PeerPairOptions, offer?: PeerDescription) {
    const { engine, time, cname, counts, wantKeyFrame, sources } = options;
    this.link = options.link;
    this.#options = options;
    this.#client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    this.channel = new MediaChannel({ time, cname, counts, wantKeyFrame });
    const taken = new Set<number>();
    this.#sent = new Map([...sources].map(([source, codec]) => {
      const rtxSsrc = CODECS[codec].rtxPayloadType === 0 ? 0 : createSsrc(taken);
      return [source, { codec, ssrc: createSsrc(taken), rtxSsrc }];
    }));
    this.number = offer === undefined ? 1 : 0;
    this.offer = offer === undefined ? peerOffer(this.#client, { sent: this.#sent, cname }) : "";
  }

  /** One that offers: its `offer` is to be sent at once. Throws MediaError. */
  static offering(options: PeerPairOptions): PeerPair {
    const pair = new PeerPair(options);
    pair.#connect(undefined);
    return pair;
  }

  /** One that answers, and its answer. Throws {@linkcode DescriptionError}. */
  static answering(options: PeerPairOptions, sdp: string): { pair: PeerPair; answer: string } {
    const offer = readPeerDescription(sdp);
    const pair = new PeerPair(options, offer);
    const answer = pair.#answerTo(offer); // It is what the candidates belong to.
    try {
      pair.#connect(offer);
    } catch (error) {
      pair.close();
      throw asDescriptionError(error);
    }
    pair.#begin(offer);
    return { pair, answer };
  }

  /** Whether both sides have described themselves. */
  get isAgreed(): boolean {
    return this.#remoteFragment !== undefined;
  }

  /** Whether packets go both ways. */
  get isOpen(): boolean {
    return this.#transport?.isOpen === true;
  }

  /** Whether the media go through TURN; undefined: they go nowhere yet. */
  get isRelayed(): boolean | undefined {
    return this.#transport?.candidateTypes?.includes("relay");
  }

  /** Takes the answer to our offer. Throws {@linkcode DescriptionError}. */
  takeAnswer(sdp: string): void {
    if (this.isAgreed || this.number === 0) return;
    const answer = readPeerDescription(sdp);
    try {
      this.#transport?.accept(answer.remote);
    } catch (error) {
      throw asDescriptionError(error);
    }
    this.#begin(answer);
    const bySource = new Map(SOURCES.map((source, index) => [`${index}`, source]));
    this.#describe(answer, bySource);
  }

  /**
   * The answer to another offer of the same pair; undefined: it describes another transport, and a new
   * pair is needed. Throws {@linkcode DescriptionError}.
   */
  answerAgain(sdp: string): string | undefined {
    const offer = readPeerDescription(sdp);
    if (offer.remote.usernameFragment !== this.#remoteFragment) return undefined;
    return this.#answerTo(offer);
  }

  /** Takes a way to the other side. */
  addCandidate(candidate: string): void {
    if (this.isAgreed) this.#transport?.addCandidate(candidate);
    else if (this.#early.length < MAX_EARLY) this.#early.push(candidate);
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#transport?.close();
  }

  #connect(offer: PeerDescription | undefined): void {
    const { engine, iceServers, found, opened, closed } = this.#options;
    const { ice: local } = this.#client;
    this.#transport = engine.connectPeer(
      { local, offer: offer?.remote, iceServers },
      {
        opened,
        packet: (bytes) => this.channel.take(bytes),
        message() {},
        drained() {},
        closed,
        candidate: (candidate) => {
          if (!this.#isClosed) found(candidate, this.#mid);
        },
      },
    );
    this.channel.attach(this.#transport);
  }

  /** Both have described themselves: what was told of ways to them can be used. */
  #begin({ remote, candidates }: PeerDescription): void {
    this.#remoteFragment = remote.usernameFragment;
    for (const candidate of [...candidates, ...this.#early.splice(0)]) {
      this.#transport?.addCandidate(candidate);
    }
  }

  #answerTo(offer: PeerDescription): string {
    const bySource = sourcesOf(offer.lines);
    const sent = new Map([...bySource].flatMap(([mid, source]) => {
      const own = this.#sent.get(source);
      const line = offer.lines.find((one) => one.mid === mid);
      // What they do not take is not sent; what they send is received all the same.
      const isAgreed = line?.codecs.some(({ name }) => name === own?.codec) === true;
      return own === undefined || !isAgreed ? [] : [[mid, { ...own, source }] as const];
    }));
    this.#mid = offer.lines.find(({ isRejected, codecs }) => !isRejected && codecs.length > 0)
      ?.mid ?? this.#mid;
    this.#describe(offer, bySource);
    const { cname } = this.#options;
    return peerAnswer(this.#client, { offer, sent, cname, version: ++this.#answers });
  }

  #describe({ lines }: PeerDescription, bySource: ReadonlyMap<string, TrackSource>): void {
    this.sourceOf = bySource;
    const sent: SentLine[] = lines.flatMap((line) => {
      const source = bySource.get(line.mid);
      const own = source && this.#sent.get(source);
      const codec = line.codecs.find(({ name }) => name === own?.codec);
      if (source === undefined || own === undefined || codec === undefined) return [];
      if (!line.isTaken || line.isRejected) return [];
      const { payloadType, rtxPayloadType } = codec;
      const { mid, midId } = line;
      return [{ ...own, source, mid, payloadType, rtxPayloadType, midId }];
    });
    this.channel.send(sent);
    this.channel.receive(lines.filter(({ mid }) => bySource.has(mid)));
  }
}

/** Of each kind the first m-line, then the second one, as the pages take them. */
function sourcesOf(lines: readonly PeerLine[]): ReadonlyMap<string, TrackSource> {
  const free = lines.filter(({ isRejected, codecs }) => !isRejected && codecs.length > 0);
  return new Map(SOURCES.flatMap((source) => {
    const isVideo = source === "camera" || source === "screen";
    const index = free.findIndex((line) => line.isVideo === isVideo);
    const [line] = index < 0 ? [] : free.splice(index, 1);
    return line === undefined ? [] : [[line.mid, source] as const];
  }));
}

function asDescriptionError(error: unknown): DescriptionError {
  if (error instanceof DescriptionError) return error;
  if (!(error instanceof MediaError)) throw error;
  return new DescriptionError(error.message, { cause: error });
}

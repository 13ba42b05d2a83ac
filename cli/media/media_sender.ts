/**
 * The sending side of one synthetic user: a microphone and a camera over one publisher connection. It
 * publishes and unpublishes, sends packets when they are due, repeats what the server asks for, and
 * makes a key frame when one is needed.
 */
import type { Cancel } from "../../src/base/mod.ts";
import type { PublishedMedia } from "../../src/protocol/mod.ts";
import { isRtcp } from "../../src/media/rtp/packet.ts";
import { readRtcp, type RtcpMessage } from "../../src/media/rtp/rtcp.ts";
import { createIceParameters, createSsrc } from "../../src/media/sfu/credentials.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import {
  AUDIO_LEVEL,
  type ClientSide,
  EXTENSION_IDS,
  PAYLOAD_TYPES,
  type PublishedLine,
  publisherOffer,
} from "./client_descriptions.ts";
import type { MediaEngine } from "./engine.ts";
import { MediaClock } from "./media_clock.ts";
import { OutgoingStream } from "./outgoing_stream.ts";
import type { Publications } from "./publications.ts";
import type { RunTime } from "./run_time.ts";
import { SentTrack } from "./sent_track.ts";
import { connectToServer } from "./server_connection.ts";
import { DescriptionError, ServerDescription } from "./server_description.ts";
import { SyntheticPicture } from "./synthetic_picture.ts";
import { SyntheticSound } from "./synthetic_sound.ts";

/** What is published, by the m-lines of the offer. */
export const SOURCES: readonly PublishedMedia[] = [
  { mid: "0", source: "microphone" },
  { mid: "1", source: "camera" },
];

/** Sender reports go out this often. */
const REPORT_PERIOD_MS = 1_000;
/** After it is not published any more, a track goes on for so long: nobody may get it. */
export const LINGER_MS = 1_500;

/** What a sender needs. */
export type MediaSenderOptions = {
  readonly userId: string;
  readonly roomId: string;
  readonly engine: MediaEngine;
  readonly time: RunTime;
  readonly publications: Publications;
  /** Of the picture. */
  readonly kbps: number;
  /** How much later than now its frames begin, so that not all users send in the same moment. */
  readonly offsetMs: number;
  /** Asks the server to publish; undefined: it refused, or said nothing. */
  readonly publish: (
    offer: { readonly sdp: string; readonly tracks: readonly PublishedMedia[] },
  ) => Promise<PublishedAnswer | undefined>;
  /** Whether a packet of a picture gets lost on the way, on purpose. */
  readonly isLost: () => boolean;
};

/** What the server made of it (rule PB1). */
export type PublishedAnswer = {
  readonly sdp: string;
  readonly tracks: readonly { readonly mid: string; readonly trackId: string }[];
};

/** The sending side. */
export class MediaSender {
  /** Packets that were asked for again, and key frames. */
  nacks = 0;
  plis = 0;
  readonly tracks: readonly SentTrack[];
  readonly #options: MediaSenderOptions;
  readonly #client: ClientSide;
  readonly #lines: readonly PublishedLine[];
  readonly #sound: SyntheticSound;
  readonly #picture: SyntheticPicture;
  readonly #lingering = new Map<SentTrack, Cancel>();
  #transport: Transport | undefined;
  #version = 0;
  #reportedAt: number;

  /** Nothing is published yet. */
  constructor(options: MediaSenderOptions) {
    this.#options = options;
    const { engine, time, kbps, offsetMs } = options;
    const startedAt = time.now + offsetMs;
    this.#client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    const taken = new Set<number>();
    this.#lines = SOURCES.map(({ mid, source }) => {
      const isVideo = source === "camera";
      return { mid, isVideo, ssrc: createSsrc(taken), rtxSsrc: isVideo ? createSsrc(taken) : 0 };
    });
    this.tracks = this.#lines.map((line) => this.#track(line, startedAt));
    const [sound, picture] = this.tracks as [SentTrack, SentTrack]; // One a line.
    this.#sound = new SyntheticSound(sound, startedAt);
    this.#picture = new SyntheticPicture(picture, { kbps, firstAt: startedAt });
    this.#reportedAt = startedAt;
  }

  /** Key frames that were sent. */
  get keyFrames(): number {
    return this.#picture.keyFrames;
  }

  /**
   * Publishes exactly these sources. Resolves to what is wrong with the server's answer, in words, or
   * undefined: nothing, or there was none and that is told elsewhere.
   */
  async publish(sources: readonly PublishedMedia[]): Promise<string | undefined> {
    const { publish, time } = this.#options;
    const at = time.now;
    for (const track of this.tracks) {
      if (!sources.some(({ mid }) => mid === track.mid)) this.#end(track, at);
    }
    const version = ++this.#version;
    const cname = this.#options.userId;
    const sdp = publisherOffer(this.#client, { lines: this.#lines, version, cname });
    const answer = await publish({ sdp, tracks: sources });
    if (answer === undefined) return undefined;
    try {
      return this.#published(sources, answer);
    } catch (error) {
      if (error instanceof DescriptionError) return error.message;
      throw error;
    }
  }

  /** How tall a picture anybody wants of a track (rule PB6). */
  wanted(trackId: string, maxHeight: number): void {
    const track = this.tracks.find(({ publication }) => publication?.trackId === trackId);
    if (track?.source === "camera") this.#picture.watched(maxHeight);
  }

  /** Sends what is due. */
  tick(): void {
    const { time } = this.#options;
    const at = time.now;
    if (this.#transport?.isOpen !== true) return;
    this.#sound.tick(at);
    this.#picture.tick(at);
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return;
    this.#reportedAt = at;
    for (const track of this.tracks) {
      if (track.stream.packets > 0) this.#send(track.report(at, time.epochOf(at)));
    }
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    const at = this.#options.time.now;
    for (const track of this.tracks) {
      if (track.publication !== undefined) track.publication.endedAt ??= at;
      track.publication = undefined;
    }
    for (const cancel of this.#lingering.values()) cancel();
    this.#lingering.clear();
    this.#transport?.close();
    this.#transport = undefined;
  }

  #track({ mid, isVideo, ssrc, rtxSsrc }: PublishedLine, startedAt: number): SentTrack {
    const { userId, isLost } = this.#options;
    const midExtension = { id: EXTENSION_IDS.mid, bytes: new TextEncoder().encode(mid) };
    const level = { id: EXTENSION_IDS.audioLevel, bytes: new Uint8Array([AUDIO_LEVEL]) };
    const stream = new OutgoingStream({
      ssrc,
      rtxSsrc,
      payloadType: isVideo ? PAYLOAD_TYPES.vp8 : PAYLOAD_TYPES.opus,
      rtxPayloadType: PAYLOAD_TYPES.rtx,
      cname: userId,
      extensions: isVideo ? [midExtension] : [midExtension, level],
    });
    const [first = 0] = crypto.getRandomValues(new Uint32Array(1));
    return new SentTrack({
      source: isVideo ? "camera" : "microphone",
      mid,
      stream,
      clock: new MediaClock(isVideo ? 90_000 : 48_000, { startedAt, first }),
      send: (packet) => this.#send(packet),
      ...(isVideo ? { isLost } : {}),
    });
  }

  /** What is wrong with an answer, in words, or undefined; then the tracks are published. */
  #published(sources: readonly PublishedMedia[], answer: PublishedAnswer): string | undefined {
    const description = ServerDescription.read(answer.sdp);
    const mids = answer.tracks.map(({ mid }) => mid).toSorted();
    const wanted = sources.map(({ mid }) => mid).toSorted();
    if (`${mids}` !== `${wanted}`) return `tracks of the m-lines ${mids}, not ${wanted}`;
    const closed = wanted.filter((mid) => !description.received.includes(mid));
    if (closed.length > 0) return `it does not receive in the m-lines ${closed}`;
    const { ice } = this.#client;
    const receive = (bytes: Uint8Array) => this.#receive(bytes);
    this.#transport ??= connectToServer(this.#options.engine, { ice, description }, receive);
    for (const track of this.tracks) {
      const trackId = answer.tracks.find(({ mid }) => mid === track.mid)?.trackId;
      if (trackId !== undefined) this.#begin(track, trackId);
    }
    return undefined;
  }

  #begin(track: SentTrack, trackId: string): void {
    const before = track.publication;
    if (before?.trackId === trackId && before.endedAt === undefined) return;
    this.#lingering.get(track)?.();
    this.#lingering.delete(track);
    const { roomId, userId, publications } = this.#options;
    const { source, clock } = track;
    track.publication = publications.add({ roomId, userId, source, trackId, clock });
    if (source === "camera") {
      this.#picture.watched(Infinity); // Until it is told otherwise.
      this.#picture.wantKeyFrame();
    }
  }

  /** Goes on sending for a while, as one would who has not noticed: the server must not forward it. */
  #end(track: SentTrack, at: number): void {
    const { publication } = track;
    if (publication === undefined || publication.endedAt !== undefined) return;
    publication.endedAt = at;
    const cancel = this.#options.time.after(LINGER_MS, () => {
      this.#lingering.delete(track);
      if (track.publication === publication) track.publication = undefined;
    });
    this.#lingering.set(track, cancel);
  }

  #send(packet: Uint8Array): void {
    this.#transport?.send(packet);
  }

  #receive(bytes: Uint8Array): void {
    if (!isRtcp(bytes)) return;
    for (const message of readRtcp(bytes)) this.#control(message);
  }

  #control(message: RtcpMessage): void {
    switch (message.type) {
      case "nack": {
        const track = this.tracks.find(({ stream }) => stream.ssrc === message.mediaSsrc);
        this.nacks += message.sequenceNumbers.length;
        for (const sequenceNumber of message.sequenceNumbers) {
          const packet = track?.stream.again(sequenceNumber);
          if (packet !== undefined) this.#send(packet);
        }
        return;
      }
      case "picture-loss":
      case "full-intra-request":
        this.plis++;
        return this.#picture.wantKeyFrame();
      default: // Of the others nothing follows here.
    }
  }
}

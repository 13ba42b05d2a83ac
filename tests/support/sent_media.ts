/**
 * Packets of a synthetic user, and a watch that gets them as a server would hand them on: with numbers
 * of its own. For the tests of what receivers judge.
 */
import { MediaClock } from "../../cli/media/media_clock.ts";
import { OutgoingStream } from "../../cli/media/outgoing_stream.ts";
import { type Publication, Publications } from "../../cli/media/publications.ts";
import { ReceivedPacket } from "../../cli/media/received_packet.ts";
import { RunTime } from "../../cli/media/run_time.ts";
import { SentTrack } from "../../cli/media/sent_track.ts";
import { SyntheticPicture } from "../../cli/media/synthetic_picture.ts";
import { SyntheticSound } from "../../cli/media/synthetic_sound.ts";
import { TrackWatch } from "../../cli/media/track_watch.ts";
import { RtpPacket } from "../../src/media/rtp/packet.ts";
import { FakeClock } from "./fake_clock.ts";

/** SSRCs of every test. */
export const SSRC = 7_001;
export const RTX_SSRC = 7_002;

const STEP_MS = 5;

/** Sound or picture of one user, as it leaves that user. */
export class SentMedia {
  readonly clock = new FakeClock();
  readonly time = new RunTime(this.clock);
  readonly publications = new Publications();
  readonly track: SentTrack;
  readonly publication: Publication;
  readonly picture: SyntheticPicture | undefined;
  /** What was sent and not taken. */
  readonly sent: Uint8Array[] = [];
  readonly #source: SyntheticPicture | SyntheticSound;

  constructor(
    source: "camera" | "microphone",
    { kbps = 100, isLost }: { kbps?: number; isLost?: () => boolean } = {},
  ) {
    const isVideo = source === "camera";
    const stream = new OutgoingStream({
      ssrc: SSRC,
      rtxSsrc: isVideo ? RTX_SSRC : 0,
      payloadType: isVideo ? 96 : 111,
      rtxPayloadType: 97,
      cname: "ann",
      extensions: [],
    });
    const clock = new MediaClock(isVideo ? 90_000 : 48_000, { startedAt: 0, first: 4_294_967_000 });
    this.track = new SentTrack({
      source,
      mid: "0",
      stream,
      clock,
      send: (packet) => this.sent.push(packet),
      ...(isLost === undefined ? {} : { isLost }),
    });
    this.publication = this.publications.add({
      ...{ roomId: "test", userId: "ann", source, trackId: "1", clock },
    });
    this.track.publication = this.publication;
    this.picture = isVideo ? new SyntheticPicture(this.track, { kbps, firstAt: 0 }) : undefined;
    this.#source = this.picture ?? new SyntheticSound(this.track, 0);
  }

  /** Lets time pass; returns what is sent meanwhile. */
  pass(ms: number): Uint8Array[] {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.clock.advance(STEP_MS);
      this.time.look();
      this.#source.tick(this.clock.elapsed());
    }
    return this.sent.splice(0);
  }
}

/** How the server hands a packet on. */
export type Handing = {
  /** What the server adds to the numbers of packets. Default 1,000. */
  readonly numberOffset?: number;
  /** What it adds to timestamps. Default 0. */
  readonly timestampOffset?: number;
  /** What it adds to picture ids. Default 0. */
  readonly pictureOffset?: number;
  /** It is repeated. Default not. */
  readonly isRepeated?: boolean;
  readonly marker?: boolean;
};

/** A watch of such a track, and what it complains of. */
export class WatchBench {
  readonly media: SentMedia;
  readonly watch: TrackWatch;
  /** `rule: expected; seen`. */
  readonly complaints: string[] = [];
  readonly delays: number[] = [];
  readonly pictures: number[] = [];
  isSlow = false;
  readonly #packet = new ReceivedPacket();
  readonly #reader = new RtpPacket();

  constructor(
    source: "camera" | "microphone",
    { mayPause = false, kbps = 100 }: { mayPause?: boolean; kbps?: number } = {},
  ) {
    this.media = new SentMedia(source, { kbps });
    this.watch = new TrackWatch(this.media.publication, {
      time: this.media.time,
      complain: (rule, { expected, seen }) => this.complaints.push(`${rule}: ${expected}; ${seen}`),
      delayed: (ms) => this.delays.push(ms),
      pictured: (ms) => this.pictures.push(ms),
      isSlow: () => this.isSlow,
      mayPause,
    });
  }

  /** Lets time pass, and hands on at once whatever is sent. */
  pass(ms: number, handing: Handing = {}): void {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      for (const packet of this.media.pass(STEP_MS)) this.hand(packet, handing);
    }
  }

  /** Hands on one packet. */
  hand(sent: Uint8Array, handing: Handing = {}): void {
    const { numberOffset = 1_000, timestampOffset = 0, pictureOffset = 0 } = handing;
    const { isRepeated = false, marker } = handing;
    const isVideo = this.media.picture !== undefined;
    const bytes = sent.slice();
    this.#reader.read(bytes);
    const { sequenceNumber, payloadStart } = this.#reader;
    const packet = this.#packet;
    packet.rtp.read(bytes);
    packet.rtp.timestamp = packet.rtp.timestamp + timestampOffset >>> 0;
    if (marker !== undefined) packet.rtp.marker = marker;
    if (isVideo && pictureOffset !== 0) bytes[payloadStart + 3]! += pictureOffset;
    if (!packet.read({ isVideo, isRepeated: false })) throw new Error("It cannot be read");
    packet.isRepeated = isRepeated;
    this.watch.take(packet, sequenceNumber + numberOffset, this.media.clock.elapsed());
  }

  /** The kinds of what is wrong. */
  get faults(): string[] {
    return [...this.watch.faults];
  }

  /** What is due comes about. */
  tick(): void {
    this.watch.tick();
  }
}

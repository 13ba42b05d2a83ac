/**
 * One track that is recorded: from its packets, in whatever order they come, to frames with the
 * clock that places them on the time line of the recording. It asks for key frames, follows a sender that goes over to another stream
 * (another quality of a simulcast, another device), and knows nothing of files. A take has one for
 * the sound and one for the picture.
 */
import { type CodecName, CODECS, isKeyFrameStart } from "../rtp/codecs.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { type Frame, FrameAssembler } from "./frame_assembler.ts";
import { ReorderBuffer } from "./reorder_buffer.ts";
import { type PublisherClock, StreamClock } from "./stream_clock.ts";

/** Key frames make a recording seekable, and what is on the disk playable: one every few seconds. */
export const KEY_FRAME_PERIOD_MS = 4_000;
/** While nothing can be written without one, they are asked for as often as this. */
export const KEY_FRAME_RETRY_MS = 500;
/** Streams whose reports are kept: more than a simulcast has. */
const MAX_STREAMS = 8;

/** A sender report (RFC 3550, section 6.4.1) of a stream. */
export type StreamReport = {
  readonly ssrc: number;
  /** The sender's wall clock, milliseconds since the Unix epoch. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
};

/** What a track recorder is made with. */
export type TrackRecorderOptions = {
  readonly codec: CodecName;
  readonly publisher: PublisherClock;
  /** The id of the header extension with the orientation; 0: none. */
  readonly orientationId: number;
  /** Takes a whole frame. `clock` places it; later reports place it better, so not before it must. */
  readonly onFrame: (frame: Frame, clock: StreamClock) => void;
  /** Asks the publisher for a key frame. */
  readonly requestKeyFrame: () => void;
};

/** One track. */
export class TrackRecorder {
  readonly #options: TrackRecorderOptions;
  readonly #isVideo: boolean;
  readonly #buffer: ReorderBuffer;
  readonly #assembler: FrameAssembler;
  /** By SSRC; the one that sends now is in `#clock`. */
  readonly #clocks = new Map<number, StreamClock>();
  #clock: StreamClock | undefined;
  /** -1: no stream has begun. */
  #ssrc = -1;
  #lastPacketAtMs = Number.NEGATIVE_INFINITY;
  #keyFrameAskedAtMs = Number.NEGATIVE_INFINITY;

  /** No packet has come yet. */
  constructor(options: TrackRecorderOptions) {
    this.#options = options;
    this.#isVideo = CODECS[options.codec].kind === "video";
    this.#assembler = new FrameAssembler({
      codec: options.codec,
      orientationId: options.orientationId,
      onFrame: (frame) => options.onFrame(frame, this.#clock!), // Its stream has begun.
    });
    this.#buffer = new ReorderBuffer(this.#assembler);
  }

  /** Whether its frames are placed by the publisher's clock. */
  get isSynchronised(): boolean {
    return this.#clock?.isSynchronised ?? false;
  }

  /** When the last packet came. */
  get lastPacketAtMs(): number {
    return this.#lastPacketAtMs;
  }

  /** Takes a packet that came at `nowMs`; its bytes are copied where they are kept. */
  packet(packet: RtpPacket, nowMs: number): void {
    if (packet.ssrc !== this.#ssrc && !this.#follow(packet, nowMs)) return;
    this.#lastPacketAtMs = nowMs;
    this.#buffer.push(packet, nowMs);
    if (this.#assembler.isWaitingForKey) this.#askForKeyFrame(nowMs, KEY_FRAME_RETRY_MS);
  }

  /** Takes what the publisher says of the time of one of its streams. */
  senderReport({ ssrc, rtpTimestamp, ntpMs }: StreamReport): void {
    this.#clockOf(ssrc).senderReport(rtpTimestamp, ntpMs);
  }

  /** Does what is due: to be called some times a second. */
  tick(nowMs: number): void {
    this.#buffer.expire(nowMs);
    // Whoever sends nothing is not asked: there may be nothing to show.
    if (nowMs - this.#lastPacketAtMs < KEY_FRAME_PERIOD_MS) {
      this.#askForKeyFrame(nowMs, KEY_FRAME_PERIOD_MS);
    }
  }

  /** Leaves out what comes until the next key frame, which is asked for. */
  skipToKeyFrame(nowMs: number): void {
    this.#assembler.skipToKeyFrame();
    this.wantKeyFrame(nowMs);
  }

  /** Asks for a key frame, unless it was just asked for. */
  wantKeyFrame(nowMs: number): void {
    this.#askForKeyFrame(nowMs, KEY_FRAME_RETRY_MS);
  }

  /** Hands on what still waits. */
  end(nowMs: number): void {
    this.#buffer.flush(nowMs);
    this.#assembler.flush();
  }

  /**
   * Goes over to the stream of `packet`, a picture only where one can begin: the last packets of the
   * stream before come in between. Returns whether it did.
   */
  #follow(packet: RtpPacket, nowMs: number): boolean {
    if (this.#isVideo && !isKeyFrameStart(this.#options.codec, packet)) {
      // The first of all streams may begin with anything: a key frame will be asked for.
      if (this.#ssrc >= 0) this.#askForKeyFrame(nowMs, KEY_FRAME_RETRY_MS);
      if (this.#ssrc >= 0) return false;
    }
    this.#buffer.flush(nowMs);
    this.#assembler.flush();
    this.#assembler.restart();
    this.#ssrc = packet.ssrc;
    this.#clock = this.#clockOf(packet.ssrc);
    return true;
  }

  #clockOf(ssrc: number): StreamClock {
    const known = this.#clocks.get(ssrc);
    if (known !== undefined) return known;
    for (const other of this.#clocks.keys()) {
      if (this.#clocks.size < MAX_STREAMS) break;
      if (other !== this.#ssrc) this.#clocks.delete(other);
    }
    const { codec, publisher } = this.#options;
    const { clockRate } = CODECS[codec];
    const clock = new StreamClock({ clockRate, isSound: !this.#isVideo, publisher });
    this.#clocks.set(ssrc, clock);
    return clock;
  }

  #askForKeyFrame(nowMs: number, periodMs: number): void {
    if (!this.#isVideo || nowMs - this.#keyFrameAskedAtMs < periodMs) return;
    this.#keyFrameAskedAtMs = nowMs;
    this.#options.requestKeyFrame();
  }
}

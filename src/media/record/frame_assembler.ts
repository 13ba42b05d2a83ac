/**
 * Whole frames from the packets of one stream in order. What a lost packet has torn is dropped, and
 * with it all that needs it: pictures go on with the next key frame, which is asked for. A track
 * recorder has one and hands its frames to files.
 */
import { type CodecName, CODECS, isKeyFrameStart } from "../rtp/codecs.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { FrameBytes } from "./frame_bytes.ts";
import { createPayloadReader, type PayloadReader } from "./payload_reader.ts";
import { type PictureConfig, readPictureConfig } from "./picture_config.ts";
import type { PacketReceiver } from "./reorder_buffer.ts";

/** A frame of a sound or a picture. */
export type Frame = {
  /** Of its own. */
  readonly data: Uint8Array;
  /** A decoder can begin with it; so it can with every frame of a sound. */
  readonly isKeyFrame: boolean;
  /** Of a key frame of a picture. */
  readonly picture?: PictureConfig;
  readonly rtpTimestamp: number;
  /** When its first packet came. */
  readonly arrivedAtMs: number;
  /** How far receivers are to turn it clockwise. */
  readonly rotation: Rotation;
};

/** Degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** What an assembler is made with. */
export type FrameAssemblerOptions = {
  readonly codec: CodecName;
  /** The id of the header extension with the orientation (3GPP TS 26.114, 7.4.5); 0: none. */
  readonly orientationId: number;
  readonly onFrame: (frame: Frame) => void;
};

const ROTATIONS = [0, 90, 180, 270] as const;

/** The frames of one stream. */
export class FrameAssembler implements PacketReceiver {
  readonly #options: FrameAssemblerOptions;
  readonly #reader: PayloadReader;
  readonly #isVideo: boolean;
  readonly #frame = new FrameBytes();
  #state: "between" | "within" | "broken" = "between";
  #isWaitingForKey: boolean;
  #isKeyFrame = false;
  #rtpTimestamp = 0;
  #arrivedAtMs = 0;
  #rotation: Rotation = 0;

  /** Pictures begin with a key frame. */
  constructor(options: FrameAssemblerOptions) {
    this.#options = options;
    this.#reader = createPayloadReader(options.codec);
    this.#isVideo = CODECS[options.codec].kind === "video";
    this.#isWaitingForKey = this.#isVideo;
  }

  /** Whether nothing comes of the packets until a key frame does. */
  get isWaitingForKey(): boolean {
    return this.#isWaitingForKey;
  }

  /** See PacketReceiver. */
  packet(packet: RtpPacket, arrivedAtMs: number): void {
    // Nothing but padding, which belongs to no frame.
    if (packet.payloadStart === packet.payloadEnd) return;
    if (this.#state !== "between" && packet.timestamp !== this.#rtpTimestamp) this.#finish();
    if (this.#state === "between") this.#begin(packet, arrivedAtMs);
    // An H.264 key frame may have something else in front of its parameter sets.
    this.#isKeyFrame ||= isKeyFrameStart(this.#options.codec, packet);
    if (this.#state === "within" && !this.#reader.append(packet, this.#frame)) this.#break();
    this.#readRotation(packet);
    if (packet.marker || !this.#isVideo) this.#finish();
  }

  /** See PacketReceiver. */
  packetsLost(): void {
    if (!this.#isVideo) return;
    this.#break();
  }

  /** Hands on the frame whose end nobody marked. */
  flush(): void {
    this.#finish();
  }

  /** Nothing that came fits to what will come: another stream of the track follows. */
  restart(): void {
    this.#state = "between";
    this.#isWaitingForKey = this.#isVideo;
  }

  /** Goes on with the next key frame. */
  skipToKeyFrame(): void {
    this.#isWaitingForKey = this.#isVideo;
  }

  #begin(packet: RtpPacket, arrivedAtMs: number): void {
    this.#state = "within";
    this.#isKeyFrame = false;
    this.#rtpTimestamp = packet.timestamp;
    this.#arrivedAtMs = arrivedAtMs;
    this.#frame.clear();
    this.#reader.begin();
  }

  /** The frame is lost, and what follows needs it. */
  #break(): void {
    if (this.#state === "within") this.#state = "broken";
    this.#isWaitingForKey = this.#isVideo;
  }

  #finish(): void {
    const { codec, onFrame } = this.#options;
    if (this.#state === "between") return;
    const isWanted = this.#isKeyFrame || !this.#isWaitingForKey;
    const isWhole = isWanted && this.#state === "within" && this.#reader.finish(this.#frame);
    this.#state = "between";
    const picture = this.#isVideo && this.#isKeyFrame && isWhole
      ? readPictureConfig(codec, this.#frame.view())
      : undefined;
    // A key frame that does not say what it is begins nothing.
    const isUsable = isWhole && (picture !== undefined || !this.#isVideo || !this.#isKeyFrame);
    if (!isUsable) return this.#break();
    if (this.#isKeyFrame) this.#isWaitingForKey = false;
    onFrame({
      data: this.#frame.copy(),
      isKeyFrame: this.#isKeyFrame,
      ...picture === undefined ? {} : { picture },
      rtpTimestamp: this.#rtpTimestamp,
      arrivedAtMs: this.#arrivedAtMs,
      rotation: this.#rotation,
    });
  }

  /** Senders say it at least with the last packet of each key frame, and it holds until they do. */
  #readRotation(packet: RtpPacket): void {
    const { orientationId } = this.#options;
    if (orientationId === 0) return;
    const at = packet.findExtension(orientationId);
    if (at >= 0) this.#rotation = ROTATIONS[(packet.bytes[at] ?? 0) & 0x03]!;
  }
}

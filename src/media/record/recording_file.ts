/**
 * One file of a recording: at most one sound and one picture, in WebM or fragmented MP4, as they
 * came. It grows in pieces that are whole in themselves, so that what is on the disk can be played
 * wherever writing stops. A take makes one after the other; the muxer is mediabunny's, and no other
 * file knows it.
 */
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Logging,
  LogLevel,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
} from "mediabunny";
import type { CodecName } from "../rtp/codecs.ts";
import type { Disk } from "./disk.ts";
import { FileSink } from "./file_sink.ts";
import type { Rotation } from "./frame_assembler.ts";
import type { PictureConfig } from "./picture_config.ts";
import { findCues, ROOM_BYTES, seekableHeader } from "./webm_header.ts";

/** Bytes on their way to the disk; beyond, frames are left out until it keeps up again. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Which kind of file. */
export type Container = "webm" | "mp4";

/** The picture that a file holds. */
export type FileVideo = {
  readonly codec: Exclude<CodecName, "opus">;
  readonly picture: PictureConfig;
  readonly rotation: Rotation;
};

/**
 * The container for a sound and a picture of `codec`. The wish counts where players take it: WebM
 * has no H.264, and VP8 in MP4 is known to few.
 */
export function containerFor(wish: Container, codec: CodecName | undefined): Container {
  if (codec === "H264") return "mp4";
  return codec === "VP8" ? "webm" : wish;
}

/** What a file is made with. */
export type RecordingFileOptions = {
  readonly disk: Disk;
  readonly name: string;
  readonly container: Container;
  /** Whether it holds a sound. */
  readonly hasSound: boolean;
  /** The picture, if it holds one. */
  readonly video: FileVideo | undefined;
  /** The disk takes no more of the file. This or the next is called, and once. */
  readonly onFailed: (error: unknown) => void;
  /** The muxer takes no more: frames are not what they seemed. */
  readonly onSpoiled: (error: unknown) => void;
};

/** A frame as a file takes it; times are milliseconds of the file. */
export type FileFrame = {
  readonly data: Uint8Array;
  readonly isKeyFrame: boolean;
  /** Never before that of the last frame of its kind. */
  readonly atMs: number;
  readonly durationMs: number;
};

/** A segment's id, and that its length is not known. */
const SEGMENT_HEAD_BYTES = 5;
const MUXER_CODECS = { VP8: "vp8", VP9: "vp9", H264: "avc", AV1: "av1" } as const;
/** RFC 7845, section 5.1: two channels, nothing to skip, 48 kHz, no gain. */
const OPUS_HEAD = Uint8Array.from(
  [..."OpusHead"].map((letter) => letter.charCodeAt(0)).concat(
    ...[1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0],
  ),
);
const SOUND = {
  decoderConfig: {
    codec: "opus",
    sampleRate: 48_000,
    numberOfChannels: 2,
    description: OPUS_HEAD,
  },
};

// What the muxer has to say it throws, too, and the console is not its to write on.
Logging.level = LogLevel.Silent;

/** A file that is written. */
export class RecordingFile {
  /** Within the folder of the recording. */
  readonly name: string;
  readonly #options: RecordingFileOptions;
  readonly #sink: FileSink;
  readonly #output: Output;
  readonly #sound: EncodedAudioPacketSource | undefined;
  readonly #video: EncodedVideoPacketSource | undefined;
  /** The muxer wants to know what a track is with its first frame. */
  #isSoundDescribed = false;
  #isVideoDescribed = false;
  /** Frames that the muxer has not taken. */
  #addingBytes = 0;
  #lastAdded: Promise<void>;
  #endMs = 0;
  #segmentHeader: { bytes: Uint8Array; position: number } | undefined;
  #state: "open" | "failed" | "closed" = "open";
  #isReported = false;

  /** Begins the file; what goes wrong is told to `onFailed`. */
  constructor(options: RecordingFileOptions) {
    const { disk, name, hasSound, video } = options;
    this.#options = options;
    this.name = name;
    this.#sink = new FileSink(disk, name);
    this.#output = new Output({
      format: this.#format(),
      target: new StreamTarget(this.#sink.writable),
    });
    if (video !== undefined) {
      this.#video = new EncodedVideoPacketSource(MUXER_CODECS[video.codec]);
      this.#output.addVideoTrack(this.#video, { rotation: video.rotation });
    }
    if (hasSound) {
      this.#sound = new EncodedAudioPacketSource("opus");
      this.#output.addAudioTrack(this.#sound);
    }
    // The tag makes room for what the header is to say in the end.
    if (options.container === "webm") {
      this.#output.setMetadataTags({ comment: " ".repeat(ROOM_BYTES) });
    }
    this.#lastAdded = this.#output.start();
    this.#lastAdded.catch((error) => this.#fail(error));
  }

  /** How long it is, with what the muxer still holds back. */
  get bytes(): number {
    return this.#sink.bytes + this.#addingBytes;
  }

  /** How long it lasts. */
  get durationMs(): number {
    return this.#endMs;
  }

  /** Whether the disk cannot keep up, and frames are better left out. */
  get isBehind(): boolean {
    return this.#addingBytes + this.#sink.waitingBytes > MAX_WAITING_BYTES;
  }

  /** Adds a frame of the sound. */
  writeSound(frame: FileFrame): void {
    if (this.#state !== "open" || this.#sound === undefined) return;
    const meta = this.#isSoundDescribed ? undefined : SOUND;
    this.#isSoundDescribed = true;
    this.#took(frame, this.#sound.add(toPacket(frame), meta));
  }

  /** Adds a frame of the picture; the first is a key frame. */
  writeVideo(frame: FileFrame): void {
    const { video } = this.#options;
    if (this.#state !== "open" || this.#video === undefined || video === undefined) return;
    const { codecString: codec, width: codedWidth, height: codedHeight } = video.picture;
    const meta = this.#isVideoDescribed
      ? undefined
      : { decoderConfig: { codec, codedWidth, codedHeight } };
    this.#isVideoDescribed = true;
    this.#took(frame, this.#video.add(toPacket(frame), meta));
  }

  /** Writes what is collected. */
  flush(): void {
    if (this.#state === "open") this.#sink.flush().catch((error) => this.#fail(error));
  }

  /** Completes the file. Never rejects; idempotent. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    const isWhole = this.#state === "open";
    this.#state = "closed";
    try {
      if (isWhole) await this.#complete();
      else await this.#output.cancel();
    } catch (error) {
      this.#report(error);
    } finally {
      await this.#sink.close();
    }
  }

  #format(): WebMOutputFormat | Mp4OutputFormat {
    if (this.#options.container === "mp4") return new Mp4OutputFormat({ fastStart: "fragmented" });
    return new WebMOutputFormat({
      appendOnly: true,
      onSegmentHeader: (data, position) => {
        this.#segmentHeader = { bytes: data.slice(), position };
      },
    });
  }

  async #complete(): Promise<void> {
    await this.#lastAdded;
    const tailPosition = this.#sink.bytes;
    this.#sink.startTail();
    await this.#output.finalize();
    await this.#sink.flush();
    await this.#makeSeekable(tailPosition);
  }

  /** Says in the header how long the file is, and where to look. */
  async #makeSeekable(tailPosition: number): Promise<void> {
    const header = this.#segmentHeader;
    const cuesAt = header === undefined ? -1 : findCues(this.#sink.tail());
    if (header === undefined || cuesAt < 0) return;
    const cuesPosition = tailPosition + cuesAt - (header.position + SEGMENT_HEAD_BYTES);
    const bytes = seekableHeader(header.bytes, { durationMs: this.#endMs, cuesPosition });
    if (bytes !== undefined) await this.#sink.overwrite(header.position, bytes);
  }

  #took({ data, atMs, durationMs }: FileFrame, adding: Promise<void>): void {
    this.#endMs = Math.max(this.#endMs, atMs + durationMs);
    this.#addingBytes += data.length;
    const added = adding.then(() => {
      this.#addingBytes -= data.length;
    });
    added.catch((error) => this.#fail(error));
    this.#lastAdded = added;
  }

  #fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#report(error);
  }

  #report(error: unknown): void {
    if (this.#isReported) return;
    this.#isReported = true;
    if (this.#sink.hasFailed) this.#options.onFailed(error);
    else this.#options.onSpoiled(error);
  }
}

function toPacket({ data, isKeyFrame, atMs, durationMs }: FileFrame): EncodedPacket {
  return new EncodedPacket(data, isKeyFrame ? "key" : "delta", atMs / 1_000, durationMs / 1_000);
}

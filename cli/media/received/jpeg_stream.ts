/**
 * The pictures of one participant as JPEG: its frames are put together from packets and decoded by
 * ffmpeg, as long as somebody watches.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { type Frame, FrameAssembler } from "../../../src/media/record/frame_assembler.ts";
import { ReorderBuffer } from "../../../src/media/record/reorder_buffer.ts";
import { Ffmpeg } from "../ffmpeg.ts";
import { JpegSplit } from "./jpeg_split.ts";

const FOURCC: Partial<Record<CodecName, string>> = { VP8: "VP80", VP9: "VP90", AV1: "AV01" };
const IVF_HEADER_BYTES = 32;
const IVF_FRAME_HEADER_BYTES = 12;
/** Of the times in the stream, a second: RTP's clock of pictures. */
const TICKS = 90_000;

/** What a stream is made with. */
export type JpegStreamOptions = {
  readonly codec: CodecName;
  /** Pictures a second. */
  readonly framesPerSecond: number;
  readonly wantKeyFrame: () => void;
  readonly picture: (jpeg: Uint8Array) => void;
  readonly ended: (why: string) => void;
};

/** One stream, of one codec. */
export class JpegStream {
  readonly codec: CodecName;
  readonly #options: JpegStreamOptions;
  readonly #assembler: FrameAssembler;
  readonly #buffer: ReorderBuffer;
  readonly #ffmpeg: Ffmpeg;
  #firstTimestamp: number | undefined;
  #hasBegun = false;
  readonly #reading: Promise<void>;
  #isClosed = false;

  /** Starts ffmpeg. Throws FfmpegMissing. */
  constructor(options: JpegStreamOptions) {
    this.codec = options.codec;
    this.#options = options;
    this.#assembler = new FrameAssembler({
      codec: options.codec,
      orientationId: 0,
      onFrame: (frame) => this.#take(frame),
    });
    this.#buffer = new ReorderBuffer(this.#assembler);
    this.#ffmpeg = Ffmpeg.start(argumentsFor(options), { what: "--mjpeg", hasInput: true });
    options.wantKeyFrame();
    this.#reading = this.#read();
  }

  /** Takes a packet that came at `at`. */
  packet(packet: RtpPacket, at: number): void {
    this.#buffer.push(packet, at);
    this.#buffer.expire(at);
    if (this.#assembler.isWaitingForKey) this.#options.wantKeyFrame();
  }

  /** Ends it; resolves when nothing of it is left. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ffmpeg.close();
    await this.#reading;
  }

  #take({ data, rtpTimestamp, picture }: Frame): void {
    const fourcc = FOURCC[this.codec];
    const bytes = fourcc === undefined ? data : this.#asIvf(data, rtpTimestamp, fourcc, picture);
    if (this.#ffmpeg.write(bytes)) return;
    this.#assembler.skipToKeyFrame(); // It does not keep up.
    this.#options.wantKeyFrame();
  }

  #asIvf(
    data: Uint8Array,
    rtpTimestamp: number,
    fourcc: string,
    picture: Frame["picture"],
  ): Uint8Array {
    const first = this.#firstTimestamp ??= rtpTimestamp;
    const head = this.#hasBegun ? new Uint8Array(0) : ivfHeader(fourcc, picture);
    this.#hasBegun = true;
    const bytes = new Uint8Array(head.length + IVF_FRAME_HEADER_BYTES + data.length);
    bytes.set(head);
    const view = new DataView(bytes.buffer, head.length);
    view.setUint32(0, data.length, true);
    view.setBigUint64(4, BigInt(rtpTimestamp - first >>> 0), true);
    bytes.set(data, head.length + IVF_FRAME_HEADER_BYTES);
    return bytes;
  }

  async #read(): Promise<void> {
    const split = new JpegSplit();
    for await (const piece of this.#ffmpeg.output) {
      for (const jpeg of split.add(piece)) this.#options.picture(jpeg);
    }
    const said = await this.#ffmpeg.ended;
    if (!this.#isClosed) this.#options.ended(said || "ffmpeg has ended");
  }
}

function argumentsFor({ codec, framesPerSecond }: JpegStreamOptions): string[] {
  const input = FOURCC[codec] === undefined
    ? ["-use_wallclock_as_timestamps", "1", "-f", "h264"]
    : ["-f", "ivf"];
  return [
    ...["-flags", "low_delay", "-probesize", "32", "-analyzeduration", "0", ...input],
    ...["-i", "pipe:0", "-vf", `fps=${framesPerSecond}`, "-c:v", "mjpeg", "-q:v", "5"],
    ...["-pix_fmt", "yuvj420p", "-flush_packets", "1", "-f", "mjpeg", "pipe:1"],
  ];
}

function ivfHeader(fourcc: string, picture: Frame["picture"]): Uint8Array {
  const bytes = new Uint8Array(IVF_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  writeText(bytes, 0, "DKIF");
  view.setUint16(6, IVF_HEADER_BYTES, true);
  writeText(bytes, 8, fourcc);
  view.setUint16(12, picture?.width ?? 0, true);
  view.setUint16(14, picture?.height ?? 0, true);
  view.setUint32(16, TICKS, true);
  view.setUint32(20, 1, true);
  return bytes;
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}

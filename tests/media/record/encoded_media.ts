/**
 * Short encoded sounds and pictures, made by ffmpeg when a test asks for them, as lists of frames:
 * what a browser's encoder would hand to its packetizer.
 */
import { ffmpeg } from "../../support/ffmpeg.ts";

/** A frame of an encoder, with its place on the encoder's time line. */
export type EncodedFrame = { readonly data: Uint8Array; readonly atMs: number };

/** What is encoded. */
export type VideoOptions = {
  readonly codec: "VP8" | "VP9" | "H264" | "AV1";
  /** Default 2. */
  readonly seconds?: number;
  /** Default 160x120. */
  readonly size?: string;
  /** Pictures from one key frame to the next. Default 25. */
  readonly keyFrameEvery?: number;
  /** What is seen: a source of libavfilter's, without size and rate. Default a moving test card. */
  readonly source?: string;
  /** A filter of libavfilter's on top of it. Default none. */
  readonly filter?: string;
};

/** Pictures a second. */
export const FRAME_RATE = 25;
/** How long a packet of sound lasts. */
export const SOUND_MS = 20;

const ENCODERS: Record<VideoOptions["codec"], readonly string[]> = {
  VP8: ["libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"],
  VP9: ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"],
  H264: ["libx264", "-profile:v", "baseline", "-preset", "ultrafast", "-x264-params", "aud=1"],
  AV1: ["libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-b:v", "300k"],
};

/** The frames of a picture. */
export async function encodeVideo(options: VideoOptions): Promise<EncodedFrame[]> {
  const {
    codec,
    seconds = 2,
    size = "160x120",
    keyFrameEvery = 25,
    source = "testsrc2",
    filter = "null",
  } = options;
  const isH264 = codec === "H264";
  const separator = source.includes("=") ? ":" : "=";
  const bytes = await encode([
    ...["-f", "lavfi", "-i", `${source}${separator}size=${size}:rate=${FRAME_RATE}`],
    ...["-t", String(seconds), "-vf", filter, "-pix_fmt", "yuv420p", "-g", String(keyFrameEvery)],
    ...["-c:v", ...ENCODERS[codec], "-f", isH264 ? "h264" : "ivf"],
  ]);
  const frames = isH264 ? accessUnits(bytes) : ivfFrames(bytes);
  return frames.map((data, index) => ({ data, atMs: index * 1_000 / FRAME_RATE }));
}

/** The packets of a sound: an expression of libavfilter's `aevalsrc`, a tone by default. */
export async function encodeSound(
  { seconds = 2, expression = "0.3*sin(2*PI*440*t)" }: { seconds?: number; expression?: string },
): Promise<EncodedFrame[]> {
  const bytes = await encode([
    ...["-f", "lavfi", "-i", `aevalsrc='${expression}':sample_rate=48000:duration=${seconds}`],
    ...["-c:a", "libopus", "-application", "voip", "-frame_duration", String(SOUND_MS)],
    ...["-f", "ogg"],
  ]);
  // The first two packets are headers (RFC 7845, section 5), and one more empties the encoder.
  const packets = oggPackets(bytes).slice(2, 2 + seconds * 1_000 / SOUND_MS);
  return packets.map((data, index) => ({ data, atMs: index * SOUND_MS }));
}

/** What ffmpeg makes of `args`. */
async function encode(args: readonly string[]): Promise<Uint8Array> {
  const path = await Deno.makeTempFile();
  try {
    await ffmpeg(["-v", "error", ...args, path]);
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

/** The frames as a file that ffmpeg reads, to be compared with. */
export function toStream(
  codec: VideoOptions["codec"],
  frames: readonly EncodedFrame[],
): Uint8Array<ArrayBuffer> {
  if (codec === "H264") return joined(frames.map(({ data }) => data));
  const header = new Uint8Array(32);
  header.set(new TextEncoder().encode(`DKIF\0\0\x20\0${codec === "AV1" ? "AV01" : `${codec}0`}`));
  new DataView(header.buffer).setUint32(16, FRAME_RATE, true);
  new DataView(header.buffer).setUint32(20, 1, true);
  return joined([
    header,
    ...frames.flatMap(({ data }, index) => {
      const head = new Uint8Array(12);
      new DataView(head.buffer).setUint32(0, data.length, true);
      new DataView(head.buffer).setUint32(4, index, true);
      return [head, data];
    }),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** IVF: 32 bytes of header, then each frame behind 12 bytes that begin with its length. */
function ivfFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer);
  const frames: Uint8Array[] = [];
  for (let at = 32; at < bytes.length;) {
    const length = view.getUint32(at, true);
    frames.push(bytes.slice(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

/** The units between access unit delimiters, which are left out; each still has its start code. */
function accessUnits(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[][] = [];
  for (const unit of splitUnits(bytes)) {
    if ((unit[0]! & 0x1f) === 9) frames.push([]);
    else frames.at(-1)!.push(Uint8Array.of(0, 0, 0, 1, ...unit));
  }
  return frames.map(joined);
}

/** The units of a byte stream, without their start codes (H.264, annex B). */
export function splitUnits(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 0; at + 3 <= bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) starts.push(at + 3);
  }
  return starts.map((start, index) => {
    let end = (starts[index + 1] ?? bytes.length + 3) - 3;
    while (end > start && bytes[end - 1] === 0) end--;
    return bytes.slice(start, end);
  });
}

/** Ogg (RFC 3533, section 6): pages of segments; a segment below 255 bytes ends a packet. */
function oggPackets(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let packet: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = bytes[at + 26]!;
    let content = at + 27 + count;
    for (const length of bytes.slice(at + 27, at + 27 + count)) {
      packet.push(...bytes.slice(content, content + length));
      content += length;
      if (length === 255) continue;
      packets.push(Uint8Array.from(packet));
      packet = [];
    }
    at = content;
  }
  return packets;
}

/**
 * WebCodecs, and tracks that are read and written picture by picture, as sending and showing frames
 * over the socket wants them (`call/relay/`). Chromium reads and writes tracks itself (W3C
 * mediacapture-transform); elsewhere a video element is looked at and a canvas is drawn on.
 */
import type { CallClock } from "../call/platform.ts";
import type {
  CodecEvents,
  Decoder,
  EncodedChunk,
  Jpeg,
  Picture,
  PictureCodec,
  PictureEncoder,
  RelayPlatform,
  Sound,
  SoundEncoder,
} from "../call/relay/relay_platform.ts";
import { readPictures, readSound } from "./track_readers.ts";
import { writePictures, writeSound } from "./track_writers.ts";

/** Constrained Baseline, level 3.1: what every decoder of H.264 takes, up to 720p. */
const H264 = "avc1.42e01f";
/** Bits a second: speech in full quality, music in a good one. */
const SOUND_BITRATE = 64_000;
/** Opus is always played at this rate (RFC 6716). */
const OPUS_RATE = 48_000;
/** Of JPEG: a picture of 640 x 360 takes some 30 KB. */
const JPEG_QUALITY = 0.7;

/** The only colours that VP8 has (RFC 6386, section 9.2: BT.601); Chromium takes it for BT.709. */
const VP8_COLORS: VideoColorSpaceInit = {
  ...{ primaries: "smpte170m", transfer: "smpte170m", matrix: "smpte170m", fullRange: false },
};

/** The codecs of this browser; undefined where it has none, as on pages without a secure origin. */
export function relayPlatform(clock: CallClock): RelayPlatform | undefined {
  if (!("VideoEncoder" in globalThis && "VideoDecoder" in globalThis)) return undefined;
  if (!("AudioEncoder" in globalThis && "AudioDecoder" in globalThis)) return undefined;
  return {
    clock,
    pictureKind,
    readPictures,
    readSound,
    encodePictures,
    encodeSound,
    encodeJpeg,
    decodePictures,
    decodeSound,
    writePictures,
    writeSound,
  };
}

async function pictureKind(): Promise<"vp8" | "h264" | undefined> {
  for (const kind of ["vp8", "h264"] as const) {
    const codec = { kind, width: 640, height: 360, bitrate: 700_000, framesPerSecond: 30 };
    const { supported } = await VideoEncoder.isConfigSupported(configOf(codec));
    if (supported) return kind;
  }
  return undefined;
}

function configOf({ kind, width, height, bitrate, framesPerSecond }: PictureCodec) {
  const common = { width, height, bitrate, framerate: framesPerSecond };
  const config: VideoEncoderConfig = kind === "vp8"
    ? { ...common, codec: "vp8", latencyMode: "realtime" }
    : { ...common, codec: H264, latencyMode: "realtime", avc: { format: "annexb" } };
  return config;
}

function encodePictures(
  codec: PictureCodec,
  { made, failed }: CodecEvents<EncodedChunk>,
): PictureEncoder {
  const encoder = new VideoEncoder({ output: (chunk) => made(toChunk(chunk)), error: failed });
  encoder.configure(configOf(codec));
  return {
    get waiting() {
      return encoder.encodeQueueSize;
    },
    configure: (codec) => encoder.configure(configOf(codec)),
    encode(picture, { isKey, timestampUs }) {
      const stamped = new VideoFrame(asFrame(picture), { timestamp: timestampUs });
      try {
        encoder.encode(stamped, { keyFrame: isKey });
      } finally {
        stamped.close();
      }
    },
    close: () => close(encoder),
  };
}

function encodeSound({ made, failed }: CodecEvents<EncodedChunk>): SoundEncoder {
  const encoder = new AudioEncoder({ output: (chunk) => made(toChunk(chunk)), error: failed });
  return {
    encode(sound, timestampUs) {
      const stamped = restamp(sound as AudioData, timestampUs); // It came from readSound.
      try {
        const { sampleRate, numberOfChannels } = stamped;
        const config = { codec: "opus", sampleRate, numberOfChannels, bitrate: SOUND_BITRATE };
        if (encoder.state === "unconfigured") encoder.configure(config);
        encoder.encode(stamped);
      } finally {
        stamped.close();
      }
    },
    close: () => close(encoder),
  };
}

/** The same sound under another time; of more than two channels the first two. */
function restamp(sound: AudioData, timestamp: number): AudioData {
  const { sampleRate, numberOfFrames } = sound;
  const numberOfChannels = Math.min(2, sound.numberOfChannels);
  const data = new Float32Array(numberOfFrames * numberOfChannels);
  for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex++) {
    const plane = data.subarray(planeIndex * numberOfFrames, (planeIndex + 1) * numberOfFrames);
    sound.copyTo(plane, { planeIndex, format: "f32-planar" });
  }
  return new AudioData({
    ...{ format: "f32-planar", sampleRate, numberOfFrames, numberOfChannels, timestamp, data },
  });
}

async function encodeJpeg(picture: Picture, width: number): Promise<Jpeg> {
  const { displayWidth, displayHeight } = picture;
  const height = Math.max(1, Math.round(width * displayHeight / displayWidth));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { alpha: false });
  if (pen === null) throw new TypeError("Cannot draw: the browser gives no 2d context");
  pen.drawImage(asFrame(picture), 0, 0, width, height);
  const file = await canvas.convertToBlob({ type: "image/jpeg", quality: JPEG_QUALITY });
  return { width, height, payload: new Uint8Array(await file.arrayBuffer()) };
}

function decodePictures(kind: "vp8" | "h264", { made, failed }: CodecEvents<Picture>): Decoder {
  const decoder = new VideoDecoder({ output: made, error: failed });
  decoder.configure(
    kind === "vp8"
      ? { codec: "vp8", optimizeForLatency: true, colorSpace: VP8_COLORS }
      // Without a description it is taken for a byte stream (Annex B), as the frames hold it.
      : { codec: H264, optimizeForLatency: true },
  );
  return {
    get waiting() {
      return decoder.decodeQueueSize;
    },
    decode({ isKey, timestampUs, payload }) {
      const type = isKey ? "key" : "delta";
      decoder.decode(new EncodedVideoChunk({ type, timestamp: timestampUs, data: copy(payload) }));
    },
    close: () => close(decoder),
  };
}

function decodeSound({ made, failed }: CodecEvents<Sound>): Decoder {
  const decoder = new AudioDecoder({ output: made, error: failed });
  decoder.configure({ codec: "opus", sampleRate: OPUS_RATE, numberOfChannels: 2 });
  return {
    get waiting() {
      return decoder.decodeQueueSize;
    },
    decode({ timestampUs, payload }) {
      const data = copy(payload);
      decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: timestampUs, data }));
    },
    close: () => close(decoder),
  };
}

function toChunk(chunk: EncodedVideoChunk | EncodedAudioChunk): EncodedChunk {
  const payload = new Uint8Array(chunk.byteLength);
  chunk.copyTo(payload);
  return { isKey: chunk.type === "key", timestampUs: Math.max(0, chunk.timestamp), payload };
}

/** What came from a track or a decoder here is one of the browser's. */
function asFrame(picture: Picture): VideoFrame {
  return picture as VideoFrame;
}

function copy(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(payload);
}

/** One that has failed is closed already. */
function close(codec: { readonly state: CodecState; close(): void }): void {
  if (codec.state !== "closed") codec.close();
}

/**
 * What sending and showing frames over the socket takes from the browser: codecs (W3C WebCodecs),
 * pictures of a track one by one, and tracks made of pictures. A test hands in small ones of its own;
 * the browser's are in `browser/relay_platform.ts`.
 */
import type { CallClock } from "../platform.ts";

/** A picture as it was captured; a VideoFrame has this shape. Whoever is handed one closes it. */
export interface Picture {
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  clone(): Picture;
  close(): void;
}

/** Some milliseconds of sound; an AudioData has this shape. Whoever is handed it closes it. */
export interface Sound {
  readonly timestamp: number;
  readonly sampleRate: number;
  readonly numberOfFrames: number;
  readonly numberOfChannels: number;
  close(): void;
}

/** What an encoder made. */
export interface EncodedChunk {
  readonly isKey: boolean;
  readonly timestampUs: number;
  readonly payload: Uint8Array;
}

/** How pictures are to be encoded. */
export interface PictureCodec {
  readonly kind: "vp8" | "h264";
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  readonly framesPerSecond: number;
}

/** What a codec tells its owner. After `failed` nothing more comes. */
export interface CodecEvents<T> {
  made(made: T): void;
  failed(fault: unknown): void;
}

/** Encodes pictures. */
export interface PictureEncoder {
  /** Pictures that wait to be encoded. */
  readonly waiting: number;
  /** From the next picture on. */
  configure(codec: PictureCodec): void;
  /** Stamps the picture with `timestampUs`; it stays the caller's. */
  encode(
    picture: Picture,
    options: { readonly isKey: boolean; readonly timestampUs: number },
  ): void;
  close(): void;
}

/** Encodes sound as Opus. */
export interface SoundEncoder {
  /** Stamps the sound with `timestampUs`; it stays the caller's. */
  encode(sound: Sound, timestampUs: number): void;
  close(): void;
}

/** Decodes what it is given. */
export interface Decoder {
  /** Chunks that wait to be decoded. */
  readonly waiting: number;
  decode(chunk: EncodedChunk): void;
  close(): void;
}

/** A track of pictures. */
export interface PictureWriter {
  readonly track: MediaStreamTrack;
  /** Shows the picture now, and takes it over. */
  write(picture: Picture): void;
  close(): void;
}

/** A track of sound. */
export interface SoundWriter {
  readonly track: MediaStreamTrack;
  /** Plays the sound `inMs` from now, in one piece with what came before, and takes it over. */
  write(sound: Sound, inMs: number): void;
  close(): void;
}

/** The codecs and tracks of this browser. */
export interface RelayPlatform {
  readonly clock: CallClock;
  /** Which kind of picture this browser can encode, VP8 before H.264; undefined: none. */
  pictureKind(): Promise<"vp8" | "h264" | undefined>;
  /** Hands over each picture of a track as it comes; returns what ends that. */
  readPictures(track: MediaStreamTrack, taken: (picture: Picture) => void): () => void;
  /** Hands over the sound of tracks as it comes, mixed; returns what ends that. */
  readSound(tracks: readonly MediaStreamTrack[], taken: (sound: Sound) => void): () => void;
  encodePictures(codec: PictureCodec, events: CodecEvents<EncodedChunk>): PictureEncoder;
  encodeSound(events: CodecEvents<EncodedChunk>): SoundEncoder;
  /** The picture as JPEG, `width` pixels wide. The picture stays the caller's. */
  encodeJpeg(picture: Picture, width: number): Promise<Jpeg>;
  decodePictures(kind: "vp8" | "h264", events: CodecEvents<Picture>): Decoder;
  decodeSound(events: CodecEvents<Sound>): Decoder;
  writePictures(): PictureWriter;
  writeSound(): SoundWriter;
}

/** A JPEG. */
export interface Jpeg {
  readonly width: number;
  readonly height: number;
  readonly payload: Uint8Array;
}

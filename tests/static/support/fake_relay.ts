/**
 * Codecs and tracks that a test turns by hand: an encoder makes chunks of the length that it is told,
 * a decoder gives back what it is given, a track keeps what is written into it.
 */
import type {
  CodecEvents,
  Decoder,
  EncodedChunk,
  Jpeg,
  Picture,
  PictureCodec,
  PictureEncoder,
  PictureWriter,
  RelayPlatform,
  Sound,
  SoundEncoder,
  SoundWriter,
} from "../../../static/call/relay/relay_platform.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeTrack } from "./fake_peer_connection.ts";

/** A picture; how many are open says whether somebody forgot to close one. */
export class FakePicture implements Picture {
  static open = 0;
  isClosed = false;

  constructor(
    readonly timestamp: number = 0,
    readonly displayWidth: number = 640,
    readonly displayHeight: number = 360,
  ) {
    FakePicture.open += 1;
  }

  clone(): FakePicture {
    return new FakePicture(this.timestamp, this.displayWidth, this.displayHeight);
  }

  close(): void {
    if (!this.isClosed) FakePicture.open -= 1;
    this.isClosed = true;
  }
}

/** Ten milliseconds of sound. */
export class FakeSound implements Sound {
  readonly sampleRate = 48_000;
  readonly numberOfFrames = 480;
  isClosed = false;

  constructor(readonly timestamp: number = 0, readonly numberOfChannels: number = 1) {}

  close(): void {
    this.isClosed = true;
  }
}

/** An encoder of either kind. */
export class FakeEncoder implements PictureEncoder, SoundEncoder {
  waiting = 0;
  readonly codecs: PictureCodec[] = [];
  readonly encoded: { timestampUs: number; isKey: boolean }[] = [];
  isClosed = false;

  constructor(
    readonly events: CodecEvents<EncodedChunk>,
    readonly platform: FakeRelay,
  ) {}

  configure(codec: PictureCodec): void {
    this.codecs.push(codec);
  }

  encode(
    _value: Picture | Sound,
    options: number | { readonly isKey: boolean; readonly timestampUs: number },
  ): void {
    if (this.platform.isBroken) throw new Error("Cannot encode: it is closed");
    const { timestampUs, isKey } = typeof options === "number"
      ? { timestampUs: options, isKey: true }
      : options;
    this.encoded.push({ timestampUs, isKey });
    const payload = new Uint8Array(this.platform.chunkBytes);
    this.events.made({ timestampUs, isKey, payload });
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A decoder of either kind. */
export class FakeDecoder<T> implements Decoder {
  waiting = 0;
  readonly decoded: EncodedChunk[] = [];
  isClosed = false;

  constructor(
    readonly events: CodecEvents<T>,
    readonly platform: FakeRelay,
    readonly make: (timestampUs: number) => T,
  ) {}

  decode(chunk: EncodedChunk): void {
    if (this.platform.isBroken) throw new Error("Cannot decode: it is closed");
    this.decoded.push(chunk);
    this.events.made(this.make(chunk.timestampUs));
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A track that is written. */
export class FakeWriter<T extends { close(): void }> {
  readonly track: MediaStreamTrack;
  readonly written: { value: T; at: number; inMs: number }[] = [];
  isClosed = false;

  constructor(kind: string, readonly clock: FakeClock) {
    this.track = new FakeTrack(kind).asTrack;
  }

  write(value: T, inMs = 0): void {
    this.written.push({ value, at: this.clock.elapsed(), inMs });
    value.close();
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Everything of one page. */
export class FakeRelay implements RelayPlatform {
  readonly clock: FakeClock;
  kind: "vp8" | "h264" | undefined = "vp8";
  /** Length of what an encoder makes. */
  chunkBytes = 1_000;
  jpegBytes = 2_000;
  /** Whether codecs throw. */
  isBroken = false;
  readonly encoders: FakeEncoder[] = [];
  readonly soundEncoders: FakeEncoder[] = [];
  readonly decoders: FakeDecoder<Picture>[] = [];
  readonly soundDecoders: FakeDecoder<Sound>[] = [];
  readonly writers: FakeWriter<Picture>[] = [];
  readonly soundWriters: FakeWriter<Sound>[] = [];
  readonly jpegs: { width: number; done: () => void }[] = [];
  /** Whether a JPEG is made at once; else when the test says so. */
  isQuick = true;
  readonly #pictures = new Map<MediaStreamTrack, (picture: Picture) => void>();
  readonly #sounds = new Map<MediaStreamTrack, (sound: Sound) => void>();

  constructor(clock: FakeClock = new FakeClock()) {
    this.clock = clock;
  }

  /** The tracks that are read now. */
  get reading(): MediaStreamTrack[] {
    return [...this.#pictures.keys(), ...this.#sounds.keys()];
  }

  /** A track gives a picture. */
  show(track: MediaStreamTrack, picture: Picture): void {
    const taken = this.#pictures.get(track);
    if (taken === undefined) picture.close();
    else taken(picture);
  }

  /** A track gives sound. */
  sound(track: MediaStreamTrack, sound: Sound = new FakeSound()): void {
    this.#sounds.get(track)?.(sound);
  }

  pictureKind(): Promise<"vp8" | "h264" | undefined> {
    return Promise.resolve(this.kind);
  }

  readPictures(track: MediaStreamTrack, taken: (picture: Picture) => void): () => void {
    this.#pictures.set(track, taken);
    return () => this.#pictures.delete(track);
  }

  readSound(tracks: readonly MediaStreamTrack[], taken: (sound: Sound) => void): () => void {
    for (const track of tracks) this.#sounds.set(track, taken);
    return () => tracks.forEach((track) => this.#sounds.delete(track));
  }

  encodePictures(codec: PictureCodec, events: CodecEvents<EncodedChunk>): FakeEncoder {
    const encoder = new FakeEncoder(events, this);
    encoder.configure(codec);
    this.encoders.push(encoder);
    return encoder;
  }

  encodeSound(events: CodecEvents<EncodedChunk>): FakeEncoder {
    const encoder = new FakeEncoder(events, this);
    this.soundEncoders.push(encoder);
    return encoder;
  }

  async encodeJpeg(picture: Picture, width: number): Promise<Jpeg> {
    if (this.isBroken) throw new Error("Cannot draw");
    const height = Math.round(width * picture.displayHeight / picture.displayWidth);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.jpegs.push({ width, done: resolve });
    if (!this.isQuick) await promise;
    return { width, height, payload: new Uint8Array(this.jpegBytes) };
  }

  decodePictures(_kind: "vp8" | "h264", events: CodecEvents<Picture>): Decoder {
    const decoder = new FakeDecoder(events, this, (at): Picture => new FakePicture(at));
    this.decoders.push(decoder);
    return decoder;
  }

  decodeSound(events: CodecEvents<Sound>): Decoder {
    const decoder = new FakeDecoder(events, this, (at): Sound => new FakeSound(at));
    this.soundDecoders.push(decoder);
    return decoder;
  }

  writePictures(): PictureWriter {
    const writer = new FakeWriter<Picture>("video", this.clock);
    this.writers.push(writer);
    return writer;
  }

  writeSound(): SoundWriter {
    const writer = new FakeWriter<Sound>("audio", this.clock);
    this.soundWriters.push(writer);
    return writer;
  }
}

/**
 * What a page sends over its socket, as the server wants it (rule FR4): pictures and sound for those
 * whom nothing else reaches, single pictures for those who watch over HTTP. Nothing is read and
 * nothing is encoded while nobody wants it.
 */
import type { ClientMessage, ServerMessage, ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { LocalTracks, Relayed } from "../transport.ts";
import { FrameSink, type FrameSocket } from "./frame_sink.ts";
import { PathDelay } from "./path_delay.ts";
import { PictureSender } from "./picture_sender.ts";
import { PictureTap } from "./picture_tap.ts";
import type { RelayPlatform } from "./relay_platform.ts";
import { SoundSender } from "./sound_sender.ts";
import { VideoSender } from "./video_sender.ts";

/** What a sender needs. */
export interface RelaySenderOptions {
  readonly platform: RelayPlatform;
  readonly frames: FrameSocket;
  readonly send: (message: ClientMessage) => boolean;
  /** {@linkcode RelaySender.relayed} is another. */
  readonly changed: () => void;
  /** Something could not be encoded; the rest goes on. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

type Wanted = ServerMessageOf<"relay-wanted">;

/** The frames of one participant. */
export class RelaySender {
  readonly #options: RelaySenderOptions;
  readonly #sink: FrameSink;
  readonly #delay: PathDelay;
  readonly #tap: PictureTap;
  readonly #pictures: PictureSender;
  #video: VideoSender | undefined;
  #sound: SoundSender | undefined;
  #soundTracks: readonly MediaStreamTrack[] = [];
  #tracks: LocalTracks = {};
  #wanted: Wanted | undefined;
  /** A browser is asked once what it can encode. */
  #kind: Promise<"vp8" | "h264" | undefined> | undefined;
  #isClosed = false;

  /** Nothing is wanted yet. */
  constructor(options: RelaySenderOptions) {
    this.#options = options;
    const { platform, faulted, frames, send } = options;
    this.#delay = new PathDelay({ clock: platform.clock, send });
    this.#sink = new FrameSink(frames, this.#delay);
    this.#pictures = new PictureSender({ platform, sink: this.#sink, faulted });
    this.#tap = new PictureTap(platform, (picture, atUs) => {
      this.#video?.take(picture, atUs);
      this.#pictures.take(picture, atUs);
    });
  }

  /** What is sent now; undefined while nothing is. */
  get relayed(): Relayed | undefined {
    if (this.#wanted === undefined) return undefined;
    const { viewers, video, audio, pictures } = this.#wanted;
    if (viewers === 0 && !video && !audio && pictures.length === 0) return undefined;
    return { viewers, isVideo: video, isAudio: audio, pictures: pictures.length };
  }

  /** What is shown from now on: a screen before a camera. */
  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#apply();
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    this.#delay.receive(message);
    switch (message.type) {
      case "relay-wanted":
        this.#want(message);
        return;
      case "relay-key-frame":
      case "resumed": // It goes on with a key frame (FR8).
        this.#video?.wantKey();
        return;
      case "joined":
      case "leaved":
        this.#want(undefined);
        return;
      default: // Not about frames.
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#wanted = undefined;
    this.#apply();
    this.#tap.close();
    this.#pictures.close();
  }

  #want(wanted: Wanted | undefined): void {
    if (wanted === undefined && this.#wanted === undefined) return;
    this.#wanted = wanted;
    if (wanted !== undefined) this.#sink.maxFrameBytes = wanted.maxFrameBytes;
    this.#apply();
    this.#options.changed();
  }

  #apply(): void {
    const { video = false, audio = false, pictures = [] } = this.#wanted ?? {};
    const { microphone, screenSound, screen, camera } = this.#tracks;
    if (!video) this.#endVideo();
    else if (this.#video === undefined) void this.#beginVideo();
    this.#pictures.setWanted(pictures);
    this.#tap.setTrack(screen ?? camera);
    this.#tap.setWanted(video || this.#pictures.isWanted);
    this.#delay.setActive(video || this.#pictures.isWanted);
    const sounds = audio ? [microphone, screenSound].filter((track) => track !== undefined) : [];
    this.#follow(sounds);
  }

  async #beginVideo(): Promise<void> {
    const { platform, faulted } = this.#options;
    const kind = await (this.#kind ??= platform.pictureKind());
    if (kind === undefined || this.#video !== undefined) return;
    if (this.#wanted?.video !== true) return; // Not any more.
    this.#video = new VideoSender({ platform, kind, sink: this.#sink, faulted });
  }

  #endVideo(): void {
    this.#video?.close();
    this.#video = undefined;
  }

  #follow(tracks: readonly MediaStreamTrack[]): void {
    const before = this.#soundTracks;
    if (tracks.length === before.length && tracks.every((one, n) => one === before[n])) return;
    this.#soundTracks = tracks;
    this.#sound?.close();
    const { platform, faulted } = this.#options;
    this.#sound = tracks.length === 0
      ? undefined
      : new SoundSender(tracks, { platform, sink: this.#sink, faulted });
  }
}

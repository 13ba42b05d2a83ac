/**
 * A file of a take: frames with their places on the time line of the recording go in, and what the
 * index says of the file comes out. The take decides when one begins and ends.
 */
import type { TrackSource } from "../../protocol/mod.ts";
import type { Disk } from "./disk.ts";
import type { Frame } from "./frame_assembler.ts";
import { opusDurationMs } from "./opus_reader.ts";
import { type Container, containerFor, type FileVideo, RecordingFile } from "./recording_file.ts";
import type { FileEnd, IndexedFile, IndexedTrack, RecordedGroup } from "./recording_index.ts";
import { SoundLine } from "./sound_line.ts";

/**
 * How long a sound may be silent before silence is written in its place. Packets come late by the
 * wait for retransmissions, and by what a stalled network holds back.
 */
export const SILENT_AFTER_MS = 3_000;
/** The muxer keeps an entry in memory for every frame of an MP4 file. */
export const MAX_MP4_MS = 600_000;
/** Of an MP4 file all is in memory since the last key frame. */
export const MAX_KEY_FRAME_GAP_MS = 20_000;
/** The same in bytes. */
const MAX_KEY_FRAME_GAP_BYTES = 16 * 1024 * 1024;
/** What a picture is said to last while the next has not come. */
const USUAL_PICTURE_MS = 33;
/** What a container has of its own, at its beginning and its end. */
export const FILE_OVERHEAD_BYTES = 2_048;
/** What it adds to a frame. */
const FRAME_OVERHEAD_BYTES = 20;

/** The track that a file holds a part of. */
export type FileTrack = { readonly trackId: string; readonly source: TrackSource };

/** What a file is made with. */
export type TakeFileOptions = {
  readonly disk: Disk;
  /** Names the file with its extension. */
  readonly nameFor: (extension: Container) => string;
  readonly container: Container;
  readonly group: RecordedGroup;
  /** Where it begins on the time line of the recording. */
  readonly startMs: number;
  readonly sound: FileTrack | undefined;
  readonly video: (FileTrack & FileVideo) | undefined;
  readonly onFailed: (error: unknown) => void;
  /** The frames are not what they seemed: it has to be closed. */
  readonly onSpoiled: (error: unknown) => void;
  /** Hears of what was added, in bytes. */
  readonly onGrown: (bytes: number) => void;
};

/** How much of a track is in the file. */
type Written = { startMs: number; endMs: number; frames: number };

/** One file. */
export class TakeFile {
  readonly #options: TakeFileOptions;
  readonly #file: RecordingFile;
  readonly #container: Container;
  #soundLine: SoundLine | undefined;
  #sound: Written | undefined;
  #video: Written | undefined;
  /** The last packet of the sound: where it lies, and when it came. */
  #lastSound = { atMs: 0, arrivedAtMs: 0 };
  #lastVideoMs = -1;
  #keyFrameAtMs: number;
  #bytesSinceKeyFrame = 0;
  #endReason: FileEnd | undefined;

  /** Begins the file. */
  constructor(options: TakeFileOptions) {
    const { disk, nameFor, sound, video, onFailed, onSpoiled } = options;
    this.#options = options;
    this.#keyFrameAtMs = options.startMs;
    this.#container = containerFor(options.container, video?.codec);
    this.#file = new RecordingFile({
      disk,
      name: nameFor(this.#container),
      container: this.#container,
      hasSound: sound !== undefined,
      video,
      onFailed,
      onSpoiled,
    });
  }

  /** How the picture is turned. */
  get rotation(): number {
    return this.#options.video?.rotation ?? 0;
  }

  /** What the index says of it. */
  get entry(): IndexedFile {
    const { group, startMs, sound, video } = this.#options;
    const tracks = [
      ...entryOf(sound, this.#sound, { codec: "opus" }),
      ...entryOf(video, this.#video, { codec: video?.codec ?? "VP8", ...sizeOf(video) }),
    ];
    return {
      name: this.#file.name,
      group,
      startMs,
      durationMs: Math.round(this.#file.durationMs),
      bytes: this.#file.bytes,
      ...this.#endReason === undefined ? {} : { endReason: this.#endReason },
      tracks,
    };
  }

  /** Whether it has grown as long as its container bears. */
  isLongAt(nowMs: number): boolean {
    return this.#container === "mp4" && nowMs - this.#options.startMs > MAX_MP4_MS;
  }

  /** Whether it cannot go on without a key frame any more. */
  isKeyFrameMissingAt(nowMs: number): boolean {
    if (this.#container !== "mp4" || this.#video === undefined) return false;
    return nowMs - this.#keyFrameAtMs > MAX_KEY_FRAME_GAP_MS ||
      this.#bytesSinceKeyFrame > MAX_KEY_FRAME_GAP_BYTES;
  }

  /** Adds a packet of the sound that belongs at `atMs`. */
  writeSound({ data, arrivedAtMs }: Frame, atMs: number): void {
    this.#soundLine ??= new SoundLine(atMs, (...packet) => this.#appendSound(...packet));
    this.#lastSound = { atMs, arrivedAtMs };
    // While the disk is behind the sound is left out; silence takes its place.
    if (!this.#file.isBehind) this.#soundLine.add(data, atMs, opusDurationMs(data, 0, data.length));
  }

  /** Adds a picture; `false`: the disk is behind, and it was left out. */
  writeVideo({ data, isKeyFrame }: Frame, atMs: number): boolean {
    if (this.#file.isBehind) return false;
    if (isKeyFrame) {
      this.#keyFrameAtMs = atMs;
      this.#bytesSinceKeyFrame = 0;
    }
    this.#bytesSinceKeyFrame += data.length;
    // Pictures follow on each other whatever their times say.
    const fileMs = Math.max(atMs - this.#options.startMs, this.#lastVideoMs + 1);
    this.#lastVideoMs = fileMs;
    this.#file.writeVideo({ data, isKeyFrame, atMs: fileMs, durationMs: USUAL_PICTURE_MS });
    this.#video = extended(this.#video, this.#options.startMs + fileMs, USUAL_PICTURE_MS);
    this.#options.onGrown(data.length + FRAME_OVERHEAD_BYTES);
    return true;
  }

  /** Writes what is due: to be called some times a second. */
  tick(nowMs: number): void {
    const { atMs, arrivedAtMs } = this.#lastSound;
    this.#soundLine?.fillUpTo(atMs + (nowMs - arrivedAtMs) - SILENT_AFTER_MS);
    this.#file.flush();
  }

  /** Completes it. Never rejects. */
  async close(reason: FileEnd): Promise<void> {
    this.#endReason ??= reason;
    await this.#file.close();
  }

  #appendSound(data: Uint8Array, atMs: number, durationMs: number): void {
    const fileMs = atMs - this.#options.startMs;
    this.#file.writeSound({ data, isKeyFrame: true, atMs: fileMs, durationMs });
    this.#sound = extended(this.#sound, atMs, durationMs);
    this.#options.onGrown(data.length + FRAME_OVERHEAD_BYTES);
  }
}

function extended(written: Written | undefined, atMs: number, durationMs: number): Written {
  const extended = written ?? { startMs: atMs, endMs: atMs, frames: 0 };
  extended.endMs = atMs + durationMs;
  extended.frames++;
  return extended;
}

function entryOf(
  track: FileTrack | undefined,
  written: Written | undefined,
  rest: Pick<IndexedTrack, "codec" | "width" | "height">,
): IndexedTrack[] {
  if (track === undefined || written === undefined) return [];
  const { trackId, source } = track;
  const { startMs, endMs, frames } = written;
  const [start, end] = [Math.round(startMs), Math.round(endMs)];
  return [{ trackId, source, ...rest, startMs: start, durationMs: end - start, frames }];
}

function sizeOf(video: FileVideo | undefined): { width: number; height: number } | undefined {
  return video === undefined
    ? undefined
    : { width: video.picture.width, height: video.picture.height };
}

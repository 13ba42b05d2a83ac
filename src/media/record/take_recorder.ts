/**
 * What one participant shows and lets hear together, recorded: a microphone with its camera, or a
 * screen with its sound. A file has a fixed set of tracks, each of one codec, so another file begins
 * whenever a track begins or ends. Nothing of a sound is lost then, and a picture goes over at a key
 * frame. The room recorder makes takes and gives them tracks.
 */
import { type CodecName, CODECS } from "../rtp/codecs.ts";
import type { Disk } from "./disk.ts";
import type { Frame } from "./frame_assembler.ts";
import type { Container, FileVideo } from "./recording_file.ts";
import type { FileEnd, IndexedFile, RecordedGroup } from "./recording_index.ts";
import type { PublisherClock, StreamClock } from "./stream_clock.ts";
import { FILE_OVERHEAD_BYTES, type FileTrack, TakeFile } from "./take_file.ts";
import { TrackRecorder } from "./track_recorder.ts";

/**
 * How long frames wait for a file: until each track has begun, and the publisher has told how their
 * times belong together. Browsers tell it for a sound after 2.5 s.
 */
export const HOLD_MS = 3_000;
/** What waits at most; a file begins then, whatever is missing. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** A picture of which nothing came for so long is over: the sound does not wait for it any more. */
export const PICTURE_IDLE_MS = 4_000;

/** What a take needs of its recording. */
export type TakeOptions = {
  readonly disk: Disk;
  readonly group: RecordedGroup;
  /** What is wished for: see `containerFor`. */
  readonly container: Container;
  /** Milliseconds since the recording began. */
  readonly now: () => number;
  /** Names another file; `undefined`: there may be no more. */
  readonly nextName: () => ((extension: Container) => string) | undefined;
  readonly onFailed: (error: unknown) => void;
  /** A file ended since a publisher sent what no file takes. */
  readonly onSpoiled: (error: unknown) => void;
  readonly onGrown: (bytes: number) => void;
};

/** A track that is given to a take. */
export type TakenTrack = FileTrack & {
  readonly codec: CodecName;
  readonly orientationId: number;
  readonly publisher: PublisherClock;
  readonly requestKeyFrame: () => void;
};

/** A track of a take. Whoever records has it as a handle, and hands it back. */
export class Lane {
  readonly take: TakeRecorder;
  readonly track: TakenTrack;
  readonly isVideo: boolean;
  readonly recorder: TrackRecorder;
  /** Frames that wait for a file. */
  queue: { readonly frame: Frame; readonly clock: StreamClock }[] = [];
  isInFile = false;

  /** A track of which nothing came yet. */
  constructor(take: TakeRecorder, track: TakenTrack) {
    this.take = take;
    this.track = track;
    this.isVideo = CODECS[track.codec].kind === "video";
    const { codec, publisher, orientationId, requestKeyFrame } = track;
    const onFrame = (frame: Frame, clock: StreamClock) => take.frame(this, frame, clock);
    this.recorder = new TrackRecorder({
      codec,
      publisher,
      orientationId,
      requestKeyFrame,
      onFrame,
    });
  }
}

/** The files of one take, one after the other. */
export class TakeRecorder {
  readonly #options: TakeOptions;
  /** One sound and one picture at most, the sound first: its clock is the one that counts. */
  #lanes: Lane[] = [];
  #file: TakeFile | undefined;
  #heldBytes = 0;
  /** When the first frame began to wait for a file. */
  #heldSinceMs: number | undefined;
  /** In order; a file gives way to its entry when it is complete. */
  readonly #files: (TakeFile | IndexedFile)[] = [];
  readonly #closing = new Set<Promise<void>>();
  /** No more is written: it has ended, or there may be no more files. */
  #isOver = false;

  /** No track yet. */
  constructor(options: TakeOptions) {
    this.#options = options;
  }

  /** Whether a track is being recorded. */
  get isLive(): boolean {
    return this.#lanes.length > 0;
  }

  /** What the index says of its files. */
  get entries(): IndexedFile[] {
    return this.#files.map((file) => file instanceof TakeFile ? file.entry : file);
  }

  /** Whether a track of this kind can be added. */
  hasRoomFor(codec: CodecName): boolean {
    const isVideo = CODECS[codec].kind === "video";
    return !this.#isOver && this.#lanes.every((lane) => lane.isVideo !== isVideo);
  }

  /** Records another track from now on. */
  begin(track: TakenTrack): Lane {
    const lane = new Lane(this, track);
    if (lane.isVideo) this.#lanes.push(lane);
    else this.#lanes.unshift(lane);
    return lane;
  }

  /** Takes a frame of `lane`. */
  frame(lane: Lane, frame: Frame, clock: StreamClock): void {
    if (this.#isOver) return;
    if (lane.isInFile) {
      const reason = this.#reasonToCut(lane, frame);
      if (reason === undefined) return this.#write(lane, frame, clock);
      this.#cut(reason, lane);
    }
    lane.queue.push({ frame, clock });
    this.#heldBytes += frame.data.length;
    this.#settle();
  }

  /** `lane` sends no more. Idempotent. */
  end(lane: Lane): void {
    if (!this.#lanes.includes(lane)) return;
    lane.recorder.end(this.#options.now());
    if (lane.queue.length > 0) {
      this.#cut("track-added");
      this.#open();
    }
    this.#lanes = this.#lanes.filter((other) => other !== lane);
    if (lane.isInFile) this.#cut("track-ended");
    lane.isInFile = false;
    this.#settle();
  }

  /** Does what is due: to be called some times a second. */
  tick(): void {
    const nowMs = this.#options.now();
    for (const lane of this.#lanes) {
      lane.recorder.tick(nowMs);
      if (lane.isInFile && isIdle(lane, nowMs)) this.#cut("track-idle");
    }
    if (this.#file?.isKeyFrameMissingAt(nowMs)) this.#cut("no-key-frame");
    this.#file?.tick(nowMs);
    this.#settle();
  }

  /** Ends all tracks and completes all files. Never rejects; idempotent. */
  async stop(reason: FileEnd): Promise<void> {
    if (!this.#isOver) {
      const nowMs = this.#options.now();
      for (const lane of this.#lanes) lane.recorder.end(nowMs);
      if (this.#lanes.some((lane) => lane.queue.length > 0)) {
        this.#cut("track-added");
        this.#open();
      }
      this.#isOver = true;
      this.#lanes = [];
      this.#closeFile(reason);
    }
    await Promise.all(this.#closing);
  }

  /** Why the file of `lane` ends with the frame before `frame`; `undefined`: it goes on. */
  #reasonToCut(lane: Lane, frame: Frame): FileEnd | undefined {
    const file = this.#file!; // The lane is in it.
    if (!frame.isKeyFrame || lane !== this.#leader()) return undefined;
    // Another track waits for a file that has it.
    if (this.#heldSinceMs !== undefined) return "track-added";
    if (lane.isVideo && frame.rotation !== file.rotation) return "turned";
    return file.isLongAt(this.#options.now()) ? "long" : undefined;
  }

  /** The track by which files are cut: a picture can go over at a key frame alone. */
  #leader(): Lane | undefined {
    const inFile = this.#lanes.filter((lane) => lane.isInFile);
    return inFile.find((lane) => lane.isVideo) ?? inFile[0];
  }

  /** Opens a file for what waits, where all is there that it waits for. */
  #settle(): void {
    const isWaiting = this.#lanes.some((lane) => lane.queue.length > 0);
    if (!isWaiting) return;
    const nowMs = this.#options.now();
    this.#heldSinceMs ??= nowMs;
    if (this.#file !== undefined) {
      const leader = this.#leader();
      const isOverdue = this.#isOverdue(nowMs);
      if (leader?.isVideo && !isOverdue) return leader.recorder.wantKeyFrame(nowMs);
      this.#cut("track-added");
    }
    if (this.#isReady(nowMs)) this.#open();
  }

  #isReady(nowMs: number): boolean {
    const sending = this.#lanes.filter((lane) => !isIdle(lane, nowMs));
    return this.#isOverdue(nowMs) || sending.length === 1 ||
      sending.every((lane) => lane.queue.length > 0 && lane.recorder.isSynchronised);
  }

  /** Whether what waits has waited long enough, whatever is missing. */
  #isOverdue(nowMs: number): boolean {
    const sinceMs = this.#heldSinceMs ?? nowMs;
    return nowMs - sinceMs >= HOLD_MS || this.#heldBytes > MAX_HELD_BYTES;
  }

  /** A file for all that waits. */
  #open(): void {
    const { disk, group, container, onFailed, onSpoiled, onGrown, nextName } = this.#options;
    const waiting = this.#lanes.filter((lane) => lane.queue.length > 0);
    const nameFor = nextName();
    const placed = waiting.map(({ queue }) =>
      queue.map(({ frame, clock }) => ({
        frame,
        atMs: clock.place(frame.rtpTimestamp, frame.arrivedAtMs),
      }))
    );
    for (const lane of waiting) lane.queue = [];
    this.#heldBytes = 0;
    this.#heldSinceMs = undefined;
    this.#isOver = nameFor === undefined;
    if (nameFor === undefined) return;
    const file: TakeFile = new TakeFile({
      disk,
      group,
      container,
      nameFor,
      startMs: Math.floor(Math.min(...placed.map((frames) => frames[0]?.atMs ?? Infinity))),
      sound: waiting.find((lane) => !lane.isVideo)?.track,
      video: videoOf(waiting, placed),
      onFailed,
      onSpoiled: (error) => {
        onSpoiled(error);
        if (this.#file === file) this.#cut("unreadable");
      },
      onGrown,
    });
    this.#file = file;
    this.#files.push(file);
    // That may be what ends the recording, and with it this file.
    onGrown(FILE_OVERHEAD_BYTES);
    for (const [index, lane] of waiting.entries()) {
      lane.isInFile = true;
      for (const { frame, atMs } of placed[index] ?? []) this.#writeAt(lane, frame, atMs);
    }
  }

  #write(lane: Lane, frame: Frame, clock: StreamClock): void {
    this.#writeAt(lane, frame, clock.place(frame.rtpTimestamp, frame.arrivedAtMs));
  }

  #writeAt(lane: Lane, frame: Frame, atMs: number): void {
    const file = this.#file;
    if (!lane.isVideo) return file?.writeSound(frame, atMs);
    if (file?.writeVideo(frame, atMs) === false) {
      lane.recorder.skipToKeyFrame(this.#options.now());
    }
  }

  /**
   * Ends the file; its tracks wait for another. A picture goes on with a key frame, unless it is
   * that of `atKeyFrameOf`, which has just come.
   */
  #cut(reason: FileEnd, atKeyFrameOf?: Lane): void {
    for (const lane of this.#lanes) {
      const isTorn = lane.isVideo && lane.isInFile && lane !== atKeyFrameOf;
      if (isTorn) lane.recorder.skipToKeyFrame(this.#options.now());
      lane.isInFile = false;
    }
    this.#closeFile(reason);
  }

  #closeFile(reason: FileEnd): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    const closing = file.close(reason).then(() => {
      this.#files[this.#files.indexOf(file)] = file.entry;
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }
}

/** Whether a picture sent once, and has sent nothing for long. */
function isIdle({ isVideo, recorder: { lastPacketAtMs } }: Lane, nowMs: number): boolean {
  return isVideo && Number.isFinite(lastPacketAtMs) && nowMs - lastPacketAtMs > PICTURE_IDLE_MS;
}

function videoOf(
  waiting: readonly Lane[],
  placed: readonly (readonly { frame: Frame }[])[],
): (FileTrack & FileVideo) | undefined {
  const index = waiting.findIndex((lane) => lane.isVideo);
  const frame = placed[index]?.[0]?.frame;
  const track = waiting[index]?.track;
  if (track === undefined || track.codec === "opus" || frame?.picture === undefined) {
    return undefined;
  }
  const { trackId, source, codec } = track;
  return { trackId, source, codec, picture: frame.picture, rotation: frame.rotation };
}

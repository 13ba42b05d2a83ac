/**
 * The recording of one room: a folder of files as the participants' media came, and an index that
 * says how they belong together. The room's media hand it every packet of the best quality of each
 * track, and the publishers' sender reports. It ends when it is told to, at its bounds, or when the
 * disk takes no more; whatever it is, the others of the room notice nothing.
 */
import type { Cancel, Clock, Logger } from "../../base/mod.ts";
import type { UserId } from "../../protocol/mod.ts";
import type { RecordingOptions, RecordingView } from "../port.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { type Disk, diskAt } from "./disk.ts";
import { muxCommand } from "./mux_command.ts";
import { RecordedParticipant, type RecordedTrack } from "./recorded_participant.ts";
import type { FileEnd, RecordingIndex } from "./recording_index.ts";
import type { Lane } from "./take_recorder.ts";
import type { StreamReport } from "./track_recorder.ts";

/** How the index is called in the folder of its recording. */
export const INDEX_NAME = "index.json";
/** How often what is collected is written, and everything that is due is looked at. */
export const TICK_MS = 250;
/** How often the index follows files that grow. */
export const INDEX_PERIOD_MS = 5_000;
/** Files of a recording, of all participants together. */
export const MAX_FILES = 2_000;
/** A disk that answers nothing is not waited for any longer. */
export const CLOSE_TIMEOUT_MS = 10_000;

/** What a recorder is made with. */
export type RoomRecorderOptions = {
  /** Letters, digits, `_` and `-`: it names the folder. */
  readonly recordingId: string;
  readonly roomId: string;
  /** The folder of all recordings; needs permission to read and to write. */
  readonly folder: string;
  readonly bounds: RecordingOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** It ended by itself: its bounds, or the disk. */
  readonly onEnded: (recording: RecordingView) => void;
  /** Default: the folder `recordingId` within `folder`. */
  readonly disk?: Disk;
};

export type { Lane, RecordedTrack, StreamReport };

/** One recording. */
export class RoomRecorder {
  readonly #options: RoomRecorderOptions;
  readonly #disk: Disk;
  readonly #participants = new Map<UserId, RecordedParticipant>();
  readonly #startedAt: number;
  readonly #startedMs: number;
  readonly #cancels: Cancel[];
  #state: "recording" | "ending" | "ended" | "failed" = "recording";
  #reason: string | undefined;
  #endedMs: number | undefined;
  #files = 0;
  /** What was handed to files; they are a little longer, or shorter while they grow. */
  #bytes = 0;
  #indexedAtMs = 0;
  #indexing: Promise<void>;
  #isIndexWanted = false;
  #ending: Promise<RecordingView> | undefined;

  /** Begins the recording. Throws RangeError where the id is no name of a folder. */
  constructor(options: RoomRecorderOptions) {
    const { recordingId, folder, clock, bounds } = options;
    if (!/^[\w-]+$/.test(recordingId)) {
      throw new RangeError(`Cannot record as "${recordingId}": it is no name of a folder`);
    }
    this.#options = options;
    this.#startedAt = clock.now();
    this.#startedMs = clock.elapsed();
    const disk = options.disk ?? diskAt(`${folder}/${recordingId}`);
    const prepared = disk.prepare();
    this.#disk = {
      prepare: () => prepared,
      // Tracks do not wait for the folder, their files do.
      create: (name) => prepared.then(() => disk.create(name)),
      replace: (name, text) => disk.replace(name, text),
    };
    this.#indexing = prepared.then(() => this.#replaceIndex());
    this.#indexing.catch((error) => this.#fail(error));
    this.#cancels = [
      clock.every(TICK_MS, () => this.#tick()),
      clock.after(bounds.maxMs, () => this.#endByItself("max-ms")),
    ];
  }

  /** The recording as it is. */
  get view(): RecordingView {
    const { recordingId } = this.#options;
    const entries = this.#entries();
    return {
      recordingId,
      state: this.#state === "ending" ? "recording" : this.#state,
      startedAt: this.#startedAt,
      files: [...entries.map(({ name }) => name), INDEX_NAME]
        .map((name) => `${recordingId}/${name}`),
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
      ...this.#reason === undefined ? {} : { reason: this.#reason },
    };
  }

  /** Resolves when the folder is there, or cannot be made: the view tells which. Never rejects. */
  async ready(): Promise<RecordingView> {
    await this.#indexing.catch(() => {});
    return await this.#ending ?? this.view;
  }

  /** Records a track from now on; `undefined`: the recording is over, or there are too many. */
  begin(recorded: RecordedTrack): Lane | undefined {
    if (this.#state !== "recording") return undefined;
    return this.#participantOf(recorded.userId).begin(recorded);
  }

  /** Takes a packet of `lane` that came at `elapsedMs` of the clock, now by default. */
  packet(lane: Lane, packet: RtpPacket, elapsedMs = this.#options.clock.elapsed()): void {
    if (this.#state !== "recording") return;
    lane.recorder.packet(packet, elapsedMs - this.#startedMs);
  }

  /** Takes a sender report of a stream of `lane`, best the last one as soon as the lane begins. */
  senderReport(lane: Lane, report: StreamReport): void {
    lane.recorder.senderReport(report);
  }

  /** `lane` is over: its participant left, or sends something else. Idempotent. */
  end(lane: Lane): void {
    lane.take.end(lane);
  }

  /**
   * Ends the recording and completes its files. Never rejects; one that has ended, or failed, stays
   * as it is.
   */
  stop(reason: string): Promise<RecordingView> {
    return this.#end({ state: "ended", reason, fileEnd: "recording-ended" });
  }

  #endByItself(reason: string): void {
    if (this.#state !== "recording") return;
    this.#tellWhenEnded(this.#end({ state: "ended", reason, fileEnd: "recording-ended" }));
  }

  /** The disk failed: what is on it stays, and nothing more is tried. */
  #fail(error: unknown): void {
    const { log, roomId, recordingId } = this.#options;
    if (this.#state === "ended" || this.#state === "failed") return;
    log.error("recording failed", { roomId, recordingId, error });
    const isEnding = this.#state === "ending";
    const ending = this.#end({ state: "failed", reason: "disk", fileEnd: "disk" });
    // Whoever has ended it gets to know by the view.
    if (isEnding) this.#reason = "disk";
    else this.#tellWhenEnded(ending);
  }

  #tellWhenEnded(ending: Promise<RecordingView>): void {
    ending.then((view) => this.#options.onEnded(view));
  }

  #end(end: { state: "ended" | "failed"; reason: string; fileEnd: FileEnd }) {
    if (this.#ending !== undefined) return this.#ending;
    this.#state = "ending";
    this.#reason = end.reason;
    this.#endedMs = this.#now();
    for (const cancel of this.#cancels) cancel();
    this.#ending = this.#complete(end);
    return this.#ending;
  }

  async #complete(
    { state, fileEnd }: { state: "ended" | "failed"; fileEnd: FileEnd },
  ): Promise<RecordingView> {
    const { log, roomId, recordingId } = this.#options;
    const participants = [...this.#participants.values()];
    const closing = Promise.all(participants.map((participant) => participant.stop(fileEnd)));
    if (!await this.#within(closing)) this.#reason = "disk";
    this.#state = this.#reason === "disk" ? "failed" : state;
    const indexed = this.#indexing.catch(() => {}).then(() => this.#replaceIndex())
      .catch((error) => {
        this.#state = "failed";
        this.#reason = "disk";
        log.error("recording has no index", { roomId, recordingId, error });
      });
    await this.#within(indexed);
    const { view } = this;
    log.info("recording over", { roomId, recordingId, reason: view.reason, bytes: view.bytes });
    return view;
  }

  /** Whether `work` was done in time. */
  #within(work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(CLOSE_TIMEOUT_MS, () => resolve(false));
      work.then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  #tick(): void {
    for (const participant of this.#participants.values()) participant.tick();
    if (this.#now() - this.#indexedAtMs >= INDEX_PERIOD_MS) this.#wantIndex();
  }

  /** Has the index written, once for all that want it while it is written. */
  #wantIndex(): void {
    if (this.#isIndexWanted || this.#state !== "recording") return;
    this.#isIndexWanted = true;
    this.#indexing = this.#indexing.then(() => {
      this.#isIndexWanted = false;
      return this.#replaceIndex();
    });
    this.#indexing.catch((error) => this.#fail(error));
  }

  async #replaceIndex(): Promise<void> {
    this.#indexedAtMs = this.#now();
    await this.#disk.replace(INDEX_NAME, `${JSON.stringify(this.#index(), null, 2)}\n`);
  }

  #index(): RecordingIndex {
    const { recordingId, roomId } = this.#options;
    const { state, startedAt, reason } = this.view;
    const participants = [...this.#participants.values()]
      .map(({ userId, entries }) => ({ userId, files: entries }))
      .filter(({ files }) => files.length > 0);
    const index: RecordingIndex = {
      version: 1,
      recordingId,
      roomId,
      state,
      ...reason === undefined || state === "recording" ? {} : { reason },
      startedAt,
      durationMs: Math.round(this.#endedMs ?? this.#now()),
      participants,
    };
    const command = muxCommand(index);
    return command === undefined ? index : { ...index, command };
  }

  #entries() {
    return [...this.#participants.values()].flatMap(({ entries }) => entries);
  }

  #participantOf(userId: UserId): RecordedParticipant {
    const known = this.#participants.get(userId);
    if (known !== undefined) return known;
    const { log, roomId, recordingId } = this.#options;
    const ids = { roomId, recordingId };
    const participant = new RecordedParticipant({
      number: this.#participants.size + 1,
      userId,
      disk: this.#disk,
      container: this.#options.bounds.container,
      now: () => this.#now(),
      takeFile: () => this.#takeFile(userId),
      onFailed: (error) => this.#fail(error),
      onSpoiled: (error) => log.warn("recorded frames unreadable", { ...ids, userId, error }),
      onGrown: (bytes) => this.#grown(bytes),
    });
    this.#participants.set(userId, participant);
    return participant;
  }

  #takeFile(userId: UserId): boolean {
    const { log, roomId, recordingId } = this.#options;
    if (this.#files >= MAX_FILES) {
      log.warn("recording has too many files", { roomId, recordingId, userId });
      return false;
    }
    this.#files++;
    this.#wantIndex();
    return true;
  }

  #grown(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= this.#options.bounds.maxBytes) this.#endByItself("max-bytes");
  }

  #now(): number {
    return this.#options.clock.elapsed() - this.#startedMs;
  }
}

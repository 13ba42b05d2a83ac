/**
 * One participant of a recording: which take a track belongs to, what the files are called, and whose
 * clock they share. A participant who leaves and comes back is the same one, with more files.
 */
import type { TrackView, UserId } from "../../protocol/mod.ts";
import type { CodecName } from "../rtp/codecs.ts";
import type { Disk } from "./disk.ts";
import { fileName } from "./file_names.ts";
import type { Container } from "./recording_file.ts";
import type { FileEnd, IndexedFile, RecordedGroup } from "./recording_index.ts";
import { PublisherClock } from "./stream_clock.ts";
import { type Lane, TakeRecorder } from "./take_recorder.ts";

/** Cameras, or screens, of one participant at once. */
export const MAX_TAKES = 4;
/** Files of one participant: whoever makes more turns a camera on and off for the sake of it. */
export const MAX_PARTICIPANT_FILES = 200;

/** A track that is to be recorded. */
export type RecordedTrack = {
  readonly userId: UserId;
  readonly track: TrackView;
  readonly codec: CodecName;
  /** The id of the header extension with the orientation of pictures. Default 0: none. */
  readonly videoOrientationId?: number;
  /** Asks the publisher for a key frame of what is recorded. */
  readonly requestKeyFrame: () => void;
};

/** What participants need of their recording. */
export type ParticipantOptions = {
  /** Counts them. */
  readonly number: number;
  readonly userId: UserId;
  readonly disk: Disk;
  readonly container: Container;
  /** Milliseconds since the recording began. */
  readonly now: () => number;
  /** Whether one more file may be made; counts it. */
  readonly takeFile: () => boolean;
  readonly onFailed: (error: unknown) => void;
  readonly onSpoiled: (error: unknown) => void;
  readonly onGrown: (bytes: number) => void;
};

/** One participant. */
export class RecordedParticipant {
  readonly #options: ParticipantOptions;
  readonly #takes: Record<RecordedGroup, TakeRecorder[]> = { person: [], screen: [] };
  readonly #counts: Record<RecordedGroup, number> = { person: 0, screen: 0 };
  #publisher = new PublisherClock();

  /** Nothing is recorded yet. */
  constructor(options: ParticipantOptions) {
    this.#options = options;
  }

  /** Whose id it is. */
  get userId(): UserId {
    return this.#options.userId;
  }

  /** What the index says of the files, earliest first. */
  get entries(): IndexedFile[] {
    return this.#all().flatMap(({ entries }) => entries)
      .sort((one, other) => one.startMs - other.startMs);
  }

  /** Records a track; `undefined`: there are too many of its kind. */
  begin(recorded: RecordedTrack): Lane | undefined {
    const { track: { trackId, source }, codec, videoOrientationId = 0, requestKeyFrame } = recorded;
    const group = source === "microphone" || source === "camera" ? "person" : "screen";
    const take = this.#takeFor(group, codec);
    // Whoever comes back may come from another machine, with another clock.
    if (!this.#all().some(({ isLive }) => isLive)) this.#publisher = new PublisherClock();
    return take?.begin({
      trackId,
      source,
      codec,
      orientationId: videoOrientationId,
      publisher: this.#publisher,
      requestKeyFrame,
    });
  }

  /** Does what is due: to be called some times a second. */
  tick(): void {
    for (const take of this.#all()) take.tick();
  }

  /** Ends all tracks and completes all files. Never rejects; idempotent. */
  async stop(reason: FileEnd): Promise<void> {
    await Promise.all(this.#all().map((take) => take.stop(reason)));
  }

  #all(): TakeRecorder[] {
    return [...this.#takes.person, ...this.#takes.screen];
  }

  /** The take that a track belongs to: one more where another of its kind is still recorded. */
  #takeFor(group: RecordedGroup, codec: CodecName): TakeRecorder | undefined {
    const takes = this.#takes[group];
    const found = takes.find((take) => take.hasRoomFor(codec));
    if (found !== undefined || takes.length >= MAX_TAKES) return found;
    const nextName = () => this.#nextName(group);
    const take = new TakeRecorder({ ...this.#options, group, nextName });
    takes.push(take);
    return take;
  }

  #nextName(group: RecordedGroup): ((extension: Container) => string) | undefined {
    const { number, userId, takeFile } = this.#options;
    const { person, screen } = this.#counts;
    if (person + screen >= MAX_PARTICIPANT_FILES || !takeFile()) return undefined;
    const count = ++this.#counts[group];
    return (extension) => fileName({ participant: number, userId, group, count, extension });
  }
}

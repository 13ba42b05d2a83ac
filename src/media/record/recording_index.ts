/**
 * The index of a recording: who was recorded, in which files, and where each lies on the time line.
 * It is the last of a recording's files, JSON for whoever works with them; `mux_command.ts` makes one
 * film of it. The recorder writes it anew whenever a file begins or ends, and now and then between.
 */
import type { TrackSource } from "../../protocol/mod.ts";
import type { CodecName } from "../rtp/codecs.ts";

/** What a participant shows or lets hear together, in one file. */
export type RecordedGroup = "person" | "screen";

/** Why a file ended. */
export type FileEnd =
  /** One of its tracks ended: the participant left, or turned a device off. */
  | "track-ended"
  /** Another track of the participant began, or came back, and needs a file that has it. */
  | "track-added"
  /** Nothing came of its picture for long. */
  | "track-idle"
  /** The picture is turned another way from here on. */
  | "turned"
  /** It was long enough for its container. */
  | "long"
  /** What the publisher sent is not what it said: there may be nothing to play. */
  | "unreadable"
  /** The publisher gave no key frame for too long. */
  | "no-key-frame"
  /** The recording ended. */
  | "recording-ended"
  /** The disk takes no more. */
  | "disk";

/** A track in a file. */
export type IndexedTrack = {
  readonly trackId: string;
  readonly source: TrackSource;
  readonly codec: CodecName;
  /** From the beginning of the recording to its first frame. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly frames: number;
  /** Pixels of the first picture; later ones may have others. */
  readonly width?: number;
  readonly height?: number;
};

/** A file. */
export type IndexedFile = {
  readonly name: string;
  readonly group: RecordedGroup;
  /** From the beginning of the recording to that of the file; a little below 0 it can be. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  /** `undefined`: it is being written, or the process died while it was. */
  readonly endReason?: FileEnd;
  readonly tracks: readonly IndexedTrack[];
};

/** A participant who was recorded. */
export type IndexedParticipant = {
  readonly userId: string;
  readonly files: readonly IndexedFile[];
};

/** All of it. */
export type RecordingIndex = {
  readonly version: 1;
  readonly recordingId: string;
  readonly roomId: string;
  readonly state: "recording" | "ended" | "failed";
  /** Why it ended: see RecordingView. */
  readonly reason?: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly participants: readonly IndexedParticipant[];
  /** For a shell in this folder: makes one film of all files. Once there are any. */
  readonly command?: string;
};

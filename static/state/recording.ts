/**
 * The states of a recording and what leads from one to the next, as a pure function; `recorder.ts`
 * does what they mean. Times are milliseconds of a clock that never goes back.
 */
import { assertNever } from "./assert_never.ts";

/** Whose picture and sound are recorded. */
export type RecordingScope = "everyone" | "self";

/** Why a recording did not start, or ended before it was stopped. */
export type RecordingFault =
  /** This browser cannot record. */
  | "unsupported"
  /** The place on disk took no more. */
  | "unwritable"
  /** The browser's recorder gave up. */
  | "failed";

/** What there is when a recording is over. */
export interface SavedRecording {
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  /** Set when it is not on disk yet. */
  readonly file: Blob | undefined;
}

/** Where a recording stands. */
export type RecordingState =
  | { readonly phase: "idle" }
  /** The person is asked where to save, the recorder is being built. */
  | { readonly phase: "starting"; readonly scope: RecordingScope }
  /** `recordedMs` was recorded before `since`. */
  | {
    readonly phase: "recording";
    readonly scope: RecordingScope;
    readonly recordedMs: number;
    readonly since: number;
  }
  | { readonly phase: "paused"; readonly scope: RecordingScope; readonly recordedMs: number }
  /** The last bytes are written; `fault` says why it ended, unless the person stopped it. */
  | {
    readonly phase: "saving";
    readonly recordedMs: number;
    readonly fault: RecordingFault | undefined;
  }
  | {
    readonly phase: "saved";
    readonly recording: SavedRecording;
    readonly fault: RecordingFault | undefined;
  }
  /** Nothing is there. */
  | { readonly phase: "failed"; readonly fault: RecordingFault };

/** What happens to a recording. */
export type RecordingEvent =
  | { readonly type: "start"; readonly scope: RecordingScope }
  | { readonly type: "started"; readonly at: number }
  /** The person picked no place. */
  | { readonly type: "refused" }
  | { readonly type: "pause"; readonly at: number }
  | { readonly type: "resume"; readonly at: number }
  | { readonly type: "stop"; readonly at: number }
  /** It ended by itself; what there is gets saved. */
  | { readonly type: "interrupted"; readonly at: number; readonly fault: RecordingFault }
  | { readonly type: "saved"; readonly recording: SavedRecording }
  /** Nothing could be saved. */
  | { readonly type: "failed"; readonly fault: RecordingFault }
  | { readonly type: "dismiss" };

/** The state after `event`; the same one where the event means nothing. */
export function reduceRecording(state: RecordingState, event: RecordingEvent): RecordingState {
  const { phase } = state;
  switch (event.type) {
    case "start": {
      const isFree = phase === "idle" || phase === "saved" || phase === "failed";
      return isFree ? { phase: "starting", scope: event.scope } : state;
    }
    case "started":
      return phase === "starting"
        ? { phase: "recording", scope: state.scope, recordedMs: 0, since: event.at }
        : state;
    case "refused":
      return phase === "starting" ? { phase: "idle" } : state;
    case "pause":
      return phase === "recording"
        ? { phase: "paused", scope: state.scope, recordedMs: recordedMs(state, event.at) }
        : state;
    case "resume":
      return phase === "paused" ? { ...state, phase: "recording", since: event.at } : state;
    case "stop":
      return isActive(state)
        ? { phase: "saving", recordedMs: recordedMs(state, event.at), fault: undefined }
        : state;
    case "interrupted":
      return isActive(state)
        ? { phase: "saving", recordedMs: recordedMs(state, event.at), fault: event.fault }
        : state;
    case "saved":
      return phase === "saving"
        ? { phase: "saved", recording: event.recording, fault: state.fault }
        : state;
    case "failed":
      return phase === "starting" || phase === "saving"
        ? { phase: "failed", fault: event.fault }
        : state;
    case "dismiss":
      return phase === "saved" || phase === "failed" ? { phase: "idle" } : state;
    default:
      return assertNever(event);
  }
}

/** Whether the others are to see the sign: it records, or may go on any moment. */
export function isActive({ phase }: RecordingState): boolean {
  return phase === "recording" || phase === "paused";
}

/** How much has been recorded at this time, without the pauses. */
export function recordedMs(state: RecordingState, at: number): number {
  if (state.phase === "recording") return state.recordedMs + at - state.since;
  return state.phase === "paused" || state.phase === "saving" ? state.recordedMs : 0;
}

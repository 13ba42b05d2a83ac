/**
 * The recording of this page as the button shows it: state, time and size, and the intents. What
 * records is handed in (`browser/media_recording.ts`), and so is the way to tell the others.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { safeFileName } from "../call/file_name.ts";
import type { Cancel, Clock } from "./clock.ts";
import {
  isActive,
  recordedMs,
  type RecordingEvent,
  type RecordingFault,
  type RecordingScope,
  type RecordingState,
  reduceRecording,
} from "./recording.ts";

/** The clock of the button shows whole seconds. */
const TICK_MS = 1_000;

/** What a running recording tells. */
export interface RecordingEvents {
  /** So many bytes are recorded so far. */
  grew(bytes: number): void;
  /** It ends by itself; `ended` follows. */
  interrupted(fault: RecordingFault): void;
  /** What there is is saved; `file` is set when it is not on disk yet. */
  ended(file: Blob | undefined): void;
  /** Nothing could be saved. */
  lost(fault: RecordingFault): void;
}

/** A recording under way. */
export interface RunningRecording {
  /** With its ending. */
  readonly fileName: string;
  pause(): void;
  resume(): void;
  /** Ends it; `ended` or `lost` follows. */
  stop(): void;
}

/** What to record. */
export interface RecordingWish {
  readonly scope: RecordingScope;
  /** Without an ending: that depends on what the browser can write. */
  readonly title: string;
}

/**
 * Starts to record; `undefined` when the person picked no place. Rejects with a
 * {@linkcode RecordingError} when it cannot. Must be called within a click.
 */
export type StartRecording = (
  wish: RecordingWish,
  events: RecordingEvents,
) => Promise<RunningRecording | undefined>;

/** A recording that cannot start. */
export class RecordingError extends Error {
  readonly fault: RecordingFault;

  /** `message` says the action and what stopped it. */
  constructor(fault: RecordingFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RecordingError";
    this.fault = fault;
  }
}

/** What the recorder needs. */
export interface RecorderOptions {
  readonly clock: Clock;
  readonly start: StartRecording;
  /** Hands a finished file to the person. */
  readonly save: (fileName: string, file: Blob) => void;
  /** Shows the others whether this participant records (rule ST1). */
  readonly showState: (isRecording: boolean) => void;
  /** The meeting, for the name of the file. */
  readonly roomName: string;
}

/** The recorder of one meeting. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #state: Signal<RecordingState> = signal({ phase: "idle" });
  readonly #elapsedMs: Signal<number> = signal(0);
  readonly #bytes: Signal<number> = signal(0);
  #running: RunningRecording | undefined;
  #isShown = false;
  #isClosed = false;
  #cancelTick: Cancel | undefined;

  /** Nothing is recorded yet. */
  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Where the recording stands. */
  get state(): ReadonlySignal<RecordingState> {
    return this.#state;
  }

  /** How much is recorded, without the pauses. */
  get elapsedMs(): ReadonlySignal<number> {
    return this.#elapsedMs;
  }

  /** The size so far. */
  get bytes(): ReadonlySignal<number> {
    return this.#bytes;
  }

  /** Starts to record. Nothing while a recording is under way. Call it within the click. */
  async start(scope: RecordingScope): Promise<void> {
    const before = this.#state.value;
    if (this.#isClosed || this.#apply({ type: "start", scope }) === before) return;
    this.#bytes.value = 0;
    this.#elapsedMs.value = 0;
    const title = titleOf(this.#options.roomName, new Date(this.#options.clock.now()));
    try {
      const running = await this.#options.start({ scope, title }, {
        grew: (bytes) => this.#bytes.value = bytes,
        interrupted: (fault) => this.#apply({ type: "interrupted", at: this.#now(), fault }),
        ended: (file) => this.#ended(file),
        lost: (fault) => this.#apply({ type: "failed", fault }),
      });
      if (running === undefined) {
        this.#apply({ type: "refused" });
        return;
      }
      this.#running = running;
      this.#apply({ type: "started", at: this.#now() });
      // The person left while it was being built.
      if (this.#isClosed) this.stop();
    } catch (fault) {
      this.#apply({
        type: "failed",
        fault: fault instanceof RecordingError ? fault.fault : "failed",
      });
    }
  }

  /** Leaves out what comes now. Nothing unless it records. */
  pause(): void {
    if (this.#state.value.phase !== "recording") return;
    this.#running?.pause();
    this.#apply({ type: "pause", at: this.#now() });
  }

  /** Goes on. Nothing unless it pauses. */
  resume(): void {
    if (this.#state.value.phase !== "paused") return;
    this.#running?.resume();
    this.#apply({ type: "resume", at: this.#now() });
  }

  /** Ends the recording and saves it. Nothing unless one is under way. */
  stop(): void {
    if (!isActive(this.#state.value)) return;
    this.#apply({ type: "stop", at: this.#now() });
    this.#running?.stop();
  }

  /** Saves a finished recording that is not on disk, as often as asked. */
  save(): void {
    const state = this.#state.value;
    if (state.phase !== "saved" || state.recording.file === undefined) return;
    this.#options.save(state.recording.fileName, state.recording.file);
  }

  /** Forgets a recording that is over. */
  dismiss(): void {
    this.#apply({ type: "dismiss" });
  }

  /** Ends and saves what is under way; starts nothing more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.stop();
  }

  #ended(file: Blob | undefined): void {
    const fileName = this.#running?.fileName ?? "";
    this.#apply({ type: "saved", recording: { fileName, size: this.#bytes.value, file } });
    // Nobody has to press a button to keep what was recorded.
    this.save();
  }

  #apply(event: RecordingEvent): RecordingState {
    const state = reduceRecording(this.#state.value, event);
    this.#state.value = state;
    this.#elapsedMs.value = recordedMs(state, this.#now()) || this.#elapsedMs.value;
    if (isActive(state) !== this.#isShown) {
      this.#isShown = isActive(state);
      this.#options.showState(this.#isShown);
    }
    this.#cancelTick?.();
    this.#cancelTick = state.phase === "recording" ? this.#tickLater() : undefined;
    return state;
  }

  #tickLater(): Cancel {
    return this.#options.clock.after(TICK_MS, () => {
      this.#elapsedMs.value = recordedMs(this.#state.value, this.#now());
      this.#cancelTick = this.#tickLater();
    });
  }

  #now(): number {
    return this.#options.clock.elapsed();
  }
}

/** `Signalbox daily 2026-11-21 14.05`, in local time; a colon may not stand in a file's name. */
function titleOf(roomName: string, at: Date): string {
  const two = (value: number) => `${value}`.padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return safeFileName(`Signalbox ${roomName} ${day} ${two(at.getHours())}.${two(at.getMinutes())}`);
}

/** The recordings of one room in memory: one at a time, and nothing in them. */
import { MediaError, type RecordingView } from "../port.ts";

/** Begins and ends recordings. */
export class FakeRecorder {
  readonly #isConfigured: boolean;
  #current: RecordingView | undefined;
  #count = 0;

  /** Nothing is recorded; nothing can be, where it is not configured. */
  constructor(isConfigured: boolean) {
    this.#isConfigured = isConfigured;
  }

  /** The one that runs. */
  get current(): RecordingView | undefined {
    return this.#current;
  }

  /** See MediaRoom.startRecording. */
  start(): Promise<RecordingView> {
    if (!this.#isConfigured) {
      return refuse("not-configured", "Cannot record: there is no folder for recordings");
    }
    if (this.#current !== undefined) {
      return refuse("already-recording", "Cannot record: the room is recorded already");
    }
    const recordingId = `recording-${++this.#count}`;
    this.#current = { recordingId, state: "recording", startedAt: 0, files: [], bytes: 0 };
    return Promise.resolve(this.#current);
  }

  /** See MediaRoom.stopRecording. */
  stop(): Promise<RecordingView> {
    const current = this.#current;
    if (current === undefined) {
      return refuse("not-recording", "Cannot end the recording: nothing is recorded");
    }
    this.#current = undefined;
    return Promise.resolve({ ...current, state: "ended", reason: "asked" });
  }
}

function refuse(code: MediaError["code"], message: string): Promise<never> {
  return Promise.reject(new MediaError(code, message));
}

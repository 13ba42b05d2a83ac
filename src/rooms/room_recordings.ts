/**
 * The recordings of one room since it began, as far as the media plane has told of them. The room's
 * media keep them here, for whoever administers the room.
 */
import type { RecordingView } from "../media/port.ts";

/** Views that are kept of one room; the oldest goes, its files stay. */
const MAX_KEPT = 1_000;

/** What is known of each. */
export class RoomRecordings {
  readonly #views = new Map<string, RecordingView>();

  /** All of them, oldest first. */
  get all(): RecordingView[] {
    return [...this.#views.values()];
  }

  /** Whether one is not over, as far as it is known. */
  get isRunning(): boolean {
    return this.all.at(-1)?.state === "recording";
  }

  /** The process that recorded is dead: what it had written is all there is. */
  lose(): void {
    const last = this.all.at(-1);
    if (last?.state === "recording") {
      this.tell({ ...last, state: "failed", reason: "process-died" });
    }
  }

  /** Takes over the newest view of a recording. */
  tell(recording: RecordingView): void {
    const { recordingId } = recording;
    const known = this.#views.get(recordingId);
    // Both who stopped it and the plane may tell of its end; what is over stays over.
    if (known !== undefined && known.state !== "recording" && recording.state === "recording") {
      return;
    }
    this.#views.set(recordingId, recording);
    if (this.#views.size <= MAX_KEPT) return;
    for (const oldest of this.#views.keys()) return void this.#views.delete(oldest);
  }
}

/** The recording of a room, one at a time: begun and ended on demand, or by itself at its bounds. */
import type { Clock, Logger } from "../../base/mod.ts";
import type { RoomId } from "../../protocol/mod.ts";
import { MediaError, type RecordingOptions, type RecordingView } from "../port.ts";
import { createRecordingId } from "../record/recording_id.ts";
import { RoomRecorder } from "../record/room_recorder.ts";
import type { Publication } from "./publication.ts";
import { RoomRecording } from "./room_recording.ts";
import type { LayerWish } from "./wanted_layers.ts";

/** What recordings are made with. */
export type RecordingsOptions = {
  readonly roomId: RoomId;
  /** The folder of all recordings; undefined: there are none. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** One ended by itself. */
  readonly ended: (recording: RecordingView) => void;
};

/** The recordings of one room. */
export class Recordings {
  readonly #options: RecordingsOptions;
  #current: RoomRecording | undefined;

  /** Nothing is recorded yet. */
  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** The one that runs, as it is now. */
  get current(): RecordingView | undefined {
    return this.#current?.recorder.view;
  }

  /** Records what is published from now on (see MediaRoom). */
  async start(
    bounds: RecordingOptions,
    publications: readonly Publication[],
  ): Promise<RecordingView> {
    const { folder, clock, roomId, log, ended } = this.#options;
    const attempt = `Cannot record room "${roomId}"`;
    if (folder === undefined) {
      throw new MediaError("not-configured", `${attempt}: the server has no folder for recordings`);
    }
    if (this.#current !== undefined) {
      throw new MediaError("already-recording", `${attempt}: it is recorded already`);
    }
    const recorder: RoomRecorder = new RoomRecorder({
      recordingId: createRecordingId(clock.now()),
      roomId,
      folder,
      bounds,
      clock,
      log,
      onEnded: (view) => {
        if (this.#takeOff(recorder)) ended(view);
      },
    });
    this.#current = new RoomRecording(recorder, () => clock.elapsed());
    this.#current.follow(publications);
    return await recorder.ready();
  }

  /** Ends the recording for `reason`; its files are complete (see MediaRoom). */
  async stop(reason: string): Promise<RecordingView> {
    const recorder = this.#current?.recorder;
    if (recorder === undefined) {
      const { roomId } = this.#options;
      throw new MediaError("not-recording", `Cannot end the recording of room "${roomId}": none`);
    }
    this.#takeOff(recorder);
    return await recorder.stop(reason);
  }

  /** What is published now. */
  follow(publications: readonly Publication[]): void {
    this.#current?.follow(publications);
  }

  /** What is due at `at`. */
  tick(at: number): void {
    this.#current?.tick(at);
  }

  /** How the recording wants a picture, if it does. */
  wishesFor(publication: Publication): LayerWish[] {
    return this.#current?.wishesFor(publication) ?? [];
  }

  /** The room is over. Resolves when the files are complete; never rejects. */
  async close(): Promise<void> {
    if (this.#current !== undefined) await this.stop("room-ended");
  }

  /** Takes the recording off the room; `false`: it is off already. */
  #takeOff(recorder: RoomRecorder): boolean {
    if (this.#current?.recorder !== recorder) return false;
    this.#current.close();
    this.#current = undefined;
    return true;
  }
}

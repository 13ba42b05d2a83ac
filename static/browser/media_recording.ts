/**
 * Records a meeting with the browser's MediaRecorder: the composed picture and sound into WebM, or
 * MP4 where that is all there is, written to its place second by second.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { ByteSink, OpenSink } from "../call/byte_sink.ts";
import { SerialQueue } from "../call/serial_queue.ts";
import {
  RecordingError,
  type RecordingEvents,
  type RunningRecording,
  type StartRecording,
} from "../state/recorder.ts";
import { Composer, type ComposerOptions, type RecordedParticipant } from "./composer.ts";

/** What can be written, most wanted first. */
const TYPES = [
  "video/webm;codecs=vp9,opus",
  "video/webm;codecs=vp8,opus",
  "video/webm",
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4",
];
/** Bits a second: enough for text on a shared screen at 720 lines. */
const VIDEO_BITRATE = 2_500_000;
const SOUND_BITRATE = 128_000;
/** A crash costs this much at most. */
const SLICE_MS = 1_000;
/** A disk that is this far behind is not going to keep up. */
const MAX_UNWRITTEN_BYTES = 64 * 1024 * 1024;

/** Whether this browser can record at all. */
export function canRecord(): boolean {
  return chooseType() !== undefined && "captureStream" in HTMLCanvasElement.prototype;
}

/** What the recorder of a meeting starts with; `participants` may change at any time. */
export function recordingOf(
  participants: ReadonlySignal<readonly RecordedParticipant[]>,
  options: { readonly openSink: OpenSink } & ComposerOptions,
): StartRecording {
  return async ({ scope, title }, events) => {
    const mimeType = chooseType();
    if (mimeType === undefined || !canRecord()) {
      throw new RecordingError("unsupported", "Cannot record: the browser has no recorder");
    }
    const fileName = `${title}.${mimeType.startsWith("video/mp4") ? "mp4" : "webm"}`;
    const sink = await options.openSink(fileName, { keepsParts: true });
    if (sink === undefined) return undefined;
    const recorded = scope === "everyone"
      ? participants
      : computed(() => participants.value.filter(({ isSelf }) => isSelf));
    let composer: Composer | undefined;
    try {
      composer = new Composer(recorded, options);
      return new MediaRecording(composer, { mimeType, fileName, sink, events });
    } catch (cause) {
      composer?.close();
      await sink.abort();
      throw new RecordingError("failed", `Cannot record as ${mimeType}`, { cause });
    }
  };
}

function chooseType(): string | undefined {
  if (typeof MediaRecorder === "undefined") return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

/** A recording under way. */
class MediaRecording implements RunningRecording {
  readonly fileName: string;
  readonly #composer: Composer;
  readonly #recorder: MediaRecorder;
  readonly #sink: ByteSink;
  readonly #events: RecordingEvents;
  readonly #writes = new SerialQueue(() => this.#endWriting());
  #bytes = 0;
  #unwritten = 0;
  #isWritable = true;
  #isInterrupted = false;

  constructor(
    composer: Composer,
    { mimeType, fileName, sink, events }: {
      readonly mimeType: string;
      readonly fileName: string;
      readonly sink: ByteSink;
      readonly events: RecordingEvents;
    },
  ) {
    this.fileName = fileName;
    this.#composer = composer;
    this.#sink = sink;
    this.#events = events;
    this.#recorder = new MediaRecorder(composer.stream, {
      mimeType,
      videoBitsPerSecond: VIDEO_BITRATE,
      audioBitsPerSecond: SOUND_BITRATE,
    });
    this.#recorder.ondataavailable = ({ data }) => this.#take(data);
    this.#recorder.onerror = () => this.#interrupt("failed");
    this.#recorder.onstop = () => void this.#finish();
    this.#recorder.start(SLICE_MS);
  }

  pause(): void {
    if (this.#recorder.state === "recording") this.#recorder.pause();
  }

  resume(): void {
    if (this.#recorder.state === "paused") this.#recorder.resume();
  }

  stop(): void {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
  }

  #take(part: Blob): void {
    if (part.size === 0 || !this.#isWritable) return;
    this.#unwritten += part.size;
    if (this.#unwritten > MAX_UNWRITTEN_BYTES) return this.#endWriting();
    void this.#writes.run(async () => {
      await this.#sink.write(part);
      this.#unwritten -= part.size;
      this.#bytes += part.size;
      this.#events.grew(this.#bytes);
    });
  }

  /** What comes now would follow a hole, and nothing plays across one. */
  #endWriting(): void {
    this.#isWritable = false;
    this.#interrupt("unwritable");
  }

  /** Ends by itself; what is written so far stays. */
  #interrupt(fault: "unwritable" | "failed"): void {
    if (this.#isInterrupted) return;
    this.#isInterrupted = true;
    this.#events.interrupted(fault);
    this.stop();
  }

  /** The recorder is through: what it left behind is written, then the file is whole. */
  async #finish(): Promise<void> {
    this.#composer.close();
    await this.#writes.run(() => {});
    try {
      if (this.#bytes === 0) throw new RangeError("Cannot save the recording: nothing was written");
      this.#events.ended(await this.#sink.finish());
    } catch {
      // The place took nothing, or lost it: there is nothing to hand over.
      await this.#sink.abort();
      this.#events.lost("unwritable");
    }
  }
}

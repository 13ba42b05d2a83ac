/**
 * A recording in a page of its own: participants of one colour and one tone each, the button, and a
 * look at what came out. Bundled and loaded by `tests/support/harness_page.ts`.
 */
import { type Signal, signal } from "@preact/signals";
import { h, render } from "preact";
import type { RecordedParticipant } from "../../../static/browser/composer.ts";
import { recordingOf } from "../../../static/browser/media_recording.ts";
import { pageClock } from "../../../static/browser/page_clock.ts";
import { openSink } from "../../../static/browser/save_stream.ts";
import { followSettings } from "../../../static/browser/settings.ts";
import type { ByteSink } from "../../../static/call/byte_sink.ts";
import { LiveRegion } from "../../../static/components/live_region.tsx";
import { RecordingButton } from "../../../static/components/meet/recording_button.tsx";
import { Recorder } from "../../../static/state/recorder.ts";
import { installTheme } from "../../../static/theme.ts";
import type { PictureSample, SoundSample } from "../../support/recording_report.ts";
import { Loopback } from "./loopback.ts";

/** What a recording is looked at by: a grid of so many points, sound in pieces of so many seconds. */
const POINTS = { across: 64, down: 36 };
const SOUND_PIECE_S = 0.5;

const participants: Signal<readonly RecordedParticipant[]> = signal([]);
const context = new AudioContext();
const shown: boolean[] = [];
const beats: (() => void)[] = [];
let recorder: Recorder;
let saved: { name: string; file: Blob } | undefined;
let writesLeft = Infinity;

/** What `page.evaluate` calls. */
const harness = {
  /** Shows the button. */
  start(): void {
    recorder = new Recorder({
      clock: pageClock,
      start: recordingOf(participants, {
        openSink: async (...wish) => limited(await openSink(...wish)),
        size: { width: 640, height: 360 },
        framesPerSecond: 15,
      }),
      save: (name, file) => saved = { name, file },
      showState: (isRecording) => shown.push(isRecording),
      roomName: "daily",
    });
    installTheme();
    followSettings();
    Object.assign(globalThis, { showSaveFilePicker: undefined });
    const button = h(RecordingButton, { recorder });
    render(
      h("main", { class: "flex h-64 items-end justify-center p-4" }, [
        h("h1", { class: "sr-only" }, "Recording"),
        button,
        h(LiveRegion, null),
      ]),
      document.getElementById("page")!,
    );
  },

  /** Somebody comes: one colour, one tone; `remote` ones through a real connection. */
  async add(userId: string, look: Look): Promise<void> {
    const own = { video: paint(look.color), audio: sing(look.tone) };
    const isSelf = look.isRemote !== true;
    const { video, audio } = isSelf ? own : await overTheAir(own);
    participants.value = [...participants.value, { userId, name: userId, isSelf, video, audio }];
  },

  /** Somebody leaves. */
  remove(userId: string): void {
    participants.value = participants.value.filter((one) => one.userId !== userId);
  },

  /** Somebody shares a screen of this colour, or takes another camera. */
  change(userId: string, what: "screen" | "video", color: string): void {
    participants.value = participants.value.map((one) =>
      one.userId === userId ? { ...one, [what]: paint(color) } : one
    );
  },

  /** The place takes so many more writes, then it is full. */
  fillUpAfter(writes: number): void {
    writesLeft = writes;
  },

  /** Files go to the browser's own file system, as if the person had picked a place there. */
  pickPlaces(): void {
    Object.assign(globalThis, {
      async showSaveFilePicker() {
        const folder = await navigator.storage.getDirectory();
        return await folder.getFileHandle("film.webm", { create: true });
      },
    });
  },

  /** The recording that lies on disk is the one to look at. */
  async takeFromDisk(): Promise<void> {
    const folder = await navigator.storage.getDirectory();
    saved = { name: "film.webm", file: await (await folder.getFileHandle("film.webm")).getFile() };
  },

  phase: (): string => recorder.state.value.phase,
  elapsedMs: (): number => recorder.elapsedMs.value,
  bytes: (): number => recorder.bytes.value,
  shown: (): boolean[] => shown,
  isHidden: (): boolean => document.hidden,
  saved: (): { name: string; size: number } | undefined =>
    saved && { name: saved.name, size: saved.file.size },

  /** Plays the recording and says which colours each picture shows, and how much of it. */
  async pictures(colors: readonly string[]): Promise<PictureSample[]> {
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([saved!.file], { type: "video/webm" }));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: POINTS.across,
      height: POINTS.down,
    });
    const pen = canvas.getContext("2d", { willReadFrequently: true })!;
    pen.imageSmoothingEnabled = false;
    const samples: PictureSample[] = [];
    const look = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      pen.drawImage(video, 0, 0, POINTS.across, POINTS.down);
      const { data } = pen.getImageData(0, 0, POINTS.across, POINTS.down);
      samples.push({ at: mediaTime, shares: colors.map((color) => shareOf(color, data)) });
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    await video.play();
    await new Promise((resolve, reject) => {
      video.onended = resolve;
      video.onerror = () => reject(new Error(`Cannot play: ${video.error?.message}`));
    });
    return samples;
  },

  /** How loud each tone is in each piece of the recording. */
  async tones(hertz: readonly number[]): Promise<SoundSample[]> {
    const bytes = await saved!.file.arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
    const samples = sound.getChannelData(0);
    const length = SOUND_PIECE_S * sound.sampleRate;
    return Array.from({ length: Math.floor(samples.length / length) }, (_, piece) => ({
      at: piece * SOUND_PIECE_S,
      levels: hertz.map((tone) =>
        levelOf(tone / sound.sampleRate, samples.subarray(piece * length, (piece + 1) * length))
      ),
    }));
  },
};

interface Look {
  readonly color: string;
  readonly tone: number;
  readonly isRemote?: boolean;
}

/** A camera that shows one colour. */
function paint(color: string): MediaStreamTrack {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const pen = canvas.getContext("2d")!;
  const beat = () => {
    pen.fillStyle = color;
    pen.fillRect(0, 0, 320, 180);
    beats.push(pageClock.after(60, beat));
  };
  beat();
  return canvas.captureStream().getVideoTracks()[0]!;
}

/** A microphone that hears one tone. */
function sing(frequency: number): MediaStreamTrack {
  const destination = context.createMediaStreamDestination();
  const gain = new GainNode(context, { gain: 0.2 });
  const voice = new OscillatorNode(context, { frequency });
  voice.connect(gain).connect(destination);
  voice.start();
  return destination.stream.getAudioTracks()[0]!;
}

async function overTheAir(
  tracks: { video: MediaStreamTrack; audio: MediaStreamTrack },
): Promise<{ video: MediaStreamTrack; audio: MediaStreamTrack }> {
  const { received: [video, audio] } = await Loopback.carry([tracks.video, tracks.audio]);
  return { video: video!, audio: audio! };
}

/** A place that is full after some writes. */
function limited(sink: ByteSink | undefined): ByteSink | undefined {
  if (sink === undefined) return undefined;
  return {
    write(part) {
      if (writesLeft-- <= 0) return Promise.reject(new DOMException("full", "QuotaExceededError"));
      return sink.write(part);
    },
    finish: () => sink.finish(),
    abort: () => sink.abort(),
  };
}

/** The fraction of points that are of this colour, as far as a codec leaves it. */
function shareOf(color: string, points: Uint8ClampedArray): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  let count = 0;
  for (let at = 0; at < points.length; at += 4) {
    const distance = Math.hypot(
      points[at]! - red!,
      points[at + 1]! - green!,
      points[at + 2]! - blue!,
    );
    if (distance < 70) count++;
  }
  return count / (points.length / 4);
}

/** The amplitude of a tone (Goertzel); `cycles` a sample. */
function levelOf(cycles: number, samples: Float32Array): number {
  const factor = 2 * Math.cos(2 * Math.PI * cycles);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + factor * last - before, last];
  const power = last * last + before * before - factor * last * before;
  return 2 * Math.sqrt(Math.max(0, power)) / samples.length;
}

Object.assign(globalThis, { harness });

/**
 * One `<video>` that plays whatever tracks a broadcast has at the moment, picture and sound in step;
 * what the browser's autoplay policy has against its sound; and what it draws. Full screen and picture
 * in picture, where the browser has them.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Drawn } from "../state/live/slow_reasons.ts";
import type { Played } from "../state/live/viewing.ts";
import { pageClock } from "./page_clock.ts";

/** What is drawn is counted this often. */
const COUNT_MS = 1_000;

/** iOS before 26 has full screen for videos alone, and under another name. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** The player of one page. */
export class Player {
  readonly #isMuted: Signal<boolean> = signal(false);
  readonly #isBlocked: Signal<boolean> = signal(false);
  readonly #volume: Signal<number> = signal(1);
  readonly #drew: (drawn: Drawn | undefined) => void;
  #video: HTMLVideoElement | undefined;
  #stream = new MediaStream();
  #cancel = () => {};

  /** `drew` hears what was drawn, every second. */
  constructor(drew: (drawn: Drawn | undefined) => void) {
    this.#drew = drew;
  }

  /** Whether the sound is off, by whomever. */
  get isMuted(): ReadonlySignal<boolean> {
    return this.#isMuted;
  }

  /** Whether it is off because the browser plays none before somebody has touched the page. */
  get isBlocked(): ReadonlySignal<boolean> {
    return this.#isBlocked;
  }

  /** 0 to 1. */
  get volume(): ReadonlySignal<number> {
    return this.#volume;
  }

  /** Plays in this element until the function that it returns is called. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    video.srcObject = this.#stream;
    video.muted = this.#isMuted.value;
    video.volume = this.#volume.value;
    // Another track, or a page that was put away: the element is to go on by itself.
    const goOn = () => void this.#start();
    video.addEventListener("pause", goOn);
    this.#count();
    return () => {
      this.#cancel();
      video.removeEventListener("pause", goOn);
      video.srcObject = null;
      this.#video = undefined;
      this.#drew(undefined);
    };
  }

  /** Plays these tracks from now on; those that were played before go on without a gap. */
  play({ picture, sounds }: Played): void {
    const wanted = new Set([picture, ...sounds].filter((track) => track !== undefined));
    const playing = this.#stream.getTracks();
    const isSame = playing.length === wanted.size && playing.every((track) => wanted.has(track));
    if (isSame) return;
    // The new ones first: an element without a picture would be black for a moment.
    for (const track of wanted) this.#stream.addTrack(track);
    for (const track of playing) if (!wanted.has(track)) this.#stream.removeTrack(track);
    void this.#start();
  }

  /** Switches the sound; to be called from a click. */
  setMuted(isMuted: boolean): void {
    this.#isMuted.value = isMuted;
    this.#isBlocked.value = false;
    if (this.#video === undefined) return;
    this.#video.muted = isMuted;
    void this.#start();
  }

  /** Sets the volume; what is turned up is heard. */
  setVolume(volume: number): void {
    this.#volume.value = Math.min(1, Math.max(0, volume));
    if (this.#video !== undefined) this.#video.volume = this.#volume.value;
    this.setMuted(this.#volume.value === 0);
  }

  /** Fills the screen with `place`, or leaves it; with the picture alone where nothing else may. */
  async toggleFullScreen(place: HTMLElement): Promise<void> {
    try {
      if (document.fullscreenElement !== null) return await document.exitFullscreen();
      if (document.fullscreenEnabled) return await place.requestFullscreen();
      (this.#video as PhoneVideo | undefined)?.webkitEnterFullscreen?.();
    } catch {
      // The browser did not take this for a wish of the person; another press will do.
    }
  }

  /** Lets the picture float over other windows, or takes it back. */
  async togglePictureInPicture(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture();
      else await this.#video?.requestPictureInPicture();
    } catch {
      // There is no picture yet, or the browser did not take this for a wish of the person.
    }
  }

  /** Plays with sound where the browser lets us, without it where not. */
  async #start(): Promise<void> {
    const video = this.#video;
    if (video === undefined || this.#stream.getTracks().length === 0) return;
    try {
      await video.play();
    } catch (error) {
      // AbortError: another track took its place, and plays on its own account.
      const isBlocked = error instanceof DOMException && error.name === "NotAllowedError";
      if (!isBlocked || video.muted) return;
      this.#isMuted.value = true;
      this.#isBlocked.value = true;
      video.muted = true;
      await video.play().catch(() => {
        // Not even a silent picture: the button for the sound starts both.
      });
    }
  }

  #count(): void {
    let last = { total: 0, dropped: 0, at: pageClock.elapsed() };
    let movedAt = last.at;
    const look = () => {
      const { totalVideoFrames = 0, droppedVideoFrames = 0 } =
        this.#video?.getVideoPlaybackQuality() ?? {};
      const at = pageClock.elapsed();
      // Another track begins to count anew in some browsers.
      const came = totalVideoFrames < last.total ? 0 : totalVideoFrames - last.total;
      const dropped = Math.max(0, droppedVideoFrames - last.dropped);
      if (came > 0) movedAt = at;
      const seconds = Math.max(1, at - last.at) / 1_000;
      // A page that is put away draws nothing, and that says nothing of the way.
      const isSeen = document.visibilityState === "visible" || document.pictureInPictureElement;
      if (!isSeen) movedAt = at;
      this.#drew(
        isSeen && this.#stream.getVideoTracks().length > 0
          ? {
            framesPerSecond: Math.max(0, came - dropped) / seconds,
            dropped: came === 0 ? 0 : Math.min(1, dropped / came),
            stillMs: at - movedAt,
          }
          : undefined,
      );
      last = { total: totalVideoFrames, dropped: droppedVideoFrames, at };
      this.#cancel = pageClock.after(COUNT_MS, look);
    };
    this.#cancel = pageClock.after(COUNT_MS, look);
  }
}

/** Whether the browser can let a picture float. */
export function canFloat(): boolean {
  return document.pictureInPictureEnabled === true;
}

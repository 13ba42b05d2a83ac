/**
 * The own microphone or camera: opened, switched to another device, closed, lost. However quickly the
 * wishes follow each other, the last one counts, and no track is left running that nobody holds.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { DeviceError, type DeviceFault, type SourceWish } from "./media_port.ts";

/** How a source fares. */
export type SourceStatus =
  | { readonly state: "off" }
  | { readonly state: "starting" }
  | { readonly state: "on" }
  | { readonly state: "failed"; readonly fault: DeviceFault };

/** What a source needs. */
export interface OwnSourceOptions {
  readonly open: (wish: SourceWish) => Promise<MediaStreamTrack>;
  /** The device ended by itself: it was unplugged, or the person took the permission away. */
  readonly lost: () => void;
}

/** One source. */
export class OwnSource {
  readonly #options: OwnSourceOptions;
  readonly #status: Signal<SourceStatus> = signal({ state: "off" });
  readonly #track: Signal<MediaStreamTrack | undefined> = signal(undefined);
  /** Counts the wishes: what belongs to an older one is thrown away when it arrives. */
  #turn = 0;

  /** A source that is off. */
  constructor(options: OwnSourceOptions) {
    this.#options = options;
  }

  /** How it fares. */
  get status(): ReadonlySignal<SourceStatus> {
    return this.#status;
  }

  /** What it gives; `undefined` unless it is open. */
  get track(): ReadonlySignal<MediaStreamTrack | undefined> {
    return this.#track;
  }

  /**
   * Opens it, or switches to another device while the present one goes on until then. Never rejects:
   * {@linkcode status} says how it went. Resolves to whether it is open as wished.
   */
  async start(wish: SourceWish): Promise<boolean> {
    const turn = this.begin();
    try {
      this.adopt(await this.#openFor(wish), turn);
      return turn === this.#turn;
    } catch (error) {
      this.fail(error, turn);
      return false;
    }
  }

  /** A wish that somebody else fulfils with {@linkcode adopt} or {@linkcode fail}. */
  begin(): number {
    if (this.#track.value === undefined) this.#status.value = { state: "starting" };
    return ++this.#turn;
  }

  /** Takes a track; one that comes for an older wish is ended. */
  adopt(track: MediaStreamTrack, turn: number): void {
    if (turn !== this.#turn) {
      track.stop();
      return;
    }
    const before = this.#track.value;
    // Not told of `stop()`, which is our own doing (W3C mediacapture-main, section 4.3.1).
    track.addEventListener("ended", () => {
      if (this.#track.value !== track) return;
      this.#release();
      this.#options.lost();
    });
    this.#track.value = track;
    this.#status.value = { state: "on" };
    before?.stop();
  }

  /** It could not be opened. What was open before goes on. */
  fail(error: unknown, turn: number): void {
    if (turn !== this.#turn) return;
    const fault = error instanceof DeviceError ? error.fault : "failed";
    if (this.#track.value === undefined) this.#status.value = { state: "failed", fault };
  }

  /** Closes it; a device that was to be opened is closed when it comes. */
  stop(): void {
    this.#turn += 1;
    this.#release();
    this.#status.value = { state: "off" };
  }

  /** Some devices cannot be opened twice: then the present one gives way first. */
  async #openFor(wish: SourceWish): Promise<MediaStreamTrack> {
    try {
      return await this.#options.open(wish);
    } catch (error) {
      const isInOwnWay = error instanceof DeviceError && error.fault === "busy" &&
        this.#track.value !== undefined;
      if (!isInOwnWay) throw error;
      this.#release();
      this.#status.value = { state: "starting" };
      return await this.#options.open(wish);
    }
  }

  #release(): void {
    const track = this.#track.value;
    this.#track.value = undefined;
    track?.stop();
  }
}

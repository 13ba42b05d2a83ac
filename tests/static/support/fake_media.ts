/**
 * Cameras, microphones and screens that a test plugs in and out: as much of a MediaStreamTrack as the
 * page's models touch, and a port that opens them when the test says so.
 */
import type { KeyStore } from "../../../static/state/host_keys.ts";
import {
  type Device,
  DeviceError,
  type DeviceFault,
  type MediaPort,
  type Permission,
  type ScreenCapture,
  type SourceKind,
  type SourceWish,
} from "../../../static/state/media_port.ts";

/** A track that knows whether it was stopped. */
export class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = "";
  isStopped = false;
  readonly kind: string;
  readonly label: string;
  /** What its owner asked of it last. */
  wish: SourceWish | undefined;

  constructor(kind: string, label: string) {
    super();
    this.kind = kind;
    this.label = label;
  }

  stop(): void {
    this.isStopped = true;
  }

  getSettings(): MediaTrackSettings {
    return this.kind === "video" ? { height: this.wish?.height ?? 720 } : {};
  }

  /** The device is gone, or the person ended it in the browser's own bar. */
  end(): void {
    this.isStopped = true;
    this.dispatchEvent(new Event("ended"));
  }

  /** As the models know it. */
  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack; // All of it that the models touch is there.
  }
}

/** The devices of a machine that is none. */
export class FakeMedia implements MediaPort {
  canShareScreen = true;
  canChooseSpeaker = true;
  plugged: Device[] = [
    { kind: "camera", id: "cam-1", label: "Camera 1" },
    { kind: "microphone", id: "mic-1", label: "Microphone 1" },
    { kind: "speaker", id: "spk-1", label: "Speaker 1" },
  ];
  readonly permissions: Record<SourceKind, Permission> = { camera: "prompt", microphone: "prompt" };
  /** What opening a kind fails with. */
  readonly faults: Partial<Record<SourceKind | "screen", DeviceFault>> = {};
  readonly opened: FakeTrack[] = [];
  /** What was asked for, in order: `camera`, `both`, `screen`. */
  readonly asked: string[] = [];
  blurs = false;
  screenHasSound = false;
  adjustFails = false;
  watchers = 0;
  #changed: () => void = () => {};
  #gate: Promise<void> = Promise.resolve();

  /** Keeps everything that is opened from now on waiting, until the function it returns is called. */
  hold(): () => Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return async () => {
      resolve();
      await settle();
    };
  }

  async open(kind: SourceKind, wish: SourceWish): Promise<MediaStreamTrack> {
    this.asked.push(kind);
    await this.#gate;
    return this.#open(kind, wish);
  }

  async openBoth(
    microphone: SourceWish,
    camera: SourceWish,
  ): Promise<Record<SourceKind, MediaStreamTrack>> {
    this.asked.push("both");
    await this.#gate;
    this.#refuse("microphone");
    this.#refuse("camera");
    return {
      microphone: this.#open("microphone", microphone),
      camera: this.#open("camera", camera),
    };
  }

  async openScreen(): Promise<ScreenCapture> {
    this.asked.push("screen");
    await this.#gate;
    this.#refuse("screen");
    const picture = this.#track("video", "Screen");
    const sound = this.screenHasSound ? this.#track("audio", "Screen") : undefined;
    return { picture: picture.asTrack, sound: sound?.asTrack };
  }

  adjust(_kind: SourceKind, track: MediaStreamTrack, wish: SourceWish): Promise<void> {
    if (this.adjustFails) return Promise.reject(new DeviceError("failed", "Cannot adjust"));
    const found = this.opened.find((one) => one.asTrack === track);
    if (found !== undefined) found.wish = wish;
    return Promise.resolve();
  }

  canBlur(): boolean {
    return this.blurs;
  }

  devices(): Promise<readonly Device[]> {
    return Promise.resolve([...this.plugged]);
  }

  permission(kind: SourceKind): Promise<Permission> {
    return Promise.resolve(this.permissions[kind]);
  }

  watch(changed: () => void): () => void {
    this.watchers += 1;
    this.#changed = changed;
    return () => {
      this.watchers -= 1;
      this.#changed = () => {};
    };
  }

  /** Plugs devices in or out, as the browser tells it. */
  async plug(...devices: Device[]): Promise<void> {
    this.plugged = devices;
    this.#changed();
    await settle();
  }

  /** The newest track of a kind. */
  newest(kind: "audio" | "video"): FakeTrack {
    const found = this.opened.findLast((track) => track.kind === kind);
    if (found === undefined) throw new Error(`Cannot take a track: no ${kind} was opened`);
    return found;
  }

  /** Those that are still running: what a camera's light tells. */
  get live(): readonly FakeTrack[] {
    return this.opened.filter(({ isStopped }) => !isStopped);
  }

  #open(kind: SourceKind, wish: SourceWish): MediaStreamTrack {
    this.#refuse(kind);
    const devices = this.plugged.filter((device) => device.kind === kind);
    const wanted = devices.find(({ id }) => id === wish.deviceId);
    const device = wanted ?? (wish.isExact ? undefined : devices[0]);
    if (device === undefined) throw new DeviceError("missing", `Cannot open a ${kind}`);
    const track = this.#track(kind === "camera" ? "video" : "audio", device.label);
    track.wish = wish;
    return track.asTrack;
  }

  #track(kind: string, label: string): FakeTrack {
    const track = new FakeTrack(kind, label);
    this.opened.push(track);
    return track;
  }

  #refuse(kind: SourceKind | "screen"): void {
    const fault = this.faults[kind];
    if (fault !== undefined) throw new DeviceError(fault, `Cannot open the ${kind}`);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** What {@linkcode memory} makes: as much of a browser's storage as the page uses. */
export interface Memory extends KeyStore {
  readonly kept: Map<string, string>;
}

/** A memory for preferences and keys. */
export function memory(entries: Record<string, string> = {}): Memory {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

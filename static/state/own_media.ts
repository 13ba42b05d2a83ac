/**
 * What the own participant sends: microphone, camera and screen, with the choice of devices, what is
 * remembered of it, and devices that come and go. Components read the signals and call the intents;
 * the meeting hands {@linkcode OwnMedia.tracks} to the call.
 */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { LocalTracks } from "../call/transport.ts";
import { devicesOf, newDevices } from "./device_list.ts";
import {
  type Device,
  DeviceError,
  type DeviceFault,
  type DeviceKind,
  type MediaPort,
  type SoundProcessing,
  type SourceKind,
  type SourceWish,
} from "./media_port.ts";
import { OwnSource } from "./own_source.ts";
import type { Preferences } from "./preferences.ts";

/** What is asked of a camera at first; the call asks for less when less is seen. */
export const FIRST_HEIGHT = 720;

/** Something happened to a device without the person having asked for it. */
export type DeviceEvent =
  | { readonly kind: "found"; readonly device: Device }
  /** It is gone; `next` is in use instead, if there is another. */
  | {
    readonly kind: "lost";
    readonly source: SourceKind;
    readonly label: string;
    readonly next: string | undefined;
  }
  | { readonly kind: "share-failed"; readonly fault: DeviceFault };

/** What own media need. */
export interface OwnMediaOptions {
  readonly port: MediaPort;
  readonly preferences: Preferences;
  readonly told: (event: DeviceEvent) => void;
}

const SOUND_NAMES = ["echoCancellation", "noiseSuppression", "autoGainControl"] as const;

/** The own microphone, camera and screen. */
export class OwnMedia {
  readonly microphone: OwnSource;
  readonly camera: OwnSource;
  readonly port: MediaPort;
  readonly #preferences: Preferences;
  readonly #told: (event: DeviceEvent) => void;
  readonly #isMicrophoneWanted: Signal<boolean>;
  readonly #isCameraWanted: Signal<boolean>;
  readonly #share: Signal<LocalTracks | undefined> = signal(undefined);
  readonly #devices: Signal<readonly Device[]> = signal([]);
  readonly #chosen: Readonly<Record<DeviceKind, Signal<string>>>;
  readonly #sound: Signal<SoundProcessing>;
  readonly #isBlurred: Signal<boolean> = signal(false);
  readonly #labels = new Map<SourceKind, string>();
  #height = FIRST_HEIGHT;
  #unwatch: (() => void) | undefined;
  #shareTurn = 0;

  /** Everything that is sent now. */
  readonly tracks: ReadonlySignal<LocalTracks>;
  /** Whether the others hear the microphone. */
  readonly isMicrophoneOn: ReadonlySignal<boolean>;
  /** Whether the others see the camera. */
  readonly isCameraOn: ReadonlySignal<boolean>;
  /** Whether its switch stands on "on": the microphone is on, or will be as soon as it is open. */
  readonly isMicrophoneSwitchedOn: ReadonlySignal<boolean>;
  /** Whether its switch stands on "on": the camera is on, or will be as soon as it is open. */
  readonly isCameraSwitchedOn: ReadonlySignal<boolean>;
  /** Whether the others see the screen. */
  readonly isSharing: ReadonlySignal<boolean>;
  /** Whether the browser can blur what is behind the person. */
  readonly canBlur: ReadonlySignal<boolean>;

  /** Media of which nothing is open yet. */
  constructor({ port, preferences, told }: OwnMediaOptions) {
    this.port = port;
    this.#preferences = preferences;
    this.#told = told;
    this.#isMicrophoneWanted = signal(preferences.read("microphoneOn") !== "off");
    this.#isCameraWanted = signal(preferences.read("cameraOn") !== "off");
    this.#chosen = {
      microphone: signal(preferences.read("microphone") ?? ""),
      camera: signal(preferences.read("camera") ?? ""),
      speaker: signal(preferences.read("speaker") ?? ""),
    };
    const isKept = (name: typeof SOUND_NAMES[number]) => preferences.read(name) !== "off";
    this.#sound = signal({
      echoCancellation: isKept("echoCancellation"),
      noiseSuppression: isKept("noiseSuppression"),
      autoGainControl: isKept("autoGainControl"),
    });
    this.microphone = this.#source("microphone");
    this.camera = this.#source("camera");
    this.isMicrophoneOn = computed(() =>
      this.#isMicrophoneWanted.value && this.microphone.track.value !== undefined
    );
    this.isCameraOn = computed(() => this.camera.track.value !== undefined);
    this.isMicrophoneSwitchedOn = computed(() =>
      this.#isMicrophoneWanted.value && this.microphone.status.value.state !== "failed"
    );
    this.isCameraSwitchedOn = computed(() =>
      this.#isCameraWanted.value && this.camera.status.value.state !== "failed"
    );
    this.isSharing = computed(() => this.#share.value !== undefined);
    this.canBlur = computed(() => {
      const track = this.camera.track.value;
      return track !== undefined && port.canBlur(track);
    });
    this.tracks = computed(() => ({
      ...optional("microphone", this.microphone.track.value),
      ...optional("camera", this.camera.track.value),
      ...this.#share.value,
    }));
  }

  /** What is plugged in. */
  get devices(): ReadonlySignal<readonly Device[]> {
    return this.#devices;
  }

  /** The id of the device of a kind that was chosen; empty: the browser's choice. */
  chosen(kind: DeviceKind): ReadonlySignal<string> {
    return this.#chosen[kind];
  }

  /** What the browser does to the sound of the microphone. */
  get sound(): ReadonlySignal<SoundProcessing> {
    return this.#sound;
  }

  /** Whether what is behind the person is blurred. */
  get isBlurred(): ReadonlySignal<boolean> {
    return this.#isBlurred;
  }

  /** Whether the microphone is to be heard, whatever came of that. */
  get isMicrophoneWanted(): ReadonlySignal<boolean> {
    return this.#isMicrophoneWanted;
  }

  /** Opens what was on at the last visit, with one question where the browser allows that. */
  async begin(): Promise<void> {
    this.#unwatch ??= this.port.watch(() => void this.#lookForDevices());
    const watching = this.#unwatch;
    const mayAskOnce = this.#isBothWanted && await this.#mayAskOnce();
    if (this.#unwatch !== watching) return; // Closed while the browser was asked.
    if (mayAskOnce && this.#isBothWanted) await this.#openBoth();
    else await this.#openEach();
    await this.#lookForDevices();
  }

  /** Lets the microphone be heard or not; a microphone that is open stays so, to be back at once. */
  async setMicrophone(isOn: boolean): Promise<void> {
    this.#isMicrophoneWanted.value = isOn;
    this.#preferences.write("microphoneOn", isOn ? "on" : "off");
    const track = this.microphone.track.value;
    if (track !== undefined) track.enabled = isOn;
    else if (isOn) await this.#start("microphone");
  }

  /** Opens or closes the camera; a closed one has its light off. */
  async setCamera(isOn: boolean): Promise<void> {
    this.#isCameraWanted.value = isOn;
    this.#preferences.write("cameraOn", isOn ? "on" : "off");
    if (!isOn) this.camera.stop();
    else if (this.camera.track.value === undefined) await this.#start("camera");
  }

  /** Chooses a device and remembers it; one that is in use changes at once. */
  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#chosen[kind].value = deviceId;
    this.#preferences.write(kind, deviceId);
    if (kind === "speaker") return; // Whoever plays follows the signal.
    const isInUse = this[kind].track.value !== undefined;
    const hasFailed = this[kind].status.value.state === "failed";
    if (isInUse || hasFailed) await this.#start(kind, { isExact: deviceId !== "" });
  }

  /** Changes what the browser does to the sound, now and at the next visit. */
  async setSound(name: keyof SoundProcessing, isOn: boolean): Promise<void> {
    this.#sound.value = { ...this.#sound.value, [name]: isOn };
    this.#preferences.write(name, isOn ? "on" : "off");
    await this.#adjust("microphone");
  }

  /** Blurs what is behind the person, where the browser can. */
  async setBlur(isOn: boolean): Promise<void> {
    this.#isBlurred.value = isOn;
    await this.#adjust("camera");
  }

  /** Asks the camera for a picture of this height; what nobody sees need not be captured. */
  async setHeight(height: number): Promise<void> {
    if (height === this.#height) return;
    this.#height = height;
    await this.#adjust("camera");
  }

  /** Lets the person choose a screen and shows it to the others. */
  async share(): Promise<void> {
    const turn = ++this.#shareTurn;
    try {
      const { picture, sound } = await this.port.openScreen();
      if (turn !== this.#shareTurn) {
        picture.stop();
        sound?.stop();
        return;
      }
      this.#endShare();
      // Letters have to stay sharp; a film would rather be smooth, but tells so itself seldom.
      picture.contentHint = "detail";
      // The browser's own bar ends it, or the window that was shared is closed.
      picture.addEventListener(
        "ended",
        () => this.#share.value?.screen === picture && this.unshare(),
      );
      this.#share.value = { screen: picture, ...optional("screenSound", sound) };
    } catch (error) {
      const fault = error instanceof DeviceError ? error.fault : "failed";
      if (turn === this.#shareTurn && fault !== "cancelled") {
        this.#told({ kind: "share-failed", fault });
      }
    }
  }

  /** Ends the share. */
  unshare(): void {
    this.#shareTurn += 1;
    this.#endShare();
  }

  /** Closes everything: no light stays on. {@linkcode begin} opens it again. */
  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    batch(() => {
      this.unshare();
      this.microphone.stop();
      this.camera.stop();
    });
  }

  #source(kind: SourceKind): OwnSource {
    return new OwnSource({
      open: (wish) => this.port.open(kind, wish),
      lost: () => void this.#replace(kind),
    });
  }

  #wish(kind: SourceKind): SourceWish {
    const deviceId = this.#chosen[kind].value;
    return {
      ...(deviceId === "" ? {} : { deviceId }),
      sound: this.#sound.value,
      height: this.#height,
      isBlurred: this.#isBlurred.value,
    };
  }

  async #start(kind: SourceKind, more: Partial<SourceWish> = {}): Promise<boolean> {
    const isOpen = await this[kind].start({ ...this.#wish(kind), ...more });
    this.#opened(kind);
    if (isOpen) await this.#lookForDevices(); // The permission may have given them their names.
    return isOpen;
  }

  async #openBoth(): Promise<void> {
    const turns = { microphone: this.microphone.begin(), camera: this.camera.begin() };
    try {
      const tracks = await this.port.openBoth(this.#wish("microphone"), this.#wish("camera"));
      this.microphone.adopt(tracks.microphone, turns.microphone);
      this.camera.adopt(tracks.camera, turns.camera);
      this.#opened("microphone");
      this.#opened("camera");
    } catch (error) {
      const isRefused = error instanceof DeviceError && error.fault !== "missing" &&
        error.fault !== "busy" && error.fault !== "failed";
      if (isRefused) {
        this.microphone.fail(error, turns.microphone);
        this.camera.fail(error, turns.camera);
        return;
      }
      await this.#openEach(); // One of the two stands in the way of the other.
    }
  }

  /** Opens what is wanted, each for itself; nothing after all was closed. */
  async #openEach(): Promise<void> {
    if (this.#isOpen && this.#isMicrophoneWanted.value) await this.#start("microphone");
    if (this.#isOpen && this.#isCameraWanted.value) await this.#start("camera");
  }

  get #isBothWanted(): boolean {
    return this.#isMicrophoneWanted.value && this.#isCameraWanted.value;
  }

  get #isOpen(): boolean {
    return this.#unwatch !== undefined;
  }

  /** A mute that was pressed while the microphone was being opened holds. */
  #opened(kind: SourceKind): void {
    const track = this[kind].track.value;
    if (track === undefined) return;
    if (kind === "microphone") track.enabled = this.#isMicrophoneWanted.value;
    this.#labels.set(kind, track.label);
  }

  async #mayAskOnce(): Promise<boolean> {
    const answers = await Promise.all([
      this.port.permission("microphone"),
      this.port.permission("camera"),
    ]);
    return !answers.includes("denied");
  }

  /** The device in use is gone: whatever else there is takes its place. */
  async #replace(kind: SourceKind): Promise<void> {
    if (!this.#isOpen) return;
    const label = this.#labels.get(kind) ?? "";
    const { deviceId: _, ...wish } = this.#wish(kind);
    await this[kind].start(wish);
    this.#opened(kind);
    const next = this[kind].track.value;
    this.#told({ kind: "lost", source: kind, label, next: next?.label });
    await this.#lookForDevices();
  }

  async #lookForDevices(): Promise<void> {
    const after = await this.port.devices();
    if (!this.#isOpen) return;
    const before = this.#devices.value;
    this.#devices.value = after;
    for (const device of newDevices(before, after)) {
      const isChosen = this.#chosen[device.kind].value === device.id;
      const isWithout = device.kind !== "speaker" &&
        this[device.kind].status.value.state === "failed";
      // The one that was chosen is back, or the first one of its kind is there: no need to ask.
      if (device.kind !== "speaker" && isWithout) await this.#start(device.kind);
      else if (!isChosen) this.#told({ kind: "found", device });
    }
  }

  async #adjust(kind: SourceKind): Promise<void> {
    const track = this[kind].track.value;
    if (track === undefined) return;
    try {
      await this.port.adjust(kind, track, this.#wish(kind));
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      // The device cannot: what it gives is as good as before, and the wish holds for the next one.
    }
  }

  #endShare(): void {
    const { screen, screenSound } = this.#share.value ?? {};
    this.#share.value = undefined;
    screen?.stop();
    screenSound?.stop();
  }
}

/** Whether there is a choice: the one device of a kind need not be offered. */
export function hasChoice(devices: readonly Device[], kind: DeviceKind): boolean {
  return devicesOf(devices, kind).length > 1;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  // The computed key widens to an index signature; it is the one that was given.
  return value === undefined ? {} : { [key]: value } as { [key in K]?: V };
}

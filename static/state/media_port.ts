/**
 * Cameras, microphones and screens as the page's logic sees them. The browser's are in
 * `browser/media_devices.ts`; a test hands in some that it plugs in and out itself.
 */

/** What can be captured. */
export type SourceKind = "microphone" | "camera";
/** What can be chosen. */
export type DeviceKind = SourceKind | "speaker";

/** A device that is plugged in. */
export interface Device {
  readonly kind: DeviceKind;
  /** Empty before the person has allowed its kind: then the browser tells no more than that it is. */
  readonly id: string;
  readonly label: string;
}

/** Why something could not be opened. */
export type DeviceFault =
  /** The person, the browser's settings or the system said no. */
  | "denied"
  /** There is none, or not the one that was asked for. */
  | "missing"
  /** Another program has it. */
  | "busy"
  /** The page came over plain HTTP from another machine: browsers open nothing there. */
  | "insecure"
  /** This browser has no way to do it. */
  | "unsupported"
  /** The person closed the browser's choice: nothing went wrong. */
  | "cancelled"
  | "failed";

/** Thrown by everything that opens. */
export class DeviceError extends Error {
  readonly fault: DeviceFault;

  /** `cause` is what the browser said. */
  constructor(fault: DeviceFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What the browser does to the sound of the microphone. */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

/** How a source is to be opened. */
export interface SourceWish {
  /** Left out: the browser's choice. */
  readonly deviceId?: string;
  /** This device and no other. Default: another one where it is not there. */
  readonly isExact?: boolean;
  /** Of a microphone. */
  readonly sound: SoundProcessing;
  /** Of a camera: pixels of height. */
  readonly height: number;
  /** Of a camera that can: blurs what is behind the person. */
  readonly isBlurred: boolean;
}

/** A screen, a window or a tab, with its sound where that is given. */
export interface ScreenCapture {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | undefined;
}

/** What the browser says before it is asked. */
export type Permission = "granted" | "denied" | "prompt";

/** The devices of this machine. */
export interface MediaPort {
  /** Whether a screen can be shared at all. */
  readonly canShareScreen: boolean;
  /** Whether sound can be sent to a chosen speaker. */
  readonly canChooseSpeaker: boolean;
  /** Opens one source. Rejects with a {@linkcode DeviceError}. */
  open(kind: SourceKind, wish: SourceWish): Promise<MediaStreamTrack>;
  /** Opens both with one question to the person. Rejects with a {@linkcode DeviceError}. */
  openBoth(
    microphone: SourceWish,
    camera: SourceWish,
  ): Promise<Readonly<Record<SourceKind, MediaStreamTrack>>>;
  /** Lets the person choose a screen. Rejects with a {@linkcode DeviceError}. */
  openScreen(): Promise<ScreenCapture>;
  /** Holds an open source to another wish. Rejects with a {@linkcode DeviceError}. */
  adjust(kind: SourceKind, track: MediaStreamTrack, wish: SourceWish): Promise<void>;
  /** Whether the browser itself can blur what is behind the person. */
  canBlur(track: MediaStreamTrack): boolean;
  /** What is plugged in. */
  devices(): Promise<readonly Device[]>;
  /** What the browser would say; `prompt` where it does not tell. */
  permission(kind: SourceKind): Promise<Permission>;
  /** Calls `changed` whenever something is plugged in or out; returns what ends that. */
  watch(changed: () => void): () => void;
}

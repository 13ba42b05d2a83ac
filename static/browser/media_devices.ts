/**
 * The browser's cameras, microphones and screens behind the shape that the page's logic wants, and its
 * faults in our words (W3C mediacapture-main, section 10; screen-capture, section 5).
 */
import {
  type Device,
  DeviceError,
  type DeviceFault,
  type DeviceKind,
  type MediaPort,
  type SourceKind,
  type SourceWish,
} from "../state/media_port.ts";

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: "microphone",
  videoinput: "camera",
  audiooutput: "speaker",
};
const MOST_FRAMES_PER_SECOND = 30;

/** `backgroundBlur` is of W3C mediacapture-extensions, and not in TypeScript's library yet. */
type Constraints = MediaTrackConstraints & { backgroundBlur?: ConstrainBoolean };
type Capabilities = MediaTrackCapabilities & { backgroundBlur?: readonly boolean[] };

/** The devices of this machine. */
export const mediaPort: MediaPort = {
  get canShareScreen() {
    return devices() !== undefined && "getDisplayMedia" in navigator.mediaDevices;
  },
  get canChooseSpeaker() {
    return "setSinkId" in HTMLMediaElement.prototype;
  },
  async open(kind, wish) {
    const stream = await opened(constraintsOf(kind, wish));
    return onlyTrack(stream, kind);
  },
  async openBoth(microphone, camera) {
    const stream = await opened({
      ...constraintsOf("microphone", microphone),
      ...constraintsOf("camera", camera),
    });
    return { microphone: onlyTrack(stream, "microphone"), camera: onlyTrack(stream, "camera") };
  },
  async openScreen() {
    if (!this.canShareScreen) throw new DeviceError("unsupported", "Cannot share a screen here");
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: MOST_FRAMES_PER_SECOND } },
        audio: true,
      });
      const [picture] = stream.getVideoTracks();
      if (picture === undefined) throw new DeviceError("failed", "Cannot share: no picture came");
      return { picture, sound: stream.getAudioTracks()[0] };
    } catch (error) {
      // Closing the choice and a page that may not ask sound the same: both want nothing done.
      const fault = nameOf(error) === "NotAllowedError" ? "cancelled" : faultOf(error);
      throw new DeviceError(fault, "Cannot share a screen", { cause: error });
    }
  },
  async adjust(kind, track, wish) {
    try {
      const { audio, video } = constraintsOf(kind, wish);
      const wanted = kind === "microphone" ? audio : video;
      if (typeof wanted === "object") await track.applyConstraints(wanted);
    } catch (error) {
      throw new DeviceError(faultOf(error), `Cannot adjust the ${kind}`, { cause: error });
    }
  },
  canBlur(track) {
    const { backgroundBlur }: Capabilities = track.getCapabilities?.() ?? {};
    return backgroundBlur?.includes(true) ?? false;
  },
  async devices() {
    const all = await devices()?.enumerateDevices() ?? [];
    return all.map(({ kind, deviceId, label }): Device => ({
      kind: KINDS[kind],
      id: deviceId,
      label,
    }));
  },
  async permission(kind) {
    try {
      // Both names are of the permissions registry; TypeScript's library lists neither everywhere.
      const name = kind as PermissionName;
      return (await navigator.permissions.query({ name })).state;
    } catch {
      return "prompt"; // This browser does not tell; it is asked by opening.
    }
  },
  watch(changed) {
    const source = devices();
    source?.addEventListener("devicechange", changed);
    return () => source?.removeEventListener("devicechange", changed);
  },
};

/** Missing on a page that came over plain HTTP from another machine. */
function devices(): MediaDevices | undefined {
  return navigator.mediaDevices as MediaDevices | undefined; // TypeScript takes it for always there.
}

async function opened(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const source = devices();
  if (source === undefined) {
    const fault = isSecureContext ? "unsupported" : "insecure";
    throw new DeviceError(fault, "Cannot open a device: this page may not");
  }
  try {
    return await source.getUserMedia(constraints);
  } catch (error) {
    throw new DeviceError(faultOf(error), "Cannot open a device", { cause: error });
  }
}

function constraintsOf(kind: SourceKind, wish: SourceWish): MediaStreamConstraints {
  const { deviceId, isExact = false } = wish;
  const device = deviceId === undefined
    ? {}
    : { deviceId: isExact ? { exact: deviceId } : { ideal: deviceId } };
  if (kind === "microphone") return { audio: { ...device, ...wish.sound } };
  const video: Constraints = {
    ...device,
    height: { ideal: wish.height },
    aspectRatio: { ideal: 16 / 9 },
    frameRate: { ideal: MOST_FRAMES_PER_SECOND, max: MOST_FRAMES_PER_SECOND },
    ...(wish.isBlurred ? { backgroundBlur: { ideal: true } } : { backgroundBlur: false }),
  };
  return { video };
}

function onlyTrack(stream: MediaStream, kind: SourceKind): MediaStreamTrack {
  const [track] = kind === "microphone" ? stream.getAudioTracks() : stream.getVideoTracks();
  if (track === undefined) throw new DeviceError("failed", `Cannot open the ${kind}: none came`);
  return track;
}

/** The names are those of the specifications; older browsers use the second ones. */
export function faultOf(error: unknown): DeviceFault {
  if (error instanceof DeviceError) return error.fault;
  switch (nameOf(error)) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    case "NotSupportedError":
    case "TypeError":
      return "unsupported";
    default:
      return "failed";
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** How ffmpeg is asked for a camera, a microphone or a file, encoded as browsers take it. Pure. */

/** Key frames follow on each other so: who asks for one has it by then. */
export const KEY_FRAME_SECONDS = 1;

const PICTURE = [
  ...["-an", "-pix_fmt", "yuv420p", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"],
  ...["-b:v", "1200k", "-maxrate", "1800k", "-bufsize", "1200k", "-lag-in-frames", "0"],
  ...["-auto-alt-ref", "0", "-error-resilient", "default"],
  ...["-force_key_frames", `expr:gte(t,n_forced*${KEY_FRAME_SECONDS})`],
  ...["-flush_packets", "1", "-f", "ivf", "pipe:1"],
];
const SOUND = [
  ...["-vn", "-ac", "2", "-ar", "48000", "-c:a", "libopus", "-b:a", "48k"],
  ...["-frame_duration", "20", "-application", "voip"],
  ...["-flush_packets", "1", "-page_duration", "20000", "-f", "ogg", "pipe:1"],
];
/** How ffmpeg calls what has cameras and microphones. */
const DEVICES: Partial<Record<typeof Deno.build.os, { camera: string; microphone: string }>> = {
  darwin: { camera: "avfoundation", microphone: "avfoundation" },
  windows: { camera: "dshow", microphone: "dshow" },
};
const LINUX = { camera: "v4l2", microphone: "alsa" };
/** A format of ffmpeg ahead of what it is to open; a drive of Windows has one letter. */
const WITH_FORMAT = /^(\w{2,}):(.+)$/s;
/** Formats that make their pictures as fast as they are taken. */
const HURRIED = ["lavfi"];

/** Of a camera: `/dev/video0`, or `FORMAT:NAME`. */
export function cameraArguments(device: string, os: typeof Deno.build.os): string[] {
  return [...inputOf(device, (DEVICES[os] ?? LINUX).camera), ...PICTURE];
}

/** Of a microphone: `default`, `hw:0`, or `FORMAT:NAME`, as `pulse:default`. */
export function microphoneArguments(device: string, os: typeof Deno.build.os): string[] {
  return [...inputOf(device, (DEVICES[os] ?? LINUX).microphone), ...SOUND];
}

/** Of a file, again and again at its own pace. */
export function fileArguments(path: string): string[] {
  return ["-re", "-stream_loop", "-1", "-i", `file:${path}`, ...PICTURE];
}

function inputOf(device: string, usual: string): string[] {
  const [, named = "", rest = ""] = WITH_FORMAT.exec(device) ?? [];
  // `hw:0` and `plughw:0,0` are names of ALSA's.
  const isNamed = named !== "" && !/^(plug)?hw$/.test(named);
  const [format, name] = isNamed ? [named, rest] : [usual, device];
  return [
    ...(HURRIED.includes(format) ? ["-re"] : []),
    ...["-thread_queue_size", "64", "-f", format, "-i", name],
  ];
}

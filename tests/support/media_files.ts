/** Files that `whip` plays, made by ffmpeg when a test asks for them. */
import { ffmpeg } from "./ffmpeg.ts";

/** The codecs of its pictures, with ffmpeg's encoders. */
export const PICTURES = {
  VP8: ["libvpx", "-deadline", "realtime", "-cpu-used", "8"],
  VP9: ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
  AV1: ["libaom-av1", "-usage", "realtime", "-cpu-used", "8"],
  H264: ["libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-tune", "zerolatency"],
} as const;
/** Pictures a second, and from one key frame to the next. */
export const FRAME_RATE = 25;

/** A folder of such files; removed with it. */
export class MediaFiles {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder. */
  static async make(): Promise<MediaFiles> {
    return new MediaFiles(await Deno.makeTempDir());
  }

  /** A moving test card of 320x240, in IVF or, of H.264, as a byte stream. Returns its path. */
  async picture(codec: keyof typeof PICTURES, { seconds }: { seconds: number }): Promise<string> {
    const path = `${this.folder}/${codec}.${codec === "H264" ? "h264" : "ivf"}`;
    await ffmpeg([
      ...["-v", "error", "-f", "lavfi", "-i", `testsrc2=size=320x240:rate=${FRAME_RATE}`],
      ...["-t", `${seconds}`, "-pix_fmt", "yuv420p", "-g", `${FRAME_RATE}`, "-b:v", "400k"],
      ...["-c:v", ...PICTURES[codec], path],
    ]);
    return path;
  }

  /** A tone in Ogg. Returns its path. */
  async sound({ seconds }: { seconds: number }): Promise<string> {
    const path = `${this.folder}/sound.ogg`;
    await ffmpeg([
      ...["-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"],
      ...["-t", `${seconds}`, "-c:a", "libopus", path],
    ]);
    return path;
  }

  /** A file with these bytes. Returns its path. */
  async write(name: string, bytes: Uint8Array): Promise<string> {
    await Deno.writeFile(`${this.folder}/${name}`, bytes);
    return `${this.folder}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/**
 * A real ffmpeg for the tests of what goes over the wire and into files: it makes sounds and pictures,
 * and judges what became of them. Takes the one that `FFMPEG` names or that the machine has; installs
 * Debian's where that is possible.
 */
import { type Program, provide } from "./debian_package.ts";

/** The program; ffprobe comes with it. */
export const FFMPEG: Program = {
  name: "ffmpeg",
  variable: "FFMPEG",
  candidates: ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg", "/opt/homebrew/bin/ffmpeg"],
  packages: ["ffmpeg"],
};

/** Its judge of files. */
export const FFPROBE: Program = {
  name: "ffprobe",
  variable: "FFPROBE",
  candidates: ["/usr/bin/ffprobe", "/usr/local/bin/ffprobe", "/opt/homebrew/bin/ffprobe"],
  packages: ["ffmpeg"],
};

/** A track of a file, as ffprobe counts it. */
export type ProbedStream = {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly packets: number;
  /** Seconds of each packet, and whether a decoder can begin with it. */
  readonly times: readonly number[];
  readonly keyFrames: readonly boolean[];
};

/** A file as ffprobe reads it. */
export type ProbedFile = {
  readonly streams: readonly ProbedStream[];
  /** Seconds; NaN: the file does not say. */
  readonly duration: number;
  readonly format: string;
};

/** Runs ffmpeg; returns what it wrote to its error output. Rejects with it when it fails. */
export async function ffmpeg(args: readonly string[], cwd?: string): Promise<string> {
  const { stderr } = await run(FFMPEG, ["-hide_banner", "-nostdin", "-y", ...args], cwd);
  return stderr;
}

/** What ffmpeg complains of when it decodes all of a file; nothing, of a good one. */
export async function decodeErrors(path: string): Promise<string> {
  const asTheyAre = ["-fps_mode", "passthrough", "-enc_time_base", "1/1000"];
  return await ffmpeg(["-v", "warning", "-i", path, ...asTheyAre, "-f", "null", "-"]);
}

/** A hash of each picture of a file, decoded by `decoder`; by ffmpeg's own where there is none. */
export async function pictureHashes(path: string, decoder?: string): Promise<string[]> {
  const { stdout } = await run(FFMPEG, [
    ...[
      "-v",
      "error",
      ...decoder === undefined ? [] : ["-c:v", decoder],
      "-i",
      path,
      "-map",
      "0:v",
      "-fps_mode",
      "passthrough",
    ],
    ...["-f", "framemd5", "-"],
  ]);
  return [...stdout.matchAll(/^\d.*, ([0-9a-f]{32})$/gm)].map(([, hash]) => hash!);
}

/** Reads a file with ffprobe. Rejects when it is none. */
export async function probe(path: string): Promise<ProbedFile> {
  const { stdout } = await run(FFPROBE, [
    ...["-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_packets", path],
  ]);
  const { streams, packets, format } = JSON.parse(stdout);
  return {
    duration: Number(format.duration),
    format: format.format_name,
    streams: streams.map((stream: Record<string, unknown>) => {
      const own = packets.filter((packet: Record<string, unknown>) =>
        packet.stream_index === stream.index
      );
      return {
        codec: stream.codec_name,
        width: stream.width,
        height: stream.height,
        packets: own.length,
        times: own.map((packet: Record<string, unknown>) => Number(packet.pts_time)),
        keyFrames: own.map((packet: Record<string, unknown>) =>
          String(packet.flags).startsWith("K")
        ),
      };
    }),
  };
}

async function run(
  program: Program,
  args: readonly string[],
  cwd?: string,
): Promise<{ stdout: string; stderr: string }> {
  const command = new Deno.Command(await provide(program), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...cwd === undefined ? {} : { cwd },
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  const complaint = decoder.decode(stderr);
  if (!success) throw new Error(`${program.name} ${args.join(" ")} failed: ${complaint}`);
  return { stdout: decoder.decode(stdout), stderr: complaint };
}

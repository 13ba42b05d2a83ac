/** The programs that people watch pictures with: a real ffmpeg and a real curl. */
import { FFMPEG } from "./ffmpeg.ts";
import { type Program, provide } from "./debian_package.ts";

/** The program. */
const CURL: Program = {
  name: "curl",
  variable: "CURL",
  candidates: ["/usr/bin/curl", "/usr/local/bin/curl", "/opt/homebrew/bin/curl"],
  packages: ["curl"],
};

/** What ffmpeg made of a stream of pictures. */
export type Decoded = {
  /** Seconds of the wall clock at which each picture came, from the first on. */
  readonly times: readonly number[];
  /** A hash of each, decoded. */
  readonly hashes: readonly string[];
  /** As in `640x360`. */
  readonly size: string | undefined;
  /** What it complained of. */
  readonly complaints: string;
};

/** Has ffmpeg decode a URL for so many seconds of the wall clock. Rejects where it cannot. */
export async function decodeFor(url: string, seconds: number): Promise<Decoded> {
  const { success, stdout, stderr } = await run(await provide(FFMPEG), [
    ...["-v", "warning", "-nostdin", "-f", "mpjpeg", "-use_wallclock_as_timestamps", "1"],
    ...["-i", url, "-t", `${seconds}`, "-fps_mode", "passthrough", "-enc_time_base", "1/1000"],
    ...["-f", "framemd5", "-"],
  ]);
  if (!success) throw new Error(`ffmpeg cannot decode ${url}: ${stderr}`);
  const text = new TextDecoder().decode(stdout);
  // Stream, dts, pts, duration, size, hash; times in the base that stands above.
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/m.exec(text) ?? [];
  const lines = [...text.matchAll(/^0, *\d+, *(\d+), .*, ([0-9a-f]{32})$/gm)];
  const times = lines.map(([, pts]) => Number(pts) * Number(numerator) / Number(denominator));
  return {
    times: times.map((time) => time - times[0]!),
    hashes: lines.map(([, , hash]) => hash!),
    size: /^#dimensions 0: (\S+)$/m.exec(text)?.[1],
    complaints: stderr,
  };
}

/** What curl got. */
export type Curled = {
  readonly status: number;
  readonly headers: string;
  readonly body: Uint8Array;
};

/** Has curl read a URL. It ends by itself, or after `--max-time` among `args`. */
export async function curl(url: string, args: readonly string[] = []): Promise<Curled> {
  const marked = ["--silent", "--show-error", "--no-buffer", "--dump-header", "/dev/stderr"];
  const { stdout, stderr } = await run(await provide(CURL), [...marked, ...args, url]);
  const status = Number(/^HTTP\/[\d.]+ (\d{3})/m.exec(stderr)?.[1]);
  return { status, headers: stderr.toLowerCase(), body: stdout };
}

async function run(program: string, args: readonly string[]) {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  return { success, stdout, stderr: new TextDecoder().decode(stderr) };
}

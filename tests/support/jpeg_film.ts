/** Pictures that change, made by a real ffmpeg: what a source of the tests shows to real decoders. */
import { FFMPEG } from "./ffmpeg.ts";
import { provide } from "./debian_package.ts";

/** So many pictures of ffmpeg's test pattern, so wide, each another. */
export async function jpegFilm(count: number, width: number): Promise<Uint8Array[]> {
  const size = `${width}x${Math.round(width * 9 / 16 / 2) * 2}`;
  const { success, stdout, stderr } = await new Deno.Command(await provide(FFMPEG), {
    args: [
      ...["-v", "error", "-f", "lavfi", "-i", `testsrc=size=${size}:rate=30`],
      ...["-frames:v", `${count}`, "-q:v", "5", "-f", "image2pipe", "-c:v", "mjpeg", "-"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot make pictures: ${new TextDecoder().decode(stderr)}`);
  return split(stdout);
}

/** Files one behind the other: each begins with FF D8 FF, which no entropy-coded data holds. */
function split(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) starts.push(at);
  }
  return starts.map((start, n) => bytes.slice(start, starts[n + 1]));
}

/** When something begins in a film, as ffmpeg sees and hears it. */
import { ffmpeg } from "../../support/ffmpeg.ts";

/** Milliseconds until a picture is black no more; `crop` looks at a part of it. */
export async function seenFrom(path: string, crop = "crop=iw:ih:0:0"): Promise<number> {
  const filter = `${crop},blackdetect=d=0.05:pix_th=0.15`;
  const output = await ffmpeg(["-i", path, "-map", "0:v", "-vf", filter, "-f", "null", "-"]);
  return momentIn(output, /black_end:([\d.]+)/);
}

/** Milliseconds until a sound is silent no more. */
export async function heardFrom(path: string): Promise<number> {
  const filter = "silencedetect=noise=-30dB:d=0.05";
  const output = await ffmpeg(["-i", path, "-map", "0:a", "-af", filter, "-f", "null", "-"]);
  return momentIn(output, /silence_end: ([\d.]+)/);
}

function momentIn(output: string, pattern: RegExp): number {
  const found = output.match(pattern)?.[1];
  if (found === undefined) throw new Error(`ffmpeg found no such moment: ${output}`);
  return Number(found) * 1_000;
}

/** What a headless participant sends, made of what its flags say. */
import { readAnnexB } from "../media/annex_b.ts";
import { readIvf } from "../media/ivf.ts";
import type { MediaFile } from "../media/media_file.ts";
import { readOggOpus } from "../media/ogg_opus.ts";
import type { RunTime } from "../media/run_time.ts";
import {
  cameraArguments,
  fileArguments,
  microphoneArguments,
} from "../media/sources/ffmpeg_arguments.ts";
import { FfmpegSource } from "../media/sources/ffmpeg_source.ts";
import { FileSource } from "../media/sources/file_source.ts";
import type { FrameSource } from "../media/sources/frame_source.ts";
import { JoinedSource } from "../media/sources/joined_source.ts";
import { PatternSource } from "../media/sources/pattern_source.ts";
import type { ParticipantFlags } from "./participant_flags.ts";
import { readMediaFile } from "./read_media_file.ts";

/** The source; undefined: nothing is sent. Rejects with UsageError, or FfmpegMissing. */
export async function openSource(
  { picture, sound }: ParticipantFlags,
  time: RunTime,
): Promise<FrameSource | undefined> {
  const files: MediaFile[] = [];
  const isRaw = picture.kind === "file" && picture.path.toLowerCase().endsWith(".y4m");
  if (picture.kind === "file" && !isRaw) {
    const { path, framesPerSecond } = picture;
    const isAnnexB = /\.(h264|264|avc)$/i.test(path);
    const read = (bytes: Uint8Array) =>
      isAnnexB ? readAnnexB(bytes, framesPerSecond) : readIvf(bytes);
    files.push(await readMediaFile("file", path, read));
  }
  if (sound.kind === "file") files.push(await readMediaFile("audio", sound.path, readOggOpus));
  const sources: FrameSource[] = [];
  const hasPicture = picture.kind === "pattern";
  const hasSound = sound.kind === "tone";
  const { os } = Deno.build;
  try {
    if (files.length > 0) sources.push(new FileSource(files));
    if (hasPicture || hasSound) {
      const epochOf = (at: number) => time.epochOf(at);
      sources.push(new PatternSource({ hasPicture, hasSound, epochOf }));
    }
    if (picture.kind === "camera") {
      sources.push(encoded("picture", "--camera", cameraArguments(picture.device, os)));
    }
    if (picture.kind === "file" && isRaw) {
      await Deno.stat(picture.path).catch((error) =>
        readMediaFile("file", picture.path, () => {
          throw error;
        })
      );
      sources.push(encoded("picture", "--file", fileArguments(picture.path)));
    }
    if (sound.kind === "microphone") {
      sources.push(encoded("sound", "--microphone", microphoneArguments(sound.device, os)));
    }
  } catch (error) {
    await Promise.all(sources.map((source) => source.close()));
    throw error;
  }
  return sources.length === 0 ? undefined : new JoinedSource(sources);

  function encoded(kind: "picture" | "sound", what: string, args: readonly string[]): FrameSource {
    return new FfmpegSource({ kind, what, args, now: () => time.now });
  }
}

/**
 * `deno task whip`: publishes files into a room by WHIP (RFC 9725), as an encoder would. `main.ts`
 * calls it.
 */
import { numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import { isAnnexB, readAnnexB } from "../media/annex_b.ts";
import { FilePublisher } from "../media/file_publisher.ts";
import { readIvf } from "../media/ivf.ts";
import type { MediaFile } from "../media/media_file.ts";
import { readOggOpus } from "../media/ogg_opus.ts";
import type { Terminal } from "../terminal.ts";
import { readMediaFile } from "./read_media_file.ts";
import { runSession } from "./run_session.ts";
import { readSessionFlags, SESSION_HELP, SESSION_TABLE } from "./session_flags.ts";

const HELP = `Publish files into a room by WHIP, as they are: nothing is encoded.

Usage: deno task whip --room ID --file FILE [--flag value ...]

  --file FILE      a picture: IVF with VP8, VP9 or AV1, or a byte stream of H.264 (Annex B)
  --fps N          pictures a second of H.264, which does not say it [25]
  --audio FILE     a sound: Ogg with Opus; one of the two is enough
  --loop           from the beginning again at the end
  --role ROLE      participant or broadcaster, for which a live room's code wants --host-key
                   [participant]
${SESSION_HELP}

It plays at the files' own pace and sends again what the server misses. Where the server wants a key
frame, picture and sound go on with the next one; so a file should have one every second or two.

Exit codes
  0  published                                 1  refused, not connected, or ended by the server
  2  a flag or a file cannot be used           3  nobody answers at --url

Examples
  ffmpeg -i talk.mp4 -c:v libvpx -g 30 -an talk.ivf -c:a libopus -vn talk.ogg
  deno task whip --room test --file talk.ivf --audio talk.ogg --loop
  ffmpeg -i talk.mp4 -c:v copy -bsf:v h264_mp4toannexb -an talk.h264
  deno task whip --room test --file talk.h264 --fps 30 --passcode "open sesame"
  deno task whip --room 482913 --role broadcaster --host-key tq2Yk0... --file talk.ivf
  SIGNALBOX_TOKEN=... deno task whip --url https://rooms.example.org --room test --file talk.ivf
`;

/** What ffmpeg takes for the rate of a stream that does not say it. */
const FRAMES_PER_SECOND = 25;

/** What the command is given. */
export type SessionCommandOptions = {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** SIGNALBOX_TOKEN of the environment. */
  readonly token: string | undefined;
};

/** Runs `deno task whip`; resolves to the exit code. Rejects with UsageError. */
export async function whip(
  args: readonly string[],
  { terminal, signal, token }: SessionCommandOptions,
): Promise<number> {
  const given = readFlags(args, {
    ...SESSION_TABLE,
    file: "string",
    fps: "string",
    audio: "string",
    loop: "boolean",
    role: "string",
  });
  if (given.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  const flags = readSessionFlags(given, { kind: "whip", environmentToken: token });
  const framesPerSecond = numberOf(given, "fps", { from: 1, to: 120 }) ?? FRAMES_PER_SECOND;
  const files = [
    ...await readGiven("audio", textOf(given, "audio"), readOggOpus),
    ...await readGiven(
      "file",
      textOf(given, "file"),
      (bytes) => isAnnexB(bytes) ? readAnnexB(bytes, framesPerSecond) : readIvf(bytes),
    ),
  ];
  if (files.length === 0) throw new UsageError("Cannot publish without --file or --audio");
  const isLooping = given.loop === true;
  return await runSession({
    ...{ kind: "whip", flags, terminal, signal },
    media: (engine, time) => new FilePublisher({ files, isLooping, engine, time }),
  });
}

async function readGiven(
  flag: string,
  path: string | undefined,
  read: (bytes: Uint8Array) => MediaFile,
): Promise<MediaFile[]> {
  return path === undefined ? [] : [await readMediaFile(flag, path, read)];
}

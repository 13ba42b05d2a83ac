/** The flags of `participant`: what it sends, what it does with what it gets, and its help. */
import { parseRoomId, parseUserId, quoted } from "../../src/protocol/mod.ts";
import { type FlagTable, numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import { readTarget, type Target } from "../target.ts";

/** What a participant is asked to do. */
export type ParticipantFlags = {
  readonly target: Target;
  readonly roomId: string;
  readonly userId: string | undefined;
  readonly name: string | undefined;
  readonly role: "participant" | "broadcaster" | "viewer";
  readonly token: string | undefined;
  readonly passcode: string | undefined;
  readonly hostKey: string | undefined;
  readonly picture:
    | { readonly kind: "none" | "pattern" }
    | { readonly kind: "camera"; readonly device: string }
    | { readonly kind: "file"; readonly path: string; readonly framesPerSecond: number };
  readonly sound:
    | { readonly kind: "none" | "tone" }
    | { readonly kind: "microphone"; readonly device: string }
    | { readonly kind: "file"; readonly path: string };
  readonly mjpegPort: number | undefined;
  readonly folder: string | undefined;
  readonly durationMs: number | undefined;
  readonly isJson: boolean;
};

/** What `--help` says. */
export const PARTICIPANT_HELP =
  `Take part in a room from the terminal, with real media and no browser.

Usage: deno task participant --room ID [--flag value ...]

Where and as whom
  --url URL        the server, http(s):// or ws(s):// [http://127.0.0.1:8080]
  --room ID        the room
  --user ID        as this user [the server gives one]
  --name TEXT      under this name
  --role ROLE      participant, broadcaster or viewer [participant]
  --token TEXT     an access token; better as SIGNALBOX_TOKEN in the environment
  --passcode TEXT  of the room
  --host-key TEXT  of the room: makes this one its host

What it sends (nothing, unless it is told)
  --camera DEVICE  a camera, as /dev/video0 or FORMAT:NAME of ffmpeg; needs ffmpeg
  --file FILE      a picture, again and again: .ivf (VP8, VP9, AV1), .h264 (annex B),
                   .y4m (needs ffmpeg)
  --fps N          pictures a second of an .h264 file, which does not say it [25]
  --test-pattern   moving bars with the number of each frame as a barcode; H.264, without
                   ffmpeg
  --microphone DEVICE  as default, hw:0, pulse:default or FORMAT:NAME of ffmpeg; needs ffmpeg
  --audio FILE     a sound, again and again: Ogg with Opus
  --tone           a beep every second, with a light in the test pattern; without ffmpeg

What it does with what it gets
  --mjpeg PORT     serves it as MJPEG on 127.0.0.1: / lists all, /USER.mjpeg, /USER.jpg;
                   needs ffmpeg
  --record DIR     each participant into a folder within DIR: WebM, or MP4 for H.264, as it
                   comes
  --seconds N      for so long [until Ctrl-C]
  --json           a JSON object a line instead of words

It links directly to each of the others in a mesh, goes through the server where the room does, and
follows the room from one to the other. Every second it tells of each track the path, codec, size,
rate, losses, jitter, key frames, and whether it stands still. A camera through ffmpeg has a key frame
every second; files jump to their next one where somebody needs it.

Exit codes
  0  it took part              1  refused, ended by the server, or its source failed
  2  a flag or a file cannot be used
  3  nobody answers at --url   4  ffmpeg is needed and not there

Examples
  deno task participant --room test --test-pattern --tone
  deno task participant --room test --camera /dev/video0 --microphone default
  deno task participant --room test --file talk.ivf --audio talk.ogg --record recordings
  deno task participant --room 123456 --role viewer --mjpeg 8081 --seconds 60 --json
`;

const TABLE: FlagTable = {
  ...{ url: "string", room: "string", user: "string", name: "string", role: "string" },
  ...{ token: "string", passcode: "string", "host-key": "string" },
  ...{ camera: "string", file: "string", fps: "string", "test-pattern": "boolean" },
  ...{ microphone: "string", audio: "string", tone: "boolean" },
  ...{ mjpeg: "string", record: "string", seconds: "string", json: "boolean" },
};
const ROLES = ["participant", "broadcaster", "viewer"] as const;
const DEFAULT_URL = "http://127.0.0.1:8080";
const DEFAULT_FPS = 25;
const MAX_SECONDS = 86_400;

/** Reads them; undefined: help is wanted. Throws {@linkcode UsageError}. */
export function readParticipantFlags(
  args: readonly string[],
  environmentToken: string | undefined,
): ParticipantFlags | undefined {
  const flags = readFlags(args, TABLE);
  if (flags.help === true) return undefined;
  const room = textOf(flags, "room");
  if (room === undefined) throw new UsageError("Cannot take part without --room");
  const role = textOf(flags, "role") ?? "participant";
  const known = ROLES.find((one) => one === role);
  if (known === undefined) {
    throw new UsageError(`Cannot use --role ${quoted(role)}: known are ${ROLES.join(", ")}`);
  }
  const one = (names: readonly string[]) => {
    const given = names.filter((name) => flags[name] !== undefined && flags[name] !== false);
    if (given.length > 1) {
      throw new UsageError(`Cannot use --${given.join(" with --")}: one of them is sent`);
    }
    if (given.length > 0 && known === "viewer") {
      throw new UsageError(`Cannot use --${given[0]} with --role viewer: a viewer sends nothing`);
    }
    return given[0];
  };
  const picture = one(["camera", "file", "test-pattern"]);
  const sound = one(["microphone", "audio", "tone"]);
  const user = textOf(flags, "user");
  const framesPerSecond = numberOf(flags, "fps", { from: 1, to: 120 });
  if (framesPerSecond !== undefined && picture !== "file") {
    throw new UsageError("Cannot use --fps without --file");
  }
  const seconds = numberOf(flags, "seconds", { from: 0.1, to: MAX_SECONDS });
  const token = textOf(flags, "token") ?? environmentToken;
  return {
    target: readTarget(textOf(flags, "url") ?? DEFAULT_URL),
    roomId: idOf("room", room, parseRoomId),
    userId: user && idOf("user", user, parseUserId),
    name: textOf(flags, "name"),
    role: known,
    token: token === "" ? undefined : token,
    passcode: textOf(flags, "passcode"),
    hostKey: textOf(flags, "host-key"),
    picture: pictureOf(picture, {
      device: textOf(flags, "camera"),
      path: textOf(flags, "file"),
      framesPerSecond: framesPerSecond ?? DEFAULT_FPS,
    }),
    sound: soundOf(sound, { device: textOf(flags, "microphone"), path: textOf(flags, "audio") }),
    mjpegPort: numberOf(flags, "mjpeg", { from: 0, to: 65_535, isWhole: true }),
    folder: textOf(flags, "record"),
    durationMs: seconds === undefined ? undefined : seconds * 1_000,
    isJson: flags.json === true,
  };
}

function pictureOf(
  name: string | undefined,
  { device = "", path = "", framesPerSecond }: {
    device: string | undefined;
    path: string | undefined;
    framesPerSecond: number;
  },
): ParticipantFlags["picture"] {
  if (name === "camera") return { kind: "camera", device };
  if (name === "file") return { kind: "file", path, framesPerSecond };
  return { kind: name === "test-pattern" ? "pattern" : "none" };
}

function soundOf(
  name: string | undefined,
  { device = "", path = "" }: { device: string | undefined; path: string | undefined },
): ParticipantFlags["sound"] {
  if (name === "microphone") return { kind: "microphone", device };
  if (name === "audio") return { kind: "file", path };
  return { kind: name === "tone" ? "tone" : "none" };
}

function idOf<T extends string>(
  flag: string,
  text: string,
  parse: (text: string) => T | undefined,
): T {
  const id = parse(text);
  if (id !== undefined) return id;
  throw new UsageError(
    `Cannot use --${flag} ${quoted(text)}: expected 1 to 64 letters, digits, "_", "-" or "."`,
  );
}

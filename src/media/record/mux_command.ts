/**
 * The ffmpeg command that makes one film of a recording: every picture in its place on a grid, all
 * sounds mixed, each file where it lies on the time line of the index. The recorder puts it into the
 * index as `command`; run it in the folder of the recording, with ffmpeg 5 or newer:
 *
 *     sh -c "$(jq -r .command index.json)"
 *
 * It makes `room.mp4` (H.264 and AAC). Everything is encoded anew, which takes about as long as the
 * recording itself; the files of the recording stay as they are.
 */
import type { IndexedFile, RecordingIndex } from "./recording_index.ts";

/** What the film is to be like. */
export type MuxOptions = {
  /** Pixels of the whole picture. Default 1280 by 720. */
  readonly width?: number;
  readonly height?: number;
  /** Pictures a second. Default 25. */
  readonly frameRate?: number;
  /** Default `room.mp4`. */
  readonly output?: string;
};

/** Corners and sizes of H.264 pictures are even. */
const STEP = 2;

/** A file that is an input of ffmpeg's, with its number. */
type Input = { readonly file: IndexedFile; readonly number: number; readonly startMs: number };
/** Where a picture stands. */
type Cell = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** The command for a shell; `undefined`: nothing was recorded. */
export function muxCommand(index: RecordingIndex, options: MuxOptions = {}): string | undefined {
  const args = muxArguments(index, options);
  return args === undefined ? undefined : ["ffmpeg", ...args].map(quoted).join(" ");
}

/** The arguments of ffmpeg, with names as in the folder; `undefined`: nothing was recorded. */
export function muxArguments(
  index: RecordingIndex,
  options: MuxOptions = {},
): string[] | undefined {
  const files = index.participants.flatMap((participant) =>
    participant.files.filter(({ tracks, endReason }) =>
      tracks.length > 0 && endReason !== "unreadable"
    )
  );
  if (files.length === 0) return undefined;
  const { output = "room.mp4" } = options;
  // The film begins with the first file, though that may lie a little before the recording.
  const baseMs = Math.min(...files.map(({ startMs }) => startMs));
  const inputs = files.map((file, number) => ({ file, number, startMs: file.startMs - baseMs }));
  const seconds = Math.max(...inputs.map(({ file, startMs }) => startMs + file.durationMs)) / 1_000;
  const pictures = pictureFilters(index, inputs, { ...options, seconds });
  const sounds = soundFilters(inputs);
  return [
    ...["-y", "-hide_banner"],
    ...files.flatMap(({ name }) => ["-i", name]),
    ...["-filter_complex", [...pictures, ...sounds].join(";")],
    ...pictures.length > 0
      ? ["-map", "[picture]", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
      : [],
    ...sounds.length > 0 ? ["-map", "[sound]", "-c:a", "aac"] : [],
    ...["-t", seconds.toFixed(3), output],
  ];
}

/** A black canvas, and each picture laid upon it while it lasts. */
function pictureFilters(
  index: RecordingIndex,
  inputs: readonly Input[],
  { width = 1280, height = 720, frameRate = 25, seconds }: MuxOptions & { seconds: number },
): string[] {
  const shown = inputs.filter(({ file }) => pictureOf(file) !== undefined);
  if (shown.length === 0) return [];
  const seats = seatsOf(index, shown);
  const count = Math.max(...seats) + 1;
  const canvas = `color=black:size=${width}x${height}:rate=${frameRate}:duration=${
    seconds.toFixed(3)
  }[canvas0]`;
  return [
    canvas,
    ...shown.flatMap(({ file, number, startMs }, n) => {
      const cell = cellOf(seats[n] ?? 0, { count, width, height });
      const start = (startMs / 1_000).toFixed(3);
      const end = ((startMs + file.durationMs) / 1_000).toFixed(3);
      const size = `${cell.width}:${cell.height}`;
      const out = n === shown.length - 1 ? "picture" : `canvas${n + 1}`;
      return [
        // Its own size may change on the way: the filter follows.
        `[${number}:v]setpts=PTS+${start}/TB,scale=${size}:force_original_aspect_ratio=decrease,` +
        `pad=${size}:-1:-1,setsar=1[tile${n}]`,
        `[canvas${n}][tile${n}]overlay=${cell.x}:${cell.y}:eof_action=pass:` +
        `enable='between(t,${start},${end})'[${out}]`,
      ];
    }),
  ];
}

/** Every sound from where it lies, mixed without getting quieter. */
function soundFilters(inputs: readonly Input[]): string[] {
  const heard = inputs.filter(({ file }) => soundOf(file) !== undefined);
  if (heard.length === 0) return [];
  const labels = heard.map((_, n) => `[voice${n}]`).join("");
  return [
    ...heard.map(({ number, startMs }, n) =>
      `[${number}:a]aresample=48000:async=1:first_pts=0,` +
      `aformat=channel_layouts=stereo,adelay=${startMs}:all=1[voice${n}]`
    ),
    `${labels}amix=inputs=${heard.length}:normalize=0,alimiter=limit=0.95:level=disabled[sound]`,
  ];
}

/** The seat of each file's picture: one for what a participant shows of itself, one for its screen. */
function seatsOf(index: RecordingIndex, shown: readonly Input[]): number[] {
  const seats = new Map<string, number>();
  const ownerOf = new Map(
    index.participants.flatMap(({ userId, files }) => files.map(({ name }) => [name, userId])),
  );
  // Two files of one seat at the same time would hide each other: the later one gets its own.
  const busyUntil: number[] = [];
  return shown.map(({ file, startMs }) => {
    const owner = `${ownerOf.get(file.name)}/${file.group}`;
    let copy = 0;
    for (;; copy++) {
      const seat = seats.get(`${owner}/${copy}`);
      if (seat === undefined || (busyUntil[seat] ?? 0) <= startMs) break;
    }
    const key = `${owner}/${copy}`;
    const seat = seats.get(key) ?? seats.size;
    seats.set(key, seat);
    busyUntil[seat] = startMs + file.durationMs;
    return seat;
  });
}

function cellOf(
  seat: number,
  { count, width, height }: { count: number; width: number; height: number },
): Cell {
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const cellWidth = even(width / columns);
  const cellHeight = even(height / rows);
  return {
    x: (seat % columns) * cellWidth,
    y: Math.floor(seat / columns) * cellHeight,
    width: cellWidth,
    height: cellHeight,
  };
}

function even(pixels: number): number {
  return Math.floor(pixels / STEP) * STEP;
}

function pictureOf({ tracks }: IndexedFile) {
  return tracks.find(({ codec }) => codec !== "opus");
}

function soundOf({ tracks }: IndexedFile) {
  return tracks.find(({ codec }) => codec === "opus");
}

/** For a POSIX shell. */
function quoted(argument: string): string {
  return /^[\w./:=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

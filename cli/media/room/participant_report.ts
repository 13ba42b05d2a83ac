/**
 * How the media of a headless participant fare, second by second and as a whole: numbers for programs,
 * a table for people.
 */
import type { TrackCounts } from "../received/received_track.ts";
import type { RemoteTrack } from "./received_media.ts";

/** Another look. */
export type Look = {
  /** By the clock of the run. */
  readonly at: number;
  readonly tracks: readonly RemoteTrack[];
  readonly sent: { readonly bytes: number; readonly nacks: number; readonly plis: number };
};

/** A track as it is reported. */
export type TrackReport =
  & Omit<TrackCounts, "codec" | "frameNumber" | "bytes">
  & {
    readonly userId: string;
    readonly source: string;
    readonly path: string | null;
    readonly codec: string | null;
    readonly fps: number;
    readonly kbps: number;
    readonly frameNumber: number | null;
  };

/** A report. */
export type ParticipantReport = {
  readonly sent: { readonly kbps: number; readonly nacks: number; readonly plis: number };
  readonly tracks: readonly TrackReport[];
};

type Before = { readonly at: number; readonly frames: number; readonly bytes: number };

/** The reports of one stay; each speaks of the time since the one before. */
export class ParticipantReports {
  readonly #before = new Map<unknown, Before>();
  #sentBefore = { at: 0, bytes: 0 };

  /** What a look shows. */
  report({ at, tracks, sent: { bytes, nacks, plis } }: Look): ParticipantReport {
    const kbps = rate(bytes - this.#sentBefore.bytes, at - this.#sentBefore.at, 8);
    this.#sentBefore = { at, bytes };
    return {
      sent: { kbps: Math.round(Math.max(0, kbps)), nacks, plis },
      tracks: tracks.filter(({ track }) => track.packets > 0).map((one) => this.#track(one, at)),
    };
  }

  #track({ userId, source, way, track }: RemoteTrack, at: number): TrackReport {
    const { codec, frameNumber, bytes, jitterMs, ...counts } = track.countsAt(at);
    const before = this.#before.get(track) ?? { at: track.beganAt ?? at, frames: 0, bytes: 0 };
    this.#before.set(track, { at, frames: counts.frames, bytes });
    return {
      ...{ userId, source, path: way ?? null, codec: codec ?? null, ...counts },
      jitterMs: Math.round(jitterMs * 10) / 10,
      fps: Math.round(rate(counts.frames - before.frames, at - before.at, 1_000) * 10) / 10,
      kbps: Math.round(rate(bytes - before.bytes, at - before.at, 8)),
      frameNumber: frameNumber ?? null,
    };
  }
}

/** A report as lines; the first one is a head. */
export function linesOf({ sent, tracks }: ParticipantReport): string[] {
  const rows = tracks.map((track) => [
    track.userId,
    track.source,
    track.path ?? "-",
    track.codec ?? "?",
    track.width === 0 ? "" : `${track.width}x${track.height}`,
    `${track.fps.toFixed(1)}/s`,
    `${track.kbps} kbit/s`,
    `lost ${track.lost}`,
    `jitter ${track.jitterMs.toFixed(1)} ms`,
    isPicture(track) ? `${track.keyFrames} key frames` : "",
    track.isFrozen ? "FROZEN" : track.freezes > 0 ? `froze ${track.freezes}x` : "",
    track.frameNumber === null ? "" : `frame ${track.frameNumber}`,
  ]);
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return [
    `sending ${sent.kbps} kbit/s  NACK ${sent.nacks}  PLI ${sent.plis}` +
    (tracks.length === 0 ? "  nothing comes yet" : ""),
    ...rows.map((row) =>
      row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
    ),
  ];
}

function isPicture({ source }: TrackReport): boolean {
  return source === "camera" || source === "screen";
}

/** `amount` in `ms`, as so many in a millisecond or a second. */
function rate(amount: number, ms: number, scale: number): number {
  return ms > 0 ? amount * scale / ms : 0;
}

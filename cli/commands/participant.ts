/**
 * `deno task participant`: takes part in a room from the terminal, with real media. `main.ts` calls it.
 */
import { logger, systemClock } from "../../src/base/mod.ts";
import { UsageError } from "../arguments.ts";
import { ConnectError } from "../client.ts";
import { loadMediaEngine, type PeerEngine } from "../media/engine.ts";
import { Ffmpeg, FfmpegMissing } from "../media/ffmpeg.ts";
import { FollowedTracks, type TrackConsumer } from "../media/received/followed_tracks.ts";
import { MjpegServer } from "../media/received/mjpeg_server.ts";
import { ParticipantRecorder } from "../media/received/participant_recorder.ts";
import { linesOf, ParticipantReports } from "../media/room/participant_report.ts";
import { RoomMedia } from "../media/room/room_media.ts";
import { JoinRefused, RoomSession, type RoomSessionOptions } from "../media/room/room_session.ts";
import { RunTime } from "../media/run_time.ts";
import type { FrameSource } from "../media/sources/frame_source.ts";
import type { Terminal } from "../terminal.ts";
import {
  PARTICIPANT_HELP,
  type ParticipantFlags,
  readParticipantFlags,
} from "./participant_flags.ts";
import { openSource } from "./participant_source.ts";
import { ParticipantVoice } from "./participant_voice.ts";
import type { SessionCommandOptions } from "./whip.ts";

const EXIT = { done: 0, failed: 1, unreachable: 3, noFfmpeg: 4 } as const;
/** What is due is done this often at least. */
const TICK_MS = 5;
const REPORT_MS = 1_000;
/** What the server is told of our media, for `stats-summary` (rule SS1). */
const STATS_EVERY = 2;

/** Runs `deno task participant`; resolves to the exit code. Rejects with UsageError. */
export async function participant(
  args: readonly string[],
  { terminal, signal, token }: SessionCommandOptions,
): Promise<number> {
  const flags = readParticipantFlags(args, token);
  if (flags === undefined) {
    terminal.out.write(PARTICIPANT_HELP);
    return EXIT.done;
  }
  try {
    if (flags.mjpegPort !== undefined) await Ffmpeg.demand("--mjpeg");
    const time = new RunTime(systemClock);
    const engine = await loadEngine();
    const source = await openSource(flags, time);
    try {
      return await new Stay({ flags, terminal, signal, engine, time, source }).run();
    } finally {
      await source?.close();
      engine.close();
    }
  } catch (error) {
    if (!(error instanceof FfmpegMissing)) throw error;
    terminal.err.write(`${error.message}\n`);
    return EXIT.noFfmpeg;
  }
}

type StayOptions = {
  readonly flags: ParticipantFlags;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly engine: PeerEngine;
  readonly time: RunTime;
  readonly source: FrameSource | undefined;
};

/** One stay in the room. */
class Stay {
  readonly #options: StayOptions;
  readonly #voice: ParticipantVoice;
  readonly #media: RoomMedia;
  readonly #reports = new ParticipantReports();
  readonly #session: RoomSession;
  #over: string | undefined;

  constructor(options: StayOptions) {
    const { flags, terminal, engine, time, source } = options;
    this.#options = options;
    this.#voice = new ParticipantVoice(terminal, flags.isJson);
    this.#media = new RoomMedia({
      ...{ engine, time, source },
      send: (message) => this.#session.send(message),
      ask: (message) => this.#session.ask(message),
      notice: (words) => this.#voice.notice(words),
    });
    this.#session = new RoomSession(this.#sessionOptions());
  }

  async run(): Promise<number> {
    const { flags, terminal: { err } } = this.#options;
    const recorder = this.#recorder();
    let mjpeg: MjpegServer | undefined;
    try {
      mjpeg = this.#mjpegServer();
      const consumers = [recorder, mjpeg].filter((one) => one !== undefined);
      const session = this.#session;
      await session.enter();
      this.#voice.tell(
        { type: "joined", roomId: flags.roomId, userId: session.userId, mjpeg: mjpeg?.address },
        [
          `In room "${flags.roomId}" as ${session.userId}`,
          ...(mjpeg === undefined ? [] : [`MJPEG at ${mjpeg.address}`]),
          ...(recorder === undefined ? [] : [`Recording into ${recorder.folder}`]),
        ],
      );
      return await this.#carryOn(consumers);
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.#media.close();
      await this.#session.close();
      await mjpeg?.close();
      const files = await recorder?.stop();
      if (files !== undefined) this.#voice.tell({ type: "recorded", files }, files);
      if (this.#over !== undefined) err.write(`${this.#over}\n`);
    }
  }

  #sessionOptions(): RoomSessionOptions {
    const { flags } = this.#options;
    const { target, token, roomId, userId, name, role, passcode, hostKey } = flags;
    const given = Object.entries({ userId, name, passcode, hostKey, token })
      .filter(([, value]) => value !== undefined);
    return {
      url: target.socketUrl,
      token,
      join: { type: "join", roomId, role, sfu: true, ...Object.fromEntries(given) },
      clock: systemClock,
      entered: (room) => {
        this.#media.entered(room);
        if (room.isNew) this.#announce();
      },
      heard: (message) => this.#media.heard(message),
      resumed: () => this.#media.resumed(),
      ended: (why) => this.#over ??= why,
      notice: (words) => this.#voice.notice(words),
    };
  }

  /** What is on, for whoever shows it (rule ST1). */
  #announce(): void {
    const { source, flags: { role } } = this.#options;
    if (role === "viewer" || source === undefined) return;
    const audio = source.codecs.includes("opus");
    const video = source.codecs.some((codec) => codec !== "opus");
    this.#session.send({ type: "state", audio, video });
  }

  #carryOn(consumers: readonly TrackConsumer[]): Promise<number> {
    const { flags: { durationMs = Infinity }, signal, time, source } = this.#options;
    const followed = new FollowedTracks(consumers);
    const { promise, resolve } = Promise.withResolvers<number>();
    const beganAt = time.now;
    let reports = 0;
    const cancels = [
      systemClock.every(TICK_MS, () => {
        time.look();
        this.#media.tick();
        followed.follow(this.#media.tracks);
        this.#over ??= source?.failure;
        if (this.#over !== undefined) resolve(EXIT.failed);
        else if (signal.aborted || time.now - beganAt >= durationMs) resolve(EXIT.done);
      }),
      systemClock.every(REPORT_MS, () => this.#report(beganAt, ++reports % STATS_EVERY === 0)),
    ];
    return promise.finally(() => {
      cancels.forEach((cancel) => cancel());
      followed.follow([]);
      this.#report(beganAt, false, "ended");
    });
  }

  #report(beganAt: number, isForServer: boolean, type: "report" | "ended" = "report"): void {
    const { now } = this.#options.time;
    const { tracks, sent, topology, links } = this.#media;
    const report = this.#reports.report({ at: now, tracks, sent });
    const seconds = Math.round((now - beganAt) / 1_000);
    const lines = linesOf(report);
    const waiting = [...links].filter(([, state]) => state !== "connected")
      .map(([userId, state]) => `${userId}: ${state}`);
    const [head = "", ...rows] = lines;
    const words = [`${seconds} s  ${topology}  ${head}`, ...rows, ...waiting];
    this.#voice.redraw(
      { type, seconds, topology, links: Object.fromEntries(links), ...report },
      words,
    );
    if (!isForServer) return;
    const path = report.tracks.find((one) => one.path !== null)?.path;
    const bitrateKbps = report.sent.kbps;
    this.#session.send({ type: "stats", bitrateKbps, ...(path ? { path } : {}) });
  }

  #failed(error: unknown): number {
    const { flags: { target, roomId }, signal } = this.#options;
    if (signal.aborted) return EXIT.done;
    if (error instanceof JoinRefused) {
      this.#over = `Cannot enter room "${roomId}": ${error.message}`;
      return EXIT.failed;
    }
    if (!(error instanceof ConnectError)) throw error;
    const { origin } = new URL(target.socketUrl);
    this.#over = `Cannot reach ${origin}: ${error.message}. Start a server with: deno task start`;
    return EXIT.unreachable;
  }

  #recorder(): ParticipantRecorder | undefined {
    const { flags: { folder, roomId } } = this.#options;
    if (folder === undefined) return undefined;
    return new ParticipantRecorder({
      ...{ folder, roomId, clock: systemClock, log: logger("recorder") },
      failed: (why) => this.#voice.notice(why),
    });
  }

  #mjpegServer(): MjpegServer | undefined {
    const { flags: { mjpegPort: port } } = this.#options;
    if (port === undefined) return undefined;
    try {
      return new MjpegServer({
        ...{ port, clock: systemClock },
        notice: (words) => this.#voice.notice(words),
      });
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      throw new UsageError(`Cannot use --mjpeg ${port}: another program has the port`, {
        cause: error,
      });
    }
  }
}

async function loadEngine(): Promise<PeerEngine> {
  try {
    return await loadMediaEngine(logger("media"));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `${error}`, { cause: error });
  }
}

/**
 * A session of `whip` or `whep` from its POST to its DELETE: opens it, drives its media, tells every
 * second how it goes, and ends it whatever happens.
 */
import { logger, systemClock } from "../../src/base/mod.ts";
import { UsageError } from "../arguments.ts";
import { loadMediaEngine, type MediaEngine } from "../media/engine.ts";
import { HttpSession, SessionRefused, SessionUnreachable } from "../media/http_session.ts";
import { RunTime } from "../media/run_time.ts";
import { DescriptionError } from "../media/server_description.ts";
import type { SessionMedia } from "../media/session_media.ts";
import type { Terminal } from "../terminal.ts";
import type { SessionFlags } from "./session_flags.ts";

const EXIT = { done: 0, failed: 1, unreachable: 3 } as const;
/** What is due is done this often at least. */
const TICK_MS = 5;
const REPORT_MS = 1_000;
/** A server that has not been reached over UDP by then will not be. */
const CONNECT_MS = 10_000;

/** What a session is run with. */
export type RunSessionOptions = {
  readonly kind: "whip" | "whep";
  readonly flags: SessionFlags;
  readonly terminal: Terminal;
  /** Ends it in order. */
  readonly signal: AbortSignal;
  /** The media of the session. */
  readonly media: (engine: MediaEngine, time: RunTime) => SessionMedia;
};

/** Why a session has ended. */
type End = "over" | "interrupted" | "unconnected" | "lost";

/** Runs it; resolves to the exit code. */
export async function runSession(options: RunSessionOptions): Promise<number> {
  const { kind, flags, terminal: { err }, signal } = options;
  const engine = await loadEngine();
  const time = new RunTime(systemClock);
  const media = options.media(engine, time);
  try {
    const { endpoint, token, passcode, hostKey } = flags;
    const session = await HttpSession.open(endpoint, {
      sdp: media.offer,
      token,
      passcode,
      hostKey,
      signal,
    });
    try {
      return await carry(session, media, { ...options, time });
    } finally {
      media.close();
      const failure = await session.end();
      if (failure !== undefined) err.write(`Cannot end the session: ${failure}\n`);
    }
  } catch (error) {
    if (signal.aborted) return EXIT.done;
    if (error instanceof SessionRefused) return told(error.message, EXIT.failed);
    if (error instanceof DescriptionError) {
      return told(`Cannot use the server's description: ${error.message}`, EXIT.failed);
    }
    if (!(error instanceof SessionUnreachable)) throw error;
    const sentence = `Cannot reach ${flags.endpoint.origin}: ${error.message}`;
    return told(`${sentence}. Start a server with: deno task start`, EXIT.unreachable);
  } finally {
    media.close();
    engine.close();
  }

  function told(sentence: string, code: number): number {
    if (flags.isJson) tell(options, { type: "failed", kind, reason: sentence }, []);
    err.write(`${sentence}\n`);
    return code;
  }
}

async function loadEngine(): Promise<MediaEngine> {
  try {
    return await loadMediaEngine(logger("media"));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `${error}`, { cause: error });
  }
}

async function carry(
  { sdp, location, links }: HttpSession,
  media: SessionMedia,
  options: RunSessionOptions & { readonly time: RunTime },
): Promise<number> {
  const { kind, flags: { roomId }, terminal: { err } } = options;
  media.begin(sdp);
  const verb = kind === "whip" ? "Publishing into" : "Watching";
  tell(options, { type: "opened", kind, roomId, location: location.href, links }, [
    `${verb} room "${roomId}" as ${location.href}`,
  ]);
  const end = await untilEnd(media, options);
  const { lines, json } = media.report("whole");
  tell(options, { type: "ended", end, ...json }, [`Ended (${end})`, ...lines]);
  if (end === "unconnected") err.write("Cannot reach the server's media over UDP\n");
  if (end === "lost") err.write("The server has ended the connection\n");
  const isFailed = end === "unconnected" || end === "lost" || !media.hasCarried;
  return isFailed ? EXIT.failed : EXIT.done;
}

function untilEnd(
  media: SessionMedia,
  options: RunSessionOptions & { readonly time: RunTime },
): Promise<End> {
  const { flags: { durationMs = Infinity }, signal, time } = options;
  const { promise, resolve } = Promise.withResolvers<End>();
  const beganAt = time.now;
  let openedAt: number | undefined;
  const look = () => {
    time.look();
    media.tick();
    if (media.isOpen) openedAt ??= time.now;
    if (signal.aborted) resolve("interrupted");
    else if (openedAt === undefined) {
      if (time.now - beganAt > CONNECT_MS) resolve("unconnected");
    } else if (!media.isOpen) resolve("lost");
    else if (media.isOver || time.now - openedAt >= durationMs) resolve("over");
  };
  const cancels = [
    systemClock.every(TICK_MS, look),
    systemClock.every(REPORT_MS, () => {
      if (openedAt === undefined) return;
      const { lines, json } = media.report("recent");
      const seconds = Math.round((time.now - openedAt) / 1_000);
      tell(
        options,
        { type: "report", seconds, ...json },
        lines.map((one) => `${seconds} s  ${one}`),
      );
    }),
  ];
  return promise.finally(() => cancels.forEach((cancel) => cancel()));
}

function tell(
  { flags: { isJson }, terminal: { out } }: RunSessionOptions,
  json: object,
  lines: readonly string[],
): void {
  if (isJson) out.write(`${JSON.stringify(json)}\n`);
  else for (const line of lines) out.write(`${line}\n`);
}

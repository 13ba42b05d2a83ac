/**
 * Why a broadcast is slow, or does not move at all, from what a viewer's page can know: the most
 * telling reason first. Pure; the page has the words.
 */
import type { LinkReport } from "../../call/link_report.ts";
import type { Sent } from "./live_data.ts";
import type { MediaPath } from "../../../src/protocol/mod.ts";

/** A reason. */
export type SlowReason =
  /** Our connection to the server is lost. */
  | "server"
  /** The broadcaster's connection to the server is lost, or the broadcaster has left. */
  | "broadcaster"
  /** No path has carried a picture yet. */
  | "path"
  /** Packets get lost, or take long, between us and whoever sends to us. */
  | "network"
  /** The broadcaster cannot send more. */
  | "upload"
  /** The broadcaster's device encodes no faster. */
  | "encoder"
  /** The camera itself gives few pictures, in the dark for one. */
  | "camera"
  /** This device shows less than it receives. */
  | "decode"
  /** Frames come over the server's socket, because no faster path is open. */
  | "relay"
  /** A TURN server lies between. */
  | "turn";

/** What is known. */
export interface Circumstances {
  readonly isServerAway: boolean;
  readonly isBroadcasterAway: boolean;
  /** A picture is to be seen, by what the broadcaster says of itself. */
  readonly isPictureExpected: boolean;
  /** It is that of a screen, which moves only when something on it does. */
  readonly isScreen: boolean;
  readonly rung: MediaPath | undefined;
  readonly report: LinkReport | undefined;
  readonly sent: Sent | undefined;
  readonly shown: Drawn | undefined;
}

/** What this device has drawn lately. */
export interface Drawn {
  readonly framesPerSecond: number;
  /** The part of the decoded pictures that it had to leave out, 0 to 1. */
  readonly dropped: number;
  /** Since when nothing new was drawn, in milliseconds. */
  readonly stillMs: number;
}

/** A picture that stands still for so long has stopped: a screen gives one a second, whatever is on it. */
export const STILL_MS = 3_000;

/** A moving picture looks fluent from here on. */
const FLUENT_FRAMES = 15;
const MUCH_LOSS = 0.05;
const LONG_ROUND_TRIP_MS = 400;
const MUCH_JITTER_MS = 80;
const MANY_DROPPED = 0.2;
/** Below this part of what there was, pictures are lost on their way. */
const MOST = 0.7;

/** The reasons; empty where nothing is slow. */
export function slowReasons(now: Circumstances): readonly SlowReason[] {
  if (now.isServerAway) return ["server"];
  if (now.isBroadcasterAway) return ["broadcaster"];
  if (!now.isPictureExpected) return [];
  const picture = now.report?.received.find(({ slot }) => slot === "screen" || slot === "camera");
  const frames = now.shown?.framesPerSecond ?? picture?.framesPerSecond ?? 0;
  const isStill = now.shown === undefined ? frames === 0 : now.shown.stillMs >= STILL_MS;
  if (isStill) return ["path"];
  const reasons: SlowReason[] = [];
  if (isNetworkPoor(now.report)) reasons.push("network");
  if (now.sent?.limitedBy === "bandwidth") reasons.push("upload");
  if (now.sent?.limitedBy === "cpu") reasons.push("encoder");
  const dropped = now.shown?.dropped ?? 0;
  if (dropped > MANY_DROPPED) reasons.push("decode");
  const isSlow = frames < FLUENT_FRAMES && !now.isScreen;
  if (now.rung === "relay") reasons.push("relay");
  if (isSlow && now.rung === "turn") reasons.push("turn");
  if (isSlow && reasons.length === 0 && now.sent !== undefined && now.sent.framesPerSecond > 0) {
    reasons.push(placeOfLoss(frames, now.sent));
  }
  return reasons;
}

/** What the camera gives, what is sent of that, what arrives: where most of it is lost. */
function placeOfLoss(frames: number, { framesPerSecond, captured }: Sent): SlowReason {
  if (frames < framesPerSecond * MOST) return "network";
  return framesPerSecond < captured * MOST ? "encoder" : "camera";
}

function isNetworkPoor(report: LinkReport | undefined): boolean {
  if (report === undefined) return false;
  const loss = Math.max(0, ...report.received.map((stream) => stream.loss));
  const jitterMs = Math.max(0, ...report.received.map((stream) => stream.jitterMs));
  return loss > MUCH_LOSS || jitterMs > MUCH_JITTER_MS ||
    (report.roundTripMs ?? 0) > LONG_ROUND_TRIP_MS;
}

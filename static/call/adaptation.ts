/**
 * How large the camera and the screen are sent, from how many there are, what the network takes and
 * what the processor bears. Pure but for what it remembers so as not to change its mind too often;
 * the page asks it each time that it has measured.
 */
import { BEST_FIRST, CHEAP_FIRST } from "./codec_order.ts";
import { BitrateLadder } from "./bitrate_ladder.ts";
import { type LinkReport, type StreamReport, waysOut } from "./link_report.ts";
import type { SlotEncoding } from "./transport.ts";

/** The steps of a camera. Each costs at most 1.8 times the one below: a browser that sends at its
 * bound looks for up to twice as much, so it can find out whether there is enough for the next one. */
const CAMERA_STEPS = [
  { height: 180, maxFramerate: 15, maxBitrate: 110_000 },
  { height: 270, maxFramerate: 20, maxBitrate: 190_000 },
  { height: 360, maxFramerate: 30, maxBitrate: 330_000 },
  { height: 480, maxFramerate: 30, maxBitrate: 550_000 },
  { height: 540, maxFramerate: 30, maxBitrate: 900_000 },
  { height: 720, maxFramerate: 30, maxBitrate: 1_500_000 },
  { height: 1080, maxFramerate: 30, maxBitrate: 2_500_000 },
] as const;
/** The steps of a screen: always every pixel, fewer pictures a second when there is little. */
const SCREEN_STEPS = [
  { maxFramerate: 5, maxBitrate: 250_000 },
  { maxFramerate: 10, maxBitrate: 450_000 },
  { maxFramerate: 15, maxBitrate: 800_000 },
  { maxFramerate: 15, maxBitrate: 1_400_000 },
  { maxFramerate: 30, maxBitrate: 2_500_000 },
] as const;
/** Where a call begins, before anything was measured. */
const FIRST_CAMERA_STEP = 3;
const FIRST_SCREEN_STEP = 2;
/** Through the server each picture is sent once, in three sizes: the browser itself leaves the large
 * ones out when the network is narrow, and the server has it leave out those that nobody wants. */
const LAYERED_STEP = 5;
/** The highest step of a camera among so many others: nobody sees a ninth of a screen in 1080p. */
const CEILINGS = [
  { others: 1, step: 6 },
  { others: 3, step: 5 },
  { others: 5, step: 4 },
  { others: 8, step: 2 },
  { others: Infinity, step: 1 },
] as const;
/** Beside a share a camera is a small picture in a strip. */
const CEILING_BESIDE_SHARE = 1;
/** The part of the estimate that is planned with; the rest is for what comes in bursts. */
const PLANNED = 0.9;
/** One voice with its headers. */
const VOICE_BITRATE = 45_000;
/** A processor that was behind for this long gets codecs that cost less, for the rest of the call. */
export const CHEAP_AFTER_MS = 4_000;

/** What is known at one moment. */
export interface Circumstances {
  /** The media go through the server, once for everybody. */
  readonly isForwarded: boolean;
  /** How many others there are. */
  readonly others: number;
  /** Bits a second of all links together; undefined where the browser does not say. */
  readonly availableOutgoingBitrate: number | undefined;
  /** What holds our camera down. */
  readonly limitedBy: NonNullable<StreamReport["limitedBy"]>;
  /** We share our screen. */
  readonly isSharing: boolean;
  /** Somebody shares, we or another, so cameras are seen as small pictures. */
  readonly isShareOn: boolean;
  /** Pixels of the camera's track as it is captured now. */
  readonly captureHeight: number;
  /**
   * The height that somebody chose for a picture that all others look at and at nothing else: then
   * neither their number nor a share bounds it. Default: those two do.
   */
  readonly wantedHeight?: number | undefined;
}

/** What to do about it. */
export interface Advice {
  readonly camera: SlotEncoding;
  readonly screen: SlotEncoding;
  /** The height that the camera should be captured in. */
  readonly captureHeight: number;
  /** For `setCodecOrder`. */
  readonly codecOrder: readonly string[];
  /** What holds our pictures down, so that the server may carry them instead (rule TO2). */
  readonly limitedBy: "cpu" | "bandwidth" | undefined;
}

/** The judgement of one call. */
export class Adaptation {
  readonly #camera = new BitrateLadder(
    CAMERA_STEPS.map((step) => step.maxBitrate),
    FIRST_CAMERA_STEP,
  );
  readonly #layered = new BitrateLadder(
    CAMERA_STEPS.map((step) => step.maxBitrate),
    LAYERED_STEP,
  );
  readonly #screen = new BitrateLadder(
    SCREEN_STEPS.map((step) => step.maxBitrate),
    FIRST_SCREEN_STEP,
  );
  #slowSince: number | undefined;
  #isSlow = false;

  /** What to send at `at`, in milliseconds of a clock that never goes back. */
  advise(at: number, now: Circumstances): Advice {
    this.#judgeProcessor(at, now);
    const { limitedBy, isSharing } = now;
    const budget = budgetOfOne(now);
    // The camera gives way to the share: the screen may take all but the camera's lowest step.
    const forScreen = budget === undefined ? undefined : budget - CAMERA_STEPS[0].maxBitrate;
    const top = SCREEN_STEPS.length - 1;
    const screenStep = this.#screen.step(at, {
      budget: isSharing ? forScreen : undefined,
      limitedBy: isSharing ? limitedBy : "other",
      // Without a share nothing is learned about one.
      ceiling: isSharing ? top : FIRST_SCREEN_STEP,
    });
    const screen = SCREEN_STEPS[screenStep]!;
    const taken = isSharing ? Math.min(screen.maxBitrate, Math.max(0, forScreen ?? 0)) : 0;
    const left = budget === undefined ? undefined : budget - taken;
    const cameraStep = now.isForwarded ? this.#layeredStep(at, now) : this.#camera.step(at, {
      budget: left,
      limitedBy,
      ceiling: ceilingOf(now),
    });
    const camera = CAMERA_STEPS[cameraStep]!;
    return {
      camera: {
        maxBitrate: camera.maxBitrate,
        maxFramerate: camera.maxFramerate,
        scaleResolutionDownBy: Math.max(1, now.captureHeight / camera.height),
        degradationPreference: "balanced",
      },
      screen: {
        ...screen,
        scaleResolutionDownBy: 1,
        degradationPreference: "maintain-resolution",
      },
      captureHeight: now.wantedHeight ?? captureHeightFor(camera.height),
      codecOrder: this.#isSlow ? CHEAP_FIRST : BEST_FIRST,
      limitedBy: this.#limit(now),
    };
  }

  /** What the encoders say, and where they say nothing why the ladder stands lower than it began. */
  #limit({ limitedBy, isForwarded }: Circumstances): Advice["limitedBy"] {
    if (limitedBy === "cpu" || limitedBy === "bandwidth") return limitedBy;
    return isForwarded ? undefined : this.#camera.cause;
  }

  /** The processor alone counts: it cannot leave out a size. */
  #layeredStep(at: number, { limitedBy, wantedHeight }: Circumstances): number {
    return this.#layered.step(at, {
      budget: undefined,
      limitedBy: limitedBy === "cpu" ? "cpu" : "none",
      ceiling: wantedHeight === undefined ? LAYERED_STEP : stepOf(wantedHeight),
    });
  }

  /** Not taken back: the same codecs would be too much for it again, and each change costs. */
  #judgeProcessor(at: number, { limitedBy }: Circumstances): void {
    this.#slowSince = limitedBy === "cpu" ? this.#slowSince ?? at : undefined;
    if (this.#slowSince !== undefined && at - this.#slowSince >= CHEAP_AFTER_MS) {
      this.#isSlow = true;
    }
  }
}

/** What the links together say, for {@linkcode Circumstances}. */
export function summarise(
  reports: readonly LinkReport[],
): Pick<Circumstances, "availableOutgoingBitrate" | "limitedBy"> {
  const ways = waysOut(reports);
  const estimates = ways.flatMap(({ availableOutgoingBitrate: estimate }) => estimate ?? []);
  const known = estimates.reduce((sum, estimate) => sum + estimate, 0);
  const reasons = ways.flatMap(({ sent }) =>
    sent.filter(({ slot }) => slot === "camera" || slot === "screen")
      .map(({ limitedBy = "none" }) => limitedBy)
  );
  const limited = (reason: string) => reasons.filter((one) => one === reason).length;
  // One encoder too slow is a processor too slow; one narrow path is the trouble of one other.
  const isNarrow = limited("bandwidth") * 2 > reasons.length;
  return {
    // A link that was just made says nothing yet: it is taken for one like the others.
    availableOutgoingBitrate: estimates.length === 0
      ? undefined
      : known * ways.length / estimates.length,
    limitedBy: limited("cpu") > 0 ? "cpu" : isNarrow ? "bandwidth" : "none",
  };
}

/** Bits a second for the pictures to one other, or for all to the server. */
function budgetOfOne(
  { availableOutgoingBitrate, others, isForwarded }: Circumstances,
): number | undefined {
  if (availableOutgoingBitrate === undefined || others === 0) return undefined;
  const ways = isForwarded ? 1 : others;
  return Math.max(0, availableOutgoingBitrate * PLANNED / ways - VOICE_BITRATE);
}

function ceilingOf({ others, isShareOn, isSharing, wantedHeight }: Circumstances): number {
  if (wantedHeight !== undefined) return stepOf(wantedHeight);
  const { step } = CEILINGS.find((ceiling) => others <= ceiling.others)!; // The last one is infinite.
  return isShareOn || isSharing ? Math.min(step, CEILING_BESIDE_SHARE) : step;
}

/** The highest step that is no taller than this; the lowest one where none is. */
function stepOf(height: number): number {
  return Math.max(0, CAMERA_STEPS.findLastIndex((step) => step.height <= height));
}

function captureHeightFor(height: number): number {
  return height <= 360 ? 360 : height <= 720 ? 720 : 1080;
}

/**
 * How what a subscriber's path takes is shared among the pictures that it wants: which layer of each
 * is forwarded. Sound comes first, then everybody's lowest layer, then screens are raised as far as
 * they go, then all others evenly. Going up needs room to spare and staying needs none, so that
 * bitrates that waver do not change the picture. Pure.
 */

/** Kept free for each voice: Opus with its headers and what repairs it. */
export const VOICE_BITRATE = 50_000;
/** More voices than these are not heard at once; those that only listen cost little. */
export const MAX_VOICES = 8;
/** There must be so much more than a higher layer takes, before it is taken. */
export const HEADROOM = 1.15;
/** A layer is kept until all is this far beyond the estimate: bitrates are measured and waver. */
export const TOLERANCE = 1.1;

/** A layer that can be forwarded; an SVC layer costs what all below it cost as well. */
export type VideoLayer = {
  readonly index: number;
  /** Pixels; 0: not known yet. */
  readonly height: number;
  /** Bits a second; 0 where it is not sent now: {@linkcode nominalBitrate} stands for it. */
  readonly bitrate: number;
};

/** A picture that a subscriber wants. */
export type WantedVideo = {
  readonly trackId: string;
  /** Smallest first. */
  readonly layers: readonly VideoLayer[];
  /** Pixels that the subscriber shows; left out: as tall as it comes; 0: none. */
  readonly maxHeight?: number | undefined;
  readonly isPaused: boolean;
  readonly priority: VideoPriority;
  /** The index of the layer that is forwarded now; left out: none. */
  readonly current?: number | undefined;
};

/** What is shown to all, who speaks, and the rest. */
export type VideoPriority = "screen" | "speaker" | "other";

/** Which layer of each, and what it comes to. */
export type Allocation = {
  /** By track: the index of the layer, `undefined`: none. Every wanted video is in it. */
  readonly layers: ReadonlyMap<string, number | undefined>;
  /** Bits a second of the pictures that are forwarded. */
  readonly bitrate: number;
  /** The estimate from which one more would be raised; `undefined`: nothing more is wanted. */
  readonly next: number | undefined;
};

/** A video on its way up. */
type Climb = {
  readonly video: WantedVideo;
  /** What of its layers may be forwarded. */
  readonly layers: readonly VideoLayer[];
  /** Where it stands now, and where it will; -1: nowhere. */
  readonly standing: number;
  step: number;
  isDone: boolean;
};

const ranks: Record<VideoPriority, number> = { screen: 0, speaker: 1, other: 2 };

/** Shares `estimate` (bits a second) among `videos`; of equals the first goes first. */
export function allocate(
  { estimate, voices, videos, isBorne = false }: {
    readonly estimate: number;
    /** What goes now has met no complaint so far: it is kept, whatever the estimate. Default not. */
    readonly isBorne?: boolean;
    /** How many are forwarded. */
    readonly voices: number;
    readonly videos: readonly WantedVideo[];
  },
): Allocation {
  const reserved = Math.min(voices, MAX_VOICES) * VOICE_BITRATE;
  const budget = Math.max(0, estimate - reserved);
  // Of equals, who stands higher goes first: keeping costs nothing, changing places a key frame each.
  const climbs = videos.map(climbOf).sort((one, other) =>
    ranks[one.video.priority] - ranks[other.video.priority] || other.standing - one.standing
  );
  let spent = 0;
  /** What raising each that could not be raised would cost. */
  const refused: number[] = [];
  for (;;) {
    const climb = nextOf(climbs);
    if (climb === undefined) break;
    const from = climb.layers[climb.step];
    const to = climb.layers[climb.step + 1];
    if (to === undefined) {
      climb.isDone = true;
      continue;
    }
    const cost = bitrateOf(to) - (from === undefined ? 0 : bitrateOf(from));
    const limit = isKept(climb) ? budget * TOLERANCE : budget / HEADROOM;
    if (spent + cost <= limit || (isBorne && isKept(climb))) {
      climb.step++;
      spent += cost;
    } else {
      climb.isDone = true;
      refused.push(cost);
    }
  }
  return {
    layers: new Map(climbs.map(({ video, layers, step }) => [video.trackId, layers[step]?.index])),
    bitrate: spent,
    next: refused.length === 0
      ? undefined
      // Rounded up, or the estimate that is this much would be a bit too small.
      : Math.ceil((spent + Math.min(...refused)) * HEADROOM) + reserved,
  };
}

/** What a layer of this height takes where nobody has measured it: 150 kbit/s at 180 lines, 1.7 Mbit/s at 720. */
export function nominalBitrate(height: number): number {
  return Math.round(150_000 * ((height || 360) / 180) ** 1.75);
}

function climbOf(video: WantedVideo): Climb {
  const layers = usableLayers(video);
  const { current } = video;
  // A layer above all that may be forwarded now is no reason to lose those below it.
  const standing = current === undefined
    ? -1
    : layers.findLastIndex(({ index }) => index <= current);
  return { video, layers, standing, step: -1, isDone: false };
}

/** As tall as is shown; a picture that is too tall in its smallest layer is better than none. */
function usableLayers(
  { layers, maxHeight = Infinity, isPaused }: WantedVideo,
): readonly VideoLayer[] {
  if (isPaused || maxHeight === 0) return [];
  const low = layers.filter(({ height }) => height <= maxHeight);
  return low.length > 0 ? low : layers.slice(0, 1);
}

/** Whose turn it is: the one with the lowest number, and of several the first. */
function nextOf(climbs: readonly Climb[]): Climb | undefined {
  let next: Climb | undefined;
  for (const climb of climbs) {
    if (!climb.isDone && (next === undefined || turnOf(climb) < turnOf(next))) next = climb;
  }
  return next;
}

/** Who has nothing, then screens, then who has least; and before each who raises, who only keeps. */
function turnOf(climb: Climb): number {
  const { video, step } = climb;
  if (step < 0) return -2;
  const turn = video.priority === "screen" ? -1 : step;
  return isKept(climb) ? turn : turn + 0.5;
}

/** Whether the next layer of it is forwarded already. */
function isKept({ step, standing }: Climb): boolean {
  return step < standing;
}

function bitrateOf({ bitrate, height }: VideoLayer): number {
  return bitrate > 0 ? bitrate : nominalBitrate(height);
}

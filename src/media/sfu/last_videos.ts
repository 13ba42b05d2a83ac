/**
 * Last-N: which pictures one subscriber is sent at all. In a large room nobody looks at everybody;
 * who spoke lately is looked at, who spoke never is not missed. Pure.
 */

/** Pictures that a subscriber is sent at most, screens aside: a grid of four by four. */
export const MAX_VIDEOS = 16;

/** A picture that the subscriber may be sent. */
export type VideoCandidate = {
  readonly trackId: string;
  readonly isScreen: boolean;
  /** The subscriber has asked for it, and has not paused it. */
  readonly isWanted: boolean;
  readonly isPaused: boolean;
  /** When its publisher spoke last (`Speakers.rank`); larger is later. */
  readonly spokeAtMs: number;
};

/**
 * The tracks to forward of `videos`, which are in the order in which their publishers joined: every
 * screen, then what was asked for, then who spoke last, then who joined first, `max` in all. Screens
 * beyond that come too; what is paused never comes.
 */
export function lastVideos(
  videos: readonly VideoCandidate[],
  max: number = MAX_VIDEOS,
): ReadonlySet<string> {
  const awake = videos.filter(({ isPaused }) => !isPaused);
  const screens = awake.filter(({ isScreen }) => isScreen);
  const cameras = awake.filter(({ isScreen }) => !isScreen)
    .sort((one, other) =>
      Number(other.isWanted) - Number(one.isWanted) || other.spokeAtMs - one.spokeAtMs
    );
  const left = Math.max(0, max - screens.length);
  return new Set([...screens, ...cameras.slice(0, left)].map(({ trackId }) => trackId));
}

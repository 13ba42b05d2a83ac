/**
 * What belongs together of what participants publish: a microphone with its camera, a screen with its
 * sound. A receiver plays each group in step, on one pair of m-lines.
 */
import type { SubscriptionWish } from "../port.ts";
import { lastVideos, MAX_VIDEOS } from "./last_videos.ts";
import type { MediaGroup, PublishedGroup } from "./pair_plan.ts";
import type { Publication } from "./publication.ts";

/** A group with what is published of it. */
export type GroupOfTracks = PublishedGroup & { readonly tracks: readonly Publication[] };

/** What one receiver is told and wants. */
export type ReceiverView = {
  /** What the others publish, in the order in which they joined. */
  readonly publications: readonly Publication[];
  /** How the receiver wants a track, if it said so. */
  readonly wishOf: (trackId: string) => SubscriptionWish | undefined;
  /** When somebody spoke last; larger is later. */
  readonly spokeAt: (userId: Publication["userId"]) => number;
};

/** The groups that a receiver can have. */
export function groupTracks({ publications, wishOf, spokeAt }: ReceiverView): GroupOfTracks[] {
  const groups = new Map<string, Publication[]>();
  for (const publication of publications) {
    const key = `${publication.userId}/${groupOf(publication)}`;
    const tracks = groups.get(key);
    if (tracks === undefined) groups.set(key, [publication]);
    else tracks.push(publication);
  }
  return [...groups.values()].map((tracks) => {
    const [first] = tracks;
    const wishes = tracks.map(({ trackId }) => wishOf(trackId));
    return {
      userId: first!.userId, // A group has at least the track that it was made for.
      group: groupOf(first!),
      spokeAtMs: spokeAt(first!.userId),
      isWanted: wishes.some((wish) => wish !== undefined && wish.isPaused !== true),
      isPaused: wishes.every((wish) => wish?.isPaused === true),
      tracks,
    };
  });
}

/** The pictures that a receiver is sent; what it has paused is none of them. */
export function forwardedVideos(
  { publications, wishOf, spokeAt }: ReceiverView,
  lastN: number = MAX_VIDEOS,
): ReadonlySet<string> {
  const videos = publications.filter(({ isVideo }) => isVideo).map(
    ({ trackId, source, userId }) => {
      const wish = wishOf(trackId);
      return {
        trackId,
        isScreen: source === "screen",
        isWanted: wish !== undefined && wish.isPaused !== true,
        isPaused: wish?.isPaused === true,
        spokeAtMs: spokeAt(userId),
      };
    },
  );
  return lastVideos(videos, lastN);
}

function groupOf({ source }: Publication): MediaGroup {
  return source === "microphone" || source === "camera" ? "person" : "screen";
}

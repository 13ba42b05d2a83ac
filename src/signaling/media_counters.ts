/**
 * What the media plane counts of one participant, in the words of the wire (rule MS1). The requests to
 * the media plane answer with it. Pure.
 */
import type { MediaRoomStats } from "../media/port.ts";
import type { ServerMessageOf } from "../protocol/mod.ts";

/** The reply to `media-stats`, of what is counted of its sender alone. */
export function countersOf(
  { publications, subscriptions, estimates }: MediaRoomStats,
): ServerMessageOf<"media-stats"> {
  const [estimate] = estimates;
  return {
    type: "media-stats",
    published: publications.map(({ userId: _, layers, ...publication }) => ({
      ...publication,
      layers: [...layers],
    })),
    received: subscriptions.map(({ from, isPaused, ...subscription }) => ({
      ...subscription,
      userId: from,
      paused: isPaused,
    })),
    ...(estimate === undefined ? {} : { estimateKbps: Math.round(estimate.bitrate / 1_000) }),
  };
}

/**
 * What an offer publishes: which m-lines carry which tracks, and which of them were published before.
 * The publisher asks when it is given a description; nothing has changed where it is refused.
 */
import { kindOfSource, type PublishedMedia } from "../../protocol/mod.ts";
import { MediaError } from "../port.ts";
import type { NegotiatedMedia } from "../sdp/negotiated_media.ts";
import type { Publication } from "./publication.ts";

/** What is to be published, and what was. */
export type PublishedTracksOptions = {
  readonly media: readonly NegotiatedMedia[];
  readonly tracks: readonly PublishedMedia[];
  readonly before: readonly Publication[];
  /** Makes one that was not there before. */
  readonly create: (media: NegotiatedMedia, source: PublishedMedia["source"]) => Publication;
};

/** The publications of `tracks`; those that go on are the same as before. Throws MediaError. */
export function publishedTracks(
  { media, tracks, before, create }: PublishedTracksOptions,
): Publication[] {
  refuseCollisions(media);
  refuseRepeated(tracks);
  const agreed = tracks.map((track) => ({ ...track, media: agreedMedia(media, track) }));
  return agreed.map(({ mid, source, media }) =>
    before.find((publication) =>
      publication.mid === mid && publication.source === source &&
      publication.codec === media.codec.name
    ) ?? create(media, source)
  );
}

/** The m-line of a track, which has to be of its kind. */
function agreedMedia(
  media: readonly NegotiatedMedia[],
  { mid, source }: PublishedMedia,
): NegotiatedMedia {
  const found = media.find((candidate) => candidate.mid === mid);
  if (found === undefined) {
    throw new MediaError("bad-description", `Cannot publish "${mid}": no such m-line is sent`);
  }
  if (found.kind === kindOfSource(source)) return found;
  throw new MediaError("bad-description", `Cannot publish "${mid}" as ${source}: ${found.kind}`);
}

/** A receiver plays one microphone with one camera, and knows an m-line by one name. */
function refuseRepeated(tracks: readonly PublishedMedia[]): void {
  const mids = new Set(tracks.map(({ mid }) => mid));
  const sources = new Set(tracks.map(({ source }) => source));
  if (mids.size === tracks.length && sources.size === tracks.length) return;
  throw new MediaError("bad-description", "Cannot publish an m-line or a source twice");
}

/** An SSRC stands for one stream: who names it twice could not be understood (RFC 3550, 8.2). */
function refuseCollisions(media: readonly NegotiatedMedia[]): void {
  const seen = new Set<number>();
  for (const ssrc of media.flatMap(({ ssrcs, rtxSsrcs }) => [...ssrcs, ...rtxSsrcs])) {
    if (ssrc !== 0 && seen.has(ssrc)) {
      throw new MediaError(
        "bad-description",
        `Cannot publish: SSRC ${ssrc} stands for two streams`,
      );
    }
    seen.add(ssrc);
  }
}

/**
 * What publishers are to be told of how tall their pictures are wanted (rule PB6): everybody's wishes
 * for each picture, and what of that is new. The room asks now and then.
 */
import type { UserId } from "../../protocol/mod.ts";
import type { Member } from "./member.ts";
import type { Publication } from "./publication.ts";
import { type LayerWish, tallestWanted } from "./wanted_layers.ts";

/** What a publisher is told of one picture. */
export type WantedChange = {
  readonly userId: UserId;
  readonly trackId: string;
  /** Pixels; 0: nobody wants it. */
  readonly maxHeight: number;
};

/** The changes of `at`, which are taken for told. `others` are wishes of who is no member. */
export function wantedChanges(
  members: readonly Member[],
  others: (publication: Publication) => readonly LayerWish[],
  at: number,
): WantedChange[] {
  const pictures = members.flatMap(({ publications }) => publications)
    .filter(({ isVideo }) => isVideo);
  return pictures.flatMap((publication) => {
    const wishes = members.flatMap(({ receiver }) => receiver.downlink.wishesFor(publication, at));
    const tallest = tallestWanted([...wishes, ...others(publication)]);
    const maxHeight = publication.wanted.update(tallest, at);
    const { userId, trackId } = publication;
    return maxHeight === undefined ? [] : [{ userId, trackId, maxHeight }];
  });
}

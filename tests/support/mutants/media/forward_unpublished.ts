/** A media process that goes on with what is not published any more, though it says that it ended. */
import type { Publication } from "../../../../src/media/sfu/publication.ts";
import { Publisher } from "../../../../src/media/sfu/publisher.ts";
import { Slot } from "../../../../src/media/sfu/slot.ts";
import { replaceGetter, replaceMethod } from "../mutant.ts";

/** What has ended as far as others know. */
const hidden = new Set<Publication>();

replaceMethod(Publisher.prototype, "apply", (self, original, media, tracks) => {
  const before = self.publications;
  const ended = before.filter(({ mid }) => !tracks.some((track) => track.mid === mid));
  const kept = [...hidden, ...ended].filter((one) => !tracks.some(({ mid }) => mid === one.mid))
    .map(({ mid, source }) => ({ mid, source }));
  const { published } = original(media, [...tracks, ...kept]);
  const back = [...hidden].filter(({ mid }) => tracks.some((track) => track.mid === mid));
  for (const publication of back) hidden.delete(publication);
  for (const publication of ended) hidden.add(publication);
  return { published: [...published, ...back], unpublished: ended };
});

replaceGetter(Publisher.prototype, "publications", (_, original) => {
  return original().filter((publication) => !hidden.has(publication));
});

replaceMethod(Slot.prototype, "assign", (self, original, publication) => {
  if (publication !== undefined) return original(publication);
  self.publication = undefined; // It is not told any more; what was forwarded still is.
});

await import("../../../../src/media/child/main.ts");

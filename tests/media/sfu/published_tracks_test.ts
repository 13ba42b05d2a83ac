/** What an offer publishes, held against what was published before. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import type { NegotiatedMedia } from "../../../src/media/sdp/negotiated_media.ts";
import type { Publication } from "../../../src/media/sfu/publication.ts";
import { publishedTracks } from "../../../src/media/sfu/published_tracks.ts";
import type { PublishedMedia } from "../../../src/protocol/mod.ts";
import { CAMERA, MICROPHONE, publicationOf, SCREEN } from "../support/published_media.ts";

const media = [MICROPHONE, CAMERA, SCREEN];
const camera = { mid: "1", source: "camera" } as const;
const microphone = { mid: "0", source: "microphone" } as const;

function publish(
  tracks: readonly PublishedMedia[],
  more: { media?: readonly NegotiatedMedia[]; before?: readonly Publication[] } = {},
) {
  const created: string[] = [];
  const publications = publishedTracks({
    ...{ media, before: [], tracks, ...more },
    create: (one, source) => {
      created.push(`${one.mid} ${source}`);
      return publicationOf(one, source);
    },
  });
  return { publications, created };
}

Deno.test("[PB1] publishedTracks makes a publication of each track, in their order", () => {
  const { publications, created } = publish([camera, microphone]);

  assert.deepEqual(created, ["1 camera", "0 microphone"]);
  assert.deepEqual(publications.map(({ mid }) => mid), ["1", "0"]);
});

Deno.test("[PB3] publishedTracks keeps what is the same, and makes anew what is not", () => {
  const before = publish([camera, microphone]).publications;
  const vp9: NegotiatedMedia = { ...CAMERA, codec: { ...CAMERA.codec, name: "VP9" } };

  assert.deepEqual(publish([microphone, camera], { before }).publications, before.toReversed());
  assert.deepEqual(publish([{ mid: "1", source: "screen" }], { before }).created, ["1 screen"]);
  assert.deepEqual(publish([camera], { before, media: [vp9] }).created, ["1 camera"]);
  assert.deepEqual(publish([], { before }), { publications: [], created: [] });
});

for (
  const [what, tracks, negotiated, sentence] of [
    ["no m-line", [camera, { mid: "9", source: "screen" }], media, /"9": no such m-line/],
    ["an m-line of another kind", [{ mid: "0", source: "camera" }], media, /"0" as camera: audio/],
    ["an m-line twice", [camera, { mid: "1", source: "screen" }], media, /twice/],
    ["a source twice", [camera, { mid: "2", source: "camera" }], media, /twice/],
    [
      "an SSRC that stands for two streams",
      [microphone],
      [MICROPHONE, { ...SCREEN, rtxSsrcs: [500] }],
      /SSRC 500 stands for two streams/,
    ],
  ] as const
) {
  Deno.test(`[PB2] publishedTracks refuses ${what}, and makes nothing`, () => {
    const created: string[] = [];

    assert.throws(
      () =>
        publishedTracks({
          ...{ media: negotiated, tracks, before: [] },
          create: (one, source) => {
            created.push(source);
            return publicationOf(one, source);
          },
        }),
      (error) =>
        error instanceof MediaError && error.code === "bad-description" &&
        sentence.test(error.message),
    );
    assert.deepEqual(created, []);
  });
}

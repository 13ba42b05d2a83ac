/** How tall each picture is seen. */
import assert from "node:assert/strict";
import type { PictureWishes } from "../../../static/call/transport.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import { type Watching, wishesOf } from "../../../static/state/picture_wishes.ts";
import type { Place } from "../../../static/state/stage_places.ts";

const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;
const eve = parseUserId("eve")!;

const NOTHING: PictureWishes = { camera: 0, screen: 0 };
const table: [title: string, change: Partial<Watching>, bob: PictureWishes, eve: PictureWishes][] =
  [
    ["a face and a screen", {}, { camera: 300, screen: Infinity }, NOTHING],
    ["a wide place, which a face fills", { places: [place("person", bob, 1600, 300)] }, {
      camera: 900,
      screen: 0,
    }, NOTHING],
    ["a fine screen", { pixelRatio: 1.5 }, { camera: 450, screen: Infinity }, NOTHING],
    ["a screen finer than eyes", { pixelRatio: 4 }, { camera: 600, screen: Infinity }, NOTHING],
    ["a page that nobody sees", { isWatched: false }, NOTHING, NOTHING],
    ["a recording", { isRecording: true }, { camera: 360, screen: Infinity }, {
      camera: 360,
      screen: Infinity,
    }],
    ["a recording of a page that nobody sees", { isRecording: true, isWatched: false }, {
      camera: 360,
      screen: Infinity,
    }, { camera: 360, screen: Infinity }],
    ["an empty stage", { places: [] }, NOTHING, NOTHING],
    ["a screen that has no tile yet", { people: [person(bob), person(eve, true)] }, {
      camera: 300,
      screen: Infinity,
    }, { camera: 0, screen: Infinity }],
    [
      "a screen that has no tile yet, and nobody looks",
      {
        ...{ people: [person(bob), person(eve, true)], isWatched: false },
      },
      NOTHING,
      NOTHING,
    ],
  ];

for (const [title, change, ofBob, ofEve] of table) {
  Deno.test(`[SB3] wishesOf ${title}`, () => {
    const wishes = wishesOf({ ...watching(), ...change });

    assert.deepEqual([...wishes ?? []], [[bob, ofBob], [eve, ofEve]]);
  });
}

Deno.test("[SB3] wishesOf a stage that nobody has measured are unknown", () => {
  assert.equal(wishesOf({ ...watching(), places: undefined }), undefined);
});

function watching(): Watching {
  return {
    places: [
      place("person", ann, 400, 300),
      place("person", bob, 400, 300),
      place("screen", bob, 800, 600),
    ],
    people: [ann, bob, eve].map((userId) => person(userId)),
    ...{ pixelRatio: 1, isWatched: true, isRecording: false },
  };
}

function person(userId: typeof bob, screen = false): Watching["people"][number] {
  return { userId, isSelf: userId === ann, state: { screen }, tracks: {} };
}

function place(
  kind: "person" | "screen",
  userId: typeof bob,
  width: number,
  height: number,
): Place {
  return { tile: { kind, userId }, rect: { x: 0, y: 0, width, height } };
}

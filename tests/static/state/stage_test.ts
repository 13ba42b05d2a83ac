/** Who is large, who stands where: a table of views, pins, shares and speakers. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../static/state/ids.ts";
import {
  arrange,
  isSameTile,
  orderSharers,
  placed,
  type StageState,
  type TileKey,
} from "../../../static/state/stage.ts";

const [ann, bob, eve] = ["ann", "bob", "eve"].map((id) => parseUserId(id)!) as [
  StageState["userIds"][number],
  StageState["userIds"][number],
  StageState["userIds"][number],
];
const base: StageState = {
  view: "speaker",
  userIds: [ann, bob, eve],
  selfId: ann,
  sharers: [],
  pinned: undefined,
  speakerId: undefined,
};

const table: [name: string, change: Partial<StageState>, main: string, rest: string][] = [
  ["shows the first other while nobody spoke", {}, "bob", "eve ann"],
  ["shows who speaks", { speakerId: eve }, "eve", "bob ann"],
  ["never makes the own voice large", { speakerId: ann }, "bob", "eve ann"],
  ["shows oneself alone", { userIds: [ann] }, "ann", ""],
  ["has no large tile in a grid", { view: "grid", speakerId: eve }, "", "bob eve ann"],
  ["gives a share the place", { sharers: [bob], speakerId: eve }, "screen:bob", "bob eve ann"],
  [
    "gives a share the place in a grid too",
    { view: "grid", sharers: [bob] },
    "screen:bob",
    "bob eve ann",
  ],
  [
    "gives the newest of several shares the place",
    { sharers: [bob, eve] },
    "screen:eve",
    "screen:bob bob eve ann",
  ],
  [
    "follows a pin before a share",
    { sharers: [bob], pinned: { kind: "person", userId: eve } },
    "eve",
    "screen:bob bob ann",
  ],
  [
    "follows a pin in a grid",
    { view: "grid", pinned: { kind: "person", userId: ann } },
    "ann",
    "bob eve",
  ],
  [
    "forgets a pin that is not there",
    { pinned: { kind: "screen", userId: eve }, speakerId: eve },
    "eve",
    "bob ann",
  ],
];

for (const [name, change, main, rest] of table) {
  Deno.test(`arrange ${name}`, () => {
    const arrangement = arrange({ ...base, ...change });

    assert.equal(arrangement.main === undefined ? "" : nameOf(arrangement.main), main);
    assert.equal(arrangement.rest.map(nameOf).join(" "), rest);
  });
}

Deno.test("arrange has nobody in an empty room", () => {
  assert.deepEqual(arrange({ ...base, userIds: [] }), { main: undefined, rest: [] });
});

Deno.test("placed gives a hidden speaker the last place", () => {
  const rest = [bob, eve, ann].map((userId): TileKey => ({ kind: "person", userId }));

  assert.deepEqual(placed(rest, 2, ann).map(nameOf), ["bob", "ann"]);
  assert.deepEqual(placed(rest, 2, eve).map(nameOf), ["bob", "eve"]);
  assert.deepEqual(placed(rest, 3, ann), rest);
});

Deno.test("orderSharers keeps who goes on, and adds who begins at the end", () => {
  assert.deepEqual(orderSharers([bob, ann], [ann, eve, bob]), [bob, ann, eve]);
  assert.deepEqual(orderSharers([bob, ann], [ann]), [ann]);
});

Deno.test("isSameTile tells a person from its screen", () => {
  assert.equal(isSameTile({ kind: "person", userId: ann }, { kind: "person", userId: ann }), true);
  assert.equal(isSameTile({ kind: "person", userId: ann }, { kind: "screen", userId: ann }), false);
  assert.equal(isSameTile({ kind: "person", userId: ann }, undefined), false);
});

function nameOf({ kind, userId }: TileKey): string {
  return kind === "person" ? userId : `screen:${userId}`;
}

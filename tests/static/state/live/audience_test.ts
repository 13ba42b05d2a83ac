/** Who watches, and how well. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../../static/state/ids.ts";
import {
  type AudienceSources,
  AudienceWords,
  listAudience,
} from "../../../../static/state/live/audience.ts";
import type { Watched } from "../../../../static/state/live/live_data.ts";
import type { Roster } from "../../../../static/state/roster.ts";
import { participant } from "../../../support/page_sockets.ts";
import { report, stream } from "../../support/fake_call.ts";

const bob = parseUserId("bob")!;
const eve = parseUserId("eve")!;
const good: Watched = {
  ...{ path: "p2p", framesPerSecond: 30, height: 720, kbps: 900, loss: 0 },
  ...{ roundTripMs: 20, codec: "VP9" },
};

Deno.test("listAudience lists the viewers alone, in join order, by their names", () => {
  const list = listAudience(sources());

  assert.deepEqual(list.map(({ userId, name }) => [userId, name]), [
    ["bob", "Bob Ortiz"],
    ["eve", "eve"],
  ]);
  assert.deepEqual(list.map(({ path, quality }) => [path, quality]), [
    [undefined, "unknown"],
    [undefined, "unknown"],
  ]);
});

const qualities: [watched: Partial<Watched>, quality: string][] = [
  [{}, "good"],
  [{ framesPerSecond: 12 }, "fair"],
  [{ loss: 0.05 }, "fair"],
  [{ framesPerSecond: 5 }, "poor"],
  [{ loss: 0.2 }, "poor"],
  [{ framesPerSecond: 0 }, "lost"],
];

for (const [watched, quality] of qualities) {
  Deno.test(`listAudience judges by what a viewer says: ${JSON.stringify(watched)}, ${quality}`, () => {
    const [member] = listAudience(sources({ watched: new Map([[bob, { ...good, ...watched }]]) }));

    assert.deepEqual([member?.quality, member?.path], [quality, "p2p"]);
  });
}

Deno.test("listAudience judges nobody by a picture that is not shown", () => {
  const watched = new Map([[bob, { ...good, framesPerSecond: 0 }]]);

  const [member] = listAudience(sources({ watched, isShowing: false }));

  assert.equal(member?.quality, "unknown");
});

Deno.test("listAudience goes by its own links until a viewer has said something", () => {
  const reports = new Map([[bob, report({ path: "turn", received: [stream({ loss: 0.05 })] })]]);
  const connected = new Map([[bob, { state: "connected", tracks: {} } as const]]);
  const broken = new Map([[bob, { state: "failed", tracks: {} } as const]]);

  const [linked] = listAudience(sources({ reports, remotes: connected }));
  const [unlinked] = listAudience(sources({ reports, remotes: broken }));

  assert.deepEqual([linked?.path, linked?.quality], ["turn", "fair"]);
  assert.equal(unlinked?.quality, "unknown"); // The picture may come by another way.
});

Deno.test("AudienceWords keeps what each says last, until they leave", () => {
  const words = new AudienceWords();
  words.hear(bob, good);
  words.hear(eve, good);

  words.hear(bob, { ...good, height: 360 });
  words.forget(eve);

  assert.deepEqual([...words.watched.value].map(([userId, { height }]) => [userId, height]), [
    ["bob", 360],
  ]);
});

Deno.test("AudienceWords.setMuted mutes and unmutes; who leaves stays muted", () => {
  const words = new AudienceWords();
  words.setMuted(bob, true);
  words.setMuted(eve, true);

  words.setMuted(eve, false);
  words.forget(bob);

  assert.deepEqual([...words.muted.value], ["bob"]);
  assert.equal(listAudience(sources({ muted: words.muted.value }))[0]?.isMuted, true);
});

function sources(more: Partial<AudienceSources> = {}): AudienceSources {
  const viewers = [
    { ...participant("bob"), role: "viewer", name: "Bob Ortiz" },
    { ...participant("eve"), role: "viewer" },
  ];
  const roster = {
    ...{ room: undefined, selfId: parseUserId("ann") },
    participants: [{ ...participant("ann"), role: "broadcaster" }, ...viewers],
  } as unknown as Roster; // As the server describes it.
  return {
    ...{ roster, watched: new Map(), reports: new Map(), remotes: new Map() },
    ...{ muted: new Set(), isShowing: true },
    ...more,
  };
}

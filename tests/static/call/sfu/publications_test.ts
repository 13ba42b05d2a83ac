/** Who sends what to the server, message by message. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { Publications } from "../../../../static/call/sfu/publications.ts";
import { user } from "../../support/call_fixture.ts";

const room = { roomId: "r", kind: "meeting", topology: "sfu", createdAt: 0 };
const bobs = [{ trackId: "1", source: "camera" }, { trackId: "2", source: "microphone" }];
const participants = [
  participant("bob", bobs),
  participant("ann", [{
    trackId: "9",
    source: "camera",
  }]),
];

/** What each message makes of bob's camera and microphone, as `user:slot:track` of the pictures. */
const table: [rule: string, message: object, pictures: string, isAbout: boolean][] = [
  ["JO2", { type: "joined", participants: [participant("eve", bobs)] }, "eve:camera:1", true],
  ["BP2", { type: "snapshot", participants: [participant("bob")], room }, "", true],
  ["RE5", { type: "resumed", snapshot: { participants: [], room } }, "", true],
  ["RE4", { type: "resumed", missed: 2 }, "bob:camera:1", false],
  [
    "JO3",
    { type: "user-joined", userId: "eve", participant: participant("eve") },
    "bob:camera:1",
    true,
  ],
  ["LE3", { type: "user-left", userId: "bob" }, "", true],
  ["LE3", { type: "user-left", userId: "eve" }, "bob:camera:1", false],
  [
    "PB3",
    { type: "track-published", userId: "eve", track: { trackId: "3", source: "screen" } },
    "bob:camera:1 eve:screen:3",
    true,
  ],
  [
    "PB3",
    { type: "track-published", userId: "eve", track: { trackId: "3", source: "smell" } },
    "bob:camera:1",
    true,
  ],
  [
    "PB3",
    { type: "track-published", userId: "ann", track: { trackId: "8", source: "screen" } },
    "bob:camera:1",
    true,
  ],
  ["PB3", { type: "track-unpublished", userId: "bob", trackId: "1" }, "", true],
  ["PB3", { type: "track-unpublished", userId: "bob", trackId: "7" }, "bob:camera:1", true],
  [
    "SB2",
    {
      type: "subscription-updated",
      tracks: [
        { mid: "0", userId: "bob", trackId: "1", source: "camera" },
        { mid: "1", userId: "eve", trackId: "4", source: "camera" },
      ],
    },
    "bob:camera:1 eve:camera:4",
    true,
  ],
  ["CH1", { type: "chat", from: "bob", text: "x" }, "bob:camera:1", false],
];

for (const [rule, message, pictures, isAbout] of table) {
  Deno.test(`[${rule}] Publications after ${JSON.stringify(message).slice(0, 90)}`, () => {
    const publications = begun();

    const wasAbout = publications.receive(message as ServerMessage); // As far as it is read.

    assert.equal(picturesOf(publications), pictures);
    assert.equal(wasAbout, isAbout);
  });
}

Deno.test("Publications.keep forgets everybody else", () => {
  const publications = begun();

  publications.keep([user("eve")]);

  assert.equal(picturesOf(publications), "");
  assert.equal(publications.isEmpty, true);
});

Deno.test("[PB3] Publications.all is what another one begins with", () => {
  const next = new Publications(user("bob"), begun().all);

  assert.equal(picturesOf(begun()), "bob:camera:1");
  assert.equal(picturesOf(next), "");
  assert.equal(picturesOf(new Publications(user("ann"), begun().all)), "bob:camera:1");
});

Deno.test("Publications.isEmpty where nobody sends anything", () => {
  assert.equal(new Publications(user("ann")).isEmpty, true);
  assert.equal(begun().isEmpty, false);
});

function begun(): Publications {
  const publications = new Publications(user("ann"));
  publications.receive({ type: "joined", participants } as unknown as ServerMessage);
  return publications;
}

function picturesOf({ pictures }: Publications): string {
  return pictures.map(({ userId, slot, trackId }) => `${userId}:${slot}:${trackId}`).sort().join(
    " ",
  );
}

function participant(userId: string, tracks?: object[]): object {
  return { userId, role: "participant", state: {}, joinedAt: 0, ...(tracks ? { tracks } : {}) };
}

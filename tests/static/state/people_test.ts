/** Everybody in one list: what the server says and what the call carries. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../static/state/ids.ts";
import { listPeople, type PeopleSources } from "../../../static/state/people.ts";
import { EMPTY_ROSTER, reduceRoster } from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";
import { participant } from "../../support/page_sockets.ts";
import { report } from "../support/fake_call.ts";
import { FakeTrack } from "../support/fake_media.ts";

const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;
const camera = new FakeTrack("video", "").asTrack;
const screen = new FakeTrack("video", "").asTrack;
const microphone = new FakeTrack("audio", "").asTrack;

Deno.test("listPeople shows of each what is switched on", () => {
  const [seen] = listPeople(sources({ video: true }));
  const [hidden] = listPeople(sources({}));

  assert.deepEqual(seen?.tracks, { camera });
  assert.deepEqual(hidden?.tracks, {});
});

Deno.test("listPeople counts as speaking only whose microphone is on", () => {
  const speakers = { active: bob, speaking: new Set([bob]) };

  assert.equal(listPeople({ ...sources({ audio: true }), speakers })[0]?.isSpeaking, true);
  assert.equal(listPeople({ ...sources({ audio: false }), speakers })[0]?.isSpeaking, false);
});

Deno.test("listPeople shows the own participant as it is here, not as the server last heard", () => {
  const own = listPeople({ ...sources({}), ownState: { hand: true, audio: true } }).at(-1);

  assert.deepEqual(own?.state, { hand: true, audio: true });
  assert.deepEqual(own?.tracks, { microphone });
  assert.equal(own?.link, "connected");
});

Deno.test("[RE3, HO1] listPeople tells who is host, and whose connection is lost", () => {
  const [person] = listPeople(sources({}, { host: true, connected: false, name: "Bob" }));

  assert.equal(person?.isHost, true);
  assert.equal(person?.isConnected, false);
  assert.equal(person?.name, "Bob");
});

Deno.test("listPeople judges a link by its report, and waits for one without a link", () => {
  const linked = listPeople({ ...sources({}), reports: new Map([[bob, report()]]) });
  const unlinked = listPeople({ ...sources({}), remotes: new Map() });

  assert.equal(linked[0]?.quality, "good");
  assert.deepEqual([unlinked[0]?.link, unlinked[0]?.quality], ["waiting", "unknown"]);
});

function sources(state: object, more: object = {}): PeopleSources {
  const joined = {
    type: "joined",
    roomId: "r",
    userId: "ann",
    participants: [{ ...participant("bob"), state, ...more }, participant("ann")],
    room: { roomId: "r", kind: "meeting", topology: "mesh", createdAt: 0 },
  };
  return {
    roster: reduceRoster(EMPTY_ROSTER, asServerMessage(joined)!),
    remotes: new Map([[bob, { state: "connected", tracks: { camera, screen } }]]),
    reports: new Map(),
    speakers: { active: undefined, speaking: new Set() },
    ownTracks: { microphone },
    ownState: {},
  };
}

Deno.test("listPeople lists nobody without a room", () => {
  assert.deepEqual(listPeople({ ...sources({}), roster: EMPTY_ROSTER }), []);
  assert.equal(ann, "ann");
});

/** What can be watched: who is listed, under which addresses, and how many. */
import assert from "node:assert/strict";
import { listStreams, MAX_LISTED, obstacleOf } from "../../src/http/stream_list.ts";
import { HubFixture } from "../support/hub_fixture.ts";

/** When everything begins on the clock of the tests. */
const JOINED_AT = Date.UTC(2026, 0, 1);

Deno.test("listStreams lists who can send pictures and shows something, room by room", () => {
  const fixture = new HubFixture();
  fixture.join("red", "ann", { relay: true, name: "Ann" });
  fixture.join("red", "old"); // Says nothing of pictures.
  fixture.join("red", "off", { relay: true }).say({ type: "state", video: false });
  const screen = fixture.join("red", "screen", { relay: true });
  screen.say({ type: "state", video: false, screen: true });
  fixture.join("blue", "安", { relay: true, role: "broadcaster" });
  fixture.join("blue", "guest", { relay: true, role: "viewer" });

  assert.deepEqual(listStreams(fixture.hub.registry.rooms()), {
    isCut: false,
    streams: [
      {
        roomId: "red",
        userId: "ann",
        name: "Ann",
        role: "participant",
        joinedAt: JOINED_AT,
        urls: { mjpeg: "/streams/red/ann.mjpeg", jpg: "/streams/red/ann.jpg" },
      },
      {
        roomId: "red",
        userId: "screen",
        role: "participant",
        joinedAt: JOINED_AT,
        urls: { mjpeg: "/streams/red/screen.mjpeg", jpg: "/streams/red/screen.jpg" },
      },
      {
        roomId: "blue",
        userId: "安",
        role: "broadcaster",
        joinedAt: JOINED_AT,
        urls: { mjpeg: "/streams/blue/%E5%AE%89.mjpeg", jpg: "/streams/blue/%E5%AE%89.jpg" },
      },
    ],
  });
});

Deno.test("listStreams says that there are more than an answer holds", () => {
  const fixture = new HubFixture({ limits: { maxParticipants: 2_000 }, maxConnections: 2_000 });
  for (let n = 0; n < MAX_LISTED; n++) fixture.join("test", `user-${n}`, { relay: true });
  const rooms = fixture.hub.registry.rooms();
  assert.equal(listStreams(rooms).isCut, false);

  fixture.join("test", "one-more", { relay: true });
  const { streams, isCut } = listStreams(rooms);

  assert.deepEqual([streams.length, isCut], [MAX_LISTED, true]);
});

Deno.test("obstacleOf tells who cannot send pictures from who shows nothing now", () => {
  const fixture = new HubFixture();
  fixture.join("test", "old");
  const ann = fixture.join("test", "ann", { relay: true });
  const obstacles = () => fixture.hub.registry.rooms()[0]!.participants.map(obstacleOf);

  assert.deepEqual(obstacles(), ["no-sender", undefined]);
  ann.say({ type: "state", video: false });
  assert.deepEqual(obstacles(), ["no-sender", "nothing-shown"]);
  ann.say({ type: "state", video: true });
  assert.deepEqual(obstacles(), ["no-sender", undefined]);
});

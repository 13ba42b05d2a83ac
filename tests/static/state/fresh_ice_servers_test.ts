/** The STUN and TURN servers of a call. */
import assert from "node:assert/strict";
import { parseRoomId } from "../../../static/state/ids.ts";
import { FreshIceServers, type RoomAsked } from "../../../static/state/fresh_ice_servers.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { settle } from "../support/fake_media.ts";

const room: RoomAsked = { roomId: parseRoomId("test")! };
const stun = { urls: "stun:a.example" };

function turn(clock: FakeClock, leftS: number): Record<string, unknown> {
  const username = `${Math.floor(clock.now() / 1000) + leftS}:test/ann`;
  return { urls: ["turn:a.example"], username, credential: "c" };
}

/** Servers whose answers the test gives. */
function fixture(): {
  servers: FreshIceServers;
  clock: FakeClock;
  asked: RoomAsked[];
  answers: unknown[];
} {
  const clock = new FakeClock();
  const asked: RoomAsked[] = [];
  const answers: unknown[] = [];
  const fetch = (room: RoomAsked) => {
    asked.push(room);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { servers: new FreshIceServers({ clock, fetch }), clock, asked, answers };
}

Deno.test("[IC1] FreshIceServers takes those of welcome, then those of joined, in the same list", () => {
  const { servers, clock } = fixture();
  const { list } = servers;

  servers.take([stun]);
  const before = [...list];
  servers.take(undefined);
  servers.take([stun, turn(clock, 60), { url: "stun:old.example" }, 7]);

  assert.deepEqual(before, [stun]);
  assert.deepEqual(list, [stun, turn(clock, 60)]);
  assert.equal(servers.list, list);
});

Deno.test("[IC1] FreshIceServers renews credentials before they end, and again", async () => {
  const { servers, clock, asked, answers } = fixture();
  servers.take([turn(clock, 1_000)]);
  servers.enter({ ...room, passcode: "p" });
  answers.push({ iceServers: [stun], ttlS: 2_000 }, { iceServers: [], ttlS: 2_000 });

  clock.advance(799_000);
  const early = asked.length;
  clock.advance(1_000);
  await settle();

  assert.equal(early, 0);
  assert.deepEqual(asked, [{ ...room, passcode: "p" }]);
  assert.deepEqual(servers.list, [stun]);
  clock.advance(1_600_000);
  await settle();
  assert.equal(asked.length, 2);
  assert.deepEqual(servers.list, []);
});

Deno.test("FreshIceServers tries again in a minute when it gets none, and keeps what it has", async () => {
  const { servers, clock, asked, answers } = fixture();
  const before = turn(clock, 1_000);
  servers.take([before]);
  servers.enter(room);
  answers.push(new Error("away"), { title: "Too Many Requests" }, {
    iceServers: [stun],
    ttlS: 9_000,
  });

  clock.advance(800_000);
  await settle();
  clock.advance(60_000);
  await settle();
  const kept = [...servers.list];
  clock.advance(60_000);
  await settle();

  assert.deepEqual(kept, [before]);
  assert.equal(asked.length, 3);
  assert.deepEqual(servers.list, [stun]);
});

Deno.test("FreshIceServers does not ask without end where the clock of the page is wrong", async () => {
  const { servers, clock, asked } = fixture();
  servers.take([turn(clock, -100_000)]);
  servers.enter(room);

  clock.advance(59_000);
  await settle();

  assert.equal(asked.length, 0);
});

Deno.test("FreshIceServers asks nobody for what does not end, nor once the room is left", async () => {
  const { servers, clock, asked, answers } = fixture();
  servers.take([stun, { urls: "turn:a.example", username: "user", credential: "c" }]);
  servers.enter(room);
  const whileFixed = clock.pending;
  servers.take([turn(clock, 1_000)]);
  servers.enter(room);
  answers.push({ iceServers: [stun], ttlS: 9_000 });

  clock.advance(800_000); // It is asked, and the room left before the answer comes.
  servers.leave();
  await settle();

  assert.equal(whileFixed, 0);
  assert.equal(asked.length, 1);
  assert.notDeepEqual(servers.list, [stun]);
  assert.equal(clock.pending, 0);
});

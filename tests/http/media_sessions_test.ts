/** Sessions of media over HTTP: what ends them, and that nothing of them stays. */
import assert from "node:assert/strict";
import type { FakeClient } from "../support/hub_fixture.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MediaHttpFixture, PUBLISHING, WATCHING } from "../support/media_http_fixture.ts";
import { roomId, userId } from "../support/messages.ts";
import { makeVerifier, sign } from "../support/tokens.ts";
import { codeOf } from "../support/app_fixture.ts";

type Scene = { fixture: MediaHttpFixture; ann: FakeClient };

/** `cam` publishes and `tv` watches in a room where `ann` is host; nothing else waits. */
async function makeScene() {
  const fixture = new MediaHttpFixture({ maxPerAddress: 2 });
  const ann = fixture.join("test", "ann");
  const whip = await fixture.open("/whip/test?userId=cam", PUBLISHING);
  const whep = await fixture.open("/whep/test?userId=tv", WATCHING);
  fixture.clock.endTurn();
  ann.heard();
  return { fixture, ann, whip, whep };
}

Deno.test("MediaSessions end with the stay, whoever ends it", async () => {
  const ends: Record<string, (scene: Scene) => void> = {
    "the host kicks": ({ ann }) => ann.say({ type: "kick", userId: "cam" }),
    "the administrator kicks": ({ fixture }) =>
      fixture.rooms.hub.kick(roomId("test"), userId("cam")),
    "the host ends the room": ({ ann }) => ann.say({ type: "end-room" }),
    "the administrator ends the room": ({ fixture }) => fixture.rooms.hub.endRoom(roomId("test")),
    "the publisher connection is lost": ({ fixture }) =>
      fixture.plane.room.events.connectionLost(userId("cam"), "publisher"),
    "the media process is replaced": ({ fixture }) => fixture.plane.room.events.restarted(),
  };

  for (const [what, end] of Object.entries(ends)) {
    const scene = await makeScene();
    const { fixture, whip } = scene;

    end(scene);

    assert.equal(fixture.sessions.count("whip"), 0, what);
    const gone = await fixture.send(whip.location, { method: "DELETE" });
    assert.deepEqual(await codeOf(gone), [404, "no-such-session"], what);
    assert.ok(!fixture.roster("test").includes("cam participant"), what);
    fixture.close();
  }
});

Deno.test("MediaSessions of a player end with its own connection, not with another's", async () => {
  const { fixture } = await makeScene();
  const { events } = fixture.plane.room;

  events.connectionLost(userId("tv"), "publisher");
  events.connectionLost(userId("ann"), "subscriber");
  assert.equal(fixture.sessions.count("whep"), 1);
  events.connectionLost(userId("tv"), "subscriber");

  assert.equal(fixture.sessions.count("whep"), 0);
  assert.deepEqual(fixture.roster("test"), ["ann participant", "cam participant"]);
  fixture.close();
});

Deno.test("MediaSessions give back what their address held, once", async () => {
  const { fixture, whip } = await makeScene();
  const attempt = async () => (await fixture.post("/whip/test", PUBLISHING)).status;

  assert.equal(await attempt(), 429);
  fixture.rooms.hub.kick(roomId("test"), userId("cam"));
  await fixture.send(whip.location, { method: "DELETE" });
  // The host's kick bans the network where it is known; this one is the administrator's too.
  assert.equal(await attempt(), 403);
  assert.equal((await fixture.post("/whip/other", PUBLISHING)).status, 201);
  assert.equal((await fixture.post("/whip/other", PUBLISHING)).status, 429);
  fixture.close();
});

Deno.test("[TK6] MediaSessions end with the access token", async () => {
  const clock = new FakeClock();
  const fixture = new MediaHttpFixture({ clock, verifier: makeVerifier(clock) });
  const token = await sign({ sub: "cam", exp: clock.now() / 1000 + 90 });
  const headers = { authorization: `Bearer ${token}` };
  await (await fixture.post("/whip/test", PUBLISHING, { headers })).body?.cancel();

  clock.advance(89_999);
  assert.equal(fixture.sessions.count("whip"), 1);
  clock.advance(1);

  assert.equal(fixture.sessions.count("whip"), 0);
  assert.deepEqual(fixture.roster("test"), []);
  fixture.close();
  assert.equal(clock.pending, 0);
});

Deno.test("MediaSessions leave no timer behind when they end early", async () => {
  const clock = new FakeClock();
  const fixture = new MediaHttpFixture({ clock, verifier: makeVerifier(clock) });
  const headers = { authorization: `Bearer ${await sign({ sub: "cam" })}` };
  const opened = await fixture.post("/whip/test", PUBLISHING, { headers });
  const location = opened.headers.get("location")!;

  await fixture.send(location, { method: "DELETE", headers });

  fixture.close();
  assert.equal(clock.pending, 0);
});

Deno.test("MediaSessions end when the server stops", async () => {
  const { fixture } = await makeScene();

  await fixture.rooms.hub.close({ reconnectAfterMs: 0, drainMs: 0 });

  assert.deepEqual([fixture.sessions.count("whip"), fixture.sessions.count("whep")], [0, 0]);
  assert.equal(fixture.sessions.refusal, "server-shutting-down");
  fixture.close();
});

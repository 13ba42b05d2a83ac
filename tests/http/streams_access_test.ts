/** Nobody sees over HTTP what a join would refuse: each rule, and ways to get around it that fail. */
import assert from "node:assert/strict";
import { NETWORK_GUESSES } from "../../src/access/mod.ts";
import { codeOf } from "../support/app_fixture.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  MediaHttpFixture,
  type MediaHttpOptions,
  STRANGER,
} from "../support/media_http_fixture.ts";
import { FakePictureSource, tinyJpeg } from "../support/picture_source.ts";
import { makeVerifier, sign } from "../support/tokens.ts";
import { waitUntil } from "../support/wait_until.ts";

const ELSEWHERE = "198.51.100.9";
type Answer = [number, string];

/** A server with ann, who is host of `room` and sends pictures. */
function makeFixture(options: MediaHttpOptions & { room?: string } = {}) {
  const { room = "test" } = options;
  const fixture = new MediaHttpFixture(options);
  const { clock } = fixture;
  const ann = new FakePictureSource(fixture.join(room, "ann", { relay: true }), clock);
  const statusOf = async (path: string, init: RequestInit & { from?: string } = {}) => {
    const { status } = await fixture.send(path, { method: "HEAD", ...init });
    return status;
  };
  /** Nothing of the room is to be had: neither pictures in any form, nor that there are some. */
  const assertRefused = async (expected: Answer, query = "", init: RequestInit = {}) => {
    const path = `/streams/${room}/ann`;
    for (const form of ["mjpeg", "jpg"]) {
      const get = `${path}.${form}${query}`;
      assert.deepEqual(await codeOf(await fixture.send(get, init)), expected, get);
      assert.equal(await statusOf(get, init), expected[0], `HEAD ${get}`);
    }
    const list = `/api/streams?room=${room}${query.replace("?", "&")}`;
    assert.deepEqual(await codeOf(await fixture.send(list, init)), expected, list);
    const all = await fixture.send("/api/streams", init);
    if (all.status === 200) assert.deepEqual(await all.json(), { streams: [] });
    else await all.body?.cancel();
    assert.equal(ann.look().viewers, 0);
  };
  const watch = async (query = "", init: RequestInit & { from?: string } = {}) => {
    const before = ann.look().viewers;
    const pending = fixture.send(`/streams/${room}/ann.mjpeg${query}`, init);
    await waitUntil(() => ann.look().viewers > before ? undefined : "nobody began to watch");
    ann.send(tinyJpeg());
    const reader = (await pending).body!.getReader();
    assert.equal((await reader.read()).done, false);
    return reader;
  };
  return { fixture, ann, assertRefused, statusOf, watch };
}

Deno.test("[LK1] a locked room is not seen, whatever is shown, and who sees it sees no more", async () => {
  const { fixture, ann, assertRefused, watch } = makeFixture();
  const reader = await watch();

  ann.client.say({ type: "lock", locked: true });
  fixture.clock.advance(1_000);
  ann.send(tinyJpeg());

  assert.equal((await reader.read()).done, true);
  await assertRefused([403, "room-locked"]);
  await assertRefused([403, "room-locked"], "?passcode=guess");
  await assertRefused([403, "room-locked"], "?access_token=guess&hostKey=guess&userId=ann");
  fixture.close();
});

Deno.test("[LB2, LB8] a room with a lobby is not seen, nor one whose host has not come", async () => {
  const { fixture, ann, assertRefused, watch } = makeFixture();
  const reader = await watch();

  ann.client.say({ type: "lobby", enabled: true });
  fixture.clock.advance(1_000);
  ann.send(tinyJpeg());

  assert.equal((await reader.read()).done, true);
  await assertRefused([403, "not-allowed"]);
  // The name of one who waits is none of the room.
  fixture.join("test", "knocker", { relay: true });
  assert.deepEqual(await codeOf(await fixture.send("/streams/test/knocker.jpg")), [
    403,
    "not-allowed",
  ]);
  fixture.close();
});

Deno.test("[PC2, TH1] a room with a passcode is seen with it alone, by header or by query", async () => {
  const { fixture, statusOf } = makeFixture({ room: "open" });
  const host = fixture.rooms.connect();
  host.heard();
  host.say({ type: "join", roomId: "closed", userId: "ann", relay: true, passcode: "密 1" });
  await host.untilHeard();
  const path = "/streams/closed/ann.jpg";
  const header = (value: string) => ({ headers: { "room-passcode": value } });

  assert.deepEqual(await codeOf(await fixture.send(path)), [403, "bad-passcode"]);
  assert.equal(await statusOf(`${path}?passcode=`), 403);
  assert.equal(await statusOf(`${path}?passcode=%E5%AF%86%201`), 200);
  assert.equal(await statusOf(path, header("%E5%AF%86%201")), 200);
  // The right one beside a wrong one is a guess among two.
  assert.equal(await statusOf(`${path}?passcode=%E5%AF%86%201`, header("wrong")), 403);
  assert.equal(await statusOf(`${path}?passcode=wrong&passcode=%E5%AF%86%201`), 403);
  const { streams } = await (await fixture.send("/api/streams")).json();
  assert.deepEqual(streams.map(({ roomId }: { roomId: string }) => roomId), ["open"]);

  for (let n = 2; n < NETWORK_GUESSES.burst; n++) await statusOf(`${path}?passcode=${n}`);
  const throttled = await fixture.send(`${path}?passcode=%E5%AF%86%201`);
  assert.equal(throttled.headers.get("retry-after"), "10");
  assert.deepEqual(await codeOf(throttled), [429, "rate-limited"]);
  assert.equal(await statusOf(`${path}?passcode=%E5%AF%86%201`, { from: ELSEWHERE }), 200);
  fixture.close();
});

Deno.test("[KI2] who was kicked sees nothing any more, from no tab of that network", async () => {
  const { fixture, ann, assertRefused, statusOf, watch } = makeFixture();
  const reader = await watch();
  const bob = fixture.rooms.connect(undefined, { address: STRANGER });
  bob.say({ type: "join", roomId: "test", userId: "bob" });
  const other = await watch("", { from: ELSEWHERE });

  ann.client.say({ type: "kick", userId: "bob" });
  fixture.clock.advance(1_000);
  ann.send(tinyJpeg());

  assert.equal((await reader.read()).done, true);
  assert.equal((await other.read()).done, false);
  await other.cancel();
  await assertRefused([403, "not-allowed"]);
  // Nobody said that a proxy there is to be believed.
  const headers = { "x-forwarded-for": ELSEWHERE };
  await assertRefused([403, "not-allowed"], "", { headers });
  assert.equal(await statusOf("/streams/test/ann.jpg", { from: ELSEWHERE }), 200);
  fixture.close();
});

Deno.test("[TH1, TH2] six digits are guessed no faster than by joins, in any way to ask", async () => {
  const { fixture, statusOf } = makeFixture({ room: "482913" });
  const ways: ((code: string) => Promise<number>)[] = [
    (code) => statusOf(`/streams/${code}/ann.mjpeg`),
    (code) => statusOf(`/streams/${code}/ann.jpg`),
    (code) => statusOf(`/streams/%34${code.slice(1)}/ann.jpg`),
    (code) => statusOf(`/api/streams?room=${code}`),
    (code) => statusOf(`/api/rooms/${code}`),
  ];
  assert.deepEqual(await (await fixture.send("/api/streams")).json(), { streams: [] });
  assert.equal(await ways[0]!("482913"), 200);
  assert.equal(await statusOf("/streams/482913/nobody.jpg"), 404); // A right guess costs nothing.

  for (let n = 0; n < NETWORK_GUESSES.burst; n++) {
    assert.equal(await ways[n % ways.length]!(`40000${n}`), 404);
  }

  for (const way of ways) assert.equal(await way("482913"), 429);
  assert.equal(await statusOf("/streams/482913/ann.jpg", { from: ELSEWHERE }), 200);
  const join = fixture.rooms.connect(undefined, { address: STRANGER });
  join.heard();
  join.say({ type: "join", roomId: "482913", userId: "eve" });
  const [error] = join.heard();
  assert.ok(error?.type === "error" && error.code === "rate-limited");
  fixture.close();
});

Deno.test("[TK1, TK3] where tokens are demanded, pictures take one for that room", async () => {
  const clock = new FakeClock();
  const fixture = new MediaHttpFixture({ clock, verifier: makeVerifier(clock) });
  const client = fixture.rooms.connect();
  client.heard();
  client.say({ type: "join", roomId: "test", token: await sign({}), relay: true });
  await client.untilHeard();
  const ann = new FakePictureSource(client, clock);
  const path = "/streams/test/ann.mjpeg";
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const good = await sign({ sub: "bob", exp: clock.now() / 1000 + 120 });
  const list = async (init: RequestInit, query = "") => {
    const answer = await (await fixture.send(`/api/streams${query}`, init)).json();
    return answer.streams?.length ?? answer.code;
  };

  const without = await fixture.send(path);
  assert.equal(without.headers.get("www-authenticate"), "Bearer");
  assert.deepEqual(await codeOf(without), [401, "bad-token"]);
  const bad: [string, RequestInit][] = [
    [path, bearer(await sign({ room: "other" }))],
    [path, bearer(await sign({ exp: clock.now() / 1000 - 1 }))],
    [path, bearer(`${good}x`)],
    [`${path}?access_token=`, {}],
    // The header counts, whatever stands beside it.
    [`${path}?access_token=${good}`, { headers: { authorization: "Basic YTpi" } }],
  ];
  for (const [url, init] of bad) {
    assert.deepEqual(await codeOf(await fixture.send(url, init)), [401, "bad-token"], url);
  }
  assert.deepEqual([await list({}), await list({}, "?room=test")], ["bad-token", "bad-token"]);
  assert.deepEqual([await list(bearer(good)), await list(bearer(good), "?room=test")], [1, 1]);
  assert.equal(await list(bearer(good), "?room=other"), "bad-token");

  const pending = fixture.send(`${path}?access_token=${good}`);
  await ann.untilWanted();
  ann.send(tinyJpeg());
  const reader = (await pending).body!.getReader();
  await reader.read();
  clock.advance(120_000);
  assert.equal((await reader.read()).done, true); // Its token has ended.
  assert.deepEqual(await codeOf(await fixture.send(path, bearer(good))), [401, "bad-token"]);
  client.close();
  fixture.close();
});

Deno.test("pages of other origins see pictures as --cors-origin says", async () => {
  const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
  const named = { ...image, "sec-fetch-mode": "cors", origin: "https://wall.example" };
  const ask = async (corsOrigins: string[], headers: Record<string, string>) => {
    const { fixture } = makeFixture({ corsOrigins });
    const answer = await fixture.send("/streams/test/ann.jpg", { method: "HEAD", headers });
    fixture.close();
    const policy = answer.headers.get("cross-origin-resource-policy");
    return `${answer.status} ${policy} ${answer.headers.get("access-control-allow-origin")}`;
  };

  assert.equal(await ask(["*"], image), "200 cross-origin *");
  assert.equal(await ask(["*"], named), "200 cross-origin *");
  assert.equal(await ask(["none"], {}), "200 same-origin null");
  assert.match(await ask(["none"], image), /^403 .* null$/);
  assert.match(await ask(["none"], named), /^403 .* null$/);
  assert.match(await ask(["https://wall.example"], image), /^403 /);
  assert.equal(await ask(["https://wall.example"], named), "200 same-origin https://wall.example");
  const evil = { ...named, origin: "https://evil.example" };
  assert.match(await ask(["https://wall.example"], evil), /^403 .* null$/);
});

Deno.test("a preflight of pictures lets pages send what rooms demand", async () => {
  const { fixture } = makeFixture();

  const { status, headers } = await fixture.send("/streams/test/ann.jpg", {
    method: "OPTIONS",
    headers: {
      origin: "https://wall.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "room-passcode",
    },
  });

  assert.equal(status, 204);
  assert.equal(headers.get("access-control-allow-headers"), "authorization,room-passcode");
  assert.equal(headers.get("access-control-allow-methods"), "GET,HEAD");
  fixture.close();
});

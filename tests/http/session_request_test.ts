/** Who may open and change a session of WHIP or WHEP: tokens, passcodes, codes, locks, bans. */
import assert from "node:assert/strict";
import { codeOf } from "../support/app_fixture.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MediaHttpFixture, PUBLISHING, WATCHING } from "../support/media_http_fixture.ts";
import { makeVerifier, sign } from "../support/tokens.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function withTokens() {
  const clock = new FakeClock();
  return new MediaHttpFixture({ clock, verifier: makeVerifier(clock) });
}

Deno.test("[TK1] POST /whip demands a good token, before it reads anything", async () => {
  const fixture = withTokens();
  const other = await sign({}, { key: new TextEncoder().encode("x".repeat(40)) });
  const expired = await sign({ exp: fixture.clock.now() / 1000 });
  const cases: Record<string, string>[] = [
    {},
    { authorization: "Basic YTpi" },
    { authorization: "Bearer " },
    bearer("nonsense"),
    bearer(other),
    bearer(expired),
  ];

  for (const headers of cases) {
    const response = await fixture.post("/whip/test", "no offer", { headers });
    assert.equal(response.headers.get("www-authenticate"), "Bearer");
    assert.deepEqual(await codeOf(response), [401, "bad-token"]);
  }
  assert.deepEqual(fixture.plane.rooms, []);
  fixture.close();
});

Deno.test("[TK3] POST /whip enters as its token says, from the header or the query", async () => {
  const fixture = withTokens();
  const token = await sign({ sub: "cam", role: "broadcaster" });
  const first = await fixture.post("/whip/test", PUBLISHING, { headers: bearer(token) });
  await fixture.send(first.headers.get("location")!, { method: "DELETE", headers: bearer(token) });

  const second = await fixture.post(`/whip/test?access_token=${token}`, PUBLISHING);

  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.deepEqual(fixture.roster("test"), ["cam broadcaster"]);
  fixture.close();
});

Deno.test("[TK3] POST refuses a token for another room, user id or role", async () => {
  const fixture = withTokens();
  const attempt = async (path: string, claims: Record<string, unknown>, sdp = PUBLISHING) =>
    await codeOf(await fixture.post(path, sdp, { headers: bearer(await sign(claims)) }));

  assert.deepEqual(await attempt("/whip/test", { room: "other" }), [401, "bad-token"]);
  assert.deepEqual(await attempt("/whip/test?userId=bob", { sub: "ann" }), [401, "bad-token"]);
  assert.deepEqual(
    await attempt("/whip/test?role=broadcaster", { role: "participant" }),
    [401, "bad-token"],
  );
  assert.deepEqual(await attempt("/whip/test", { role: "viewer" }), [403, "not-allowed"]);
  assert.deepEqual(await attempt("/whep/test", { role: "participant" }, WATCHING), [
    401,
    "bad-token",
  ]);
  assert.deepEqual(fixture.plane.rooms, []);
  fixture.close();
});

Deno.test("[TK5] POST /whip is host where its token says so, and needs no passcode then", async () => {
  const fixture = withTokens();
  const ann = fixture.rooms.connect();
  ann.heard();
  const token = await sign({ sub: "ann" });
  ann.say({ type: "join", roomId: "test", token, passcode: "open", sfu: true });
  await ann.untilHeard();

  const guest = { headers: bearer(await sign({ sub: "cam" })) };
  const host = { headers: bearer(await sign({ sub: "cam", host: true })) };
  const refused = await fixture.post("/whip/test", PUBLISHING, guest);
  const opened = await fixture.post("/whip/test", PUBLISHING, host);

  assert.deepEqual(await codeOf(refused), [403, "bad-passcode"]);
  assert.equal(opened.status, 201);
  fixture.close();
});

Deno.test("[TK1] PATCH and DELETE demand a token of the same holder, and leave the session to it", async () => {
  const fixture = withTokens();
  const own = await sign({ sub: "cam" });
  const opened = await fixture.post("/whip/test", PUBLISHING, { headers: bearer(own) });
  const location = opened.headers.get("location")!;
  const change = async (method: string, headers: Record<string, string>) =>
    await codeOf(await fixture.send(location, { method, headers }));

  for (const method of ["PATCH", "DELETE"]) {
    assert.deepEqual(await change(method, {}), [401, "bad-token"]);
    for (const claims of [{ sub: "bob" }, { sub: "cam", room: "other" }]) {
      assert.deepEqual(await change(method, bearer(await sign(claims))), [401, "bad-token"]);
    }
  }
  assert.equal(fixture.sessions.count("whip"), 1);
  const ended = await fixture.send(location, { method: "DELETE", headers: bearer(own) });
  assert.equal(ended.status, 200);
  fixture.close();
});

Deno.test("[PC2, TH4] POST takes the passcode from a header or the query, and wrong ones are throttled", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.rooms.connect();
  ann.heard();
  ann.say({ type: "join", roomId: "test", userId: "ann", passcode: "öffne", sfu: true });
  await ann.untilHeard();
  const attempt = (query: string, headers: Record<string, string> = {}) =>
    fixture.post(`/whip/test${query}`, PUBLISHING, { headers });

  assert.deepEqual(await codeOf(await attempt("")), [403, "bad-passcode"]);
  assert.equal((await attempt("?passcode=%C3%B6ffne")).status, 201);
  assert.equal((await attempt("", { "room-passcode": "%C3%B6ffne" })).status, 201);
  for (let n = 0; n < 10; n++) {
    const wrong = await attempt("", { "room-passcode": `guess-${n}` });
    assert.deepEqual(await codeOf(wrong), [403, "bad-passcode"]);
  }
  const refused = await attempt("?passcode=%C3%B6ffne");
  assert.equal(refused.headers.get("retry-after"), "10");
  assert.deepEqual(await codeOf(refused), [429, "rate-limited"]);
  fixture.close();
});

Deno.test("POST refuses a passcode that is not percent-encoded as it should be", async () => {
  const fixture = new MediaHttpFixture();
  const headers = { "room-passcode": "%E0%A4%A" };

  const response = await fixture.post("/whip/test", PUBLISHING, { headers });

  assert.deepEqual(await codeOf(response), [400, "bad-message"]);
  fixture.close();
});

Deno.test("[CR7] POST /whip broadcasts under a code with its host key, by header or query", async () => {
  const fixture = new MediaHttpFixture();
  const { roomId: code, hostKey } = fixture.rooms.hub.registry.reserveCode({ kind: "live" });
  const attempt = (query = "", headers: Record<string, string> = {}) =>
    fixture.post(`/whip/${code}?userId=cam&role=broadcaster${query}`, PUBLISHING, { headers });
  const end = async (opened: Response) => {
    assert.equal(opened.status, 201);
    await fixture.send(opened.headers.get("location")!, { method: "DELETE" });
  };

  assert.deepEqual(await codeOf(await attempt()), [403, "not-allowed"]);
  assert.deepEqual(await codeOf(await attempt("&hostKey=guess")), [403, "not-allowed"]);
  assert.deepEqual(await codeOf(await attempt("", { "room-host-key": "guess" })), [
    403,
    "not-allowed",
  ]);
  assert.deepEqual(fixture.plane.rooms, []);
  const first = await attempt(`&hostKey=${hostKey}`);
  fixture.join(code, "vic", { role: "viewer" });
  await end(first);
  assert.deepEqual(await codeOf(await attempt()), [403, "not-allowed"], "while it is away");
  const second = await attempt("", { "room-host-key": hostKey });

  assert.deepEqual(fixture.roster(code), ["vic viewer", "cam broadcaster"]);
  await end(second);
  fixture.close();
});

Deno.test("[CR7, TK3] POST /whip broadcasts under a code with a token that says so", async () => {
  const fixture = withTokens();
  const { roomId: room } = fixture.rooms.hub.registry.reserveCode({ kind: "live" });
  const attempt = async (claims: Record<string, unknown>) =>
    await fixture.post(`/whip/${room}?role=broadcaster`, PUBLISHING, {
      headers: bearer(await sign({ room, sub: "cam", ...claims })),
    });

  assert.deepEqual(await codeOf(await attempt({})), [403, "not-allowed"]);
  assert.equal((await attempt({ role: "broadcaster" })).status, 201);
  fixture.close();
});

Deno.test("[CR5] POST opens with the host key what is closed, in and out", async () => {
  const fixture = new MediaHttpFixture();
  const { roomId: code, hostKey } = fixture.rooms.hub.registry.reserveCode({
    kind: "meeting",
    hasLobby: true,
  });
  const ann = fixture.join(code, "ann", { hostKey });
  ann.say({ type: "lock", locked: true });
  const headers = { "room-host-key": hostKey };

  assert.deepEqual(await codeOf(await fixture.post(`/whip/${code}`, PUBLISHING)), [
    403,
    "room-locked",
  ]);
  assert.equal((await fixture.post(`/whip/${code}`, PUBLISHING, { headers })).status, 201);
  assert.equal((await fixture.post(`/whep/${code}`, WATCHING, { headers })).status, 201);
  fixture.close();
});

Deno.test("[TH1, TH2] POST lets nobody try out six-digit codes, in or out", async () => {
  const fixture = new MediaHttpFixture();
  for (let n = 0; n < 10; n++) {
    const response = await fixture.post(`/whep/10000${n}`, WATCHING);
    assert.deepEqual(await codeOf(response), [404, "room-not-found"]);
  }

  const watching = await fixture.post("/whep/123456", WATCHING);
  const publishing = await fixture.post("/whip/123456", PUBLISHING);
  const elsewhere = await fixture.post("/whep/123456", WATCHING, { from: "198.51.100.9" });

  assert.equal(watching.headers.get("retry-after"), "10");
  assert.deepEqual(await codeOf(watching), [429, "rate-limited"]);
  assert.deepEqual(await codeOf(publishing), [429, "rate-limited"]);
  assert.deepEqual(await codeOf(elsewhere), [404, "room-not-found"]);
  fixture.close();
});

Deno.test("[LK1, LB2, KI2, JO5, LI1] POST is refused what a join would be refused", async () => {
  const fixture = new MediaHttpFixture({ limits: { maxParticipants: 2 } });
  const ann = fixture.join("test", "ann");
  const attempt = async (query = "") =>
    await codeOf(await fixture.post(`/whip/test${query}`, PUBLISHING));

  assert.deepEqual(await attempt("?userId=ann"), [409, "user-id-taken"]);
  ann.say({ type: "lock", locked: true });
  assert.deepEqual(await attempt(), [403, "room-locked"]);
  ann.say({ type: "lock", locked: false });
  ann.say({ type: "lobby", enabled: true });
  assert.deepEqual(await attempt(), [403, "not-allowed"]);
  ann.say({ type: "lobby", enabled: false });
  await fixture.open("/whip/test?userId=cam", PUBLISHING);
  assert.deepEqual(await attempt(), [409, "room-full"]);
  ann.say({ type: "kick", userId: "cam" });
  assert.deepEqual(await attempt("?userId=cam"), [403, "not-allowed"]);
  assert.deepEqual(await attempt("?userId=cam2"), [403, "not-allowed"]);
  fixture.close();
});

Deno.test("[LI6] POST counts as a message of its network", async () => {
  const fixture = new MediaHttpFixture({ rates: { network: { perSecond: 1, burst: 1 } } });
  await fixture.open("/whip/test", PUBLISHING);

  const response = await fixture.post("/whip/test", PUBLISHING);

  assert.equal(response.headers.get("retry-after"), "1");
  assert.deepEqual(await codeOf(response), [429, "rate-limited"]);
  fixture.close();
});

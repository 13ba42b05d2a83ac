/** STUN and TURN servers over HTTP, without a port. */
import assert from "node:assert/strict";
import { CredentialIssuer } from "../../src/turn/mod.ts";
import { codeOf } from "../support/app_fixture.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  MediaHttpFixture,
  type MediaHttpOptions,
  PUBLISHING,
} from "../support/media_http_fixture.ts";
import { makeVerifier, sign } from "../support/tokens.ts";

const stun = { urls: "stun:stun.example.org" };

function fixtureWithTurn(options: MediaHttpOptions = {}): MediaHttpFixture {
  const clock = options.clock ?? new FakeClock();
  const urls = ["turn:turn.example.org"];
  const turn = new CredentialIssuer({ urls, secret: "a secret of the test", ttlS: 60, clock });
  return new MediaHttpFixture({ iceServers: [stun], ...options, clock, turn });
}

function fixtureWithTokens(): MediaHttpFixture {
  const clock = new FakeClock();
  return fixtureWithTurn({ clock, verifier: makeVerifier(clock) });
}

async function holderOf(response: Response): Promise<string | undefined> {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const { iceServers, ttlS } = await response.json();
  assert.deepEqual([iceServers[0], ttlS], [stun, 60]);
  return iceServers[1].username.replace(/^\d+:/, "");
}

Deno.test("[IC1] GET /api/ice-servers gives whoever asks credentials of a name of its own", async () => {
  const fixture = fixtureWithTurn();

  const one = await holderOf(await fixture.send("/api/ice-servers"));
  const other = await holderOf(await fixture.send("/api/ice-servers?roomId=test"));

  assert.match(`${one} ${other}`, /^[\w-]{12} [\w-]{12}$/);
  assert.notEqual(one, other);
  fixture.close();
});

Deno.test("[IC1] GET /api/ice-servers takes a token where a join does, and names its holder", async () => {
  const fixture = fixtureWithTokens();
  const ask = async (path: string, token: string) =>
    await fixture.send(path, { headers: { authorization: `Bearer ${token}` } });

  const token = await sign({ room: "test", sub: "bob" });
  assert.equal(await holderOf(await ask("/api/ice-servers", token)), "test/bob");
  assert.equal(await holderOf(await ask("/api/ice-servers?roomId=test", token)), "test/bob");
  const elsewhere = await ask("/api/ice-servers?roomId=other", token);
  assert.deepEqual(await codeOf(elsewhere), [401, "bad-token"]);
  const without = await fixture.send("/api/ice-servers");
  assert.deepEqual(await codeOf(without), [401, "bad-token"]);
  fixture.close();
});

Deno.test("[IC1] GET /api/ice-servers demands the passcode of a room that is named", async () => {
  const fixture = fixtureWithTurn();
  const ann = fixture.rooms.connect();
  ann.heard();
  ann.say({ type: "join", roomId: "test", userId: "ann", passcode: "köln" });
  await ann.untilHeard();
  const ask = async (passcode?: string) => {
    const headers = passcode === undefined ? {} : { "room-passcode": passcode };
    return await fixture.send("/api/ice-servers?roomId=test", { headers });
  };

  assert.deepEqual(await codeOf(await ask()), [403, "bad-passcode"]);
  assert.deepEqual(await codeOf(await ask("wrong")), [403, "bad-passcode"]);
  assert.match(`${await holderOf(await ask("k%C3%B6ln"))}`, /^[\w-]{12}$/);
  fixture.close();
});

Deno.test("[IC1, TH1] GET /api/ice-servers counts guesses, and refuses what is no room id", async () => {
  const fixture = fixtureWithTurn();

  for (let n = 0; n < 10; n++) {
    await (await fixture.send(`/api/ice-servers?roomId=00000${n}`)).body?.cancel();
  }

  const guess = await fixture.send("/api/ice-servers?roomId=000010");
  assert.deepEqual(await codeOf(guess), [429, "rate-limited"]);
  const bad = await fixture.send("/api/ice-servers?roomId=a%20b");
  assert.deepEqual(await codeOf(bad), [400, "invalid-room-id"]);
  fixture.close();
});

Deno.test("[IC1] GET /api/ice-servers has an address wait that asks too often", async () => {
  const fixture = fixtureWithTurn();
  for (let n = 0; n < 60; n++) await (await fixture.send("/api/ice-servers")).body?.cancel();

  const refused = await fixture.send("/api/ice-servers");
  const other = await fixture.send("/api/ice-servers", { from: "203.0.113.8" });

  assert.equal(refused.headers.get("retry-after"), "1");
  assert.deepEqual(await codeOf(refused), [429, "rate-limited"]);
  assert.equal(other.status, 200);
  await other.body?.cancel();
  fixture.clock.advance(1_000);
  assert.match(`${await holderOf(await fixture.send("/api/ice-servers"))}`, /^[\w-]{12}$/);
  fixture.close();
});

Deno.test("[IC1, CO3] GET /api/ice-servers gives no credentials to a page that may not join", async () => {
  const fixture = fixtureWithTurn({ origins: ["https://app.example"] });
  const ask = async (origin: string) =>
    await fixture.send("/api/ice-servers", { headers: { origin } });

  assert.deepEqual(await codeOf(await ask("https://other.example")), [403, "not-allowed"]);
  const answer = await ask("https://app.example");
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.match(`${await holderOf(answer)}`, /^[\w-]{12}$/);
  fixture.close();
});

Deno.test("GET /api/ice-servers shows the settings to everybody where no credentials are made", async () => {
  const clock = new FakeClock();
  const verifier = makeVerifier(clock);
  const fixture = new MediaHttpFixture({ clock, verifier, iceServers: [stun] });

  const answer = await fixture.send("/api/ice-servers", {
    headers: { origin: "https://a.example" },
  });

  assert.deepEqual(await answer.json(), { iceServers: [stun] });
  fixture.close();
});

Deno.test("[IC1] WHIP links to servers with the credentials of its participant", async () => {
  const fixture = fixtureWithTurn();

  const { headers } = await fixture.post("/whip/test?userId=cam", PUBLISHING);
  const options = await fixture.send("/whip/test", { method: "OPTIONS" });

  assert.match(headers.get("link") ?? "", /username="\d+:test\/cam"; credential="[\w+/=]+";/);
  assert.match(options.headers.get("link") ?? "", /username="\d+:[\w-]{12}"; credential="/);
  fixture.close();
});

Deno.test("[IC1] OPTIONS of WHEP names only servers without credentials to who shows no token", async () => {
  const fixture = fixtureWithTokens();
  const authorization = `Bearer ${await sign({ room: "test", sub: "bob" })}`;

  const without = await fixture.send("/whep/test", { method: "OPTIONS" });
  const holder = await fixture.send("/whep/test", {
    method: "OPTIONS",
    headers: { authorization },
  });

  assert.equal(without.headers.get("link"), '<stun:stun.example.org>; rel="ice-server"');
  assert.match(holder.headers.get("link") ?? "", /username="\d+:test\/bob"/);
  fixture.close();
});

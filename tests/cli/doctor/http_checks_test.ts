/** What the doctor says of a server's HTTP. */
import assert from "node:assert/strict";
import {
  fieldOf,
  HTTP_CHECKS,
  judgeHstsHeader,
  judgeRedirect,
  judgeSkew,
} from "../../../cli/doctor/http_checks.ts";
import type { Outcome, SiteContext } from "../../../cli/doctor/check.ts";
import { makeTlsPair } from "../../support/certificate.ts";
import { Answering, lookAt } from "../../support/doctor_fixture.ts";
import { freePort } from "../../support/ports.ts";
import { TestServer } from "../../support/test_server.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const HEALTH = '{"status":"ok","version":"9.9.9"}';

for (
  const [what, offsetMs, state, found] of [
    ["the same", 0, "ok", /agrees/],
    ["2 s ahead", 2_000, "ok", /agrees/],
    ["4 s ahead", 4_000, "warn", /4\.0 s ahead of/],
    ["2 s behind", -2_000, "ok", /agrees/],
    ["an hour behind", -3_601_000, "warn", /3600\.0 s behind/],
  ] as const
) {
  Deno.test(`judgeSkew finds a clock that is ${what} ${state}`, () => {
    const date = new Date(NOW + offsetMs).toUTCString();

    const outcome = judgeSkew(date, { askedAt: NOW, answeredAt: NOW });

    assert.equal(outcome.state, state);
    assert.match(outcome.found, found);
  });
}

Deno.test("judgeSkew does not take a slow answer for a wrong clock", () => {
  const date = new Date(NOW + 5_000).toUTCString();

  assert.equal(judgeSkew(date, { askedAt: NOW, answeredAt: NOW + 9_000 }).state, "ok");
  assert.equal(judgeSkew(undefined, { askedAt: NOW, answeredAt: NOW }).state, "skipped");
  assert.equal(judgeSkew("yesterday", { askedAt: NOW, answeredAt: NOW }).state, "skipped");
});

for (
  const [what, answer, state] of [
    ["to https", { status: 308, headers: { location: "https://example.org/" } }, "ok"],
    ["to http", { status: 301, headers: { location: "http://example.org/" } }, "warn"],
    ["elsewhere", { status: 302, headers: { location: "https://evil.example/" } }, "warn"],
    ["to a path", { status: 302, headers: { location: "/login" } }, "warn"],
    ["nowhere", { status: 301, headers: {} }, "warn"],
    ["not at all", { status: 200, headers: {} }, "warn"],
  ] as const
) {
  Deno.test(`judgeRedirect finds a redirect ${what} ${state}`, () => {
    assert.equal(judgeRedirect(answer, "example.org").state, state);
  });
}

Deno.test("judgeHstsHeader wants a header that lasts", () => {
  assert.equal(judgeHstsHeader("max-age=15552000; includeSubDomains").state, "ok");
  assert.match(judgeHstsHeader('max-age="86400"').found, /for 1 days/);
  assert.equal(judgeHstsHeader("max-age=0").state, "warn");
  assert.equal(judgeHstsHeader(undefined).state, "warn");
});

Deno.test("fieldOf reads text of a JSON object, and nothing else", () => {
  assert.equal(fieldOf(HEALTH, "version"), "9.9.9");
  for (const body of ["", "<html>", "null", "7", '{"version":7}', '["version"]']) {
    assert.equal(fieldOf(body, "version"), undefined, body);
  }
});

Deno.test("the checks find our own server well", async () => {
  const server = TestServer.start();

  const outcomes = await runAll(lookAt(server.url("/")));
  await server.close();

  assert.deepEqual(statesOf(outcomes), ["ok", "ok", "ok", "skipped", "skipped"]);
  assert.match(outcomes[0]!.found, /^Signalbox \d+\.\d+\.\d+, /);
});

Deno.test("the checks find a server whose clock is wrong, and that is full", async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  await using server = new Answering(({ url }) => {
    if (url.endsWith("/healthz")) return new Response(HEALTH, { headers: { date } });
    return new Response('{"code":"too-many-connections"}', { status: 503 });
  });

  const [, ready, clock] = await runAll(lookAt(server.address));

  assert.equal(clock?.state, "warn", `${clock?.found}`);
  assert.match(clock.found, /(59|60)\.\d s ahead/);
  assert.equal(ready?.state, "fail");
  assert.match(ready.advice ?? "", /--max-connections/);
});

Deno.test("the checks tell another server, and a proxy without one, from ours", async () => {
  await using other = new Answering(() => new Response("<html>Welcome to nginx!"));
  await using proxy = new Answering(() => new Response("bad gateway", { status: 502 }));

  const [page] = await runAll(lookAt(other.address));
  const [gateway] = await runAll(lookAt(proxy.address));
  const [nobody] = await runAll(lookAt(`http://127.0.0.1:${freePort()}`));

  assert.deepEqual([page?.state, gateway?.state, nobody?.state], ["warn", "fail", "fail"]);
  assert.match(gateway?.found ?? "", /502/);
});

Deno.test("the checks miss HSTS on a server with TLS that sends none", async () => {
  const pair = await makeTlsPair();
  await using server = new Answering(() => new Response(HEALTH), pair);

  const [health, , , plain, hsts] = await runAll(lookAt(server.address, { ca: pair.cert }));

  assert.equal(health?.state, "ok", `${health?.found}`);
  assert.equal(plain?.state, "skipped");
  assert.deepEqual([hsts?.state, hsts?.found], ["warn", "no Strict-Transport-Security"]);
});

async function runAll(context: SiteContext): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { run } of HTTP_CHECKS) outcomes.push(await run(context));
  return outcomes;
}

function statesOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ state }) => state);
}

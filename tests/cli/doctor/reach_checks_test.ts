/** What the doctor says of a name, a port and a certificate; certificates are real ones. */
import assert from "node:assert/strict";
import {
  type CertificateView,
  judgeCertificate,
  judgeConnection,
  judgeName,
  judgeTls,
} from "../../../cli/doctor/reach_checks.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { makeTlsPair } from "../../support/certificate.ts";
import { Answering, lookAt } from "../../support/doctor_fixture.ts";
import { freePort } from "../../support/ports.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const GOOD: CertificateView = {
  subject: "example.org",
  issuer: "An Authority",
  validFrom: new Date(NOW - DAY_MS),
  validTo: new Date(NOW + 60 * DAY_MS),
  fault: undefined,
};

for (
  const [what, view, state, found] of [
    ["a good one", GOOD, "ok", /by An Authority, until 2026-07-31 \(60 days\)/],
    ["one of 14 days", { ...GOOD, validTo: new Date(NOW + 14 * DAY_MS) }, "ok", /14 days/],
    ["one of 13 days", { ...GOOD, validTo: new Date(NOW + 13.9 * DAY_MS) }, "warn", /13 days/],
    ["an expired one", { ...GOOD, validTo: new Date(NOW - 1) }, "fail", /expired on 2026-05-31/],
    ["an early one", { ...GOOD, validFrom: new Date(NOW + 1) }, "fail", /valid from 2026-06-01/],
    [
      "one of nobody",
      { ...GOOD, fault: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      "fail",
      /signed by itself/,
    ],
    ["half a chain", { ...GOOD, fault: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" }, "fail", /chain/],
    ["another's", { ...GOOD, fault: "ERR_TLS_CERT_ALTNAME_INVALID" }, "fail", /another name/],
    ["a strange one", { ...GOOD, fault: "CERT_REVOKED" }, "fail", /not trusted: CERT_REVOKED/],
  ] as const
) {
  Deno.test(`judgeCertificate finds ${what} ${state}`, () => {
    const outcome = judgeCertificate(view, NOW);

    assert.equal(outcome.state, state);
    assert.match(outcome.found, found);
    assert.equal(outcome.advice === undefined, state === "ok");
  });
}

Deno.test("judgeTls trusts a certificate of a known authority", async () => {
  const pair = await makeTlsPair();
  await using server = new Answering(() => new Response(), pair);

  const outcome = await judgeTls(lookAt(server.address, { ca: pair.cert }));

  assert.equal(outcome.state, "ok", outcome.found);
  assert.match(outcome.found, /of localhost by localhost, until /);
});

Deno.test("judgeTls refuses one that signed itself, and says how to trust it", async () => {
  await using server = new Answering(() => new Response(), await makeTlsPair());

  const outcome = await judgeTls(lookAt(server.address));

  assert.deepEqual([outcome.state, outcome.found], ["fail", "of localhost, signed by itself"]);
  assert.match(outcome.advice ?? "", /DENO_CERT/);
});

Deno.test("judgeTls refuses one that has expired", async () => {
  const now = systemClock.now();
  const pair = await makeTlsPair({
    notBeforeDate: new Date(now - 30 * DAY_MS),
    notAfterDate: new Date(now - DAY_MS),
  });
  await using server = new Answering(() => new Response(), pair);

  const outcome = await judgeTls(lookAt(server.address, { ca: pair.cert }));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /expired on /);
});

Deno.test("judgeTls warns of one that ends within two weeks", async () => {
  const pair = await makeTlsPair({ notAfterDate: new Date(systemClock.now() + 5.5 * DAY_MS) });
  await using server = new Answering(() => new Response(), pair);

  const outcome = await judgeTls(lookAt(server.address, { ca: pair.cert }));

  assert.equal(outcome.state, "warn", outcome.found);
  assert.match(outcome.found, /\(5 days\)/);
});

Deno.test("judgeTls says that a port speaks no TLS", async () => {
  await using server = new Answering(() => new Response());

  const outcome = await judgeTls(lookAt(server.address.replace("http:", "https:")));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /^no TLS on port \d+: /);
});

Deno.test("judgeTls asks for none on this machine, and for one elsewhere", async () => {
  assert.equal((await judgeTls(lookAt("http://127.0.0.1:1"))).state, "skipped");
  assert.equal((await judgeTls(lookAt("http://192.0.2.1"))).state, "warn");
});

Deno.test("judgeName finds addresses, takes an address as it is, and no name without one", async () => {
  const named = await judgeName(lookAt("http://localhost:1"));
  const address = await judgeName(lookAt("http://[::1]:1"));
  const unknown = await judgeName(lookAt("http://nobody.invalid"));

  assert.equal(named.state, "ok");
  assert.match(named.found, /^localhost is (127\.0\.0\.1|::1)/);
  assert.deepEqual([address.state, address.found], ["ok", "an address, no name"]);
  assert.equal(unknown.state, "fail");
  assert.match(unknown.found, /nobody\.invalid has no address/);
});

Deno.test("judgeConnection finds a port open or closed", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = await judgeConnection(lookAt(`http://127.0.0.1:${listener.addr.port}`));
  const closed = await judgeConnection(lookAt(`http://127.0.0.1:${freePort()}`));
  (await listener.accept()).close();

  assert.equal(open.state, "ok", open.found);
  assert.equal(closed.state, "fail");
  assert.match(closed.advice ?? "", /deno task start/);
});

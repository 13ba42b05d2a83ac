/** Why a handshake was refused, and what to change. */
import assert from "node:assert/strict";
import { explainFailure, explainRefusal } from "../../../cli/doctor/refusal.ts";
import { Refused } from "../../../cli/doctor/probe.ts";

for (
  const [status, body, attempt, advice] of [
    [426, "", {}, /drops the Upgrade header.*proxy_http_version 1\.1/],
    [403, '{"detail":"no"}', { origin: "https://a.example" }, /--origin https:\/\/a\.example/],
    [403, "", {}, /firewall/],
    [401, "", {}, /demands an access token: give one with --token/],
    [401, "", { hasToken: true }, /Mint a token with the server's own key/],
    [429, "", {}, /--trusted-proxy.*again after 30 s/],
    [503, '{"code":"too-many-connections"}', {}, /--max-connections/],
    [503, '{"code":"server-shutting-down"}', {}, /wait until it has restarted/],
    [404, "<html>", {}, /passes \/ws/],
    [502, "", {}, /upstream/],
    [301, "", {}, /follows no redirect/],
    [200, "", {}, /Something else answers/],
    [418, "", {}, /logs/],
  ] as const
) {
  Deno.test(`explainRefusal says what to change at ${status} ${body} ${JSON.stringify(attempt)}`, () => {
    const headers = { "retry-after": "30" };

    const outcome = explainRefusal({ status, body, headers }, { hasToken: false, ...attempt });

    assert.equal(outcome.state, "fail");
    assert.ok(outcome.found.startsWith(`${status}`), outcome.found);
    assert.match(outcome.advice ?? "", advice);
  });
}

Deno.test("explainRefusal passes on what the server says, cut", () => {
  const body = JSON.stringify({ detail: "x".repeat(1_000) });

  const { found } = explainRefusal({ status: 401, body, headers: {} }, { hasToken: true });

  assert.equal(found, `401: ${"x".repeat(200)}`);
});

Deno.test("explainFailure explains a refusal, a missing subprotocol and a broken handshake", () => {
  const answer = { status: 426, headers: {}, body: "", ms: 0 };
  const found = [
    new Refused(answer),
    new Error("Server sent no subprotocol"),
    new Error("socket hang up"),
  ].map((error) => explainFailure(error, { hasToken: false }).found);

  assert.equal(found[0], "426");
  assert.match(found[1]!, /signalbox\.v1 is not selected/);
  assert.equal(found[2], "no handshake: socket hang up");
});

/** What the doctor says of an access token. */
import assert from "node:assert/strict";
import { judgeClaims, judgeToken } from "../../../cli/doctor/token_check.ts";
import { lookAt } from "../../support/doctor_fixture.ts";
import { TestServer } from "../../support/test_server.ts";
import { SECRET, sign } from "../../support/tokens.ts";

const NOW = Date.UTC(2026, 0, 1);

for (
  const [what, claims, state, found] of [
    [
      "of two hours",
      { exp: NOW / 1_000 + 7_200 },
      "ok",
      /for user "ann" in room "test".* 120 minutes/,
    ],
    ["of a minute", { exp: NOW / 1_000 + 60 }, "warn", /for another 60 s/],
    ["that has ended", { exp: NOW / 1_000 - 10 }, "fail", /ended 10 s ago/],
    ["without an end", { exp: undefined }, "fail", /without an end/],
    ["of a month", { exp: NOW / 1_000 + 30 * 86_400 }, "ok", /30 days/],
  ] as const
) {
  Deno.test(`judgeClaims finds a token ${what} ${state}`, async () => {
    const outcome = judgeClaims(await sign(claims), NOW);

    assert.equal(outcome.state, state);
    assert.match(outcome.found, found);
  });
}

Deno.test("judgeClaims says that something is no token", () => {
  assert.equal(judgeClaims("nonsense", NOW).state, "fail");
});

Deno.test("[TK1] judgeToken tells a token that counts from one that nobody asks for", async () => {
  const strict = TestServer.start("--token-secret", SECRET);
  const open = TestServer.start();
  const token = await sign({});

  const counts = await judgeToken(lookAt(strict.url("/"), { token }));
  const useless = await judgeToken(lookAt(open.url("/"), { token }));
  const none = await judgeToken(lookAt(open.url("/")));
  await strict.close();
  await open.close();

  assert.equal(counts.state, "ok", counts.found);
  assert.equal(useless.state, "warn");
  assert.equal(none.state, "skipped");
  assert.ok(!`${counts.found}${useless.found}`.includes(token));
});

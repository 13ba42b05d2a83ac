/** The order of the checks: what failed stands in the way of what needs it, and of nothing else. */
import assert from "node:assert/strict";
import { type Result, runChecks, SITE_CHECKS } from "../../../cli/doctor/run_checks.ts";
import { lookAt } from "../../support/doctor_fixture.ts";
import { freePort } from "../../support/ports.ts";
import { TestServer } from "../../support/test_server.ts";

const MACHINE = {
  port: undefined,
  maxConnections: 1,
  denoVersion: Deno.version.deno,
  runTool: () => Promise.resolve(undefined),
};

Deno.test("each check needs only checks that ran before it", () => {
  const ids = SITE_CHECKS.map(({ id }) => id);

  assert.equal(new Set(ids).size, ids.length);
  SITE_CHECKS.forEach(({ id, needs = [] }, index) => {
    for (const need of needs) assert.ok(ids.slice(0, index).includes(need), `${id} needs ${need}`);
  });
});

Deno.test("runChecks passes over what needs a server where none is", async () => {
  const heard: Result[] = [];
  const site = lookAt(`http://127.0.0.1:${freePort()}`);

  const results = await runChecks({ machine: MACHINE, site }, (result) => heard.push(result));

  assert.deepEqual(heard, results);
  assert.deepEqual(results.filter(({ state }) => state === "fail").map(({ id }) => id), ["tcp"]);
  const after = results.slice(results.findIndex(({ id }) => id === "tcp") + 1);
  assert.ok(after.every(({ state }) => state === "skipped"));
  assert.equal(results.find(({ id }) => id === "idle")?.found, 'needs "WebSocket"');
});

Deno.test("runChecks goes on after a check that fails and is not needed", async () => {
  const server = TestServer.start("--origin", "https://rooms.example.org");
  const site = lookAt(server.url("/"), { waitMs: 0 });

  const results = await runChecks({ machine: MACHINE, site }, () => {});
  await server.close();

  assert.deepEqual(results.filter(({ state }) => state === "fail").map(({ id }) => id), ["origin"]);
  assert.equal(results.find(({ id }) => id === "latency")?.state, "ok");
});

Deno.test("runChecks tells a check that breaks as a failure", async () => {
  const runTool = () => Promise.reject(new Error("broken"));

  const results = await runChecks({ machine: { ...MACHINE, runTool }, site: undefined }, () => {});

  const files = results.find(({ id }) => id === "files");
  assert.deepEqual([files?.state, files?.found], ["fail", "it could not be looked at: broken"]);
  assert.equal(results.length, 4);
});

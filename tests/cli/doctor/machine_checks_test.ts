/** What the doctor says of this machine. */
import assert from "node:assert/strict";
import {
  judgeDeno,
  judgeOpenFiles,
  judgePermissions,
  judgePort,
} from "../../../cli/doctor/machine_checks.ts";
import type { ToolRunner } from "../../../cli/doctor/check.ts";
import { freePort } from "../../support/ports.ts";

for (
  const [version, state] of [
    ["2.8.9", "fail"],
    ["1.46.3", "fail"],
    ["2.9.0", "ok"],
    ["2.10.1", "ok"],
    ["2.9.6-rc.1", "ok"],
    ["3.0.0", "warn"],
  ] as const
) {
  Deno.test(`judgeDeno finds ${version} ${state}`, () => {
    assert.equal(judgeDeno(version).state, state);
  });
}

Deno.test("judgeDeno takes the version that runs the tests", () => {
  assert.equal(judgeDeno(Deno.version.deno).state, "ok");
});

Deno.test("judgePermissions finds that tests may do everything", () => {
  assert.equal(judgePermissions().state, "ok");
});

for (
  const [limit, state, found] of [
    ["20000\n", "ok", /^20000 at once, for --max-connections 10000$/],
    ["10100\n", "ok", /./],
    ["10099\n", "warn", /^10099/],
    ["undefined\n", "ok", /no limit/],
  ] as const
) {
  Deno.test(`judgeOpenFiles finds a limit of ${limit.trim()} ${state}`, async () => {
    const outcome = await judgeOpenFiles({
      maxConnections: 10_000,
      runTool: saying({ getconf: limit }),
    });

    assert.equal(outcome.state, state);
    assert.match(outcome.found, found);
  });
}

Deno.test("judgeOpenFiles says which numbers would fit", async () => {
  const runTool = saying({ getconf: "1024\n" });

  const { advice } = await judgeOpenFiles({ maxConnections: 10_000, runTool });

  assert.match(advice ?? "", /to 10100 .* --max-connections 924$/);
});

Deno.test("judgeOpenFiles knows nothing without getconf", async () => {
  assert.equal((await judgeOpenFiles({ maxConnections: 1, runTool: saying({}) })).state, "skipped");
});

Deno.test("judgePort finds a free port free, and leaves it so", async () => {
  const port = freePort();

  assert.equal((await judgePort({ port, runTool: saying({}) })).state, "ok");
  assert.equal((await judgePort({ port, runTool: saying({}) })).state, "ok");
});

for (
  const [tools, expected] of [
    [{ lsof: "p4711\ncnode server\nf12\n" }, "node server (process 4711)"],
    [{ lsof: "", ss: 'LISTEN 0 5 *:1 *:* users:(("nginx",pid=12,fd=3))' }, "nginx (process 12)"],
    [{}, "a program that cannot be seen"],
  ] as const
) {
  Deno.test(`judgePort names ${expected}, which has the port`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;

    const outcome = await judgePort({ port, runTool: saying(tools) });

    assert.equal(outcome.state, "fail");
    assert.equal(outcome.found, `${port} is taken by ${expected}`);
    assert.match(outcome.advice ?? "", /--port/);
  });
}

Deno.test("judgePort is not asked where a running server is looked at", async () => {
  assert.equal((await judgePort({ port: undefined, runTool: saying({}) })).state, "skipped");
});

/** Programs that say what they are told to; the others are not there. */
function saying(outputs: Readonly<Record<string, string>>): ToolRunner {
  return (program) => Promise.resolve(outputs[program]);
}

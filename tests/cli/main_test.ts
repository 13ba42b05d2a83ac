/** The entry: which command runs, and what happens when none does. */
import assert from "node:assert/strict";
import { runCli } from "../support/run_cli.ts";

Deno.test("client --auto simulates, as it did of old", async () => {
  const { code, out } = await runCli("client", ["--auto", "--users", "2", "--quiet"]);

  assert.equal(code, 0);
  assert.match(out, /^✔ VERIFIED {2}2 users/);
});

for (const [args, expected] of [[[], 0], [["--help"], 0], [["dance"], 2]] as const) {
  Deno.test(`main lists the commands and ends with ${expected} for [${args}]`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE"],
        ...["cli/main.ts", ...args],
      ],
      cwd: new URL("../../", import.meta.url),
    }).output();

    assert.equal(code, expected);
    const text = new TextDecoder().decode(expected === 0 ? stdout : stderr);
    assert.match(
      text,
      /deno task client .*\n.*deno task conformance .*\n.*deno task fuzz .*\n.*deno task simulate .*\n.*deno task token /,
    );
  });
}

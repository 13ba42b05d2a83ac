/** The script in front of the server that turns files of secrets into variables. */
import assert from "node:assert/strict";
import { settings, variableOf } from "../../src/settings.ts";
import { DEPLOY_FOLDER, readDeployFile } from "../support/deploy_files.ts";

/** Runs the script in front of a command that shows its variables. */
async function run(env: Record<string, string>, command = ["/usr/bin/env"]) {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["entrypoint.sh", ...command],
    cwd: DEPLOY_FOLDER,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

async function withSecret(text: string, test: (file: string) => Promise<void>) {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, text);
  try {
    await test(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("entrypoint is a POSIX script that may be run", async () => {
  const { success } = await new Deno.Command("sh", {
    args: ["-n", "entrypoint.sh"],
    cwd: DEPLOY_FOLDER,
  }).output();
  const { mode } = await Deno.stat(new URL("entrypoint.sh", DEPLOY_FOLDER));

  assert.ok(success);
  assert.equal(mode! & 0o111, 0o111);
});

Deno.test("entrypoint hands over the text of the file, and passes on its command", () =>
  withSecret(`it's "$HOME"; \`id\`\n`, async (file) => {
    const { code, out } = await run({ ADMIN_TOKEN_FILE: file, PORT: "9" });

    assert.equal(code, 0);
    assert.match(out, /^ADMIN_TOKEN=it's "\$HOME"; `id`$/m);
    assert.match(out, /^PORT=9$/m);
    assert.doesNotMatch(out, /ADMIN_TOKEN_FILE/);
  }));

Deno.test("entrypoint changes nothing without a file, and ends as its command does", async () => {
  const { code, out } = await run({ ADMIN_TOKEN: "plain" });
  const failed = await run({}, ["sh", "-c", "exit 7"]);

  assert.equal(code, 0);
  assert.match(out, /^ADMIN_TOKEN=plain$/m);
  assert.equal(failed.code, 7);
});

Deno.test("entrypoint names the variable that it cannot use, and never the secret", () =>
  withSecret("hidden", async (file) => {
    const missing = await run({ ADMIN_TOKEN_FILE: "/nowhere/token" });
    const both = await run({ ADMIN_TOKEN_FILE: file, ADMIN_TOKEN: "other" });
    await Deno.writeTextFile(file, "\n");
    const empty = await run({ ICE_SERVERS_FILE: file });
    const nothing = await run({}, []);

    assert.deepEqual([missing, both, empty, nothing].map(({ code, out }) => [code, out]), [
      [2, ""],
      [2, ""],
      [2, ""],
      [2, ""],
    ]);
    assert.equal(
      missing.err,
      "Cannot use ADMIN_TOKEN_FILE: there is no file /nowhere/token\n",
    );
    assert.match(both.err, /^Cannot use ADMIN_TOKEN_FILE: ADMIN_TOKEN is set as well/);
    assert.doesNotMatch(both.err, /hidden|other/);
    assert.match(empty.err, /^Cannot use ICE_SERVERS_FILE: .* is empty\n$/);
    assert.match(nothing.err, /^Cannot start: no command given/);
  }));

Deno.test("entrypoint knows variables that the server reads", async () => {
  const [, names] = /^for name in (.*); do$/m.exec(await readDeployFile("entrypoint.sh"))!;
  const known = Object.keys(settings).map((name) => variableOf(name as keyof typeof settings));

  assert.deepEqual(names!.split(" ").filter((name) => !known.includes(name)), []);
});

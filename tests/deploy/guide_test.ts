/** The commands of deploy/README.md that can run without Docker and systemd. */
import assert from "node:assert/strict";
import { readConfig } from "../../src/config.ts";
import { DEPLOY_FOLDER, readDeployFile } from "../support/deploy_files.ts";

const guide = await readDeployFile("README.md");
const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);

async function sh(script: string, cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-eu", "-c", script],
    cwd,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("guide's commands are what a shell can read", async () => {
  for (const script of commands) await sh(`sh -n -c '${script.replaceAll("'", `'\\''`)}'`, ".");
  assert.equal(commands.length, 4);
});

Deno.test("guide's secret lies in a folder that keeps others out", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/deploy`);

  await sh(commands[0]!.split("\n")[0]!, folder);

  const { mode } = await Deno.stat(`${folder}/deploy/secrets`);
  assert.equal(mode! & 0o777, 0o700);
  assert.match(await Deno.readTextFile(`${folder}/deploy/secrets/admin_token`), /^[\da-f]{64}\n$/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("[IC1] guide's TURN settings are ones that the server takes, with the secret of coturn", async () => {
  const [, text = ""] = /^```ini\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  const lines = text.trim().split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2));
  const environment = Object.fromEntries(lines) as Record<string, string>;
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/deploy/secrets`, { recursive: true });
  await sh(commands.at(-1)!.split("\n")[0]!, folder);
  const secret = (await Deno.readTextFile(`${folder}/deploy/secrets/turn_secret`)).trim();

  const config = readConfig([], { ...environment, TURN_SECRET: secret });

  assert.deepEqual(Object.keys(environment), ["TURN_SECRET", "TURN_URL"]);
  assert.equal(config["turn-url"].length, 2);
  assert.equal(config["turn-secret"], secret);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("guide links to files that exist", async () => {
  for (const [, target] of guide.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
    await Deno.stat(new URL(target!, DEPLOY_FOLDER));
  }
});

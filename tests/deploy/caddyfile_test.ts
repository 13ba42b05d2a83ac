/** The Caddyfile as it is committed, before any test replaces a name in it. */
import assert from "node:assert/strict";
import { provide } from "../support/debian_package.ts";
import { DEPLOY_FOLDER, readDeployFile } from "../support/deploy_files.ts";
import { PROXY_PROGRAMS } from "../support/proxy.ts";

async function caddy(args: string[], env: Record<string, string> = {}) {
  const folder = await Deno.makeTempDir();
  const { code, stdout, stderr } = await new Deno.Command(await provide(PROXY_PROGRAMS.caddy), {
    args,
    cwd: DEPLOY_FOLDER,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...env },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("Caddyfile is valid and formatted as Caddy does", async () => {
  const { code, err } = await caddy([
    "validate",
    "--adapter",
    "caddyfile",
    "--config",
    "Caddyfile",
  ]);
  const { out } = await caddy(["fmt", "Caddyfile"]);

  assert.equal(code, 0, err);
  assert.equal(out, await readDeployFile("Caddyfile"));
});

Deno.test("Caddyfile takes its site and its server from the environment", async () => {
  const env = { SIGNALBOX_SITE: "call.example.org", SIGNALBOX_UPSTREAM: "signalbox:8080" };

  const given = await caddy(["adapt", "--config", "Caddyfile"], env);
  const fallback = await caddy(["adapt", "--config", "Caddyfile"]);

  assert.match(given.out, /"host":\["call\.example\.org"\]/);
  assert.match(given.out, /"dial":"signalbox:8080"/);
  assert.match(fallback.out, /"host":\["signal\.example\.org"\]/);
  assert.match(fallback.out, /"dial":"127\.0\.0\.1:8080"/);
});

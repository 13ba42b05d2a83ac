/**
 * The image without Docker: what the Dockerfile copies is put into a folder, and runs there by the
 * same commands, without a network's help and on a cache that the server does not own.
 */
import assert from "node:assert/strict";
import { readDeployFile } from "../support/deploy_files.ts";
import { ServerProcess } from "../support/server_process.ts";

const dockerfile = await readDeployFile("Dockerfile");
const root = new URL("../../", import.meta.url);

async function healthcheck(port: number) {
  const [, command] = /HEALTHCHECK [^\n]*\n\s+CMD (\[.*\])/.exec(dockerfile)!;
  const [, ...args] = JSON.parse(command!);
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { PORT: `${port}`, NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) };
}

Deno.test("image's health check passes while the server takes connections", async () => {
  const server = await ServerProcess.start();

  const { code, said } = await healthcheck(server.port);

  assert.deepEqual([code, said], [0, '200 {"status":"ready"}\n']);
  await server.stop();
});

Deno.test("image's health check fails when the server is full or gone", async () => {
  const server = await ServerProcess.start({ args: ["--max-connections", "1"] });
  const socket = new WebSocket(`${server.address.replace("http", "ws")}/ws`);
  await new Promise((resolve) => socket.onmessage = resolve);

  const full = await healthcheck(server.port);
  await server.stop();
  const gone = await healthcheck(server.port);

  assert.equal(full.code, 1);
  assert.match(full.said, /^503 .*too-many-connections/);
  assert.equal(gone.code, 1);
  assert.match(gone.said, /^No answer from http:\/\/127\.0\.0\.1:\d+\/readyz: /);
});

Deno.test("image holds what the start needs, and starts and stops there", async () => {
  const folder = await Deno.makeTempDir();
  for (const path of copied()) await copy(new URL(path, root).pathname, `${folder}/${path}`);
  const [, entrypoint] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)!;
  const [, command] = /^CMD (\[.*\])$/m.exec(dockerfile)!;
  const [script, ...args] = [...JSON.parse(entrypoint!), ...JSON.parse(command!)];
  await Deno.writeTextFile(`${folder}/token`, "the administrator's\n");

  const child = new Deno.Command(`${folder}/${script}`, {
    args,
    cwd: folder,
    env: { NO_COLOR: "1", HOST: "127.0.0.1", PORT: "0", ADMIN_TOKEN_FILE: `${folder}/token` },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = new Response(child.stderr).text();
  let address: string | undefined;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    address = /http:\/\/127\.0\.0\.1:\d+/.exec(part)?.[0] ?? address;
    if (address === undefined || part.includes("stopping")) continue;
    const page = await fetch(`${address}/test`);
    const headers = { authorization: "Bearer the administrator's" };
    const ended = await fetch(`${address}/api/rooms/none`, { method: "DELETE", headers });
    assert.deepEqual([page.status, ended.status], [200, 404]);
    await Promise.all([page.body?.cancel(), ended.body?.cancel()]);
    child.kill("SIGTERM");
  }

  assert.ok(address !== undefined, `it did not say where it listens: ${await complaint}`);
  assert.equal((await child.status).code, 0, await complaint);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("image lets through to its build exactly what it copies", async () => {
  const ignore = await readDeployFile("Dockerfile.dockerignore");
  const allowed = ignore.split("\n").filter((line) => line.startsWith("!")).map((line) =>
    line.slice(1)
  );

  assert.deepEqual(allowed.sort(), copied().sort());
});

Deno.test("image runs as nobody, with the Deno that the tests know", () => {
  const [, user] = /^USER (\d+):\d+$/m.exec(dockerfile)!;
  const [, version] = /^ARG DENO_VERSION=(.*)$/m.exec(dockerfile)!;

  assert.ok(Number(user) >= 10_000);
  assert.ok(dockerfile.includes(`denoland/deno:debian-${version}\n`));
  assert.equal(version!.split(".")[0], Deno.version.deno.split(".")[0]);
});

/** The paths of the COPY lines. */
function copied(): string[] {
  return [...dockerfile.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, paths]) => paths!.split(" "));
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

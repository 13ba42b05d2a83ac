/**
 * Debian's coturn with the sample and the compose file's own start script: REST credentials open a
 * relay, and the relay reaches no private address.
 */
import assert from "node:assert/strict";
import { passwordOf, usernameOf } from "../../src/turn/mod.ts";
import { COTURN } from "../support/coturn.ts";
import { provide } from "../support/debian_package.ts";
import { readCompose, readDeployFile } from "../support/deploy_files.ts";
import { roomId, userId } from "../support/messages.ts";
import { freePort, isListening } from "../support/ports.ts";
import { waitUntil } from "../support/wait_until.ts";

const SECRET = "a secret of the test";
const ANN = { roomId: roomId("test"), userId: userId("ann") };

Deno.test("coturn relays with REST credentials, and to no private address", () =>
  withCoturn(async (port) => {
    const user = usernameOf(ANN, Date.now() / 1000 + 60);
    const password = passwordOf(user, SECRET);

    for (const peer of ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"]) {
      const relayed = await relay(port, { user, password, peer });

      assert.doesNotMatch(relayed, /Cannot complete Allocation/);
      assert.match(relayed, /error 403 \(Forbidden IP\)/, peer);
    }
  }));

Deno.test("[IC1] coturn refuses credentials of another secret, expired ones, and those of another", () =>
  withCoturn(async (port) => {
    const user = usernameOf(ANN, Date.now() / 1000 + 60);
    const past = usernameOf(ANN, Date.now() / 1000 - 60);
    const later = usernameOf(ANN, Date.now() / 1000 + 6_000);
    const other = usernameOf({ ...ANN, userId: userId("bob") }, Date.now() / 1000 + 60);
    const wrong = [
      { user, password: passwordOf(user, "another secret") },
      { user: past, password: passwordOf(past, SECRET) },
      { user: later, password: passwordOf(user, SECRET) },
      { user: other, password: passwordOf(user, SECRET) },
    ];

    for (const credentials of wrong) {
      assert.match(await relay(port, credentials), /Cannot complete Allocation/, credentials.user);
    }
  }));

/** Asks for a relay to a peer with coturn's own client, and returns what it said. */
async function relay(
  port: number,
  { user, password, peer = "127.0.0.1" }: { user: string; password: string; peer?: string },
): Promise<string> {
  const server = await provide(COTURN);
  const client = server.replace("turnserver", "turnutils_uclient");
  const credentials = ["-u", user, "-w", password];
  const { stdout, stderr } = await new Deno.Command(client, {
    args: ["-p", `${port}`, ...credentials, "-n", "1", "-e", peer, "127.0.0.1"],
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** Starts coturn as its container would, in a folder and on a port of its own. */
async function withCoturn(test: (port: number) => Promise<void>): Promise<void> {
  const executable = await provide(COTURN);
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const sample = await readDeployFile("coturn.conf");
  assert.match(sample, /^listening-port=3478$/m);
  const local = `listening-port=${port}\nlistening-ip=127.0.0.1\nrelay-ip=127.0.0.1`;
  await Deno.writeTextFile(
    `${folder}/base.conf`,
    sample.replace("listening-port=3478", local),
  );
  await Deno.writeTextFile(`${folder}/turn_secret`, `${SECRET}\n`);
  const { coturn } = (await readCompose()).services;
  const script = coturn!.command![0]!.replaceAll("$$", "$")
    .replaceAll("/etc/coturn/", `${folder}/`)
    .replaceAll("/run/secrets/", `${folder}/`)
    .replaceAll("/tmp/turnserver", `${folder}/turnserver`)
    .replace("exec turnserver", `exec ${executable}`);
  const child = new Deno.Command("sh", {
    args: ["-c", script],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await waitUntil(async () => await isListening(port) ? undefined : "coturn does not listen");
    await test(port);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
}

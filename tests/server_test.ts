/** The process as an operator meets it: start line, exit codes, signals, files, permissions. */
import assert from "node:assert/strict";
import { fingerprintAt, fingerprintOf, makeCertificate } from "./support/certificate.ts";
import { bindUdpPort, freeUdpPort } from "./support/ports.ts";
import { RawSocket } from "./support/raw_socket.ts";
import { ServerProcess } from "./support/server_process.ts";
import { startArguments } from "./support/start_task.ts";
import { waitUntil } from "./support/wait_until.ts";

const root = new URL("../", import.meta.url);

/** Runs the start task's command to its end. */
async function run(args: string[], environment: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...startArguments(), ...args],
    cwd: root,
    env: { NO_COLOR: "1", ...environment },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("server prints its help with examples and exits 0", async () => {
  const { code, stdout } = await run(["--help"]);

  assert.equal(code, 0);
  assert.match(stdout, /--port <PORT>.*\[8080\]/);
  assert.match(stdout, /Examples:/);
});

Deno.test("server exits 2 with one line for a bad value", async () => {
  const { code, stdout, stderr } = await run(["--port", "nope"]);

  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr, 'Cannot use --port "nope": expected a whole number from 0 to 65535\n');
});

for (const listener of ["deno", "ws"]) {
  Deno.test(`server on ${listener} exits 2 with one line when the port is taken`, async () => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });

    const port = `${taken.addr.port}`;
    const { code, stderr } = await run(["--port", port, "--listener", listener]);
    taken.close();

    assert.equal(code, 2);
    assert.match(
      stderr,
      /^Cannot use --port \d+: another program listens on 127\.0\.0\.1:\d+; .*\n$/,
    );
  });

  Deno.test(`server on ${listener} exits 2 with one line when the address is not its own`, async () => {
    const args = ["--host", "192.0.2.1", "--port", "0", "--listener", listener];
    const { code, stderr } = await run(args);

    assert.equal(code, 2);
    assert.match(stderr, /^Cannot use --host "192\.0\.2\.1": .*\n$/);
  });
}

Deno.test("server exits 2 with one line naming the certificate it cannot use", () =>
  inFolder(async (folder) => {
    const { cert, key } = await makeCertificate(folder);
    const broken = `${folder}/broken.pem`;
    await Deno.writeTextFile(
      broken,
      "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
    );

    const missing = await run(["--tls-cert", `${folder}/none.pem`, "--tls-key", key]);
    const swapped = await run(["--tls-cert", key, "--tls-key", cert]);
    const unread = await run(["--tls-cert", broken, "--tls-key", key, "--port", "0"]);

    assert.deepEqual([missing.code, swapped.code, unread.code], [2, 2, 2]);
    assert.match(missing.stderr, /^Cannot use --tls-cert ".*none\.pem": .*\n$/);
    assert.match(swapped.stderr, /^Cannot use --tls-cert .*: the file holds no PEM block.*\n$/);
    assert.match(unread.stderr, /^Cannot use --tls-cert and --tls-key: .*\n$/);
  }));

Deno.test("server exits 2 with one line when it may not write the log file", async () => {
  const { code, stderr } = await run(["--log-file", "/nowhere/server.log"]);

  assert.equal(code, 2);
  assert.match(stderr, /^Cannot use --log-file "\/nowhere\/server\.log": .*\n$/);
});

Deno.test("server warns that browsers give no camera on plain HTTP elsewhere", async () => {
  const server = await ServerProcess.start({
    args: ["--host", "0.0.0.0"],
    waitFor: /use --tls-cert/,
  });

  assert.match(server.said, /Note: browsers give no camera/);
  await server.stop();
});

Deno.test("server says nothing of the kind on loopback", async () => {
  const server = await ServerProcess.start();

  assert.doesNotMatch(server.said, /camera/);
  assert.match(server.said, /http:\/\/127\.0\.0\.1:\d+\/test/);
  await server.stop();
});

for (
  const [signal, listener] of [["SIGTERM", "deno"], ["SIGINT", "deno"], ["SIGTERM", "ws"]] as const
) {
  Deno.test(`[ER4] server on ${listener} exits 0 on ${signal} within 3 s, with sockets open and stalled`, async () => {
    const server = await ServerProcess.start({ args: ["--listener", listener] });
    const reading = await RawSocket.open(server.port);
    const stalled = await RawSocket.open(server.port);
    await reading.say({ type: "join", roomId: "test", userId: "ann" });
    await stalled.say({ type: "join", roomId: "test", userId: "bob" });
    await reading.readUntil('"user-joined"');
    for (let n = 0; n < 100; n++) await reading.say({ type: "chat", text: "x".repeat(4_000) });

    const startedAt = performance.now();
    const stopped = server.stop(signal);
    await reading.readUntil("server-shutting-down");
    const code = await stopped;

    assert.equal(code, 0);
    assert.ok(performance.now() - startedAt < 3_000, "it stops within its deadline");
    reading.drop();
    stalled.drop();
  });
}

Deno.test("server exits 2 and says why when --media on cannot be had", async () => {
  const port = await freeUdpPort();
  const giveBack = await bindUdpPort(port);

  const args = ["--port", "0", "--media", "on", "--media-port", `${port}`];
  const { code, stderr } = await run(args);
  await giveBack();

  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot use --media on: Cannot use UDP port \d+ of .*: another program .*\n$/m,
  );
});

Deno.test("server leaves no media process behind, neither when it stops nor when it is killed", async () => {
  const port = `${await freeUdpPort()}`;
  for (const how of ["stop", "kill"] as const) {
    const server = await ServerProcess.start({
      args: ["--media", "on", "--media-port", port],
      waitFor: /media process started/,
    });
    const pid = Number(/media process started pid=(\d+)/.exec(server.said)?.[1]);
    Deno.kill(pid, "SIGCONT");

    await server[how]();

    await waitUntil(() => {
      try {
        Deno.kill(pid, "SIGCONT");
        return "the media process is still there";
      } catch {
        return undefined;
      }
    });
  }
});

Deno.test("server serves https and wss with a certificate", () =>
  inFolder(async (folder) => {
    const { cert, key, pem } = await makeCertificate(folder);
    const server = await ServerProcess.start({ args: ["--tls-cert", cert, "--tls-key", key] });
    assert.match(server.address, /^https:/);
    const client = Deno.createHttpClient({ caCerts: [pem] });

    const response = await fetch(`${server.address}/healthz`, { client });
    assert.equal((await response.json()).status, "ok");
    const socket = new WebSocket(`${server.address.replace("https", "wss")}/ws`, { client });
    const welcome = await new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = (event) => reject((event as ErrorEvent).error ?? new Error("no socket"));
    });
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;

    assert.equal(JSON.parse(welcome).type, "welcome");
    client.close();
    await server.stop();
  }));

Deno.test("server takes over a renewed certificate without dropping a socket", () =>
  inFolder(async (folder) => {
    const { cert, key, pem } = await makeCertificate(folder);
    const server = await ServerProcess.start({ args: ["--tls-cert", cert, "--tls-key", key] });
    const client = Deno.createHttpClient({ caCerts: [pem] });
    const response = await fetch(`${server.address}/healthz`, { client });
    const socket = new WebSocket(`${server.address.replace("https", "wss")}/ws`, { client });
    const heard: string[] = [];
    socket.onmessage = ({ data }) => heard.push(JSON.parse(data).type);
    const closed = new Promise((resolve) => socket.onclose = resolve);
    await waitUntil(() => heard.length === 1 ? undefined : "no welcome");

    const renewed = await makeCertificate(folder);
    await waitUntil(async () =>
      await fingerprintAt(server.port) === fingerprintOf(renewed.pem) ? undefined : "the old one"
    );

    socket.send('{"type":"ping","at":1}');
    await waitUntil(() => heard.includes("pong") ? undefined : `${heard}`);
    assert.equal(response.headers.get("strict-transport-security"), "max-age=15552000");
    await response.body?.cancel();
    socket.close();
    await closed;
    client.close();
    await server.stop();
  }));

Deno.test("server writes JSON lines to server.log with the permissions of the task", async () => {
  const file = new URL("server.log", root);
  const kept = await Deno.readTextFile(file).catch(() => undefined);
  const server = await ServerProcess.start({ args: ["--log-file", "server.log"] });
  assert.equal(await server.stop(), 0);

  const lines = (await Deno.readTextFile(file)).slice(kept?.length ?? 0).trim().split("\n");
  if (kept === undefined) await Deno.remove(file);
  else await Deno.writeTextFile(file, kept);

  assert.deepEqual(lines.map((line) => JSON.parse(line).message), ["stopping"]);
});

Deno.test("server reports messages to OpenTelemetry with OTEL_DENO=true", async () => {
  const server = await ServerProcess.start({
    environment: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "console",
      OTEL_METRIC_EXPORT_INTERVAL: "200",
    },
    waitFor: /listens/,
  });
  const socket = await RawSocket.open(server.port);
  await socket.say({ type: "join", roomId: "test", userId: "ann" });
  await socket.readUntil('"joined"');

  await server.untilSaid(/signalbox\.messages/);

  socket.drop();
  await server.stop();
});

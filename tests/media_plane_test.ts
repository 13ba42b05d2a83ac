/** The media plane that the settings make: its addresses, ports and processes, or none. */
import assert from "node:assert/strict";
import { ConfigError, readConfig } from "../src/config.ts";
import { type Machine, mediaProcesses, openMediaPlane } from "../src/media_plane.ts";
import { bindUdpPort, freeUdpPort } from "./support/ports.ts";

const MACHINE: Machine = { cores: 2, addresses: ["192.0.2.10", "198.51.100.10"] };

function processes(...flags: string[]) {
  return mediaProcesses(readConfig(flags, {}), MACHINE);
}

function addresses(...flags: string[]): string[] {
  return processes(...flags)[0]!.candidates.map(({ address }) => address);
}

Deno.test("mediaProcesses makes one a core, each on a port of its own", () => {
  const [first, second, ...more] = processes();

  assert.deepEqual([first?.port, second?.port, more], [50_000, 50_001, []]);
  assert.deepEqual(second?.candidates, [
    { address: "127.0.0.1", port: 50_001, priority: 2_130_706_431 },
  ]);
  assert.deepEqual(
    processes("--media-processes", "1", "--media-port", "4000").map(({ port }) => port),
    [
      4_000,
    ],
  );
});

Deno.test("mediaProcesses has browsers come to the address that is bound", () => {
  assert.deepEqual(addresses(), ["127.0.0.1"]);
  assert.deepEqual(addresses("--host", "localhost"), ["127.0.0.1"]);
  assert.deepEqual(addresses("--host", "192.0.2.10"), ["192.0.2.10"]);
  assert.deepEqual(addresses("--host", "[2001:db8::1]"), ["2001:db8::1"]);
  assert.equal(processes("--host", "192.0.2.10")[0]!.bindAddress, "192.0.2.10");
});

Deno.test("mediaProcesses has browsers come to the machine's own addresses where all are bound", () => {
  for (const host of ["0.0.0.0", "::", "media.example"]) {
    assert.deepEqual(addresses("--host", host), MACHINE.addresses);
    assert.equal(processes("--host", host)[0]!.bindAddress, undefined);
  }
  const alone = mediaProcesses(readConfig(["--host", "0.0.0.0"], {}), { cores: 1, addresses: [] });
  assert.deepEqual(alone[0]!.candidates.map(({ address }) => address), ["127.0.0.1"]);
});

Deno.test("mediaProcesses has browsers come to --public-ip, the first first, and binds every address", () => {
  const [first] = processes("--public-ip", "203.0.113.7,2001:db8::7", "--host", "127.0.0.1");

  assert.equal(first!.bindAddress, undefined);
  assert.deepEqual(first!.candidates.map(({ address }) => address), ["203.0.113.7", "2001:db8::7"]);
  assert.ok(first!.candidates[0]!.priority > first!.candidates[1]!.priority);
});

Deno.test("mediaProcesses has a port for relays over TCP where clients are given one", () => {
  const relayed = (servers: string) =>
    processes("--ice-servers", servers).map(({ relayedPort }) => relayedPort);

  assert.deepEqual(relayed("stun:a.example,turn:a.example,turn:a.example?transport=udp"), [
    undefined,
    undefined,
  ]);
  assert.deepEqual(relayed("turn:a.example?transport=tcp"), [50_002, 50_003]);
  assert.deepEqual(relayed("turns:a.example"), [50_002, 50_003]);
});

Deno.test("mediaProcesses refuses ports that there are not", () => {
  assert.throws(
    () => processes("--media-port", "65535"),
    (error) => error instanceof ConfigError && /--media-port 65535: 2 media/.test(error.message),
  );
  assert.equal(processes("--media-port", "65534").length, 2);
});

Deno.test("openMediaPlane makes none where the settings say so, or nobody knows where it would be", async () => {
  for (
    const flags of [
      ["--media", "off"],
      ["--topology", "mesh"],
      ["--trusted-proxy", "127.0.0.1"],
    ]
  ) assert.equal(await openMediaPlane(readConfig(flags, {})), undefined, flags.join(" "));

  const proxied = ["--trusted-proxy", "127.0.0.1", "--public-ip", "203.0.113.7"];
  for (const flags of [[], proxied]) {
    const plane = await openMediaPlane(readConfig(flags, {}));
    assert.deepEqual([plane?.isAvailable, plane?.pids], [true, []]);
    await plane?.close();
  }
});

Deno.test("openMediaPlane starts a process at once with --media on, and says why it cannot", async () => {
  const port = await freeUdpPort();
  const flags = ["--media", "on", "--media-port", `${port}`, "--media-processes", "1"];

  const plane = await openMediaPlane(readConfig(flags, {}));
  assert.equal(plane?.pids.length, 1);
  await plane?.close();

  const giveBack = await bindUdpPort(port);
  await assert.rejects(
    openMediaPlane(readConfig(flags, {})),
    (error) =>
      error instanceof ConfigError &&
      /^Cannot use --media on: Cannot use UDP port \d+ of 127\.0\.0\.1: another/.test(
        error.message,
      ),
  );
  await giveBack();
});

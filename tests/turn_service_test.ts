/** The embedded TURN server as the settings want it. */
import assert from "node:assert/strict";
import { readConfig } from "../src/config.ts";
import { passwordOf } from "../src/turn/mod.ts";
import { embeddedOptions, openTurn } from "../src/turn_service.ts";
import { freePort } from "./support/ports.ts";
import { LabClient, soonUsername } from "./support/turn_lab.ts";

const machine = { cores: 2, addresses: ["10.0.0.5", "fd00::5"] };

function optionsFor(...flags: string[]): ReturnType<typeof embeddedOptions> {
  return embeddedOptions(readConfig(["--turn", "embedded", ...flags], {}), machine);
}

Deno.test("embeddedOptions stays on the address that is bound", () => {
  const options = optionsFor("--host", "192.168.1.5", "--turn-port", "4000");

  assert.deepEqual([options.bindAddress, options.relayAddress], ["192.168.1.5", "192.168.1.5"]);
  assert.equal(options.mediaAddress, "192.168.1.5");
  assert.equal(options.port, 4000);
  assert.deepEqual(options.relayPorts, { from: 49_152, to: 49_999 });
});

Deno.test("embeddedOptions names the public address, and binds every one", () => {
  const options = optionsFor("--public-ip", "2001:db8::7,203.0.113.7");

  assert.deepEqual([options.bindAddress, options.relayAddress], ["0.0.0.0", "203.0.113.7"]);
  assert.equal(options.mediaAddress, "127.0.0.1");
  assert.deepEqual(options.ownAddresses, ["127.0.0.1", "10.0.0.5", "203.0.113.7"]);
});

Deno.test("embeddedOptions lets relays reach the media ports, those of relays over TCP too", () => {
  assert.deepEqual(optionsFor("--media-port", "50000").mediaPorts, [
    50_000,
    50_002,
    50_001,
    50_003,
  ]);
  assert.deepEqual(optionsFor("--media", "off").mediaPorts, []);
  assert.deepEqual(optionsFor("--topology", "mesh").mediaPorts, []);
});

Deno.test("embeddedOptions makes a secret up where there is none, and takes IPv4 alone", () => {
  const [one, other] = [optionsFor(), optionsFor()];

  assert.match(one.secret, /^[\w-]{32}$/);
  assert.notEqual(one.secret, other.secret);
  assert.equal(optionsFor("--turn-secret", "0123456789abcdef").secret, "0123456789abcdef");
  assert.throws(
    () => optionsFor("--public-ip", "2001:db8::7"),
    /^ConfigError: Cannot use --turn embedded: it takes an IPv4 address/,
  );
});

Deno.test("openTurn opens none unless it is told to, and says which port is taken", async () => {
  const port = freePort();
  using _holder = Deno.listen({ hostname: "127.0.0.1", port });
  const flags = ["--turn", "embedded", "--turn-port", `${port}`];

  assert.equal(await openTurn(readConfig([], {})), undefined);
  await assert.rejects(openTurn(readConfig(flags, {})), {
    name: "ConfigError",
    message: new RegExp(`^Cannot use --turn-port ${port}: `),
  });
});

Deno.test("[IC1] openTurn names a server by its urls and makes credentials that it takes", async () => {
  const port = freePort();
  const flags = ["--turn", "embedded", "--turn-port", `${port}`, "--log-level", "error"];
  const service = await openTurn(readConfig(flags, {}));
  assert.ok(service !== undefined);
  const username = soonUsername();
  const credential = passwordOf(username, service.secret);
  {
    const target = { host: "127.0.0.1", port, transport: "udp" } as const;
    await using client = await LabClient.open(target, { username, credential });

    assert.equal((await client.allocate()).address, "127.0.0.1");
  }
  assert.deepEqual(service.urls, [
    `turn:127.0.0.1:${port}?transport=udp`,
    `turn:127.0.0.1:${port}?transport=tcp`,
  ]);
  assert.deepEqual(service.counts(), { allocations: 0, relayedBytes: 0 });
  service.close();
});

/** Whose connection it is, behind proxies and without. */
import assert from "node:assert/strict";
import { addressKey, TrustedProxies } from "../../src/http/mod.ts";

const proxies = new TrustedProxies(["10.0.0.0/8", "192.0.2.1", "fd00::/8"]);

Deno.test("[CO10] TrustedProxies.has knows addresses, networks, and IPv4 written as IPv6", () => {
  for (const address of ["10.1.2.3", "192.0.2.1", "fd12::1", "::ffff:10.0.0.1"]) {
    assert.ok(proxies.has(address), address);
  }
  for (const address of ["11.0.0.1", "192.0.2.2", "fe80::1", "", "proxy"]) {
    assert.ok(!proxies.has(address), address);
  }
});

Deno.test("TrustedProxies refuses what is no address and no network", () => {
  for (const bad of ["proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "fd00::/129", ""]) {
    assert.throws(() => new TrustedProxies([bad]), RangeError, bad);
  }
});

const cases: [peer: string, header: string | null, client: string][] = [
  ["203.0.113.9", null, "203.0.113.9"],
  ["203.0.113.9", "198.51.100.1", "203.0.113.9"], // Anybody can write the header.
  ["10.0.0.1", null, "10.0.0.1"],
  ["10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
  ["10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ["10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"],
  ["10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
  ["10.0.0.1", '"[2001:db8::1]:4711"', "2001:db8::1"],
  ["10.0.0.1", "", "10.0.0.1"],
];
for (const [peer, header, client] of cases) {
  Deno.test(`[CO10] TrustedProxies.clientOf takes ${client} from ${peer}, "${header}"`, () => {
    assert.equal(proxies.clientOf(peer, header), client);
  });
}

Deno.test("[CO10] addressKey counts IPv4 by the address and IPv6 by its /64", () => {
  assert.equal(addressKey("203.0.113.9"), "203.0.113.9");
  assert.equal(addressKey("::ffff:203.0.113.9"), "203.0.113.9");
  assert.equal(addressKey("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  assert.equal(addressKey("2001:0db8:0001:0002::1"), "2001:db8:1:2::/64");
  assert.equal(addressKey("2001:db8::1"), "2001:db8:0:0::/64");
  assert.equal(addressKey("fe80::1%eth0"), "fe80:0:0:0::/64");
  assert.equal(addressKey("64:ff9b::192.0.2.1"), "64:ff9b:0:0::/64");
});

Deno.test("[CO10] addressKey does not count this machine itself", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(addressKey(address), undefined, address);
  }
});

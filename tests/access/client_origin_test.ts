/** What of an address tells one client from another. */
import assert from "node:assert/strict";
import { bannedNetwork, networkOf } from "../../src/access/client_origin.ts";

for (
  const [address, network] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:DB8:01:2:ffff::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["", "unknown"],
    [undefined, "unknown"],
    ["nonsense", "unknown"],
  ] as const
) {
  Deno.test(`[KI2] networkOf takes ${address} for ${network}`, () => {
    assert.equal(networkOf(address), network);
  });
}

Deno.test("[KI3] bannedNetwork is none for this machine and for who is unknown", () => {
  for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", undefined]) {
    assert.equal(bannedNetwork(address), undefined, `${address}`);
  }
  assert.equal(bannedNetwork("192.0.2.7"), "192.0.2.7");
});

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

Deno.test("[KI3] bannedNetwork is none that may be a proxy's, nor of who is unknown", () => {
  const everybody = [
    ...["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", undefined],
    ...["10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.1.1", "169.254.1.1", "100.64.0.1"],
    ...["fd12::1", "fc00::1", "fe80::1", "febf::1"],
  ];
  for (const address of everybody) assert.equal(bannedNetwork(address), undefined, `${address}`);
  for (const address of ["192.0.2.7", "172.32.0.1", "100.128.0.1", "11.0.0.1"]) {
    assert.equal(bannedNetwork(address), address);
  }
  assert.equal(bannedNetwork("2001:db8::1"), "2001:db8:0:0::/64");
});

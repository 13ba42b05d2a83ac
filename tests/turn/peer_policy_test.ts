/** Whom a relay may speak with. */
import assert from "node:assert/strict";
import { DENIED_NETWORKS, type PeerPlace, PeerPolicy } from "../../src/turn/peer_policy.ts";
import { readDeployFile } from "../support/deploy_files.ts";

const policy = new PeerPolicy({
  ownAddresses: ["10.0.0.5", "8.8.4.4", "127.0.0.1"],
  mediaPorts: [50_000],
});
const isRelay = (port: number) => port === 49_160;

const table: [address: string, port: number, place: PeerPlace][] = [
  ["8.8.8.8", 53, "outside"],
  ["8.8.8.8", 0, "denied"],
  ["1.1.1.1", 49_160, "outside"],
  ["10.0.0.6", 50_000, "denied"],
  ["127.0.0.2", 50_000, "denied"],
  ["169.254.169.254", 80, "denied"], // Where clouds keep the credentials of machines.
  ["192.168.1.1", 80, "denied"],
  ["172.31.255.255", 80, "denied"],
  ["172.32.0.0", 80, "outside"],
  ["100.64.0.1", 80, "denied"],
  ["0.0.0.0", 80, "denied"],
  ["224.0.0.1", 80, "denied"],
  ["255.255.255.255", 80, "denied"],
  ["10.0.0.5", 22, "denied"],
  ["8.8.4.4", 22, "denied"],
  ["127.0.0.1", 6379, "denied"],
  ["10.0.0.5", 50_000, "media"],
  ["127.0.0.1", 50_000, "media"],
  ["8.8.4.4", 49_160, "relay"],
];

for (const [address, port, place] of table) {
  Deno.test(`PeerPolicy says ${place} of ${address}:${port}`, () => {
    assert.equal(policy.placeOf({ address, port }, isRelay), place);
  });
}

Deno.test("PeerPolicy lets nobody have a permission for where nothing is allowed", () => {
  assert.equal(policy.allows("192.168.1.1"), false);
  assert.equal(policy.allows("10.0.0.5"), true);
  assert.equal(policy.allows("8.8.8.8"), true);
});

Deno.test("PeerPolicy denies what the sample for coturn denies", async () => {
  const sample = await readDeployFile("coturn.conf");
  const firsts = [...sample.matchAll(/^denied-peer-ip=(\d[\d.]*)-/gm)].map(([, first]) => first);

  assert.ok(firsts.length > 10);
  const networks = DENIED_NETWORKS.map((network) => network.split("/")[0]);
  // coturn has a setting of its own for multicast.
  assert.deepEqual(networks.filter((first) => first !== "224.0.0.0"), firsts);
});

/** Packets that get lost on purpose. */
import assert from "node:assert/strict";
import { lossyEngine } from "../../../../cli/media/mesh/lossy_engine.ts";
import { createIceParameters } from "../../../../src/media/sfu/credentials.ts";
import { FakePeers } from "../../../support/fake_peers.ts";

Deno.test("lossyEngine loses pictures that are sent first, and nothing else", async () => {
  const peers = new FakePeers();
  let count = 0;
  const engine = lossyEngine(peers, () => ++count % 2 === 0);
  const [one, other] = [createIceParameters(), createIceParameters()];
  const got: number[] = [];
  const events = {
    ...{ opened() {}, message() {}, drained() {}, closed() {}, candidate() {} },
    packet: (bytes: Uint8Array) => got.push(bytes[1]! & 0x7f),
  };
  const sender = engine.connectPeer({ local: one, iceServers: [] }, { ...events, packet() {} });
  const { fingerprint } = engine;
  peers.connectPeer(
    { local: other, iceServers: [], offer: { ...one, fingerprint, setup: "actpass" } },
    events,
  );
  assert.equal(sender.send(Uint8Array.of(0x80, 108)), false);
  sender.accept({ ...other, fingerprint, setup: "active" });
  await Promise.resolve();

  for (const type of [108, 108, 109, 109, 111, 111, 108, 108]) {
    assert.equal(sender.send(Uint8Array.of(0x80, type)), true);
  }

  assert.deepEqual(got, [108, 109, 109, 111, 111, 108]);
  assert.equal(engine.lost(), 2);
  assert.deepEqual(sender.candidateTypes, ["host", "host"]);
  engine.close();
  assert.equal(sender.isOpen, false);
});

/** Addresses as STUN writes them, against the vectors of RFC 5769. */
import assert from "node:assert/strict";
import { plainAddress, readXorAddress, writeXorAddress } from "../../src/turn/transport_address.ts";

const transaction = Uint8Array.of(...[
  0xb7,
  0xe7,
  0xa7,
  0x01,
  0xbc,
  0x34,
  0xd6,
  0x86,
  0xfa,
  0x87,
  0xdf,
  0xae,
]);

Deno.test("writeXorAddress writes the addresses of RFC 5769", () => {
  const v4 = writeXorAddress({ address: "192.0.2.1", port: 32853 }, transaction);
  const v6 = writeXorAddress(
    { address: "2001:db8:1234:5678:11:2233:4455:6677", port: 32853 },
    transaction,
  );

  assert.equal(v4.toHex(), "0001a147e112a643");
  assert.equal(v6.toHex(), "0002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
});

Deno.test("readXorAddress reads IPv4, knows IPv6 for what it is, and nothing else", () => {
  const v4 = writeXorAddress({ address: "203.0.113.255", port: 65535 }, transaction);
  const v6 = writeXorAddress({ address: "::1", port: 1 }, transaction);

  assert.deepEqual(readXorAddress(v4), { address: "203.0.113.255", port: 65535 });
  assert.equal(readXorAddress(v6), "other-family");
  for (const bad of [undefined, new Uint8Array(0), v4.subarray(0, 7), v6.subarray(0, 8)]) {
    assert.equal(readXorAddress(bad), undefined);
  }
  assert.equal(readXorAddress(v4.with(1, 3)), undefined);
});

Deno.test("writeXorAddress takes every way to write IPv6, and refuses names", () => {
  const of = (address: string) => writeXorAddress({ address, port: 1 }, transaction).toHex();

  assert.equal(of("::ffff:1.2.3.4"), of("0:0:0:0:0:ffff:102:304"));
  assert.equal(of("fe80::1%eth0"), of("fe80:0:0:0:0:0:0:1"));
  assert.equal(of("1::"), of("1:0:0:0:0:0:0:0"));
  assert.throws(() => of("turn.example"), TypeError);
});

Deno.test("plainAddress shows IPv4 as IPv4", () => {
  assert.equal(plainAddress("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(plainAddress("192.0.2.1"), "192.0.2.1");
  assert.equal(plainAddress("::1"), "::1");
});

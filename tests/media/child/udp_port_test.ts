/** Whether a UDP port can be had, in words. */
import assert from "node:assert/strict";
import { probeUdpPort } from "../../../src/media/child/udp_port.ts";
import { MediaError } from "../../../src/media/port.ts";
import { bindUdpPort, freeUdpPort } from "../../support/ports.ts";

async function refusalOf(probe: Promise<void>): Promise<string> {
  try {
    await probe;
  } catch (error) {
    assert.ok(error instanceof MediaError);
    assert.equal(error.code, "unavailable");
    return error.message;
  }
  assert.fail("the port was to be had");
}

Deno.test("probeUdpPort finds a port that is free, and leaves it free", async () => {
  const port = await freeUdpPort();

  await probeUdpPort(port);
  await probeUdpPort(port, "127.0.0.1");

  await (await bindUdpPort(port))();
});

Deno.test("probeUdpPort says that a port is taken, and not that it was when it is free again", async () => {
  const port = await freeUdpPort();
  const giveBack = await bindUdpPort(port);

  assert.equal(
    await refusalOf(probeUdpPort(port)),
    `Cannot use UDP port ${port}: another program has it`,
  );
  assert.match(
    await refusalOf(probeUdpPort(port, "127.0.0.1")),
    /of 127\.0\.0\.1: another program/,
  );
  await giveBack();

  await probeUdpPort(port);
});

Deno.test("probeUdpPort says that an address is not this machine's", async () => {
  const port = await freeUdpPort();

  assert.match(await refusalOf(probeUdpPort(port, "192.0.2.1")), /the address is not one of this/);
  assert.match(await refusalOf(probeUdpPort(port, "2001:db8::1")), /of 2001:db8::1: /);
});

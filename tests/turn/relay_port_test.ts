/** Ports that relay. */
import assert from "node:assert/strict";
import { relayPortsIn } from "../../src/turn/relay_port.ts";
import type { TransportAddress } from "../../src/turn/transport_address.ts";
import { freePort } from "../support/ports.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";
import { waitUntil } from "../support/wait_until.ts";

const options = { bindAddress: "127.0.0.1", random: new ScriptedRandom() };

Deno.test("relayPortsIn opens a port of the range, which passes datagrams both ways", async () => {
  const [one, other] = [freePort(), freePort()];
  const heard: string[] = [];
  const from: TransportAddress[] = [];
  const first = await relayPortsIn({ from: one, to: one }, options)((data, sender) => {
    heard.push(new TextDecoder().decode(data));
    from.push(sender);
  });
  const second = await relayPortsIn({ from: other, to: other }, options)(() => {});

  second?.send(new TextEncoder().encode("hello"), { address: "127.0.0.1", port: one });

  await waitUntil(() => heard.length > 0 ? undefined : "nothing comes");
  assert.deepEqual([heard, from], [["hello"], [{ address: "127.0.0.1", port: other }]]);
  for (const relay of [first, second]) relay?.close();
  first?.close();
  first?.send(new Uint8Array(1), { address: "127.0.0.1", port: other }); // Lost, and no fault.
});

Deno.test("relayPortsIn has none where all are taken", async () => {
  const port = freePort();
  const open = relayPortsIn({ from: port, to: port }, options);
  const first = await open(() => {});

  assert.equal(await open(() => {}), undefined);
  first?.close();
});

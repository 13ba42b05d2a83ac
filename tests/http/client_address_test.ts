/** Where a request comes from, and who may say so. */
import assert from "node:assert/strict";
import { clientAddress } from "../../src/http/client_address.ts";
import { TestClient, TestServer } from "../support/test_server.ts";

const info = { remoteAddr: { transport: "tcp", hostname: "203.0.113.9", port: 1 } } as const;

function requestWith(forwarded?: string): Request {
  const headers: Record<string, string> = forwarded === undefined
    ? {}
    : { "x-forwarded-for": forwarded };
  return new Request("http://localhost/", { headers });
}

Deno.test("[TH1] clientAddress believes the connection, and no header unless told", () => {
  assert.equal(clientAddress(requestWith("192.0.2.1"), info, undefined), "203.0.113.9");
  assert.equal(clientAddress(requestWith("192.0.2.1"), undefined, undefined), undefined);
  const unix = { remoteAddr: { transport: "unix", path: "/run/x" } } as const;
  assert.equal(clientAddress(requestWith(), unix, undefined), undefined);
});

for (
  const [header, address] of [
    ["192.0.2.1", "192.0.2.1"],
    // The client wrote the first ones itself.
    ["198.51.100.1, 198.51.100.2, 192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["[2001:db8::1]:4711", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["unknown", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const
) {
  Deno.test(`[TH1] clientAddress reads ${address} from the proxy's header "${header}"`, () => {
    assert.equal(clientAddress(requestWith(header), info, "x-forwarded-for"), address);
  });
}

Deno.test("[TH1] a guesser cannot change its network by a header of its own", async () => {
  const server = TestServer.start();
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) {
    const response = await fetch(server.url(`/api/rooms/${100_000 + n}`), {
      headers: { "x-forwarded-for": `192.0.2.${n}`, "forwarded": `for=192.0.2.${n}` },
    });
    await response.body?.cancel();
    statuses.push(response.status);
  }

  assert.deepEqual(statuses, [...Array(10).fill(404), 429, 429]);
  const client = new TestClient(`ws://127.0.0.1:${server.port}/ws`, "signalbox.v1");
  await client.hear("welcome");
  client.say({ type: "join", roomId: "100050", role: "viewer" });
  assert.equal((await client.hear("error")).code, "rate-limited");
  await client.close();
  await server.close();
});

Deno.test("[TH1] clients behind one proxy have a budget each where its header is named", async () => {
  const server = TestServer.start("--address-header", "X-Real-IP");
  const ask = async (address: string) => {
    const response = await fetch(server.url("/api/rooms/100000"), {
      headers: { "x-real-ip": address },
    });
    await response.body?.cancel();
    return response.status;
  };
  for (let n = 0; n < 10; n++) assert.equal(await ask("192.0.2.1"), 404);

  assert.deepEqual([await ask("192.0.2.1"), await ask("192.0.2.2")], [429, 404]);
  await server.close();
});

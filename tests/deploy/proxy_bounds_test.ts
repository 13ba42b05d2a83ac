/** What the proxy samples do beyond passing on: bounds by address, headers, timeouts. */
import assert from "node:assert/strict";
import { ProxiedClient } from "../support/proxied_client.ts";
import { Proxy } from "../support/proxy.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("nginx bounds the sockets of one address", async () => {
  const server = TestServer.start();
  await using proxy = await Proxy.start("nginx", {
    upstream: server.port,
    replace: { "signalbox_sockets 200": "signalbox_sockets 2" },
  });
  const ann = await ProxiedClient.join(proxy, "ann");
  const bob = await ProxiedClient.join(proxy, "bob");

  const third = ProxiedClient.connect(proxy);
  await third.untilClosed();

  assert.equal(third.refusedWith, 429);
  await ann.close();
  await bob.close();
  await server.close();
});

Deno.test("nginx cuts a socket that is silent beyond its timeout, so heartbeats must be", async () => {
  const server = TestServer.start("--heartbeat-ms", "120000");
  await using proxy = await Proxy.start("nginx", {
    upstream: server.port,
    replace: { "proxy_read_timeout 75s": "proxy_read_timeout 1s" },
  });
  const ann = await ProxiedClient.join(proxy, "ann");

  const closed = await ann.untilClosed();

  assert.deepEqual([closed.code, ann.pings], [1006, 0]);
  await server.close();
});

for (const kind of ["nginx", "caddy"] as const) {
  Deno.test(`${kind} tells the server the client's address, whatever the client claims`, async () => {
    const upstream = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ headers }) => Response.json(Object.fromEntries(headers)),
    );
    await using proxy = await Proxy.start(kind, { upstream: upstream.addr.port });
    const client = Deno.createHttpClient({ caCerts: [proxy.pem] });
    const response = await fetch(`${proxy.origin}/healthz`, {
      client,
      headers: { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "gopher" },
    });

    const seen = await response.json();

    assert.match(seen["x-forwarded-for"], /^(127\.0\.0\.1|::1)$/);
    assert.equal(seen["x-forwarded-proto"], "https");
    assert.equal(`https://${seen.host}`, proxy.origin);
    client.close();
    await upstream.shutdown();
  });
}

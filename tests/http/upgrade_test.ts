/** The door of the socket: origin, capacity, subprotocol. */
import assert from "node:assert/strict";
import { codeOf, withApp } from "../support/app_fixture.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { TestServer } from "../support/test_server.ts";
import { SECRET, sign } from "../support/tokens.ts";

Deno.test(
  "[CO1] handler answers 426 to a request for the socket without an upgrade",
  withApp([], async (send) => {
    const response = await send("/ws");

    assert.equal(response.headers.get("upgrade"), "websocket");
    assert.deepEqual(await codeOf(response), [426, "upgrade-required"]);
  }),
);

Deno.test(
  "[CO1] handler refuses a socket of another origin",
  withApp([], async (send) => {
    for (const origin of ["https://else.example", "null", "http://localhost:81", "nonsense"]) {
      const response = await send("/ws", { headers: { upgrade: "websocket", origin } });
      assert.deepEqual(await codeOf(response), [403, "not-allowed"], origin);
    }
  }),
);

Deno.test(
  "[CO1] handler takes no origin for its own that only looks like it",
  withApp([], async (send) => {
    const lookalikes = [
      "http://localhost.evil.example",
      "http://localhost@evil.example",
      "http://evil.example/localhost",
      "http://evil.example#localhost",
      "http://evil.example, http://localhost",
      "http://localhost:80443",
      "localhost",
      "",
    ];
    for (const origin of lookalikes) {
      const headers = { upgrade: "websocket", host: "localhost", origin };
      const response = await send("/ws", { headers });
      assert.deepEqual(await codeOf(response), [403, "not-allowed"], origin);
    }
  }),
);

Deno.test("[CO3] upgrade selects signalbox.v1 for who offers it, and serves who does not", async () => {
  const server = TestServer.start();
  const url = `ws://127.0.0.1:${server.port}/ws`;
  for (const [offered, selected] of [[["signalbox.v1"], "signalbox.v1"], [[], ""]] as const) {
    const socket = new WebSocket(url, [...offered]);
    const [first] = await new Promise<string[]>((resolve) =>
      socket.onmessage = ({ data }) => resolve([data])
    );
    assert.equal(socket.protocol, selected);
    assert.equal(JSON.parse(first!).type, "welcome");
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  }
  await server.close();
});

Deno.test("[CO3] upgrade serves a client that offers only what the server does not speak", async () => {
  const server = TestServer.start();
  const raw = await RawSocket.open(server.port, { headers: { "Sec-WebSocket-Protocol": "soap" } });

  const seen = await raw.readUntil('"welcome"');

  assert.doesNotMatch(seen, /sec-websocket-protocol/i);
  raw.drop();
  await server.close();
});

Deno.test("[CO1] upgrade lets in its own origin, listed ones, and clients without one", async () => {
  const statusOf = async (server: TestServer, headers: Record<string, string>) => {
    const raw = await RawSocket.open(server.port, { headers });
    const seen = await raw.readUntil("\r\n");
    raw.drop();
    return seen.split(" ")[1];
  };
  const same = TestServer.start();
  const listed = TestServer.start("--origin", "https://app.example");
  const open = TestServer.start("--origin", "*");

  assert.equal(await statusOf(same, {}), "101");
  assert.equal(await statusOf(same, { Origin: `http://127.0.0.1:${same.port}` }), "101");
  assert.equal(await statusOf(same, { Origin: "https://app.example" }), "403");
  assert.equal(await statusOf(listed, { Origin: "https://app.example" }), "101");
  assert.equal(await statusOf(listed, { Origin: `http://127.0.0.1:${listed.port}` }), "403");
  assert.equal(await statusOf(open, { Origin: "https://else.example" }), "101");

  for (const server of [same, listed, open]) await server.close();
});

Deno.test("[CO8] upgrade drops a connection that answers no ping, within two heartbeats", async () => {
  const server = TestServer.start("--heartbeat-ms", "1000");
  const ann = await server.join("test", "ann");
  // A raw socket answers no ping: to the server it is half open.
  const raw = await RawSocket.open(server.port);
  await raw.say({ type: "join", roomId: "test", userId: "half-open" });

  const left = await ann.hear("user-left");

  assert.deepEqual([left.userId, left.reason], ["half-open", "disconnected"]);
  assert.equal(ann.closed, undefined);
  raw.drop();
  await ann.close();
  await server.close();
});

Deno.test("[CO1] upgrade answers 400 to a handshake without a key", async () => {
  const server = TestServer.start();
  const raw = await RawSocket.open(server.port, { key: "" });

  assert.match(await raw.readUntil("\r\n"), /^HTTP\/1\.1 400 /);

  raw.drop();
  await server.close();
});

Deno.test("[TK1] upgrade demands a good token before it opens anything", async () => {
  const server = TestServer.start("--token-secret", SECRET);
  const good = await sign({ exp: Math.floor(Date.now() / 1000) + 60 });
  const bad = await sign({ exp: 1 });
  const answer = async (path: string, headers: Record<string, string> = {}) => {
    const raw = await RawSocket.open(server.port, { headers, path });
    const seen = await raw.readUntil("\r\n\r\n");
    raw.drop();
    return seen.split(" ")[1];
  };
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

  assert.equal(await answer("/ws"), "401");
  assert.equal(await answer("/ws", bearer(bad)), "401");
  assert.equal(await answer("/ws", bearer("")), "401");
  assert.equal(await answer("/ws", { Authorization: `Basic ${good}` }), "401");
  assert.equal(await answer(`/ws?access_token=${bad}`), "401");
  assert.equal(await answer("/ws?access_token="), "401");
  // A header that will not do is not made good by the query.
  assert.equal(await answer(`/ws?access_token=${good}`, bearer(bad)), "401");
  assert.equal(await answer("/ws", { ...bearer(good), Origin: "https://else.example" }), "403");
  const metrics = await (await fetch(server.url("/metrics"))).text();
  assert.match(metrics, /^signalbox_connections_opened_total 0$/m);
  assert.equal(await answer("/ws", bearer(good)), "101");
  assert.equal(await answer(`/ws?access_token=${good}`), "101");
  await server.close();
});

/** How many sockets one address may hold and open. Origin, capacity and subprotocol stand in upgrade_test.ts. */
import assert from "node:assert/strict";
import { SocketDoor } from "../../src/http/mod.ts";
import { codeOf } from "../support/app_fixture.ts";
import { FakeSocket, HubFixture } from "../support/hub_fixture.ts";

const PROXY = "192.0.2.1";

function setUp() {
  const fixture = new HubFixture();
  const door = new SocketDoor({
    hub: fixture.hub,
    clock: fixture.clock,
    origins: ["same"],
    maxPerAddress: 1,
    trustedProxies: [PROXY],
  });
  const knock = (peer: string | undefined, forwardedFor?: string) => {
    const headers = new Headers({ upgrade: "websocket" });
    if (forwardedFor !== undefined) headers.set("x-forwarded-for", forwardedFor);
    const admission = door.knock(new Request("http://localhost/ws", { headers }), peer);
    assert.ok(!(admission instanceof Promise), "without tokens there is nothing to wait for");
    return admission;
  };
  const open = (...from: Parameters<typeof knock>) => {
    const admission = knock(...from);
    assert.ok(admission.kind === "admitted");
    const socket = new FakeSocket(admission.protocol);
    socket.onClosed = () => admission.listener.onClosed({ isClean: true });
    admission.listener.onOpen(socket);
    return socket;
  };
  return { fixture, knock, open };
}

Deno.test("[CO10] SocketDoor refuses an address that holds all it may, until one is closed", async () => {
  const { fixture, knock, open } = setUp();
  const socket = open("203.0.113.1");

  const refused = knock("203.0.113.1");
  assert.ok(refused.kind === "refused");
  assert.equal(refused.response.headers.get("retry-after"), "30");
  assert.deepEqual(await codeOf(refused.response), [429, "too-many-connections"]);
  assert.equal(fixture.observer.counts["error too-many-connections"], 1);

  socket.close(1000, "");
  assert.equal(knock("203.0.113.1").kind, "admitted");
});

Deno.test("[CO10] SocketDoor counts others apart, and this machine not at all", () => {
  const { fixture, open } = setUp();

  for (const peer of ["203.0.113.1", "203.0.113.2", "127.0.0.1", "127.0.0.1", undefined]) {
    open(peer);
  }

  assert.equal(fixture.hub.connectionCount, 5);
});

Deno.test("[CO10] SocketDoor counts the client behind a trusted proxy", () => {
  const { knock, open } = setUp();
  open(PROXY, "198.51.100.1");
  open(PROXY, "198.51.100.2");

  assert.equal(knock(PROXY, "198.51.100.1").kind, "refused");
  assert.equal(knock(PROXY, "198.51.100.1, 198.51.100.3").kind, "admitted");
  assert.equal(knock("203.0.113.1", "198.51.100.1").kind, "admitted");
});

Deno.test("[CO10] SocketDoor closes with 1013 what arrived together and is one too many", () => {
  const { fixture, knock } = setUp();
  const [first, second] = [knock("203.0.113.1"), knock("203.0.113.1")];
  assert.ok(first.kind === "admitted" && second.kind === "admitted");
  const [kept, late] = [new FakeSocket(""), new FakeSocket("")];
  late.onClosed = () => second.listener.onClosed({ isClean: true });

  first.listener.onOpen(kept);
  second.listener.onOpen(late);
  second.listener.onFrame("{}");
  second.listener.onBytes(new Uint8Array(1));

  assert.equal(kept.closed, undefined);
  assert.deepEqual(late.closed, { code: 1013, reason: "too-many-connections" });
  assert.equal(fixture.hub.connectionCount, 1);
});

Deno.test("[CO12] SocketDoor refuses an address that opens one after the other too fast", async () => {
  const { fixture, knock, open } = setUp();
  open("203.0.113.1").close(1000, "");
  open("203.0.113.1").close(1000, "");

  const refused = knock("203.0.113.1");
  assert.ok(refused.kind === "refused");
  assert.equal(refused.response.headers.get("retry-after"), "10");
  assert.deepEqual(await codeOf(refused.response), [429, "too-many-connections"]);
  assert.equal(knock("203.0.113.2").kind, "admitted");
  assert.equal(knock("127.0.0.1").kind, "admitted");

  fixture.clock.advance(10_000);
  assert.equal(knock("203.0.113.1").kind, "admitted");
});

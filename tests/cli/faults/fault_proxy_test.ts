/** The proxy between real sockets: what passes untouched, and what each ending looks like. */
import assert from "node:assert/strict";
import type { FaultRule } from "../../../cli/faults/fault_plan.ts";
import { FaultProxy, type FaultProxyOptions } from "../../../cli/faults/fault_proxy.ts";
import { encodeFrame, Opcode } from "../../../cli/faults/frame.ts";
import type { Decision } from "../../../cli/faults/judge.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { freePort } from "../../support/ports.ts";
import { Opcode as RawOpcode, RawSocket } from "../../support/raw_socket.ts";
import { TestClient, TestServer } from "../../support/test_server.ts";
import { waitUntil } from "../../support/wait_until.ts";

/** What a client reports where no close frame came; Deno's says 0. */
const NO_CLOSE_CODES = [1006, 0];

Deno.test("FaultProxy lets HTTP through: methods, bodies, statuses, kept connections", async () => {
  await using scene = Scene.start();
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://${scene.proxy.address}${path}`, init);
    return { status: response.status, text: await response.text() };
  };

  assert.equal((await ask("/healthz")).status, 200);
  const headers = { "content-type": "application/json" };
  const made = await ask("/api/rooms", { method: "POST", body: '{"kind":"meeting"}', headers });
  assert.match(made.text, /"roomId":"\d{6}"/);
  assert.equal((await ask("/no-such-page")).status, 404);
  const schema = await ask("/schema");
  assert.equal(schema.text, await (await fetch(scene.server.url("/schema"))).text());
});

Deno.test("FaultProxy takes a WebSocket through, one that offers compression and one from a page", async () => {
  await using scene = Scene.start();

  const client = await scene.connect();
  client.say({ type: "ping", at: 7, requestId: 1 });
  assert.equal((await client.hear("pong")).at, 7);
  assert.equal(client.socket.protocol, "signalbox.v1");
  assert.equal(client.socket.extensions, "");
  await client.close();
  const page = await RawSocket.open(scene.port, {
    headers: { Origin: `http://127.0.0.1:${scene.port}` },
  });
  await page.readUntil('"welcome"');
  page.drop();
  const stranger = await RawSocket.open(scene.port, { headers: { Origin: "http://evil.example" } });
  await stranger.readUntil("403 Forbidden");
  stranger.drop();
});

Deno.test("FaultProxy answers 502 when nobody listens behind it", async () => {
  const proxy = listen(freePort(), [], []);

  const response = await fetch(`http://${proxy.address}/`);
  await response.text();
  await proxy.close();

  assert.equal(response.status, 502);
});

Deno.test("[RE3] FaultProxy cuts in the middle of a frame: either side sees no goodbye", async () => {
  await using scene = Scene.start({ kind: "cut", type: "chat", user: "bob" });
  const ann = await scene.join("ann");
  const bob = await scene.join("bob");

  ann.say({ type: "chat", text: "Hello" });

  assert.ok(NO_CLOSE_CODES.includes((await bob.untilClosed()).code));
  assert.equal(bob.count("chat"), 0);
  assert.equal((await ann.hear("user-left")).reason, "disconnected");
  assert.deepEqual(scene.decisions.map(({ user, fault }) => [user, fault]), [["bob", "cut"]]);
});

Deno.test("[CO8] FaultProxy keeps a half-open socket open to its client, and the server notices", async () => {
  await using scene = Scene.start({ kind: "half-open", type: "chat", user: "bob" });
  const ann = await scene.join("ann");
  const bob = await scene.join("bob");

  ann.say({ type: "chat", text: "Hello" });

  assert.equal((await ann.hear("user-left")).reason, "disconnected");
  assert.equal(bob.count("chat"), 0);
  assert.equal(bob.closed, undefined, "nobody tells bob");
  bob.socket.close();
});

Deno.test("FaultProxy strikes at a time by itself, where nothing is said", async () => {
  await using scene = Scene.start({ kind: "half-open", atMs: 20, type: "none", user: "bob" }, {
    isUserInPath: true,
  });
  const ann = await scene.join("ann");

  const bob = new TestClient(`ws://${scene.proxy.address}/@bob/ws`, "signalbox.v1");
  await waitUntil(() => scene.decisions.length === 0 ? "no decision" : undefined);

  assert.deepEqual(scene.decisions.map(({ user, type }) => [user, type]), [["bob", "(time)"]]);
  bob.socket.close();
  await ann.close();
});

Deno.test("FaultProxy lets a reader that stops be felt by the server", async () => {
  const total = 64 * 1024 * 1024;
  const target = FloodingServer.start(total);
  const decisions: Decision[] = [];
  const proxy = listen(target.port, [{ kind: "stop-reading", direction: "to-client" }], decisions);

  const client = await RawSocket.open(portOf(proxy));
  let [last, still] = [-1, 0];
  await waitUntil(() => {
    still = target.written === last ? still + 1 : 0;
    last = target.written;
    return decisions.length > 0 && still > 20 ? undefined : `${last} bytes written`;
  });
  client.drop();
  await proxy.close();
  await target.close();

  assert.ok(target.written < total / 4, `${target.written} bytes went`);
});

Deno.test("FaultProxy reads from both sides what it is to pass, as much as comes", async () => {
  const total = 8 * 1024 * 1024;
  const target = FloodingServer.start(total);
  const proxy = listen(target.port, [], []);

  const client = await RawSocket.open(portOf(proxy));
  await client.readUntil("\r\n\r\n");
  const close = await client.readClose();
  client.drop();
  await proxy.close();
  await target.close();

  assert.ok(target.written >= total, `${target.written} bytes went`);
  assert.equal(close, undefined);
});

Deno.test("FaultProxy does the same in two runs of one seed, and else with another", async () => {
  const rules: FaultRule[] = [
    { kind: "drop", type: "pong", probability: 0.3 },
    { kind: "jitter", ms: 3 },
    { kind: "fragment", probability: 0.5 },
  ];
  const runOnce = async (seed: number) => {
    await using scene = Scene.start(rules, { seed });
    const client = await scene.connect();
    for (let at = 0; at < 60; at++) client.say({ type: "ping", at });
    client.say({ type: "state", audio: true }); // In no room: an error, after every pong.
    await client.hear("error");
    await client.close();
    return {
      log: scene.decisions.map((one) => JSON.stringify(one)).sort(),
      pongs: client.messages.flatMap((one) => one.type === "pong" ? [one.at] : []),
    };
  };

  const [first, second, other] = [await runOnce(7), await runOnce(7), await runOnce(8)];

  assert.deepEqual(second, first);
  assert.notDeepEqual(other.pongs, first.pongs);
  assert.ok(first.pongs.length > 20 && first.pongs.length < 60, `${first.pongs.length} pongs`);
});

Deno.test("[ME1] FaultProxy carries byte by byte and in fragments what means the same", async () => {
  await using scene = Scene.start([
    { kind: "byte-wise" },
    { kind: "fragment", pieces: 5 },
    { kind: "clock-skew", ms: 3_600_000 },
  ]);
  const ann = await scene.join("ann");
  const bob = await scene.join("bob");

  ann.say({ type: "chat", text: "ü🙃".repeat(300) });
  const { text, at } = await bob.hear("chat");
  ann.say({ type: "ping", at: 1_000 });

  assert.equal(text, "ü🙃".repeat(300));
  assert.ok(at < Date.now() - 3_000_000, "for bob the server's clock is an hour behind");
  assert.equal((await ann.hear("pong")).at, 1_000);
});

Deno.test("FaultProxy passes control frames between the faults", async () => {
  await using scene = Scene.start({ kind: "drop", type: "(text)" });
  const client = await RawSocket.open(scene.port);
  await client.readUntil('"welcome"');

  await client.writeFrame(new TextEncoder().encode("lost"));
  await client.writeFrame(new Uint8Array(0), { opcode: RawOpcode.close });

  assert.deepEqual(await client.readClose(), { code: 1005, reason: "" });
  client.drop();
});

Deno.test("FaultProxy.close ends what passes, and listens no more", async () => {
  const scene = Scene.start();
  const client = await scene.connect();
  const { address } = scene.proxy;

  await scene[Symbol.asyncDispose]();

  assert.ok(NO_CLOSE_CODES.includes((await client.untilClosed()).code));
  await assert.rejects(fetch(`http://${address}/healthz`));
});

/** A server, a proxy in front of it, and what the proxy decided. */
class Scene {
  readonly server: TestServer;
  readonly proxy: FaultProxy;
  readonly decisions: Decision[];
  readonly #clients: TestClient[] = [];

  private constructor(server: TestServer, proxy: FaultProxy, decisions: Decision[]) {
    this.server = server;
    this.proxy = proxy;
    this.decisions = decisions;
  }

  static start(
    rules: FaultRule | FaultRule[] = [],
    options: Partial<FaultProxyOptions> = {},
  ): Scene {
    const server = TestServer.start("--heartbeat-ms", "1000", "--resume-grace-ms", "0");
    const decisions: Decision[] = [];
    const list = Array.isArray(rules) ? rules : [rules];
    return new Scene(server, listen(server.port, list, decisions, options), decisions);
  }

  get port(): number {
    return portOf(this.proxy);
  }

  async connect(): Promise<TestClient> {
    const client = new TestClient(`ws://${this.proxy.address}/ws`, "signalbox.v1");
    this.#clients.push(client);
    await client.hear("welcome");
    return client;
  }

  async join(userId: string): Promise<TestClient> {
    const client = await this.connect();
    client.say({ type: "join", roomId: "test", userId });
    await client.hear("joined");
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.close();
    for (const client of this.#clients) await client.untilClosed();
    await this.server.close();
  }
}

function listen(
  port: number,
  faults: FaultRule[],
  decisions: Decision[],
  options: Partial<FaultProxyOptions> = {},
): FaultProxy {
  return FaultProxy.listen({
    hostname: "127.0.0.1",
    port: 0,
    target: new URL(`http://127.0.0.1:${port}`),
    plan: { faults },
    seed: 1,
    clock: systemClock,
    onDecision: (decision) => decisions.push(decision),
    ...options,
  });
}

function portOf(proxy: FaultProxy): number {
  return Number(proxy.address.split(":").at(-1));
}

/** A server that shakes hands with one client and writes as much as the client takes. */
class FloodingServer {
  written = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #running: Promise<void>;

  private constructor(total: number) {
    this.#running = this.#serve(total);
  }

  static start(total: number): FloodingServer {
    return new FloodingServer(total);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async close(): Promise<void> {
    this.#listener.close();
    await this.#running;
  }

  async #serve(total: number): Promise<void> {
    const connection = await this.#listener.accept();
    await connection.read(new Uint8Array(65_536));
    const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    await connection.write(new TextEncoder().encode(head));
    const payload = new Uint8Array(64 * 1024 - 10);
    const frame = encodeFrame({ isFinal: true, opcode: Opcode.binary, mask: undefined, payload });
    try {
      while (this.written < total) {
        for (let at = 0; at < frame.length;) {
          const length = await connection.write(frame.subarray(at));
          at += length;
          this.written += length;
        }
      }
    } catch {
      // The client has gone, or the proxy.
    }
    connection.close();
  }
}

/** Rooms on real sockets, and the application that is told of them over real HTTP. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { freePort } from "../support/ports.ts";
import { TestServer } from "../support/test_server.ts";
import { waitUntil } from "../support/wait_until.ts";
import { WEBHOOK_SECRET } from "../support/webhook_fixture.ts";

type Body = { id: string; type: string; userId?: string; reason?: string; dropped?: number };

/** An application on a real port that keeps what it is told, if the signature is good. */
class Receiver {
  readonly bodies: Body[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** `respond` sees each request after it was kept. */
  constructor(port = 0, respond: () => Response | Promise<Response> = () => new Response()) {
    const options = { hostname: "127.0.0.1", port, onListen() {} };
    this.#server = Deno.serve(options, async (request) => {
      const body = await request.text();
      const header = (name: string) => request.headers.get(name) ?? "";
      const expected = createHmac("sha256", WEBHOOK_SECRET)
        .update(`${header("webhook-id")}.${header("webhook-timestamp")}.${body}`).digest("base64");
      if (header("webhook-signature") !== `v1,${expected}`) {
        return new Response(null, { status: 401 });
      }
      this.bodies.push(JSON.parse(body));
      return await respond();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/hook`;
  }

  /** What it was told, as `type user reason`. */
  get told(): string[] {
    return this.bodies.map(({ type, userId, reason }) =>
      [type, userId, reason].filter((word) => word !== undefined).join(" ")
    );
  }

  async untilTold(count: number): Promise<void> {
    await waitUntil(() =>
      this.bodies.length >= count ? undefined : `told ${JSON.stringify(this.told)}`
    );
  }

  async close(): Promise<void> {
    await this.#server.shutdown();
  }
}

function startServer(...urls: string[]): TestServer {
  const flags = ["--webhook-url", urls.join(","), "--webhook-secret", WEBHOOK_SECRET];
  return TestServer.start(...flags);
}

async function metric(server: TestServer, outcome: string): Promise<string | undefined> {
  const text = await (await fetch(server.url("/metrics"))).text();
  const name = `signalbox_webhooks_total{outcome="${outcome}"} `;
  return text.split("\n").find((line) => line.startsWith(name))?.slice(name.length);
}

Deno.test("webhooks tell a stay from its beginning to its end, to every URL", async () => {
  const receivers = [new Receiver(), new Receiver()];
  const server = startServer(...receivers.map(({ url }) => url));

  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");
  ann.say({ type: "leave" });
  await ann.hear("leaved");
  await bob.close();

  for (const receiver of receivers) {
    await receiver.untilTold(7);
    assert.deepEqual(receiver.told, [
      "room-started",
      "participant-joined ann",
      "participant-joined bob",
      "participant-left ann left",
      "host-changed bob",
      "participant-left bob disconnected",
      "room-ended",
    ]);
  }
  assert.deepEqual(...receivers.map(({ bodies }) => bodies.map(({ id }) => id)) as [[], []]);
  await waitUntil(async () =>
    await metric(server, "delivered") === "14" ? undefined : await metric(server, "delivered")
  );
  await ann.close();
  await server.close();
  for (const receiver of receivers) await receiver.close();
});

Deno.test("webhooks reach an application that was away, complete and in order", async () => {
  const port = freePort();
  const server = startServer(`http://127.0.0.1:${port}/hook`);
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");
  assert.equal(await metric(server, "delivered"), undefined);

  const receiver = new Receiver(port);
  await receiver.untilTold(3);

  assert.deepEqual(receiver.told, [
    "room-started",
    "participant-joined ann",
    "participant-joined bob",
  ]);
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
  await receiver.close();
});

Deno.test("webhooks slow no room while the application hangs", async () => {
  const held: (() => void)[] = [];
  const hang = () => new Promise<Response>((resolve) => held.push(() => resolve(new Response())));
  const receiver = new Receiver(0, hang);
  const server = startServer(receiver.url);

  const ann = await server.join("test", "ann");
  await receiver.untilTold(1);
  const bob = await server.join("test", "bob");
  bob.say({ type: "chat", text: "Hello" });

  assert.equal((await ann.hear("chat")).text, "Hello");
  assert.equal(receiver.bodies.length, 1);
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
  for (const release of held) release();
  await receiver.close();
});

Deno.test("[ER4] webhooks tell what a stopping server ends", async () => {
  const receiver = new Receiver();
  const server = startServer(receiver.url);
  const ann = await server.join("test", "ann");

  await server.close();

  assert.deepEqual(receiver.told, [
    "room-started",
    "participant-joined ann",
    "participant-left ann room-ended",
    "room-ended",
  ]);
  await ann.untilClosed();
  await receiver.close();
});

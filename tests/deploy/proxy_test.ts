/** The server behind a real nginx and a real Caddy, each with the sample that operators copy. */
import assert from "node:assert/strict";
import { ProxiedClient } from "../support/proxied_client.ts";
import { Proxy, type ProxyKind } from "../support/proxy.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** What each sample waits for, cut to seconds: a socket that outlives it lives by heartbeats. */
const SHORT_TIMEOUTS: Record<ProxyKind, Record<string, string>> = {
  nginx: { "75s": "2s", "_timeout 10s": "_timeout 2s" },
  caddy: { "10s": "2s", "idle 2m": "idle 2s" },
};
const SHORT_TIMEOUT_MS = 2_000;
/** With --heartbeat-ms 1000 the server pings twice a second. */
const PINGS = 6;
/** A body beyond the bound. Caddy 2.6 calls it a fault of the server behind it. */
const TOO_LARGE: Record<ProxyKind, number> = { nginx: 413, caddy: 502 };

for (const kind of ["nginx", "caddy"] as const) {
  Deno.test(`${kind} ends TLS and passes the page, its script and its headers`, () =>
    behind(kind, {}, async ({ proxy, get }) => {
      const page = await get("/");
      const script = await get(/src="([^"]+)"/.exec(await page.text())![1]!);

      assert.deepEqual([page.status, script.status], [200, 200]);
      assert.ok((await script.text()).length > 30_000, "the whole script comes through");
      assert.match(page.headers.get("content-security-policy")!, /default-src 'none'/);
      assert.match(page.headers.get("strict-transport-security")!, /^max-age=\d{8}$/);
      const plain = await fetch(`${proxy.plainOrigin}/test`, { redirect: "manual" });
      await plain.body?.cancel();
      assert.equal(plain.status, 308);
      assert.match(plain.headers.get("location")!, /^https:\/\/localhost(:\d+)?\/test$/);
    }));

  Deno.test(`[CO3, CH1] ${kind} passes a socket with its subprotocol, both ways`, () =>
    behind(kind, {}, async ({ proxy }) => {
      const ann = await ProxiedClient.join(proxy, "ann");
      const bob = await ProxiedClient.join(proxy, "bob");

      ann.say({ type: "chat", text: "Hello" });
      await bob.hear("chat", ({ from, text }) => from === "ann" && text === "Hello");
      bob.say({ type: "chat", text: "Hello yourself" });
      await ann.hear("chat", ({ from, text }) => from === "bob" && text === "Hello yourself");

      assert.equal(ann.protocol, "signalbox.v1");
      await ann.close();
      await bob.hear("user-left", ({ userId }) => userId === "ann");
      await bob.close();
    }));

  Deno.test(`[CO1] ${kind} passes Host, so that pages of other origins are refused`, () =>
    behind(kind, {}, async ({ proxy }) => {
      const port = new URL(proxy.origin).port;
      for (const origin of ["https://evil.example", "https://localhost", `https://evil:${port}`]) {
        const refused = ProxiedClient.connect(proxy, origin);
        await refused.untilClosed();
        assert.equal(refused.refusedWith, 403, origin);
      }

      const own = ProxiedClient.connect(proxy);
      await own.hear("welcome");
      await own.close();
    }));

  Deno.test(`[CO8] a silent socket outlives the timeouts of ${kind} by its heartbeats`, () =>
    behind(kind, { flags: ["--heartbeat-ms", "1000"], replace: SHORT_TIMEOUTS[kind] }, async (
      { proxy },
    ) => {
      const ann = await ProxiedClient.join(proxy, "ann");
      const bob = await ProxiedClient.join(proxy, "bob");
      const silentSince = performance.now();
      await waitUntil(() => ann.pings < PINGS ? `${ann.pings} of ${PINGS} pings` : undefined);
      assert.ok(performance.now() - silentSince > SHORT_TIMEOUT_MS, "silent for long enough");

      bob.say({ type: "chat", text: "Still there?" });
      await ann.hear("chat");

      assert.deepEqual([ann.closed, bob.closed], [undefined, undefined]);
      await ann.close();
      await bob.close();
    }));

  Deno.test(`[ME3] a large frame and a large body are bounded behind ${kind}`, () =>
    behind(kind, {}, async ({ proxy, get }) => {
      const ann = await ProxiedClient.join(proxy, "ann");
      ann.say({ type: "chat", text: "x".repeat(1024 * 1024) });
      await ann.hear("error", ({ code }) => code === "message-too-large");
      ann.say({ type: "chat", text: "Short" });
      await ann.hear("chat");
      await ann.close();

      const body = JSON.stringify({ kind: "x".repeat(64 * 1024) });
      const response = await get("/api/rooms", { method: "POST", body });

      assert.equal(response.status, TOO_LARGE[kind]);
      await response.body?.cancel();
    }));

  Deno.test(`[CO9, ER4] ${kind} passes the server's close codes and reasons`, () =>
    behind(kind, {}, async ({ proxy, stopServer }) => {
      const bad = await ProxiedClient.join(proxy, "bad");
      const good = await ProxiedClient.join(proxy, "good");
      for (let n = 0; n < 10; n++) bad.say({ type: "nonsense" });
      const broken = await bad.untilClosed();
      await stopServer();
      const stopped = await good.untilClosed();

      assert.deepEqual(broken, { code: 1008, reason: "unknown-type" });
      assert.equal(stopped.code, 1012);
      assert.ok(
        good.messages.some((one) => one.type === "error" && one.code === "server-shutting-down"),
      );
    }));

  Deno.test(`${kind} keeps the metrics inside`, () =>
    behind(kind, {}, async ({ get }) => {
      const [metrics, health] = [await get("/metrics"), await get("/healthz")];

      assert.deepEqual([metrics.status, health.status], [403, 200]);
      assert.doesNotMatch(await metrics.text(), /signalbox_/);
      await health.body?.cancel();
    }));
}

/** What a test has: the proxy in front of a server, and a way to ask it. */
type Scene = {
  readonly proxy: Proxy;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** Stops the server ahead of the end. */
  readonly stopServer: () => Promise<void>;
};

async function behind(
  kind: ProxyKind,
  options: { flags?: string[]; replace?: Record<string, string> },
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  const server = await ServerProcess.start({ args: options.flags ?? [] });
  let stopped: Promise<number> | undefined;
  const stopServer = async () => {
    stopped ??= server.stop();
    await stopped;
  };
  try {
    await using proxy = await Proxy.start(kind, {
      upstream: server.port,
      replace: options.replace ?? {},
    });
    const client = Deno.createHttpClient({ caCerts: [proxy.pem] });
    const get = (path: string, init?: RequestInit) =>
      fetch(`${proxy.origin}${path}`, { ...init, client });
    try {
      await test({ proxy, get, stopServer });
    } finally {
      client.close();
    }
  } finally {
    await stopServer();
  }
}

import assert from "node:assert/strict";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { asset, type PageAssets } from "../../src/http/mod.ts";

const HTML = "<!doctype html><title>Signalbox</title>".repeat(20);
const assets: PageAssets = new Map([
  ["/", asset("text/html; charset=utf-8", new TextEncoder().encode(HTML))],
  ["/assets/main.js", asset("text/javascript; charset=utf-8", new TextEncoder().encode("1"))],
]);

/** Answers requests without a port, and stops what runs by itself when the test is done. */
function withApp(
  flags: string[],
  test: (send: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>,
  page: PageAssets | undefined = assets,
) {
  return async () => {
    const app = createApp({ config: readConfig(flags, {}), assets: page });
    try {
      await test(async (path, init) =>
        await app.handler(new Request(`http://localhost${path}`, init))
      );
    } finally {
      await app.close();
    }
  };
}

async function codeOf(response: Response): Promise<[number, string]> {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  return [response.status, (await response.json()).code];
}

const kind = (value: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ kind: value }),
});

for (const path of ["/", "/test"]) {
  Deno.test(
    `handler serves the page at ${path}`,
    withApp([], async (send) => {
      const response = await send(path);

      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(await response.text(), HTML);
    }),
  );
}

Deno.test(
  "handler compresses the page as the client accepts it",
  withApp([], async (send) => {
    const codingOf = async (accepted: string) => {
      const response = await send("/", { headers: { "accept-encoding": accepted } });
      await response.body?.cancel();
      return response.headers.get("content-encoding");
    };

    assert.equal(await codingOf("gzip, deflate, br"), "br");
    assert.equal(await codingOf("gzip"), "gzip");
    assert.equal(await codingOf("br;q=0, gzip;q=0.5"), "gzip");
    assert.equal(await codingOf("zstd"), null);
  }),
);

Deno.test(
  "handler answers 304 to a client that has the page",
  withApp([], async (send) => {
    const first = await send("/");
    await first.body?.cancel();
    const etag = first.headers.get("etag")!;

    const known = await send("/", { headers: { "if-none-match": `W/${etag}, "x"` } });
    const other = await send("/", { headers: { "if-none-match": '"x"' } });
    await other.body?.cancel();

    assert.equal(known.status, 304);
    assert.equal(other.status, 200);
  }),
);

Deno.test(
  "handler says that there is no page where none was built",
  withApp([], async (send) => {
    assert.deepEqual(await codeOf(await send("/")), [503, "no-page"]);
  }, new Map()),
);

Deno.test(
  "handler sends the security headers with every answer",
  withApp([], async (send) => {
    for (const path of ["/", "/api/rooms", "/nope"]) {
      const { headers, body } = await send(path);
      await body?.cancel();

      const policy = headers.get("content-security-policy") ?? "";
      for (
        const part of [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ]
      ) assert.ok(policy.includes(part), `${path}: ${part}`);
      assert.ok(!policy.includes("unsafe"), policy);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.ok(headers.get("permissions-policy")?.includes("camera=(self)"));
    }
  }),
);

Deno.test(
  "handler lets any origin read the API, and write nothing",
  withApp([], async (send) => {
    const read = await send("/api/rooms", { headers: { origin: "https://else.example" } });
    await read.body?.cancel();
    const asked = await send("/api/rooms", {
      method: "OPTIONS",
      headers: { origin: "https://else.example", "access-control-request-method": "POST" },
    });

    assert.equal(read.headers.get("access-control-allow-origin"), "*");
    assert.equal(asked.headers.get("access-control-allow-methods"), "GET");
  }),
);

Deno.test(
  "handler lets only listed origins read with --cors-origin",
  withApp(["--cors-origin", "https://a.example,https://b.example"], async (send) => {
    const allowedFor = async (origin: string) => {
      const { headers, body } = await send("/api/rooms", { headers: { origin } });
      await body?.cancel();
      return headers.get("access-control-allow-origin");
    };

    assert.equal(await allowedFor("https://b.example"), "https://b.example");
    assert.equal(await allowedFor("https://c.example"), null);
  }),
);

Deno.test(
  "handler lets no other origin read with --cors-origin none",
  withApp(["--cors-origin", "none"], async (send) => {
    const { headers, body } = await send("/api/rooms", {
      headers: { origin: "https://a.example" },
    });
    await body?.cancel();

    assert.equal(headers.get("access-control-allow-origin"), null);
  }),
);

Deno.test(
  "handler lists no rooms at first, and no reserved codes",
  withApp([], async (send) => {
    await (await send("/api/rooms", kind("live"))).body?.cancel();

    assert.deepEqual(await (await send("/api/rooms")).json(), { rooms: [] });
  }),
);

Deno.test(
  "[CR1] POST /api/rooms reserves a six-digit code",
  withApp([], async (send) => {
    const response = await send("/api/rooms", kind("meeting"));
    const { roomId } = await response.json();

    assert.equal(response.status, 201);
    assert.match(roomId, /^\d{6}$/);
    assert.equal(response.headers.get("location"), `/api/rooms/${roomId}`);
  }),
);

Deno.test(
  "[CR4] POST /api/rooms is bounded and says when to try again",
  withApp(["--max-rooms", "1"], async (send) => {
    await (await send("/api/rooms", kind("live"))).body?.cancel();
    const response = await send("/api/rooms", kind("live"));

    assert.equal(response.headers.get("retry-after"), "5");
    assert.deepEqual(await codeOf(response), [503, "too-many-rooms"]);
  }),
);

Deno.test(
  "POST /api/rooms refuses a bad body, each with its reason",
  withApp([], async (send) => {
    const json = { "content-type": "application/json" };
    const post = (body: string, headers: Record<string, string> = json) =>
      send("/api/rooms", { method: "POST", headers, body });

    for (const body of ["", "nope", "null", "[]", "{}", '{"kind":"party"}', '{"kind":{}}']) {
      assert.deepEqual(await codeOf(await post(body)), [400, "bad-message"], body);
    }
    const plain = { "content-type": "text/plain" };
    assert.deepEqual(await codeOf(await post('{"kind":"live"}', plain)), [400, "bad-message"]);
    const long = JSON.stringify({ kind: "live", pad: "x".repeat(2_000_000) });
    assert.deepEqual(await codeOf(await post(long)), [413, "message-too-large"]);
  }),
);

Deno.test(
  "GET /api/rooms/:id refuses an unknown room and a bad id",
  withApp([], async (send) => {
    assert.deepEqual(await codeOf(await send("/api/rooms/test")), [404, "room-not-found"]);
    assert.deepEqual(await codeOf(await send("/api/rooms/a%20b")), [400, "invalid-room-id"]);
    assert.deepEqual(await codeOf(await send("/api/rooms/%E0%A4%A")), [400, "invalid-room-id"]);
  }),
);

Deno.test(
  "DELETE /api/rooms/:id takes the administrator's token",
  withApp(["--admin-token", "s3cret"], async (send) => {
    const end = (authorization?: string) =>
      send("/api/rooms/test", {
        method: "DELETE",
        headers: authorization === undefined ? {} : { authorization },
      });

    const missing = await end();
    assert.equal(missing.headers.get("www-authenticate"), "Bearer");
    assert.deepEqual(await codeOf(missing), [401, "bad-token"]);
    assert.deepEqual(await codeOf(await end("Bearer wrong")), [401, "bad-token"]);
    assert.deepEqual(await codeOf(await end("Basic s3cret")), [401, "bad-token"]);
    assert.deepEqual(await codeOf(await end("Bearer s3cret")), [404, "room-not-found"]);
  }),
);

Deno.test(
  "DELETE /api/rooms/:id is off without a token in the settings",
  withApp([], async (send) => {
    const response = await send("/api/rooms/test", {
      method: "DELETE",
      headers: { authorization: "Bearer " },
    });

    assert.deepEqual(await codeOf(response), [403, "not-allowed"]);
  }),
);

Deno.test(
  "GET /api/ice-servers shows the settings",
  withApp(["--ice-servers", "stun:stun.example.org"], async (send) => {
    assert.deepEqual(await (await send("/api/ice-servers")).json(), {
      iceServers: [{ urls: "stun:stun.example.org" }],
    });
  }),
);

Deno.test(
  "handler answers health, readiness and metrics",
  withApp([], async (send) => {
    assert.equal((await (await send("/healthz")).json()).status, "ok");
    assert.equal((await (await send("/readyz")).json()).status, "ready");
    const metrics = await (await send("/metrics")).text();
    for (
      const name of [
        "connections",
        "rooms",
        "participants",
        "memory_resident_bytes",
        "event_loop_drift_seconds",
        "fan_out_seconds_bucket",
      ]
    ) assert.ok(metrics.includes(`signalbox_${name}`), name);
  }),
);

Deno.test(
  "handler serves what it speaks at /schema and /openapi.json",
  withApp([], async (send) => {
    assert.equal((await (await send("/schema")).json()).asyncapi, "3.0.0");
    assert.equal((await (await send("/openapi.json")).json()).openapi, "3.1.0");
  }),
);

Deno.test(
  "handler refuses an unknown path and a method that a path does not have",
  withApp([], async (send) => {
    assert.deepEqual(await codeOf(await send("/nope")), [404, "not-found"]);
    const response = await send("/api/rooms", { method: "PUT" });
    assert.equal(response.headers.get("allow"), "GET, HEAD, POST, OPTIONS");
    assert.deepEqual(await codeOf(response), [405, "method-not-allowed"]);
    assert.equal((await send("/api/rooms", { method: "HEAD" })).status, 200);
  }),
);

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

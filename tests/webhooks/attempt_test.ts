/** One request to a real receiver, and what each answer means. */
import assert from "node:assert/strict";
import { attempt, type Attempted } from "../../src/webhooks/attempt.ts";

const NOW = Date.UTC(2026, 0, 1);

type Answer = (request: Request) => Response | Promise<Response>;

/** Makes one attempt at a receiver that answers so. */
async function attemptAt(answer: Answer, controller = new AbortController()) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const { signal } = controller;
  const url = `http://127.0.0.1:${server.addr.port}/hook?key=hidden`;
  const attempted = await attempt(
    fetch,
    { url, headers: { "x-a": "1" }, body: "{}", signal },
    () => NOW,
  );
  await server.shutdown();
  return attempted;
}

const failed = (why: string, retryAfterMs = 0): Attempted => ({
  kind: "failed",
  why,
  retryAfterMs,
});
const refused = (why: string): Attempted => ({ kind: "refused", why });

Deno.test("attempt posts the body with its headers", async () => {
  let got: unknown;

  const attempted = await attemptAt(async (request) => {
    const { method, headers } = request;
    got = [method, headers.get("content-type"), headers.get("x-a"), await request.text()];
    return new Response();
  });

  assert.deepEqual(attempted, { kind: "delivered" });
  assert.deepEqual(got, ["POST", "application/json", "1", "{}"]);
});

const answers: [status: number, expected: Attempted][] = [
  [200, { kind: "delivered" }],
  [202, { kind: "delivered" }],
  [204, { kind: "delivered" }],
  [304, refused("status 304")],
  [400, refused("status 400")],
  [404, refused("status 404")],
  [410, refused("status 410")],
  [408, failed("status 408")],
  [429, failed("status 429")],
  [500, failed("status 500")],
  [503, failed("status 503")],
];
for (const [status, expected] of answers) {
  Deno.test(`attempt takes status ${status} for ${expected.kind}`, async () => {
    assert.deepEqual(await attemptAt(() => new Response(null, { status })), expected);
  });
}

Deno.test("attempt follows no redirect", async () => {
  let asked = 0;

  const attempted = await attemptAt(() => {
    asked++;
    return new Response(null, { status: 307, headers: { location: "/elsewhere" } });
  });

  assert.deepEqual([attempted, asked], [refused("status 307"), 1]);
});

Deno.test("attempt reads Retry-After as seconds or as a date, up to a minute", async () => {
  const after = async (text: string) => {
    const attempted = await attemptAt(() =>
      new Response(null, { status: 429, headers: { "retry-after": text } })
    );
    return attempted.kind === "failed" ? attempted.retryAfterMs : attempted.kind;
  };

  assert.equal(await after("7"), 7_000);
  assert.equal(await after("86400"), 60_000);
  assert.equal(await after("Thu, 01 Jan 2026 00:00:05 GMT"), 5_000);
  assert.equal(await after("Wed, 31 Dec 2025 00:00:00 GMT"), 0);
  assert.equal(await after("soon"), 0);
});

Deno.test("attempt reads nothing of a long answer", async () => {
  let isCancelled = false;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => void (isCancelled = true),
      }),
    );

  assert.deepEqual(await attemptAt(endless), { kind: "delivered" });
  assert.ok(isCancelled);
});

Deno.test("attempt says why nobody answered, and nothing of the URL", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const url = `http://user:secret@127.0.0.1:${port}/hook?key=secret`;
  const { signal } = new AbortController();

  const attempted = await attempt(fetch, { url, headers: {}, body: "{}", signal }, () => NOW);

  assert.ok(attempted.kind === "failed");
  assert.match(attempted.why, /refused/i);
  assert.doesNotMatch(attempted.why, /secret|hook|127/);
});

Deno.test("attempt never shows an error whose words it does not know", async () => {
  const { signal } = new AbortController();
  const request = { url: "http://x.example/?key=secret", headers: {}, body: "{}", signal };
  const failures = [
    new Error("no luck with http://x.example/?key=secret"),
    new TypeError("failed", { cause: new Error("of (x): client error http://x.example/?secret") }),
    "secret",
  ];

  for (const failure of failures) {
    const attempted = await attempt(() => Promise.reject(failure), request, () => NOW);
    assert.deepEqual(attempted, failed("network error"));
  }
});

Deno.test("attempt ends with its signal, and says the reason", async () => {
  const controller = new AbortController();

  const attempted = await attemptAt(() => {
    controller.abort(new Error("the server stops"));
    return new Response();
  }, controller);

  assert.deepEqual(attempted, failed("the server stops"));
});

/** Sessions of WHIP and WHEP over HTTP, towards servers that tests play. */
import assert from "node:assert/strict";
import {
  HttpSession,
  SessionRefused,
  SessionUnreachable,
} from "../../../cli/media/http_session.ts";
import { freePort } from "../../support/ports.ts";

const never = new AbortController().signal;
const OPENED = { status: 201, headers: { location: "/whip/test/1" } };

/** A server that answers so, and what it was asked. */
function serve(answer: (request: Request) => Response | Promise<Response>) {
  const asked: { method: string; path: string; headers: Headers; body: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { method, headers } = request;
    const { pathname: path } = new URL(request.url);
    asked.push({ method, path, headers, body: await request.text() });
    return await answer(request);
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return { asked, origin, [Symbol.asyncDispose]: () => server.shutdown() };
}

function open(origin: string, more: { token?: string; passcode?: string; hostKey?: string } = {}) {
  const endpoint = new URL("/whip/test?userId=cam", origin);
  return HttpSession.open(endpoint, { sdp: "v=0", token: undefined, ...more, signal: never });
}

async function refusalOf(answer: () => Response): Promise<string> {
  await using server = serve(answer);
  try {
    await open(server.origin);
  } catch (error) {
    assert.ok(error instanceof SessionRefused, `${error}`);
    return error.message;
  }
  return "it was opened";
}

Deno.test("HttpSession.open posts the offer, and keeps what comes back", async () => {
  const link = '<stun:a.example>; rel="ice-server", <turn:b.example>; rel="ice-server"';
  await using server = serve(() =>
    new Response("v=0 answer", { status: 201, headers: { location: "../whip/test/1", link } })
  );

  const session = await open(server.origin, {
    ...{ token: "t0ken", passcode: "öpen sesame", hostKey: "k3y" },
  });

  const [{ method, path, headers, body }] = server.asked as [typeof server.asked[0]];
  assert.deepEqual([method, path, body], ["POST", "/whip/test", "v=0"]);
  assert.equal(headers.get("content-type"), "application/sdp");
  assert.equal(headers.get("authorization"), "Bearer t0ken");
  assert.equal(decodeURIComponent(headers.get("room-passcode")!), "öpen sesame");
  assert.equal(headers.get("room-host-key"), "k3y");
  assert.equal(session.sdp, "v=0 answer");
  assert.equal(session.location.href, `${server.origin}/whip/test/1`);
  assert.deepEqual(session.links, [
    '<stun:a.example>; rel="ice-server"',
    '<turn:b.example>; rel="ice-server"',
  ]);
});

Deno.test("HttpSession.open shows neither token, passcode nor host key where there is none", async () => {
  await using server = serve(() => new Response("v=0", OPENED));

  const session = await open(server.origin);

  const { headers } = server.asked[0]!;
  const shown = ["authorization", "room-passcode", "room-host-key"].map((one) => headers.get(one));
  assert.deepEqual(shown, [null, null, null]);
  assert.deepEqual(session.links, []);
});

Deno.test("HttpSession.open says in the server's words why it was refused", async () => {
  const problem = (body: unknown) => () => new Response(JSON.stringify(body), { status: 403 });
  const page = () => new Response(`${"x".repeat(300)}\nmore`, { status: 502 });

  assert.equal(
    await refusalOf(problem({ detail: "Cannot publish", code: "not-allowed" })),
    "Cannot publish [not-allowed]",
  );
  assert.equal(await refusalOf(problem({ detail: "Cannot publish" })), "Cannot publish [403]");
  assert.match(await refusalOf(problem({ detail: 1, code: 2 })), /^The server answers 403 .+: \{/);
  assert.match(await refusalOf(problem(null)), /^The server answers 403 .+: null$/);
  assert.equal(await refusalOf(page), `The server answers 502 Bad Gateway: ${"x".repeat(200)}`);
  assert.match(await refusalOf(() => new Response(null, { status: 404 })), / 404 Not Found$/);
  assert.match(await refusalOf(() => new Response("v=0")), /^The server answers 200 .*: v=0$/);
});

Deno.test("HttpSession.open takes no answer without a place to end the session at", async () => {
  const sentence = "Cannot use the answer: it has no Location to end the session at";

  for (const headers of [{}, { location: "http://[" }] as HeadersInit[]) {
    assert.equal(await refusalOf(() => new Response("v=0", { status: 201, headers })), sentence);
  }
});

Deno.test("HttpSession.open tells a server that cannot be reached, and one that it gave up", async () => {
  await assert.rejects(open(`http://127.0.0.1:${freePort()}`), SessionUnreachable);
  const endpoint = new URL(`http://127.0.0.1:${freePort()}/whip/test`);

  await assert.rejects(
    HttpSession.open(endpoint, { sdp: "", token: undefined, signal: AbortSignal.abort() }),
    SessionUnreachable,
  );
});

Deno.test("HttpSession.end deletes the session with the token", async () => {
  await using server = serve(({ method }) =>
    method === "POST" ? new Response("v=0", OPENED) : new Response(null, { status: 200 })
  );
  const session = await open(server.origin, { token: "t0ken" });

  assert.equal(await session.end(), undefined);

  const { method, path, headers } = server.asked[1]!;
  assert.deepEqual([method, path], ["DELETE", "/whip/test/1"]);
  assert.equal(headers.get("authorization"), "Bearer t0ken");
});

Deno.test("HttpSession.end shows the token to no other server", async () => {
  await using other = serve(() => new Response(null, { status: 200 }));
  await using server = serve(() =>
    new Response("v=0", { status: 201, headers: { location: `${other.origin}/s/1` } })
  );
  const session = await open(server.origin, { token: "t0ken" });

  assert.equal(await session.end(), undefined);

  assert.equal(other.asked[0]?.headers.get("authorization"), null);
});

Deno.test("HttpSession.end takes one that is gone for ended, and tells anything else", async () => {
  const endings: [number, string | undefined][] = [
    [404, undefined],
    [401, "no [bad-token]"],
    [500, "no [bad-token]"],
  ];
  for (const [status, expected] of endings) {
    await using server = serve(({ method }) =>
      method === "POST"
        ? new Response("v=0", OPENED)
        : new Response('{"detail":"no","code":"bad-token"}', { status })
    );
    const session = await open(server.origin);

    assert.equal(await session.end(), expected);
  }
});

Deno.test("HttpSession.end does not reject where the server is gone", async () => {
  const server = serve(() => new Response("v=0", OPENED));
  const session = await open(server.origin);
  await server[Symbol.asyncDispose]();

  assert.match(`${await session.end()}`, /./);
});

/** Rooms over HTTP, without a port. */
import assert from "node:assert/strict";
import { codeOf, withApp } from "../support/app_fixture.ts";
import { TestServer } from "../support/test_server.ts";

const kind = (value: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ kind: value }),
});

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
  "[TH1, TH2] GET /api/rooms/:id throttles wrong codes, and says when to try again",
  withApp([], async (send) => {
    for (let n = 0; n < 10; n++) {
      assert.deepEqual(await codeOf(await send(`/api/rooms/00000${n}`)), [404, "room-not-found"]);
    }
    const refused = await send("/api/rooms/000010");

    assert.equal(refused.headers.get("retry-after"), "10");
    assert.deepEqual(await codeOf(refused), [429, "rate-limited"]);
    assert.deepEqual(await codeOf(await send("/api/rooms/by-name")), [404, "room-not-found"]);
  }),
);

Deno.test("[TH3] GET /api/rooms lists rooms by name, and none by its code", async () => {
  const server = TestServer.start();
  const named = await server.join("open", "ann");
  const code = await server.connect();
  code.say({ type: "create-room", kind: "live" });
  const { roomId } = await code.hear("room-created");
  code.say({ type: "join", roomId });
  await code.hear("joined");

  const { rooms } = await (await fetch(server.url("/api/rooms"))).json();
  const one = await (await fetch(server.url(`/api/rooms/${roomId}`))).json();

  assert.deepEqual(rooms.map((room: { roomId: string }) => room.roomId), ["open"]);
  assert.equal(one.roomId, roomId);
  await named.close();
  await code.close();
  await server.close();
});

Deno.test(
  "[CR5, PC1] POST /api/rooms takes what create-room takes, and gives the host key",
  withApp([], async (send) => {
    const post = (fields: unknown) =>
      send("/api/rooms", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fields),
      });

    const { hostKey } = await (await post({ kind: "live", lobby: true, passcode: "x" })).json();

    assert.match(hostKey, /^[\w-]{22}$/);
    for (const wrong of [{ lobby: 1 }, { passcode: "" }, { passcode: 1 }]) {
      const response = await post({ kind: "live", ...wrong });
      assert.deepEqual(await codeOf(response), [400, "bad-message"]);
    }
  }),
);

Deno.test("[TH1] a guesser cannot change its network by a header of its own", async () => {
  const server = TestServer.start();
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) {
    const response = await fetch(server.url(`/api/rooms/${100_000 + n}`), {
      headers: { "x-forwarded-for": `192.0.2.${n}`, forwarded: `for=192.0.2.${n}` },
    });
    await response.body?.cancel();
    statuses.push(response.status);
  }

  assert.deepEqual(statuses, [...Array(10).fill(404), 429, 429]);
  const client = await server.connect();
  client.say({ type: "join", roomId: "100050", role: "viewer" });
  assert.equal((await client.hear("error")).code, "rate-limited");
  await client.close();
  await server.close();
});

const ADMIN = { authorization: "Bearer s3cret" };

Deno.test("GET /api/rooms?all=true shows the administrator rooms with a code, and nobody else", async () => {
  const server = TestServer.start("--admin-token", "s3cret");
  const named = await server.join("open", "ann");
  const code = await server.connect();
  code.say({ type: "create-room", kind: "live" });
  const { roomId } = await code.hear("room-created");
  code.say({ type: "join", roomId });
  await code.hear("joined");
  const list = (query: string, headers: Record<string, string> = {}) =>
    fetch(server.url(`/api/rooms${query}`), { headers });
  const ids = async (response: Response) =>
    (await response.json()).rooms.map((room: { roomId: string }) => room.roomId);

  assert.deepEqual(await ids(await list("?all=true", ADMIN)), ["open", roomId]);
  assert.deepEqual(await ids(await list("", ADMIN)), ["open"]);
  assert.deepEqual(await ids(await list("?all=no")), ["open"]);
  assert.deepEqual(await codeOf(await list("?all=true")), [401, "bad-token"]);
  await Promise.all([named, code].map((client) => client.close()));
  await server.close();
});

Deno.test("GET /api/rooms/:id/participants shows the administrator who is in it, and no address", async () => {
  const server = TestServer.start("--admin-token", "s3cret");
  const ann = await server.connect();
  ann.say({ type: "join", roomId: "test", userId: "ann", name: "Ann", resumable: true });
  await ann.hear("joined");
  const vic = await server.connect();
  vic.say({ type: "join", roomId: "test", userId: "vic", role: "viewer" });
  await vic.hear("joined");
  vic.say({ type: "state", hand: true, requestId: 1 });
  await vic.hear("ok");
  ann.socket.close(4000);
  await vic.hear("participant-updated");
  const show = async (headers: Record<string, string>) =>
    await fetch(server.url("/api/rooms/test/participants"), { headers });

  const { participants } = await (await show(ADMIN)).json();

  const [first, second] = participants.map(
    ({ joinedAt, ...rest }: { joinedAt: number }) => [typeof joinedAt, rest],
  );
  assert.deepEqual(first, ["number", {
    userId: "ann",
    name: "Ann",
    role: "participant",
    host: true,
    connected: false,
    state: {},
  }]);
  assert.deepEqual(second, ["number", {
    userId: "vic",
    role: "viewer",
    host: false,
    connected: true,
    state: { hand: true },
  }]);
  assert.deepEqual(await codeOf(await show({})), [401, "bad-token"]);
  await vic.close();
  await server.close();
});

Deno.test("[KI5] DELETE /api/rooms/:id/participants/:userId kicks for the room's life", async () => {
  const server = TestServer.start("--admin-token", "s3cret");
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");
  const kick = (path: string, headers: Record<string, string> = ADMIN) =>
    fetch(server.url(`/api/rooms/${path}`), { method: "DELETE", headers });

  assert.deepEqual(await codeOf(await kick("test/participants/ann", {})), [401, "bad-token"]);
  const kicked = await kick("test/participants/ann");

  assert.deepEqual([kicked.status, await kicked.text()], [204, ""]);
  assert.equal((await ann.hear("leaved")).reason, "kicked");
  assert.equal((await bob.hear("user-left")).reason, "kicked");
  assert.equal((await bob.hear("host-changed")).userId, "bob");
  ann.say({ type: "join", roomId: "test", userId: "rob" });
  assert.equal((await ann.hear("error")).code, "not-allowed");
  assert.deepEqual(await codeOf(await kick("test/participants/ann")), [404, "no-such-participant"]);
  assert.deepEqual(await codeOf(await kick("none/participants/ann")), [404, "room-not-found"]);
  assert.deepEqual(await codeOf(await kick("test/participants/a%20b")), [400, "invalid-user-id"]);
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
});

Deno.test(
  "handler keeps administration off without a token in the settings, and from who has none",
  withApp([], async (send) => {
    const routes = [
      ["GET", "/api/rooms?all=true"],
      ["GET", "/api/rooms/test/participants"],
      ["DELETE", "/api/rooms/test/participants/ann"],
      ["DELETE", "/api/rooms/test"],
    ] as const;

    for (const [method, path] of routes) {
      const response = await send(path, { method, headers: ADMIN });
      assert.deepEqual(await codeOf(response), [403, "not-allowed"], path);
    }
  }),
);

Deno.test(
  "[TH5] handler lets nobody try out the administrator's token, on whichever route",
  withApp(["--admin-token", "s3cret"], async (send) => {
    const end = (token: string) =>
      send("/api/rooms/test", { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
    const list = () => send("/api/rooms/test/participants", { headers: ADMIN });

    for (let n = 0; n < 10; n++) {
      assert.deepEqual(await codeOf(await end(`guess-${n}`)), [401, "bad-token"]);
    }
    const refused = await end("s3cret");

    assert.equal(refused.headers.get("retry-after"), "10");
    assert.deepEqual(await codeOf(refused), [429, "rate-limited"]);
    assert.deepEqual(await codeOf(await list()), [429, "rate-limited"]);
    assert.equal((await send("/api/rooms")).status, 200);
  }),
);

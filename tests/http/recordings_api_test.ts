/** Recordings of a room by the server, as the administrator asks for them. */
import assert from "node:assert/strict";
import { MediaError } from "../../src/media/port.ts";
import { codeOf } from "../support/app_fixture.ts";
import { MediaHttpFixture, type MediaHttpOptions } from "../support/media_http_fixture.ts";

const ADMIN = { authorization: "Bearer s3cret" };
const PATH = "/api/rooms/test/recordings";

/** A room whose media go through the server. */
function makeFixture(options: MediaHttpOptions = {}) {
  const fixture = new MediaHttpFixture({
    topology: "sfu",
    adminToken: "s3cret",
    recordingsFolder: "/recordings",
    ...options,
  });
  fixture.join("test", "ann");
  const send = (method: string, body?: string, headers: Record<string, string> = {}) =>
    fixture.send(PATH, {
      method,
      headers: { ...ADMIN, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { fixture, send };
}

Deno.test("POST recordings begins one within the operator's bounds, 201 with what it is", async () => {
  const { fixture, send } = makeFixture();

  const response = await send("POST");

  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), {
    recordingId: "a-recording",
    state: "recording",
    startedAt: 0,
    files: ["ann.webm", "index.json"],
    bytes: 0,
  });
  assert.equal(fixture.plane.room.calls.at(-1), "record webm 1000000 60000");
  fixture.close();
});

Deno.test("POST recordings takes smaller bounds and another container, and no larger bounds", async () => {
  const { fixture, send } = makeFixture();

  const response = await send("POST", '{"container":"mp4","maxBytes":5000,"maxMs":99999999}');

  assert.equal(response.status, 201);
  assert.equal(fixture.plane.room.calls.at(-1), "record mp4 5000 60000");
  fixture.close();
});

Deno.test("POST recordings refuses a bad body", async () => {
  const { fixture, send } = makeFixture();
  const bodies = ["nope", "[]", "null", '{"container":"avi"}', '{"maxBytes":0}', '{"maxMs":1.5}'];

  for (const body of [...bodies, '{"folder":"/etc"}']) {
    assert.deepEqual(await codeOf(await send("POST", body)), [400, "bad-message"], body);
  }
  const plain = await send("POST", "{}", { "content-type": "text/plain" });
  assert.deepEqual(await codeOf(plain), [400, "bad-message"]);
  const long = await send("POST", `{"container":"${"x".repeat(2_000)}"}`);
  assert.deepEqual(await codeOf(long), [413, "message-too-large"]);
  assert.deepEqual(fixture.plane.room.calls, ["add ann"]);
  fixture.close();
});

Deno.test("POST recordings answers 501 without a folder, and says what to configure", async () => {
  const { fixture, send } = makeFixture({ recordingsFolder: undefined });

  const response = await send("POST");
  const { code, detail } = await response.json();

  assert.deepEqual([response.status, code], [501, "not-configured"]);
  assert.match(detail, /--recordings-dir/);
  fixture.close();
});

Deno.test("POST and DELETE recordings answer 409 where one runs already, or none", async () => {
  const { fixture, send } = makeFixture();
  const { room } = fixture.plane;

  room.gate = Promise.reject(new MediaError("already-recording", "Cannot record: one runs"));
  assert.deepEqual(await codeOf(await send("POST")), [409, "already-recording"]);
  room.gate = Promise.reject(new MediaError("not-recording", "Cannot stop: none runs"));
  assert.deepEqual(await codeOf(await send("DELETE")), [409, "not-recording"]);
  room.gate = Promise.reject(new MediaError("unavailable", "Cannot record: nothing is there"));
  assert.deepEqual(await codeOf(await send("POST")), [503, "unavailable"]);
  room.gate = Promise.reject(new MediaError("not-configured", "Cannot record: no folder"));
  assert.deepEqual(await codeOf(await send("POST")), [501, "not-configured"]);
  fixture.close();
});

Deno.test("POST recordings answers 409 in a room whose media do not go through the server", async () => {
  const { fixture, send } = makeFixture({ topology: "auto" });

  assert.deepEqual(await codeOf(await send("POST")), [409, "not-recording"]);
  assert.deepEqual(await codeOf(await send("DELETE")), [409, "not-recording"]);
  fixture.close();
});

Deno.test("GET recordings lists them as they are now, and DELETE shows the one that it ended", async () => {
  const { fixture, send } = makeFixture();
  const list = async () => {
    const { recordings } = await (await send("GET")).json();
    return recordings.map(({ state, reason }: Record<string, string>) => [state, reason]);
  };

  assert.deepEqual(await list(), []);
  await (await send("POST")).body?.cancel();
  assert.deepEqual(await list(), [["recording", undefined]]);
  const { state } = await (await send("DELETE")).json();
  assert.deepEqual([state, await list()], ["ended", [["ended", undefined]]]);
  fixture.plane.room.events.recordingEnded({
    ...{ recordingId: "another", state: "failed", startedAt: 1, files: [], bytes: 9 },
    reason: "disk",
  });
  assert.deepEqual(await list(), [["ended", undefined], ["failed", "disk"]]);
  fixture.close();
});

Deno.test("GET recordings says how much of one that runs is written by now", async () => {
  const { fixture, send } = makeFixture();
  const { room } = fixture.plane;
  const bytesNow = async () => (await (await send("GET")).json()).recordings[0].bytes;
  const recording = await (await send("POST")).json();
  const counted = { publications: [], subscriptions: [], estimates: [] };

  for (const bytes of [1_000, 2_000]) {
    room.counted = { ...counted, recording: { ...recording, bytes } };
    assert.equal(await bytesNow(), bytes);
  }
  room.gate = Promise.reject(new MediaError("unavailable", "Cannot count: nothing is there"));
  assert.equal(await bytesNow(), 2_000);
  room.gate = Promise.resolve();
  await (await send("DELETE")).body?.cancel();

  assert.equal(await bytesNow(), 0, "what its end said");
  fixture.close();
});

Deno.test("GET recordings shows that one was lost with its process", async () => {
  const { fixture, send } = makeFixture();
  await (await send("POST")).body?.cancel();

  fixture.plane.room.events.restarted();

  const { recordings } = await (await send("GET")).json();
  assert.deepEqual(
    recordings.map(({ state, reason }: Record<string, string>) => [state, reason]),
    [["failed", "process-died"]],
  );
  fixture.close();
});

Deno.test("recordings are for the administrator of an existing room", async () => {
  const { fixture, send } = makeFixture();

  for (const method of ["GET", "POST", "DELETE"]) {
    const guess = await send(method, undefined, { authorization: "Bearer guess" });
    assert.deepEqual(await codeOf(guess), [401, "bad-token"]);
    assert.deepEqual(await codeOf(await send(method, undefined, { authorization: "" })), [
      401,
      "bad-token",
    ]);
    const other = await fixture.send("/api/rooms/none/recordings", { method, headers: ADMIN });
    assert.deepEqual(await codeOf(other), [404, "room-not-found"]);
  }
  fixture.close();
});

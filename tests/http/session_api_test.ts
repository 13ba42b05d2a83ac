/** WHIP and WHEP from POST to DELETE, over a hub and a media plane that is scripted. */
import assert from "node:assert/strict";
import { MediaError } from "../../src/media/port.ts";
import { userId } from "../support/messages.ts";
import { codeOf } from "../support/app_fixture.ts";
import { MediaHttpFixture, offerOf, PUBLISHING, WATCHING } from "../support/media_http_fixture.ts";

const FRAGMENT = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP 0\r\n" +
  "a=mid:0\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n";
const FRAGMENT_TYPE = { "content-type": "application/trickle-ice-sdpfrag" };

Deno.test("POST /whip opens a session: 201 with its place, its ETag and the answer", async () => {
  const fixture = new MediaHttpFixture();

  const response = await fixture.post("/whip/test?userId=cam&name=Camera%201", PUBLISHING);

  const { status, headers } = response;
  assert.equal(status, 201);
  assert.equal(headers.get("content-type"), "application/sdp");
  assert.match(headers.get("location") ?? "", /^\/whip\/test\/\w{22}$/);
  assert.match(headers.get("etag") ?? "", /^"\w{12}"$/);
  assert.equal(await response.text(), "an answer");
  assert.deepEqual(fixture.plane.room.calls, ["add cam", "publish cam 0:microphone,1:camera"]);
  assert.deepEqual(fixture.roster("test"), ["cam participant"]);
  fixture.close();
});

Deno.test("POST /whip makes an ordinary participant, whom the others see with its tracks", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.join("test", "ann");

  await fixture.open("/whip/test?userId=cam&name=Camera", PUBLISHING);
  fixture.plane.room.events.published(userId("cam"), { trackId: "1", source: "camera" });
  fixture.clock.endTurn();

  const [joined, moved, published] = ann.heard();
  assert.ok(joined?.type === "user-joined");
  assert.equal(joined.participant.name, "Camera");
  assert.deepEqual(moved, { type: "topology", topology: "sfu" });
  assert.ok(published?.type === "track-published");
  assert.equal(published.userId, "cam");
  fixture.close();
});

Deno.test("POST /whip makes a user id where none is wanted, and a broadcaster where one is", async () => {
  const fixture = new MediaHttpFixture();

  await fixture.open("/whip/stage?role=broadcaster", PUBLISHING);

  assert.match(fixture.roster("stage")[0] ?? "", /^user-\w+ broadcaster$/);
  assert.deepEqual(await codeOf(await fixture.post("/whip/stage?role=broadcaster", PUBLISHING)), [
    409,
    "broadcaster-taken",
  ]);
  fixture.close();
});

Deno.test("POST /whip names the ICE servers in links", async () => {
  const fixture = new MediaHttpFixture({
    iceServers: [{ urls: "stun:a.example" }, { urls: "turn:b.example", username: "u" }],
  });

  const { headers } = await fixture.post("/whip/test", PUBLISHING);

  assert.equal(
    headers.get("link"),
    '<stun:a.example>; rel="ice-server", <turn:b.example>; rel="ice-server"; username="u"',
  );
  fixture.close();
});

Deno.test("POST /whip refuses what is no SDP with 415, and a client that takes none with 406", async () => {
  const fixture = new MediaHttpFixture();
  for (const type of ["application/json", "text/plain", "application/sdpx", ""]) {
    const response = await fixture.post("/whip/test", PUBLISHING, {
      headers: { "content-type": type },
    });
    assert.equal(response.headers.get("accept-post"), "application/sdp");
    assert.deepEqual(await codeOf(response), [415, "unsupported-media-type"], type);
  }
  const accept = "application/json, text/*;q=0.5";
  const response = await fixture.post("/whip/test", PUBLISHING, { headers: { accept } });

  assert.deepEqual(await codeOf(response), [406, "not-acceptable"]);
  assert.deepEqual(fixture.plane.rooms, []);
  fixture.close();
});

Deno.test("POST /whip takes SDP under each way to say so", async () => {
  const fixture = new MediaHttpFixture();
  const headers = { "content-type": "Application/SDP; charset=utf-8", accept: "*/*;q=0.1" };

  const response = await fixture.post("/whip/test", PUBLISHING, { headers });

  assert.equal(response.status, 201);
  fixture.close();
});

Deno.test("POST /whip refuses a body that is no offer or too long, and nobody enters", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.join("test", "ann");
  const cases: [string | Uint8Array<ArrayBuffer>, number, string][] = [
    ["", 400, "bad-message"],
    ["hello", 400, "bad-message"],
    [new Uint8Array([0x76, 0x3d, 0xff]), 400, "bad-message"],
    [PUBLISHING + "a=x\r\n".repeat(20_000), 413, "message-too-large"],
    [offerOf("application sendonly"), 422, "unfit-offer"],
    [offerOf("audio recvonly"), 422, "unfit-offer"],
    [offerOf("video inactive"), 422, "unfit-offer"],
    [offerOf("video sendonly", "video sendonly"), 422, "unfit-offer"],
  ];

  for (const [body, status, code] of cases) {
    const headers = { "content-type": "application/sdp" };
    const response = await fixture.send("/whip/test", { method: "POST", body, headers });
    assert.deepEqual(await codeOf(response), [status, code], `${body}`.slice(0, 80));
  }
  fixture.clock.endTurn();
  assert.deepEqual(ann.heard(), []);
  assert.equal(fixture.sessions.count("whip"), 0);
  fixture.close();
});

Deno.test("POST /whip refuses bad ids, names and roles with 400", async () => {
  const fixture = new MediaHttpFixture();
  const cases: [string, string][] = [
    ["/whip/a%20b", "invalid-room-id"],
    ["/whip/%E0%A4%A", "invalid-room-id"],
    [`/whip/${"x".repeat(65)}`, "invalid-room-id"],
    ["/whip/test?userId=a%20b", "invalid-user-id"],
    ["/whip/test?userId=", "invalid-user-id"],
    [`/whip/test?name=${"x".repeat(300)}`, "bad-message"],
    ["/whip/test?role=viewer", "bad-message"],
    ["/whip/test?role=boss", "bad-message"],
  ];

  for (const [path, code] of cases) {
    assert.deepEqual(await codeOf(await fixture.post(path, PUBLISHING)), [400, code], path);
  }
  fixture.close();
});

Deno.test("POST /whip leaves the room again where the media plane refuses, is silent or takes a part", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.join("test", "ann");
  await (await fixture.post("/whip/test?userId=first", PUBLISHING)).text();
  const { room } = fixture.plane;
  const attempt = () => fixture.post("/whip/test?userId=cam", PUBLISHING);

  room.gate = Promise.reject(new MediaError("bad-description", "Cannot read the offer: why"));
  assert.deepEqual(await codeOf(await attempt()), [422, "media-failed"]);
  room.gate = Promise.reject(new MediaError("unavailable", "Cannot publish: nothing is there"));
  const unavailable = await attempt();
  assert.equal(unavailable.headers.get("retry-after"), "5");
  assert.deepEqual(await codeOf(unavailable), [503, "media-failed"]);
  room.gate = new Promise(() => {});
  const silent = attempt();
  await room.called(/^publish cam/, 3);
  fixture.clock.advance(10_000);
  assert.deepEqual(await codeOf(await silent), [503, "media-failed"]);
  room.gate = Promise.resolve();
  room.refusedMids.add("1");
  assert.deepEqual(await codeOf(await attempt()), [422, "media-failed"]);

  fixture.clock.endTurn();
  const left = ann.heard().filter(({ type }) => type === "user-left").length;
  assert.equal(left, 4);
  assert.deepEqual(fixture.roster("test"), ["ann participant", "first participant"]);
  assert.equal(fixture.sessions.count("whip"), 1);
  fixture.close();
});

Deno.test("POST /whip answers 409 to one whose stay ends while the media plane is to answer", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.join("test", "ann");
  await fixture.open("/whip/test?userId=first", PUBLISHING);
  const { room } = fixture.plane;
  const gate = Promise.withResolvers<void>();
  room.gate = gate.promise;
  const response = fixture.post("/whip/test?userId=cam", PUBLISHING);
  await room.called(/^publish cam/);

  ann.say({ type: "kick", userId: "cam" });
  gate.resolve();

  assert.deepEqual(await codeOf(await response), [409, "session-ended"]);
  assert.equal(fixture.sessions.count("whip"), 1);
  fixture.close();
});

Deno.test("POST /whip answers 501 where the server carries no media, and 403 where the room cannot", async () => {
  const without = new MediaHttpFixture({ plane: null });
  assert.deepEqual(await codeOf(await without.post("/whip/test", PUBLISHING)), [501, "no-media"]);
  const off = new MediaHttpFixture();
  off.plane.isAvailable = false;
  assert.deepEqual(await codeOf(await off.post("/whep/test", WATCHING)), [501, "no-media"]);
  const mesh = new MediaHttpFixture({ topology: "mesh" });
  assert.deepEqual(await codeOf(await mesh.post("/whip/test", PUBLISHING)), [403, "not-allowed"]);
  assert.deepEqual(mesh.roster("test"), []);

  for (const fixture of [without, off, mesh]) fixture.close();
});

Deno.test("POST /whip answers 503 while the server stops or is full, and says when to come back", async () => {
  const full = new MediaHttpFixture({ maxSessions: 1 });
  await full.open("/whip/test", PUBLISHING);
  const refused = await full.post("/whip/test", PUBLISHING);
  assert.equal(refused.headers.get("retry-after"), "5");
  assert.deepEqual(await codeOf(refused), [503, "too-many-connections"]);
  await full.rooms.hub.close({ reconnectAfterMs: 0, drainMs: 0 });
  assert.deepEqual(await codeOf(await full.post("/whip/test", PUBLISHING)), [
    503,
    "server-shutting-down",
  ]);
  const noRoom = new MediaHttpFixture({ maxRooms: 1 });
  noRoom.join("other", "ann");
  assert.deepEqual(await codeOf(await noRoom.post("/whip/test", PUBLISHING)), [
    503,
    "too-many-rooms",
  ]);

  for (const fixture of [full, noRoom]) fixture.close();
});

Deno.test("[CO10, CO12] POST /whip counts what an address holds and how fast it opens", async () => {
  const fixture = new MediaHttpFixture({ maxPerAddress: 2 });
  const one = await fixture.open("/whip/test", PUBLISHING);
  await fixture.open("/whip/test", PUBLISHING);

  const full = await fixture.post("/whip/test", PUBLISHING);
  assert.equal(full.headers.get("retry-after"), "30");
  assert.deepEqual(await codeOf(full), [429, "too-many-connections"]);
  const elsewhere = await fixture.post("/whip/test", PUBLISHING, { from: "198.51.100.9" });
  assert.equal(elsewhere.status, 201);
  await fixture.send(one.location, { method: "DELETE" });
  for (let n = 0; n < 2; n++) {
    const { location } = await fixture.open("/whip/test", PUBLISHING);
    await fixture.send(location, { method: "DELETE" });
  }
  const tooFast = await fixture.post("/whip/test", PUBLISHING);

  assert.equal(tooFast.headers.get("retry-after"), "5");
  assert.deepEqual(await codeOf(tooFast), [429, "too-many-connections"]);
  fixture.close();
});

Deno.test("POST /whep opens a session of a viewer, for all of a room or for one in it", async () => {
  const fixture = new MediaHttpFixture();
  fixture.join("test", "ann");

  const all = await fixture.post("/whep/test?userId=tv", WATCHING);
  const one = await fixture.post("/whep/test/ann?userId=wall", offerOf("video sendrecv"));

  assert.deepEqual([all.status, await all.text()], [201, "an answer"]);
  assert.match(all.headers.get("location") ?? "", /^\/whep\/test\/\w{22}$/);
  assert.equal(one.status, 201);
  assert.deepEqual(fixture.plane.room.calls, [
    ...["add ann", "add tv", "view tv undefined", "add wall", "view wall ann"],
  ]);
  assert.deepEqual(fixture.roster("test"), ["ann participant", "tv viewer", "wall viewer"]);
  assert.deepEqual([fixture.sessions.count("whip"), fixture.sessions.count("whep")], [0, 2]);
  fixture.close();
});

Deno.test("POST /whep answers 404 for no room and nobody of that name, 400 for no id", async () => {
  const fixture = new MediaHttpFixture();
  fixture.join("test", "ann");
  const attempt = async (path: string) => await codeOf(await fixture.post(path, WATCHING));

  assert.deepEqual(await attempt("/whep/none"), [404, "room-not-found"]);
  assert.deepEqual(await attempt("/whep/none/ann"), [404, "room-not-found"]);
  assert.deepEqual(await attempt("/whep/test/bob"), [404, "no-such-participant"]);
  assert.deepEqual(await attempt("/whep/test/a%20b"), [400, "invalid-user-id"]);
  assert.deepEqual(await codeOf(await fixture.post("/whep/test", PUBLISHING)), [
    422,
    "unfit-offer",
  ]);

  assert.deepEqual(fixture.roster("test"), ["ann participant"]);
  fixture.close();
});

Deno.test("DELETE ends a session with 200 once, whatever ETag it names", async () => {
  const fixture = new MediaHttpFixture();
  const ann = fixture.join("test", "ann");
  const { location } = await fixture.open("/whip/test?userId=cam", PUBLISHING);
  const end = () =>
    fixture.send(location, { method: "DELETE", headers: { "if-match": '"another"' } });

  const response = await end();
  fixture.clock.endTurn();

  assert.deepEqual([response.status, await response.text()], [200, ""]);
  const left = ann.heard().find(({ type }) => type === "user-left");
  assert.deepEqual(left, { type: "user-left", roomId: "test", userId: "cam", reason: "left" });
  assert.equal(fixture.plane.room.calls.at(-1), "remove cam");
  assert.deepEqual(await codeOf(await end()), [404, "no-such-session"]);
  fixture.close();
});

Deno.test("PATCH takes candidates with 204, and the session stays after every refusal", async () => {
  const fixture = new MediaHttpFixture();
  const { location, etag } = await fixture.open("/whip/test", PUBLISHING);
  const patch = (body: string, headers: Record<string, string>) =>
    fixture.send(location, { method: "PATCH", body, headers: { ...FRAGMENT_TYPE, ...headers } });
  const same = { "if-match": etag };
  const restart = FRAGMENT.replace("EsAw", "ysXw");
  const cases: [string, Record<string, string>, number, string][] = [
    [FRAGMENT, {}, 428, "precondition-required"],
    [FRAGMENT, { "if-match": '"another"' }, 412, "precondition-failed"],
    [FRAGMENT, { "if-match": `W/${etag}` }, 412, "precondition-failed"],
    [FRAGMENT, { ...same, "content-type": "application/sdp" }, 415, "unsupported-media-type"],
    ["", same, 400, "bad-message"],
    ["hello", same, 400, "bad-message"],
    ["a=x\r\n".repeat(10_000), same, 413, "message-too-large"],
    [restart, { "if-match": "*" }, 422, "no-ice-restart"],
    [restart, same, 422, "no-ice-restart"],
  ];

  for (const [body, headers, status, code] of cases) {
    assert.deepEqual(await codeOf(await patch(body, headers)), [status, code], code);
  }
  for (const tags of [etag, `"x", ${etag}`, "*"]) {
    const taken = await patch(FRAGMENT, { "if-match": tags });
    assert.deepEqual([taken.status, taken.headers.get("etag")], [204, null]);
  }
  assert.equal(fixture.sessions.count("whip"), 1);
  fixture.close();
});

Deno.test("PATCH and DELETE find a session only under its own kind, room and name", async () => {
  const fixture = new MediaHttpFixture();
  const { location } = await fixture.open("/whip/test?userId=cam", PUBLISHING);
  const id = location.split("/").at(-1)!;

  for (const path of [`/whep/test/${id}`, `/whip/other/${id}`, "/whip/test/x", "/whip/test/cam"]) {
    for (const method of ["PATCH", "DELETE"]) {
      assert.deepEqual(await codeOf(await fixture.send(path, { method })), [
        404,
        "no-such-session",
      ]);
    }
  }
  assert.equal(fixture.sessions.count("whip"), 1);
  fixture.close();
});

Deno.test("GET of an endpoint or a session has nothing to show, with 204", async () => {
  const fixture = new MediaHttpFixture();
  const { location } = await fixture.open("/whip/test", PUBLISHING);

  for (const path of ["/whip/test", "/whep/test", "/whep/test/ann", location]) {
    const { status, body } = await fixture.send(path);
    assert.deepEqual([status, body], [204, null], path);
  }
  fixture.close();
});

Deno.test("OPTIONS tells what may be sent, and the ICE servers where it is no preflight", async () => {
  const fixture = new MediaHttpFixture({ iceServers: [{ urls: "stun:a.example" }] });
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const { status, headers: answered } = await fixture.send(path, { method: "OPTIONS", headers });
    assert.equal(status, 200);
    return ["accept-post", "accept-patch", "link", "allow"].map((name) => answered.get(name));
  };
  const endpoint = "GET, HEAD, POST, OPTIONS";
  const sdp = "application/sdp";
  const fragment = "application/trickle-ice-sdpfrag";

  assert.deepEqual(await ask("/whip/test"), [
    ...[sdp, null, '<stun:a.example>; rel="ice-server"', endpoint],
  ]);
  const preflight = { "access-control-request-method": "POST", origin: "http://localhost" };
  assert.deepEqual(await ask("/whep/test", preflight), [sdp, null, null, endpoint]);
  assert.deepEqual(await ask("/whip/test/x"), [
    ...[null, fragment, null, "GET, HEAD, PATCH, DELETE, OPTIONS"],
  ]);
  assert.deepEqual(await ask("/whep/test/x"), [
    ...[sdp, fragment, null, "GET, HEAD, POST, PATCH, DELETE, OPTIONS"],
  ]);
  fixture.close();
});

Deno.test("WHIP and WHEP refuse other methods with 405 and what they take", async () => {
  const fixture = new MediaHttpFixture();

  const endpoint = await fixture.send("/whip/test", { method: "PUT" });
  const resource = await fixture.send("/whip/test/x", { method: "POST" });

  assert.equal(endpoint.headers.get("allow"), "GET, HEAD, OPTIONS, POST");
  assert.deepEqual(await codeOf(endpoint), [405, "method-not-allowed"]);
  assert.equal(resource.headers.get("allow"), "GET, HEAD, OPTIONS, PATCH, DELETE");
  assert.deepEqual(await codeOf(resource), [405, "method-not-allowed"]);
  fixture.close();
});

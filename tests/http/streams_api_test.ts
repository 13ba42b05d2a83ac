/** Pictures over HTTP from request to end, without a port; who is turned away stands beside. */
import assert from "node:assert/strict";
import { codeOf } from "../support/app_fixture.ts";
import { MediaHttpFixture, type MediaHttpOptions } from "../support/media_http_fixture.ts";
import { roomId, userId } from "../support/messages.ts";
import { FakePictureSource, markOf, tinyJpeg } from "../support/picture_source.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A server with a participant that sends pictures. */
function makeFixture(options: MediaHttpOptions = {}) {
  const fixture = new MediaHttpFixture(options);
  const client = fixture.join("test", "ann", { relay: true, name: "Ann" });
  const ann = new FakePictureSource(client, fixture.clock);
  return { fixture, ann };
}

/** Begins to watch, and reads the first part. */
async function watch(
  { fixture, ann }: ReturnType<typeof makeFixture>,
  path = "/streams/test/ann.mjpeg",
) {
  const pending = fixture.send(path);
  await ann.untilWanted();
  ann.send(tinyJpeg(1), 1_500_000);
  const response = await pending;
  const reader = response.body!.getReader();
  return { response, reader, first: await reader.read() };
}

/** When everything begins on the clock of the tests. */
const JOINED_AT = Date.UTC(2026, 0, 1);

Deno.test("GET .mjpeg has pictures made as they were asked, and ends them with its reader", async () => {
  const made = makeFixture();
  const { fixture, ann } = made;
  assert.deepEqual(ann.look(), { pictures: [], viewers: 0 });

  const { response, reader, first } = await watch(made, "/streams/test/ann.mjpeg?fps=5&width=320");

  assert.deepEqual(ann.look(), { pictures: ["320 px, 5/s"], viewers: 1 });
  assert.equal(response.status, 200);
  const type = response.headers.get("content-type") ?? "";
  const [, boundary] = /^multipart\/x-mixed-replace; boundary=(\w+)$/.exec(type)!;
  assert.equal(response.headers.get("cache-control"), "no-store, no-transform");
  const text = new TextDecoder("latin1").decode(first.value);
  assert.ok(text.startsWith(
    `--${boundary}\r\nContent-Type: image/jpeg\r\n` +
      `Content-Length: ${tinyJpeg().length}\r\nX-Timestamp: 1.500000\r\n\r\n\xff\xd8\xff`,
  ));
  assert.ok(text.endsWith(`\r\n--${boundary}\r\n`));

  await reader.cancel();
  fixture.clock.endTurn();
  assert.deepEqual(ann.look(), { pictures: [], viewers: 0 });
  fixture.close();
});

Deno.test("GET .mjpeg is 640 pixels and 10 pictures a second where nothing is said", async () => {
  const made = makeFixture();
  const { reader } = await watch(made);

  assert.deepEqual(made.ann.look().pictures, ["640 px, 10/s"]);

  await reader.cancel();
  made.fixture.close();
});

Deno.test("GET .jpg gives one picture, and none is made before or after", async () => {
  const { fixture, ann } = makeFixture();

  const pending = fixture.send("/streams/test/ann.jpg?width=100");
  await ann.untilWanted();
  assert.deepEqual(ann.look().viewers, 1);
  ann.send(tinyJpeg(7), 42);
  const response = await pending;
  const jpeg = new Uint8Array(await response.arrayBuffer());

  assert.equal(response.headers.get("content-type"), "image/jpeg");
  assert.equal(response.headers.get("content-length"), `${tinyJpeg().length}`);
  assert.equal(response.headers.get("x-timestamp"), "0.000042");
  assert.equal(markOf(jpeg), 7);
  fixture.clock.endTurn();
  assert.deepEqual(ann.look(), { pictures: [], viewers: 0 });
  fixture.close();
});

Deno.test("GET .mjpeg and .jpg say in words that no picture came in time", async () => {
  for (const form of ["mjpeg", "jpg"]) {
    const { fixture, ann } = makeFixture();
    const pending = fixture.send(`/streams/test/ann.${form}`);
    await ann.untilWanted();

    fixture.clock.advance(8_000);

    const response = await pending;
    const { code, detail } = await response.json();
    assert.deepEqual([response.status, code], [504, "no-picture"]);
    assert.match(detail, /^Cannot show "ann": no picture came within 8 s/);
    fixture.close();
  }
});

Deno.test("HEAD says what GET would, and nothing is made for it", async () => {
  const { fixture, ann } = makeFixture();
  const head = async (path: string) => {
    const { status, headers, body } = await fixture.send(path, { method: "HEAD" });
    return [status, headers.get("content-type"), body];
  };

  assert.deepEqual(await head("/streams/test/ann.jpg"), [200, "image/jpeg", null]);
  const [status, type] = await head("/streams/test/ann.mjpeg");
  assert.deepEqual([status, /^multipart\/x-mixed-replace; boundary=/.test(`${type}`)], [200, true]);
  assert.equal((await head("/streams/test/bob.jpg"))[0], 404);
  assert.equal((await head("/streams/test/ann.jpg?fps=0"))[0], 400);

  assert.deepEqual(ann.look(), { pictures: [], viewers: 0 });
  fixture.close();
});

Deno.test("GET .mjpeg refuses what does not exist or cannot be shown, each with its code", async () => {
  const { fixture } = makeFixture();
  fixture.join("test", "old");
  fixture.join("test", "off", { relay: true }).say({ type: "state", video: false });
  const cases: [string, number, string][] = [
    ["/streams/test/ann.mjpeg?fps=31", 400, "bad-message"],
    ["/streams/test/ann.mjpeg?width=8", 400, "bad-message"],
    ["/streams/a%20b/ann.mjpeg", 400, "invalid-room-id"],
    ["/streams/%E0%A4%A/ann.mjpeg", 400, "invalid-room-id"],
    ["/streams/test/a%2Fb.mjpeg", 400, "invalid-user-id"],
    ["/streams/test/ann.png", 404, "not-found"],
    ["/streams/none/ann.mjpeg", 404, "room-not-found"],
    ["/streams/test/bob.mjpeg", 404, "no-such-participant"],
    ["/streams/test/old.jpg", 409, "media-failed"],
    ["/streams/test/off.jpg", 409, "nothing-shown"],
  ];

  for (const [path, status, code] of cases) {
    assert.deepEqual(await codeOf(await fixture.send(path)), [status, code], path);
  }
  const post = await fixture.send("/streams/test/ann.jpg", { method: "POST" });
  assert.equal(post.headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.deepEqual(await codeOf(post), [405, "method-not-allowed"]);
  fixture.close();
});

Deno.test("GET .mjpeg ends when its participant leaves, is kicked, or its room ends", async () => {
  const ends: ((made: ReturnType<typeof makeFixture>) => void)[] = [
    ({ ann }) => ann.client.say({ type: "leave" }),
    ({ ann }) => ann.client.close(),
    ({ fixture }) => fixture.rooms.hub.kick(roomId("test"), userId("ann")),
    ({ fixture }) => fixture.rooms.hub.endRoom(roomId("test")),
    ({ fixture }) => fixture.streams.close(),
  ];

  for (const end of ends) {
    const made = makeFixture();
    made.fixture.join("test", "bob");
    const { reader } = await watch(made);

    end(made);

    assert.equal((await reader.read()).done, true, `${end}`);
    assert.equal(made.fixture.streams.count("mjpeg"), 0);
    made.fixture.close();
  }
});

Deno.test("GET .mjpeg goes on while its participant is away for a moment, and keeps its place", async () => {
  const made = makeFixture();
  const { reader } = await watch(made);

  made.ann.client.say({ type: "state", video: false });
  made.fixture.clock.advance(600_000);
  made.ann.client.say({ type: "state", video: true });
  made.ann.send(tinyJpeg(2));

  assert.equal((await reader.read()).done, false);
  await reader.cancel();
  made.fixture.close();
});

Deno.test("GET .mjpeg refuses new viewers of a server that stops or is full", async () => {
  const full = makeFixture({ maxViewers: 1 });
  const { reader } = await watch(full);
  const refused = await full.fixture.send("/streams/test/ann.jpg");
  assert.equal(refused.headers.get("retry-after"), "5");
  assert.deepEqual(await codeOf(refused), [503, "too-many-connections"]);
  await reader.cancel();
  full.fixture.close();

  const stopping = makeFixture();
  stopping.fixture.streams.close();
  assert.deepEqual(await codeOf(await stopping.fixture.send("/streams/test/ann.jpg")), [
    503,
    "server-shutting-down",
  ]);
  stopping.fixture.close();
});

Deno.test("[CO10, CO12] GET .mjpeg counts with the sockets of its address, and so does its beginning", async () => {
  const made = makeFixture({ maxPerAddress: 1 });
  const { fixture } = made;
  const { reader } = await watch(made);

  const second = await fixture.send("/streams/test/ann.mjpeg");
  assert.equal(second.headers.get("retry-after"), "30");
  assert.deepEqual(await codeOf(second), [429, "too-many-connections"]);
  const head = await fixture.send("/streams/test/ann.jpg", {
    from: "198.51.100.9",
    method: "HEAD",
  });
  assert.equal(head.status, 200);
  await reader.cancel();

  await waitUntil(() => fixture.streams.count("mjpeg") === 0 ? undefined : "it is watched");
  assert.equal((await fixture.send("/streams/test/ann.jpg", { method: "HEAD" })).status, 200);
  assert.deepEqual(await codeOf(await fixture.send("/streams/test/ann.jpg")), [
    429,
    "too-many-connections",
  ]);
  fixture.close();
});

Deno.test("GET /api/streams lists what can be watched, and changes with it", async () => {
  const { fixture, ann } = makeFixture();
  const list = async (query = "") => (await (await fixture.send(`/api/streams${query}`)).json());

  assert.deepEqual(await list(), {
    streams: [{
      roomId: "test",
      userId: "ann",
      name: "Ann",
      role: "participant",
      joinedAt: JOINED_AT,
      urls: { mjpeg: "/streams/test/ann.mjpeg", jpg: "/streams/test/ann.jpg" },
    }],
  });
  assert.deepEqual(await list("?room=test"), await list());
  ann.client.say({ type: "leave" });
  assert.deepEqual(await list(), { streams: [] });
  assert.deepEqual(await codeOf(await fixture.send("/api/streams?room=test")), [
    404,
    "room-not-found",
  ]);
  assert.deepEqual(await codeOf(await fixture.send("/api/streams?room=a%20b")), [
    400,
    "invalid-room-id",
  ]);
  fixture.close();
});

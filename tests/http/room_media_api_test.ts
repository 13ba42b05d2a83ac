/** The media of a room in numbers and packets, for the administrator. */
import assert from "node:assert/strict";
import { MediaError, type MediaRoomStats } from "../../src/media/port.ts";
import { codeOf } from "../support/app_fixture.ts";
import { MediaHttpFixture, type MediaHttpOptions } from "../support/media_http_fixture.ts";
import { userId } from "../support/messages.ts";

const ADMIN = { authorization: "Bearer s3cret" };
const CAPTURE = "/api/rooms/test/participants/ann/capture.pcap";
const ann = userId("ann");

/** A room whose media go through the server. */
function makeFixture(options: MediaHttpOptions = {}) {
  const fixture = new MediaHttpFixture({ topology: "sfu", adminToken: "s3cret", ...options });
  fixture.join("test", "ann");
  const get = (path: string, headers: Record<string, string> = ADMIN, method = "GET") =>
    fixture.send(path, { method, headers });
  return { fixture, get };
}

Deno.test("GET media shows what the media plane counts", async () => {
  const { fixture, get } = makeFixture();
  const counters = { packets: 1, bytes: 2, lost: 3, nacks: 4, plis: 5, retransmitted: 6 };
  const counted: MediaRoomStats = {
    publications: [{
      ...{ userId: ann, trackId: "1", source: "camera", codec: "VP8" },
      layers: [{ ...counters, rid: "h", bitrateKbps: 900, width: 1280, height: 720 }],
    }],
    subscriptions: [{
      ...{ ...counters, userId: userId("bob"), trackId: "1", rid: "h", isPaused: false },
      ...{ from: ann, source: "camera", height: 720, bitrateKbps: 880, roundTripMs: 12 },
    }],
    estimates: [{ userId: userId("bob"), bitrate: 2_000_000 }],
  };
  fixture.plane.room.counted = counted;

  const response = await get("/api/rooms/test/media");

  assert.deepEqual(await response.json(), { topology: "sfu", ...counted });
  fixture.close();
});

Deno.test("GET media of a mesh has nothing to count", async () => {
  const { fixture, get } = makeFixture({ topology: "mesh" });

  assert.deepEqual(await (await get("/api/rooms/test/media")).json(), {
    ...{ topology: "mesh", publications: [], subscriptions: [], estimates: [] },
  });
  fixture.close();
});

Deno.test("GET media answers 503 where the media plane cannot, and 504 where it says nothing", async () => {
  const { fixture, get } = makeFixture();
  const { room } = fixture.plane;
  room.gate = Promise.reject(new MediaError("unavailable", "Cannot count: nothing is there"));
  assert.deepEqual(await codeOf(await get("/api/rooms/test/media")), [503, "unavailable"]);

  room.gate = new Promise(() => {});
  const silent = get("/api/rooms/test/media");
  await Promise.resolve();
  fixture.clock.advance(30_000);

  assert.deepEqual(await codeOf(await silent), [504, "media-failed"]);
  fixture.close();
});

Deno.test("GET capture.pcap streams what the media plane captures, within bounds", async () => {
  const { fixture, get } = makeFixture();

  const response = await get(`${CAPTURE}?seconds=3&maxBytes=5000`);
  const [controller] = fixture.plane.room.captures;
  controller?.enqueue(new Uint8Array([1, 2]));
  controller?.enqueue(new Uint8Array([3]));
  controller?.close();

  assert.equal(response.headers.get("content-type"), "application/vnd.tcpdump.pcap");
  assert.match(response.headers.get("content-disposition") ?? "", /capture\.pcap/);
  assert.deepEqual([...await response.bytes()], [0, 1, 2, 3]);
  assert.equal(fixture.plane.room.calls.at(-1), "capture ann 5000 3000");
  await (await get(CAPTURE)).body?.cancel();
  assert.deepEqual(fixture.plane.room.calls.slice(-2), [
    "capture ann 10000000 10000",
    "cancel ann",
  ]);
  fixture.close();
});

Deno.test("GET capture.pcap runs four times at once at most, until one ends, fails or is left", async () => {
  const { fixture, get } = makeFixture();
  const running = await Promise.all([1, 2, 3, 4].map(() => get(CAPTURE)));
  const isFull = async () => {
    const response = await get(`${CAPTURE}?seconds=7`);
    if (response.status === 200) {
      await response.body?.cancel();
      return false;
    }
    assert.equal(response.headers.get("retry-after"), "7");
    assert.deepEqual(await codeOf(response), [429, "rate-limited"]);
    return true;
  };

  assert.ok(await isFull());
  await running[0]?.body?.cancel();
  assert.ok(!await isFull());
  const again = await get(CAPTURE);
  assert.ok(await isFull());
  fixture.plane.room.captures[1]?.error(new Error("The participant is gone"));
  await assert.rejects(running[1]!.bytes());
  assert.ok(!await isFull());
  fixture.plane.room.captures[2]?.close();
  await running[2]?.bytes();
  assert.ok(!await isFull());
  for (const one of [running[3], again]) await one?.body?.cancel();
  fixture.close();
});

Deno.test("GET capture.pcap tells what the media plane refuses, or leaves unanswered", async () => {
  const { fixture, get } = makeFixture();
  const { room } = fixture.plane;
  room.gate = Promise.reject(new MediaError("no-such-participant", "Cannot capture: nobody"));
  for (let n = 0; n < 5; n++) {
    assert.deepEqual(await codeOf(await get(CAPTURE)), [404, "no-such-participant"]);
  }

  room.gate = new Promise(() => {});
  const silent = get(CAPTURE);
  await room.called(/^capture/, 6);
  fixture.clock.advance(30_000);

  assert.deepEqual(await codeOf(await silent), [504, "media-failed"]);
  assert.equal(room.calls.at(-1), "cancel ann");
  room.gate = Promise.resolve();
  await (await get(CAPTURE)).body?.cancel();
  fixture.close();
});

Deno.test("HEAD capture.pcap captures nothing", async () => {
  const { fixture, get } = makeFixture();

  const response = await get(CAPTURE, ADMIN, "HEAD");

  assert.equal(response.headers.get("content-type"), "application/vnd.tcpdump.pcap");
  assert.deepEqual(fixture.plane.room.calls, ["add ann"]);
  fixture.close();
});

Deno.test("GET capture.pcap refuses bad bounds, nobody and a mesh", async () => {
  const { fixture, get } = makeFixture();
  for (
    const query of [
      ...["seconds=0", "seconds=601", "seconds=-1", "seconds=1.5", "seconds=", "seconds=1e2"],
      ...["maxBytes=0", "maxBytes=1000000001", "maxBytes=x"],
    ]
  ) {
    assert.deepEqual(await codeOf(await get(`${CAPTURE}?${query}`)), [400, "bad-message"], query);
  }
  assert.deepEqual(await codeOf(await get(CAPTURE.replace("ann", "bob"))), [
    404,
    "no-such-participant",
  ]);
  assert.deepEqual(await codeOf(await get(CAPTURE.replace("ann", "a%20b"))), [
    400,
    "invalid-user-id",
  ]);
  const mesh = makeFixture({ topology: "mesh" });
  assert.deepEqual(await codeOf(await mesh.get(CAPTURE)), [409, "not-carried"]);
  for (const one of [fixture, mesh.fixture]) one.close();
});

Deno.test("media and captures are for the administrator of an existing room", async () => {
  const { fixture, get } = makeFixture();

  for (const path of ["/api/rooms/test/media", CAPTURE]) {
    assert.deepEqual(await codeOf(await get(path, {})), [401, "bad-token"]);
    const guess = { authorization: "Bearer guess" };
    assert.deepEqual(await codeOf(await get(path, guess)), [401, "bad-token"]);
    assert.deepEqual(await codeOf(await get(path.replace("test", "none"))), [
      404,
      "room-not-found",
    ]);
    assert.deepEqual(await codeOf(await get(path.replace("test", "a%20b"))), [
      400,
      "invalid-room-id",
    ]);
  }
  assert.deepEqual(fixture.plane.room.calls, ["add ann"]);
  fixture.close();
});

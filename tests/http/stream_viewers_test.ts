/** Those who watch over HTTP: what they hold, what they get, and each way in which it ends. */
import assert from "node:assert/strict";
import type { Claims } from "../../src/access/mod.ts";
import { silentLogger } from "../../src/base/mod.ts";
import { AddressGate } from "../../src/http/address_gate.ts";
import { HttpError } from "../../src/http/problem.ts";
import {
  FIRST_PICTURE_MS,
  StreamViewers,
  type Viewer,
  type WatchPictures,
} from "../../src/http/stream_viewers.ts";
import type { StreamRequest } from "../../src/http/stream_request.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { roomId, userId } from "../support/messages.ts";
import { hasCode } from "../support/room_fixture.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";

const STRANGER = "203.0.113.7";
const jpeg = (...rest: number[]) => new Uint8Array([0xff, 0xd8, 0xff, ...rest]);

type Watch = Parameters<WatchPictures>[0] & { isClosed: boolean };

/** Viewers over a source that is played by hand. */
function makeViewers({ maxViewers = 10, maxPerAddress = 100 } = {}) {
  const clock = new FakeClock();
  const watches: Watch[] = [];
  const addresses = new AddressGate(clock, maxPerAddress);
  let refusal: ProtocolError | undefined;
  const viewers = new StreamViewers({
    watchPictures: (options) => {
      const watch = { ...options, isClosed: false };
      watches.push(watch);
      return { close: () => void (watch.isClosed = true) };
    },
    clock,
    random: new ScriptedRandom(),
    log: silentLogger,
    addresses,
    maxViewers,
  });
  const sight = {
    refuseNow: () => {
      if (refusal !== undefined) throw refusal;
    },
  };
  const viewer = (claims?: Claims): Viewer => ({
    sight,
    claims,
    address: STRANGER,
  });
  const refuse = (code: "room-locked") => void (refusal = new ProtocolError(code, "Cannot watch"));
  /** Nothing is held any more. */
  const assertFree = () => {
    assert.deepEqual([viewers.count("jpg"), viewers.count("mjpeg")], [0, 0]);
    assert.equal(watches.every(({ isClosed }) => isClosed), true);
    assert.equal(clock.pending, 0);
    assert.equal(addresses.isFull(STRANGER), false);
  };
  return { clock, viewers, watches, viewer, refuse, assertFree, addresses };
}

function requestOf(form: "mjpeg" | "jpg"): StreamRequest {
  const [room, user] = [roomId("test"), userId("ann")];
  return { form, roomId: room, userId: user, width: 320, framesPerSecond: 5 };
}

/** A stream that goes on, its first picture read, and its reader. */
async function begin(fixture: ReturnType<typeof makeViewers>, claims?: Claims) {
  const pending = fixture.viewers.stream(requestOf("mjpeg"), fixture.viewer(claims));
  fixture.watches.at(-1)!.received(jpeg(1), 1);
  const stream = await pending;
  const reader = stream.body.getReader();
  await reader.read();
  return { watch: fixture.watches.at(-1)!, reader };
}

Deno.test("StreamViewers.picture asks for what was wanted, gives the first picture, and lets go", async () => {
  const fixture = makeViewers();
  const { viewers, watches, viewer, assertFree } = fixture;

  const pending = viewers.picture(requestOf("jpg"), viewer());
  const { roomId: room, userId: user, width, framesPerSecond } = watches[0]!;
  assert.deepEqual([room, user, width, framesPerSecond], ["test", "ann", 320, 5]);
  assert.equal(viewers.count("jpg"), 1);
  watches[0]!.received(jpeg(7), 42);

  assert.deepEqual(await pending, { jpeg: jpeg(7), timestampUs: 42 });
  assert.deepEqual(viewers.counts, { sent: 1, bytes: 4, skipped: 0 });
  assertFree();
});

Deno.test("StreamViewers passes over what is no JPEG", async () => {
  const { viewers, watches, viewer } = makeViewers();

  const pending = viewers.picture(requestOf("jpg"), viewer());
  watches[0]!.received(new TextEncoder().encode("<script>"), 1);
  watches[0]!.received(jpeg(2), 2);

  assert.equal((await pending).timestampUs, 2);
});

Deno.test("StreamViewers says that no picture came in time, in either form", async () => {
  for (const form of ["picture", "stream"] as const) {
    const { clock, viewers, viewer, assertFree } = makeViewers();
    const pending = viewers[form](requestOf(form === "picture" ? "jpg" : "mjpeg"), viewer());

    clock.advance(FIRST_PICTURE_MS);

    await assert.rejects(
      pending,
      (error) => error instanceof HttpError && error.status === 504 && error.code === "no-picture",
    );
    assertFree();
  }
});

Deno.test("StreamViewers.stream goes on for as long as it is read, without a deadline", async () => {
  const fixture = makeViewers();
  const { watch, reader } = await begin(fixture);

  fixture.clock.advance(24 * 3_600_000);
  watch.received(jpeg(2), 2);

  assert.equal((await reader.read()).done, false);
  assert.equal(fixture.viewers.count("mjpeg"), 1);
  assert.deepEqual(fixture.viewers.counts, { sent: 2, bytes: 8, skipped: 0 });
});

Deno.test("StreamViewers counts the pictures that a slow reader does not get", async () => {
  const fixture = makeViewers();
  const { watch } = await begin(fixture);

  for (let n = 0; n < 5; n++) watch.received(jpeg(n), n);

  assert.deepEqual(fixture.viewers.counts, { sent: 1, bytes: 4, skipped: 4 });
});

Deno.test("StreamViewers ends a stream when its participant has left", async () => {
  const fixture = makeViewers();
  const { watch, reader } = await begin(fixture);

  watch.ended("kicked");

  assert.equal((await reader.read()).done, true);
  fixture.assertFree();
});

Deno.test("StreamViewers refuses a picture whose participant leaves before it comes", async () => {
  const { viewers, watches, viewer, assertFree } = makeViewers();
  const pending = viewers.picture(requestOf("jpg"), viewer());

  watches[0]!.ended("left");

  await assert.rejects(pending, hasCode("no-such-participant"));
  assertFree();
});

Deno.test("[LK1] StreamViewers ends a stream ahead of the first picture that may not be seen", async () => {
  const fixture = makeViewers();
  const { watch, reader } = await begin(fixture);

  fixture.refuse("room-locked");
  watch.received(jpeg(2), 2);

  assert.equal((await reader.read()).done, true);
  fixture.assertFree();
});

Deno.test("[TK6] StreamViewers ends a stream with its access token", async () => {
  const fixture = makeViewers();
  const expiresAt = fixture.clock.now() + 90_000;
  const claims = {
    roomId: roomId("test"),
    userId: userId("bob"),
    role: undefined,
    mayHost: undefined,
    expiresAt,
  };
  const { reader } = await begin(fixture, claims);

  fixture.clock.advance(89_999);
  assert.equal(fixture.viewers.count("mjpeg"), 1);
  fixture.clock.advance(1);

  assert.equal((await reader.read()).done, true);
  fixture.assertFree();
});

Deno.test("StreamViewers lets go when the reader goes, or never comes", async () => {
  const reading = makeViewers();
  const { reader } = await begin(reading);
  await reader.cancel();
  reading.assertFree();

  const unread = makeViewers();
  const pending = unread.viewers.stream(requestOf("mjpeg"), unread.viewer());
  unread.watches[0]!.received(jpeg(1), 1);
  await pending;
  unread.clock.advance(30_000);
  unread.assertFree();
});

Deno.test("StreamViewers holds nothing where there is nothing to watch", () => {
  const clock = new FakeClock();
  const viewers = new StreamViewers({
    watchPictures: () => {
      throw new ProtocolError("media-failed", "Cannot watch");
    },
    clock,
    random: new ScriptedRandom(),
    log: silentLogger,
    addresses: new AddressGate(clock, 1),
    maxViewers: 1,
  });
  const { viewer } = makeViewers();

  return assert.rejects(viewers.picture(requestOf("jpg"), viewer()), hasCode("media-failed"))
    .then(() => {
      assert.equal(viewers.refusal, undefined);
      assert.equal(clock.pending, 0);
    });
});

Deno.test("[CO10] StreamViewers counts a viewer for its address while it watches", async () => {
  const fixture = makeViewers({ maxPerAddress: 1 });
  const { reader } = await begin(fixture);

  assert.equal(fixture.addresses.isFull(STRANGER), true);
  await reader.cancel();

  assert.equal(fixture.addresses.isFull(STRANGER), false);
});

Deno.test("StreamViewers.refusal says that there are too many, or that the server stops", async () => {
  const fixture = makeViewers({ maxViewers: 1 });
  const { viewers } = fixture;
  assert.equal(viewers.refusal, undefined);
  const { reader } = await begin(fixture);
  assert.equal(viewers.refusal, "too-many-connections");

  viewers.close();
  viewers.close();

  assert.equal((await reader.read()).done, true);
  assert.equal(viewers.refusal, "server-shutting-down");
  fixture.assertFree();
});

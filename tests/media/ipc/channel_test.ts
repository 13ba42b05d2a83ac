/** Two sides of a channel: requests, notices, and every way in which it can end. */
import assert from "node:assert/strict";
import type { RoomId, UserId } from "../../../src/protocol/mod.ts";
import { Channel, MAX_BACKLOG_LENGTH, REQUEST_TIMEOUT_MS } from "../../../src/media/ipc/channel.ts";
import { MAX_LINE_LENGTH } from "../../../src/media/ipc/frame.ts";
import type { Commands, Notices } from "../../../src/media/ipc/messages.ts";
import { MediaError } from "../../../src/media/port.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { ChannelPair } from "../support/channel_pair.ts";

const ROOM = { room: 1, roomId: "test" as RoomId }; // A good room id.
const ANN = { room: 1, userId: "ann" as UserId }; // A good user id.

async function refuses(asked: Promise<unknown>, code: string, expected: RegExp): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof MediaError);
    assert.deepEqual([error.code, expected.test(error.message)], [code, true], error.message);
    return true;
  });
}

Deno.test("Channel carries requests and their answers, in any order", async () => {
  const pair = new ChannelPair();
  const gate = Promise.withResolvers<void>();
  pair.serve = async (name) => {
    if (name === "publish") await gate.promise;
    return name === "publish" ? { sdp: "v=0", tracks: [] } : {};
  };

  const publish = pair.server.request("publish", { ...ANN, request: { sdp: "v=0", tracks: [] } });
  assert.deepEqual(await pair.server.request("ping", {}), {});
  gate.resolve();

  assert.deepEqual(await publish, { sdp: "v=0", tracks: [] });
  assert.equal(pair.clock.pending, 0);
  await pair.close();
});

Deno.test("Channel carries notices both ways, in order", async () => {
  const pair = new ChannelPair();

  pair.server.say("openRoom", ROOM);
  pair.server.say("addParticipant", ANN);
  pair.child.say("unpublished", { ...ANN, track: { trackId: "1", source: "camera" } });
  await pair.server.request("ping", {});

  assert.deepEqual(pair.heard, ["openRoom", "addParticipant"]);
  assert.deepEqual(pair.told, ["unpublished"]);
  await pair.close();
});

Deno.test("Channel hands on what the other side refuses, and hides what is its fault", async () => {
  const pair = new ChannelPair();
  pair.serve = (name) =>
    Promise.reject(
      name === "stats"
        ? new TypeError("undefined is not an object")
        : new MediaError("no-such-track", "Cannot subscribe"),
    );
  const wish = { trackId: "9" };

  await refuses(pair.server.request("subscribe", { ...ANN, wish }), "no-such-track", /^Cannot sub/);
  await refuses(pair.server.request("stats", {}), "unavailable", /an internal error$/);

  assert.match(pair.logged.join(), /request failed/);
  await pair.close();
});

Deno.test("Channel waits for an answer no longer than it should, and takes none afterwards", async () => {
  const pair = new ChannelPair();
  const gate = Promise.withResolvers<void>();
  pair.serve = async () => {
    await gate.promise;
    return {};
  };

  const asked = pair.server.request("ping", {});
  const short = pair.server.request("ping", {}, 10);
  pair.clock.advance(10);
  await refuses(short, "unavailable", /^Cannot ping: no answer came/);
  pair.clock.advance(REQUEST_TIMEOUT_MS - 10);
  await refuses(asked, "unavailable", /no answer came/);
  gate.resolve();

  assert.deepEqual(await pair.server.request("ping", {}), {});
  await pair.close();
});

Deno.test("Channel rejects what waits when it ends, and what is asked later", async () => {
  const pair = new ChannelPair();
  pair.serve = () => new Promise(() => {});
  const asked = pair.server.request("ping", {});

  pair.server.close("the process died");
  pair.server.close("again");

  await refuses(asked, "unavailable", /the process died/);
  await refuses(pair.server.request("ping", {}), "unavailable", /has ended/);
  pair.server.say("openRoom", ROOM);
  assert.equal(await pair.server.closed, "the process died");
  assert.equal(pair.clock.pending, 0);
  await pair.close();
});

Deno.test("Channel ends when the other side does", async () => {
  const pair = new ChannelPair();

  pair.child.close("bye");

  assert.match(await pair.server.closed, /bye/);
  await pair.close();
});

Deno.test("Channel ends with the first line that is none of ours, and hears nothing behind it", async () => {
  for (
    const line of [
      "thread 'main' panicked at src/x.rs",
      '{"is":"notice","name":"nonsense","body":{}}',
      '{"is":"notice","name":"toString","body":{}}',
    ]
  ) {
    const pair = new ChannelPair();

    await pair.writeToServer(`${line}\n`);

    assert.match(await pair.server.closed, /none of ours/);
    assert.deepEqual(pair.told, []);
    await pair.close();
  }
});

Deno.test("Channel ends over a line that does not end", async () => {
  const pair = new ChannelPair();

  await pair.writeToServer("x".repeat(MAX_LINE_LENGTH + 1));

  assert.match(await pair.server.closed, /longer than/);
  await pair.close();
});

Deno.test("Channel refuses to ask for more than a line takes, and goes on", async () => {
  const pair = new ChannelPair();
  const request = { sdp: "x".repeat(MAX_LINE_LENGTH), tracks: [] };

  await refuses(
    pair.server.request("publish", { ...ANN, request }),
    "bad-description",
    /what is asked is too long/,
  );

  assert.deepEqual(await pair.server.request("ping", {}), {});
  await pair.close();
});

Deno.test("Channel ends when the other side does not read", async () => {
  const clock = new FakeClock();
  const channel = new Channel<Commands, Notices>({
    readable: new ReadableStream({}),
    writable: new WritableStream({ write: () => new Promise(() => {}) }),
    clock,
    heard: {} as never, // Nothing is said to it.
  });
  const roomId = "x".repeat(MAX_LINE_LENGTH / 2) as RoomId; // Of any length, for once.

  for (let n = 0; n <= 2 * MAX_BACKLOG_LENGTH / MAX_LINE_LENGTH; n++) {
    channel.say("openRoom", { room: n, roomId });
  }

  assert.match(await channel.closed, /does not read/);
});

Deno.test("Channel goes on when who hears a notice has a fault", async () => {
  const pair = new ChannelPair();
  pair.fault = "openRoom";

  pair.server.say("openRoom", ROOM);
  pair.server.say("addParticipant", ANN);
  await pair.server.request("ping", {});

  assert.deepEqual(pair.heard, ["openRoom", "addParticipant"]);
  assert.match(pair.logged.join(), /notice failed/);
  await pair.close();
});

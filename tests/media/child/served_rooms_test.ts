/** The rooms of a process behind its channel; what the contract does not ask for. */
import assert from "node:assert/strict";
import { ServedRooms } from "../../../src/media/child/served_rooms.ts";
import type { SfuRooms } from "../../../src/media/child/sfu_rooms.ts";
import { FakeMediaRoom } from "../../../src/media/fake/fake_media_room.ts";
import { Channel } from "../../../src/media/ipc/channel.ts";
import type { Commands, Notices } from "../../../src/media/ipc/messages.ts";
import { MediaError } from "../../../src/media/port.ts";
import type { RoomId, UserId } from "../../../src/protocol/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { offerOf } from "../support/descriptions.ts";

const START = { port: 1, candidates: [] };
const ROOM = { room: 1, roomId: "test" as RoomId }; // A good room id.
const ANN = { room: 1, userId: "ann" as UserId }; // A good user id.
const PUBLISH = {
  ...ANN,
  request: {
    sdp: offerOf("puba", [{ mid: "0", kind: "audio" }]),
    tracks: [{ mid: "0", source: "microphone" as const }],
  },
};

/** Served rooms, and the server's side of their channel. */
function serve(isStarting: () => Promise<void> = () => Promise.resolve()) {
  const clock = new FakeClock();
  const [toChild, toServer] = [
    new TransformStream<Uint8Array, Uint8Array>(),
    new TransformStream<Uint8Array, Uint8Array>(),
  ];
  const log: string[] = [];
  const note = (name: string) => () => void log.push(name);
  const rooms: SfuRooms = {
    connectionCount: 3,
    open(roomId, events) {
      log.push(`open ${roomId}`);
      const room = new FakeMediaRoom(roomId, { events, onClosed: note("closed") });
      return {
        addParticipant: (userId) => room.addParticipant(userId),
        removeParticipant: (userId) => room.removeParticipant(userId),
        publish: (userId, request) => room.publish(userId, request),
        answer: (userId, answer) => room.answer(userId, answer),
        restartSubscription: (userId) => room.restartSubscription(userId),
        subscribe: (userId, wish) => room.subscribe(userId, wish),
        view: (userId, request) => room.view(userId, request),
        stats: (of) => room.state(of),
        close: () => room.close(),
      };
    },
    close: note("all closed"),
  };
  const served = new ServedRooms({
    readable: toChild.readable,
    writable: toServer.writable,
    clock,
    start: async () => {
      await isStarting();
      return rooms;
    },
  });
  const heard = Object.fromEntries(
    ["published", "unpublished", "subscriptionOffered", "log"].map((name) => [name, note(name)]),
  );
  const channel = new Channel<Commands, Notices>({
    readable: toServer.readable,
    writable: toChild.writable,
    clock,
    heard: heard as never, // The names that these tests bring about.
  });
  const close = async () => {
    channel.close("the test is over");
    await served.closed;
  };
  return { served, channel, log, close };
}

async function refuses(asked: Promise<unknown>, code: string, expected: RegExp): Promise<void> {
  await assert.rejects(
    asked,
    (error) => error instanceof MediaError && error.code === code && expected.test(error.message),
  );
}

Deno.test("ServedRooms opens no room before it has started, and each once", async () => {
  const { channel, log, close } = serve();

  channel.say("openRoom", ROOM);
  await refuses(channel.request("publish", PUBLISH), "unavailable", /have ended/);
  await channel.request("start", START);
  channel.say("openRoom", ROOM);
  channel.say("openRoom", ROOM);
  channel.say("addParticipant", ANN);
  await channel.request("publish", PUBLISH);

  assert.deepEqual(log, ["open test", "published"]);
  await close();
});

Deno.test("ServedRooms hands on why it cannot start, and can be asked again", async () => {
  let tries = 0;
  const { channel, close } = serve(() =>
    ++tries === 1
      ? Promise.reject(new MediaError("unavailable", "Cannot use UDP port 1"))
      : Promise.resolve()
  );

  await refuses(channel.request("start", START), "unavailable", /^Cannot use UDP port 1$/);

  assert.deepEqual(await channel.request("start", START), {});
  await close();
});

Deno.test("ServedRooms refuses what its rooms do not have, and what nobody has", async () => {
  const { channel, close } = serve();
  await channel.request("start", START);
  channel.say("openRoom", ROOM);
  channel.say("addParticipant", ANN);
  const options = { maxBytes: 1, maxMs: 1 };

  const record = { room: 1, options: { ...options, container: "webm" as const } };
  await refuses(channel.request("startRecording", record), "not-configured", /Cannot record/);
  await refuses(channel.request("stopRecording", { room: 1 }), "not-configured", /Cannot record/);
  await refuses(
    channel.request("capture", { ...ANN, options }),
    "not-configured",
    /Cannot capture/,
  );
  await refuses(channel.request("toString" as "ping", {}), "unavailable", /no such request/);

  assert.deepEqual(await channel.request("read", { stream: 7 }), {});
  await close();
});

Deno.test("ServedRooms counts its rooms, and says nothing for one that is closed", async () => {
  const { channel, log, close } = serve();
  await channel.request("start", START);
  channel.say("openRoom", ROOM);
  channel.say("addParticipant", ANN);
  await channel.request("publish", PUBLISH);

  const { rooms, publications, connections } = await channel.request("stats", {});
  assert.deepEqual([rooms, publications, connections], [1, 1, 3]);
  channel.say("closeRoom", { room: 1 });
  channel.say("closeRoom", { room: 1 });
  channel.say("removeParticipant", ANN);
  channel.say("restartSubscription", ANN);
  const after = await channel.request("stats", {});

  assert.deepEqual([after.rooms, after.publications], [0, 0]);
  assert.deepEqual(log, ["open test", "published", "closed"]);
  await close();
});

Deno.test("ServedRooms.close ends its rooms, then what they share, then the channel", async () => {
  const { served, channel, log } = serve();
  await channel.request("start", START);
  channel.say("openRoom", ROOM);
  await channel.request("ping", {});

  await served.close();

  assert.deepEqual(log, ["open test", "closed", "all closed"]);
  await refuses(channel.request("ping", {}), "unavailable", /./);
  await served.closed;
});

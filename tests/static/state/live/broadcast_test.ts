/** The model of the broadcaster's page: the code, the way back, the source, the audience, the end. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../../static/state/ids.ts";
import {
  LIMITED_MS,
  MAX_RETURNS,
  RETURN_MS,
  TELL_MS,
} from "../../../../static/state/live/broadcast.ts";
import { report, stream } from "../../support/fake_call.ts";
import { settle } from "../../support/fake_media.ts";
import { BroadcastFixture, CODE } from "../../support/live_fixture.ts";

const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;
const kept = { roomId: CODE, userId: ann, source: "camera" } as const;

Deno.test("[JO6, FR1, CR5] Broadcast.goLive joins under a new code, as the broadcaster and its host", async () => {
  const fixture = await new BroadcastFixture().goLive();

  const { requestId: _, userId, ...join } = fixture.sent("join")[0]!;
  assert.deepEqual(join, {
    ...{ type: "join", roomId: CODE, role: "broadcaster", hostKey: "key" },
    ...{ resumable: true, sfu: true, relay: true },
  });
  assert.equal(fixture.broadcast.roomId.value, CODE);
  assert.deepEqual(fixture.memory.read(), { roomId: CODE, userId, source: "camera" });
  assert.equal(fixture.broadcast.meeting.phase.value.name, "call");
});

Deno.test("Broadcast.goLive says that there is no code, and may be tried again", async () => {
  const fixture = new BroadcastFixture();
  fixture.fault = new Error("Cannot read /api/rooms: the server answered 429");

  await fixture.broadcast.goLive();
  const failed = fixture.broadcast.codeStatus.value;
  fixture.fault = undefined;
  await fixture.broadcast.goLive();

  assert.equal(failed, "failed");
  assert.equal(fixture.broadcast.codeStatus.value, "idle");
  assert.equal(fixture.broadcast.roomId.value, CODE);
});

Deno.test("Broadcast exchanges media with those who look, and with nobody else", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");

  fixture.comes("eve");

  assert.deepEqual(fixture.calls[0]!.others, ["bob", "eve"]);
  assert.equal(fixture.broadcast.viewerCount.value, 2);
});

Deno.test("[CR5] Broadcast.begin goes on after a reload: same code, same name, same key", async () => {
  const fixture = new BroadcastFixture(kept);
  fixture.hostKeys.keep(CODE, "key");

  await fixture.broadcast.begin();
  const isReturning = fixture.broadcast.isReturning.value;
  fixture.sockets.last.welcome();
  const [join] = fixture.sent("join");
  fixture.joined({ userId: "ann", role: "broadcaster", state: {}, joinedAt: 0 });

  assert.deepEqual([join?.roomId, join?.userId, join?.hostKey], [CODE, "ann", "key"]);
  assert.deepEqual([isReturning, fixture.broadcast.isReturning.value], [true, false]);
  assert.equal(fixture.broadcast.roomId.value, CODE);
});

Deno.test("[LE5, CR5] Broadcast takes its code back where the room has ended meanwhile", async () => {
  const fixture = new BroadcastFixture(kept);
  fixture.hostKeys.keep(CODE, "key");
  await fixture.broadcast.begin();
  fixture.sockets.last.welcome();

  fixture.refused("not-allowed");

  const [first, second] = fixture.sent("join");
  assert.deepEqual([first?.hostKey, second?.hostKey], ["key", undefined]);
  assert.deepEqual([second?.roomId, second?.role], [CODE, "broadcaster"]);
});

for (const code of ["broadcaster-taken", "user-id-taken"]) {
  Deno.test(`[RE3] Broadcast waits until its former seat is free: ${code}`, async () => {
    const fixture = new BroadcastFixture(kept);
    await fixture.broadcast.begin();
    fixture.sockets.last.welcome();

    fixture.refused(code);
    const isReturning = fixture.broadcast.isReturning.value;
    await fixture.pass(RETURN_MS);
    fixture.joined({ userId: "ann", role: "broadcaster", state: {}, joinedAt: 0 });

    assert.equal(isReturning, true);
    assert.equal(fixture.sent("join").length, 2);
    assert.equal(fixture.broadcast.meeting.phase.value.name, "call");
  });
}

Deno.test("[JO6] Broadcast says that another broadcasts there, when waiting was in vain", async () => {
  const fixture = new BroadcastFixture(kept);
  await fixture.broadcast.begin();
  fixture.sockets.last.welcome();

  for (let attempt = 0; attempt <= MAX_RETURNS; attempt++) {
    fixture.refused("broadcaster-taken");
    await fixture.pass(RETURN_MS);
  }

  const phase = fixture.broadcast.meeting.phase.value;
  assert.equal(phase.name === "before" && phase.refusal?.code, "broadcaster-taken");
  assert.deepEqual([fixture.broadcast.isReturning.value, fixture.memory.read()], [
    false,
    undefined,
  ]);
});

Deno.test("[CR7] Broadcast says once that the code is another tab's, and goes live under a new one", async () => {
  const fixture = new BroadcastFixture(kept);
  fixture.hostKeys.keep(CODE, "another");
  await fixture.broadcast.begin();
  fixture.sockets.last.welcome();

  fixture.refused("not-allowed"); // The key is not that of the room.
  fixture.refused("not-allowed"); // And there is no way without.
  await fixture.pass(2 * RETURN_MS);

  const phase = fixture.broadcast.meeting.phase.value;
  assert.equal(phase.name === "before" && phase.refusal?.code, "not-allowed");
  assert.deepEqual(fixture.sent("join").map(({ hostKey }) => hostKey), ["another", undefined]);
  assert.deepEqual([fixture.broadcast.isReturning.value, fixture.memory.read()], [
    false,
    undefined,
  ]);
  await fixture.broadcast.goLive();
  assert.equal(fixture.sent("join").at(-1)?.hostKey, "key");
});

Deno.test("Broadcast shows no camera in place of a screen that a reload has ended", async () => {
  const fixture = new BroadcastFixture({ ...kept, source: "screen" });

  await fixture.broadcast.begin();

  assert.equal(fixture.broadcast.isScreenLost.value, true);
  assert.equal(fixture.broadcast.meeting.media.isCameraOn.value, false);
  await fixture.broadcast.showCamera();
  assert.equal(fixture.broadcast.isScreenLost.value, false);
  assert.equal(fixture.broadcast.meeting.media.isCameraOn.value, true);
});

Deno.test("Broadcast.showScreen and showCamera change the source, with one light on at a time", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  const call = fixture.calls[0]!;

  await fixture.broadcast.showScreen();
  const screen = { ...call.tracks };
  await fixture.broadcast.showCamera();

  assert.deepEqual([screen.screen !== undefined, screen.camera], [true, undefined]);
  assert.deepEqual([call.tracks.screen, call.tracks.camera !== undefined], [undefined, true]);
  assert.equal(fixture.calls.length, 1); // Nothing was begun anew.
  assert.deepEqual([fixture.broadcast.source.value, fixture.memory.read()?.source], [
    "camera",
    "camera",
  ]);
});

Deno.test("Broadcast shows the camera when the browser's own bar ends the share", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  await fixture.broadcast.showScreen();

  fixture.media.newest("video").end();
  await settle();

  assert.equal(fixture.broadcast.source.value, "camera");
  assert.equal(fixture.broadcast.meeting.media.isCameraOn.value, true);
});

Deno.test("Broadcast goes on with the camera where no screen was chosen", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  fixture.media.faults.screen = "cancelled";

  await fixture.broadcast.toggleScreen();

  assert.equal(fixture.broadcast.source.value, "camera");
  assert.equal(fixture.broadcast.meeting.media.isCameraOn.value, true);
});

Deno.test("Broadcast.setHeight captures and sends in that height, however many look", async () => {
  const fixture = await new BroadcastFixture().goLive("bob", "eve", "dan", "kim");

  await fixture.broadcast.setHeight(1080);
  await fixture.pass(1_000);

  assert.equal(fixture.media.newest("video").wish?.height, 1080);
  assert.equal(fixture.broadcast.meeting.media.camera.track.value?.getSettings().height, 1080);
});

Deno.test("[MU1, DA1] Broadcast.setMuted asks, tells everyone, and whoever comes later", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");

  fixture.broadcast.setMuted(bob, true);
  fixture.comes("eve");
  fixture.sockets.last.receive({ type: "chat", from: "bob", text: "x", at: 1, messageId: "1" });
  fixture.broadcast.setMuted(bob, false);
  fixture.sockets.last.receive({ type: "chat", from: "bob", text: "y", at: 2, messageId: "2" });

  const told = fixture.sent("data").filter(({ payload }) =>
    (payload as { kind?: unknown }).kind === "muted"
  );
  assert.equal(fixture.sent("mute").length, 1);
  assert.deepEqual(
    told.map(({ to, payload }) => [to, (payload as { userIds: string[] }).userIds]),
    [
      [undefined, ["bob"]],
      ["eve", ["bob"]],
      [undefined, []],
    ],
  );
  const { lines } = fixture.broadcast.meeting.chat;
  assert.deepEqual(lines.value.map(({ text }) => text), ["y"]);
});

Deno.test("[DA1] Broadcast lists what viewers say of how they see, until they leave", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");

  fixture.says("bob", {
    ...{ kind: "watching", path: "relay", framesPerSecond: 24, height: 480, kbps: 600, loss: 0 },
  });
  const [member] = fixture.broadcast.audience.value;
  fixture.sockets.last.receive({ type: "user-left", roomId: CODE, userId: "bob", reason: "left" });

  assert.deepEqual([member?.path, member?.quality, member?.watched?.height], [
    "relay",
    "good",
    480,
  ]);
  assert.deepEqual(fixture.broadcast.audience.value, []);
});

Deno.test("[FR4] Broadcast counts those who watch over HTTP beside those in the room", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  const call = fixture.calls[0]!;
  const relay = (viewers: number, pictures: number) => {
    call.relayed = { ...{ viewers, pictures }, isVideo: true, isAudio: true };
    call.become(bob, { state: "connected", tracks: {} });
    return fixture.broadcast.httpCount.value;
  };

  const counts = [relay(1, 0), relay(3, 1)];
  fixture.says("bob", { kind: "watching", path: "relay", framesPerSecond: 20, height: 480 });

  assert.deepEqual([...counts, relay(3, 1)], [0, 3, 2]);
});

Deno.test("[DA1] Broadcast tells how it sends while somebody looks, and only a limit that lasts", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  fixture.calls[0]!.reports.set(
    bob,
    report({
      sent: [stream({ slot: "camera", height: 720, framesPerSecond: 12.4, limitedBy: "cpu" })],
    }),
  );

  await fixture.pass(TELL_MS + LIMITED_MS + TELL_MS);

  const told = fixture.sent("data").map(({ payload }) => payload as Record<string, unknown>);
  const last = told.at(-1)!;
  assert.deepEqual([last.kind, last.framesPerSecond, last.height], ["broadcasting", 12, 720]);
  assert.equal(last.limitedBy, "cpu");
  assert.ok(told.some((payload) => payload.limitedBy === undefined));
});

Deno.test("Broadcast tells nothing while nobody looks", async () => {
  const fixture = await new BroadcastFixture().goLive();

  await fixture.pass(2 * TELL_MS);

  assert.deepEqual(fixture.sent("data"), []);
});

Deno.test("[EN1] Broadcast.end ends it for all, and a reload begins anew", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");

  fixture.broadcast.end();
  fixture.sockets.last.receive({
    ...{ type: "leaved", roomId: CODE, userId: "x", reason: "room-ended" },
  });

  assert.equal(fixture.sent("end-room").length, 1);
  assert.equal(fixture.memory.read(), undefined);
  assert.equal(fixture.broadcast.meeting.phase.value.name, "over");
  assert.deepEqual(fixture.media.live, []);
});

Deno.test("Broadcast.end ends what is here where the server is away", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");
  fixture.sockets.last.lose(1006);

  fixture.broadcast.end();

  assert.equal(fixture.broadcast.meeting.phase.value.name, "over");
  assert.deepEqual(fixture.media.live, []);
});

Deno.test("Broadcast.close keeps the code for the way back, and no light on", async () => {
  const fixture = await new BroadcastFixture().goLive("bob");

  fixture.broadcast.close();

  assert.equal(fixture.memory.read()?.roomId, CODE);
  assert.deepEqual(fixture.media.live, []);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("Broadcast.again leads to another broadcast under another name", async () => {
  const fixture = await new BroadcastFixture(kept).goLive("bob");
  fixture.broadcast.end();
  fixture.sockets.last.receive({
    ...{ type: "leaved", roomId: CODE, userId: "ann", reason: "room-ended" },
  });

  fixture.broadcast.again();
  await settle();

  assert.equal(fixture.broadcast.roomId.value, undefined);
  assert.equal(fixture.broadcast.meeting.phase.value.name, "before");
  assert.equal(fixture.broadcast.meeting.media.isCameraOn.value, true);
});

/** The model of the viewer's page: what is to be seen, by which way, why it is slow. */
import assert from "node:assert/strict";
import type { LiveView } from "../../../../static/call/live/live_view.ts";
import { parseUserId } from "../../../../static/state/ids.ts";
import { STILL_MS } from "../../../../static/state/live/slow_reasons.ts";
import { LOOK_MS, TELL_MS } from "../../../../static/state/live/viewing.ts";
import { participant } from "../../../support/page_sockets.ts";
import { report, stream } from "../../support/fake_call.ts";
import { FakeTrack } from "../../support/fake_media.ts";
import { CODE, ViewingFixture } from "../../support/live_fixture.ts";

const ann = parseUserId("ann")!;
const ON = { video: true, audio: true };

Deno.test("[JO6] Viewing.begin joins as a viewer who shows nothing, linked to the broadcaster alone", async () => {
  const fixture = await new ViewingFixture().watch(ON, "eve", "dan");

  const { requestId: _, ...join } = fixture.sent("join")[0]!;
  assert.deepEqual(join, {
    ...{ type: "join", roomId: CODE, userId: "bob", role: "viewer", resumable: true, sfu: true },
    relay: true,
  });
  assert.deepEqual(fixture.calls[0]!.others, ["ann"]);
  assert.deepEqual([fixture.calls[0]!.tracks, fixture.media.asked], [{}, []]);
  assert.equal(fixture.viewing.viewerCount.value, 3);
});

Deno.test("Viewing takes the next user id where its own is in use", () => {
  const fixture = new ViewingFixture();
  fixture.viewing.begin();
  fixture.sockets.last.welcome();

  fixture.refused("user-id-taken");

  assert.deepEqual(fixture.sent("join").map(({ userId }) => userId), ["bob", "bob-2"]);
});

Deno.test("Viewing tells what the server has against a code", () => {
  const fixture = new ViewingFixture();
  fixture.viewing.begin();
  fixture.sockets.last.welcome();

  fixture.refused("room-not-found");

  const phase = fixture.viewing.meeting.phase.value;
  assert.equal(phase.name === "before" && phase.refusal?.code, "room-not-found");
  assert.equal(fixture.sent("join").length, 1);
});

Deno.test("[PC2] Viewing shows the passcode that was typed", () => {
  const fixture = new ViewingFixture();
  fixture.viewing.begin();
  fixture.sockets.last.welcome();
  fixture.refused("bad-passcode");

  fixture.viewing.passcode.value = "open sesame";
  fixture.viewing.begin();

  assert.deepEqual(fixture.sent("join").map(({ passcode }) => passcode), [
    undefined,
    "open sesame",
  ]);
});

Deno.test("Viewing.show says what is to be seen", async () => {
  const fixture = await new ViewingFixture().watch(ON);
  const { viewing, sockets } = fixture;
  const kinds = [viewing.show.value.kind];
  const update = (more: Record<string, unknown>) =>
    sockets.last.receive({ type: "participant-updated", userId: "ann", ...more });
  const see = () => kinds.push(viewing.show.value.kind);

  fixture.calls[0]!.become(ann, { state: "connected", tracks: tracks("camera") });
  see();
  viewing.setDrawn({ framesPerSecond: 0, dropped: 0, stillMs: STILL_MS });
  see();
  viewing.setDrawn({ framesPerSecond: 30, dropped: 0, stillMs: 0 });
  see();
  update({ connected: false });
  see();
  update({ connected: true });
  update({ state: { audio: true, video: false } });
  see();
  sockets.last.receive({ type: "user-left", roomId: CODE, userId: "ann", reason: "left" });
  see();

  assert.deepEqual(kinds, ["coming", "on", "coming", "on", "reconnecting", "dark", "away"]);
});

Deno.test("Viewing links anew with a broadcaster who comes back", async () => {
  const fixture = await new ViewingFixture().watch(ON);
  fixture.sockets.last.receive({ type: "user-left", roomId: CODE, userId: "ann", reason: "left" });
  const alone = fixture.calls[0]!.others;

  fixture.sockets.last.receive({
    ...{ type: "user-joined", roomId: CODE, userId: "ann" },
    participant: { ...participant("ann"), role: "broadcaster", state: ON },
  });

  assert.deepEqual([alone, fixture.calls[0]!.others], [[], ["ann"]]);
  assert.equal(fixture.viewing.show.value.kind, "coming");
});

Deno.test("Viewing.played is the screen before the camera, and every sound", async () => {
  const fixture = await new ViewingFixture().watch({ ...ON, screen: true });
  const all = tracks("camera", "screen", "screenSound", "microphone");

  fixture.calls[0]!.become(ann, { state: "connected", tracks: all });

  assert.deepEqual(fixture.viewing.played.value, {
    picture: all.screen,
    sounds: [all.microphone, all.screenSound],
  });
});

Deno.test("[DA1] Viewing tells the broadcaster alone how it sees, every five seconds", async () => {
  const fixture = await new ViewingFixture().watch(ON);
  fixture.view = view({ rung: "sfu" });
  fixture.calls[0]!.reports.set(
    ann,
    report({
      ...{ path: "sfu", kbpsDown: 812.4, roundTripMs: 33 },
      received: [
        stream({ slot: "camera", height: 720, framesPerSecond: 29, codec: "VP8", loss: 0.02 }),
      ],
    }),
  );
  fixture.viewing.setDrawn({ framesPerSecond: 28.4, dropped: 0, stillMs: 0 });

  await fixture.pass(2 * TELL_MS);

  const told = fixture.sent("data");
  assert.deepEqual(told.at(-1), {
    ...{ type: "data", to: "ann" },
    payload: {
      ...{ kind: "watching", path: "sfu", framesPerSecond: 28, height: 720, kbps: 812 },
      ...{ loss: 0.02, roundTripMs: 33, codec: "VP8" },
    },
  });
  assert.ok(told.length >= 2 && told.length <= 3, `${told.length}`);
});

Deno.test("[DA1] Viewing speaks less often in a large room", async () => {
  const others = Array.from({ length: 299 }, (_, index) => `viewer-${index}`);
  const fixture = await new ViewingFixture().watch(ON, ...others);

  await fixture.pass(31_000);

  assert.equal(fixture.sent("data").length, 2); // At the beginning and after 30 seconds.
});

Deno.test("[DA1] Viewing is muted by the broadcaster's word, and by nobody else's", async () => {
  const fixture = await new ViewingFixture().watch(ON, "eve");
  const { viewing } = fixture;

  fixture.says("eve", { kind: "muted", userIds: ["bob"] });
  const byEve = viewing.isMuted.value;
  fixture.says("ann", { kind: "muted", userIds: ["bob", "eve"] });
  fixture.sockets.last.receive({ type: "chat", from: "eve", text: "x", at: 1, messageId: "1" });

  assert.deepEqual([byEve, viewing.isMuted.value], [false, true]);
  assert.deepEqual(viewing.meeting.chat.lines.value, []);
});

Deno.test("[SB3] Viewing asks for no more than the player shows", async () => {
  const fixture = await new ViewingFixture().watch(ON);

  fixture.viewing.setHeight(405.3);
  const seen = fixture.calls[0]!.wishes?.get(ann);
  fixture.viewing.setHeight(20);

  assert.deepEqual(seen, { camera: 405, screen: Infinity });
  assert.deepEqual(fixture.calls[0]!.wishes?.get(ann), { camera: 180, screen: Infinity });
});

Deno.test("Viewing.ways are those of the call: the rung, the times, the reason", async () => {
  const fixture = await new ViewingFixture().watch(ON);
  fixture.view = view({ rung: "relay", pathMs: { relay: 4_000 }, why: "no-media-path" });

  await fixture.pass(LOOK_MS);

  assert.deepEqual(fixture.viewing.ways.value, {
    ...{ rung: "relay", pathMs: { relay: 4_000 }, why: "no-media-path", forced: undefined },
  });
});

Deno.test("Viewing.reasons follow what is known", async () => {
  const fixture = await new ViewingFixture().watch(ON);
  const { viewing } = fixture;
  fixture.calls[0]!.become(ann, { state: "connected", tracks: tracks("camera") });
  viewing.setDrawn({ framesPerSecond: 30, dropped: 0, stillMs: 0 });
  const fine = viewing.reasons.value;

  fixture.says("ann", {
    ...{ kind: "broadcasting", limitedBy: "bandwidth", framesPerSecond: 30, height: 360 },
  });
  const upload = viewing.reasons.value;
  fixture.sockets.last.lose(1006);

  assert.deepEqual([fine, upload, viewing.reasons.value], [[], ["upload"], ["server"]]);
});

Deno.test("Viewing.close leaves and stops everything", async () => {
  const fixture = await new ViewingFixture().watch(ON);

  fixture.viewing.close();

  assert.equal(fixture.sent("leave").length, 1);
  assert.equal(fixture.clock.pending, 0);
});

function tracks<K extends string>(...slots: K[]): Record<K, MediaStreamTrack> {
  const made = slots.map((slot) => [slot, new FakeTrack("video", slot).asTrack]);
  return Object.fromEntries(made) as Record<K, MediaStreamTrack>; // One for each slot.
}

function view(more: Partial<LiveView>): LiveView {
  return {
    ...{ rung: undefined, pathMs: {}, why: undefined, forced: undefined, relayed: undefined },
    ...more,
  };
}

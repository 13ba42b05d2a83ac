/** The model of the meeting page: the way in, the call, the way back, the end. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../static/state/ids.ts";
import type { Meeting } from "../../../static/state/meeting.ts";
import { RETRY_MS } from "../../../static/state/meeting_phase.ts";
import { participant } from "../../support/page_sockets.ts";
import { report } from "../support/fake_call.ts";
import { FakeTrack, settle } from "../support/fake_media.ts";
import { enteredMeeting, preparedMeeting, request } from "../support/meeting_fixture.ts";

const bob = parseUserId("bob")!;

Deno.test("Meeting.enter joins, opens a call to the others and shows what is on", async () => {
  const { meeting, sockets, calls, media } = await enteredMeeting("bob");

  assert.equal(meeting.phase.value.name, "call");
  assert.deepEqual(calls.map(({ others }) => others), [["bob"]]);
  assert.equal(calls[0]?.tracks.camera, media.newest("video").asTrack);
  assert.equal(calls[0]?.tracks.microphone, media.newest("audio").asTrack);
  assert.deepEqual(sockets.last.sent.at(-1), {
    type: "state",
    audio: true,
    video: true,
    screen: false,
    hand: false,
    recording: false,
  });
  assert.deepEqual(meeting.people.value.map(({ userId, isSelf }) => [userId, isSelf]), [
    ["bob", false],
    ["ann", true],
  ]);
});

Deno.test("[TO1, TO2] Meeting says that it can take its media through the server, and travels as told", async () => {
  const { sockets, calls, meeting } = await preparedMeeting();
  meeting.enter(request);
  sockets.last.welcome();
  const join = sockets.last.sent.at(-1)!;
  const room = { roomId: "482913", kind: "meeting", topology: "sfu", createdAt: 0 };

  sockets.last.receive({
    ...{ type: "joined", roomId: "482913", userId: "ann", users: ["ann"], room },
    ...{ participants: [participant("ann")], requestId: join.requestId },
  });

  assert.deepEqual([join.type, join.sfu], ["join", true]);
  assert.deepEqual(calls.map(({ topology }) => topology), ["sfu"]);
});

Deno.test("[SB3] Meeting asks for what the stage shows, while the page is seen", async () => {
  const { meeting, calls } = await enteredMeeting("bob");
  const before = calls[0]!.wishes;

  meeting.stage.setSize({ width: 800, height: 400 }, 1);
  const seen = calls[0]!.wishes?.get(bob);
  meeting.setWatched(false);
  const unseen = calls[0]!.wishes?.get(bob);
  meeting.setRecording(true);
  const recorded = calls[0]!.wishes?.get(bob);

  assert.equal(before, undefined);
  assert.ok(seen!.camera > 200 && seen!.screen === 0, JSON.stringify(seen));
  assert.deepEqual([unseen, recorded!.camera > 0], [{ camera: 0, screen: 0 }, true]);
});

Deno.test("[SS2] Meeting keeps what the server adds up, for the length of a call", async () => {
  const { meeting, sockets } = await enteredMeeting("bob");

  sockets.last.receive({
    type: "stats-summary",
    viewerCount: 0,
    bitrateKbps: 7,
    paths: { sfu: 2 },
  });
  const kept = meeting.summary.value;
  meeting.leave();

  assert.deepEqual([kept?.bitrateKbps, kept?.paths], [7, { sfu: 2 }]);
  assert.equal(meeting.summary.value, undefined);
});

Deno.test("[IC1] Meeting gives the call the servers of joined in place of those of welcome", async () => {
  const { meeting, sockets, calls } = await preparedMeeting();
  const own = { urls: "turn:a.example", username: "1900000000:482913/ann", credential: "c" };
  meeting.enter(request);
  sockets.last.welcome().receive({
    ...{ type: "joined", roomId: "482913", userId: "ann", users: ["ann"], iceServers: [own] },
    participants: [participant("ann")],
    room: { roomId: "482913", kind: "meeting", topology: "mesh", createdAt: 0 },
    requestId: sockets.last.sent.at(-1)?.requestId,
  });
  await settle();

  assert.deepEqual(calls[0]?.options.iceServers, [own]);
});

Deno.test("[JO3, LE3] Meeting links who comes and unlinks who goes", async () => {
  const { sockets, calls } = await enteredMeeting();

  sockets.last.receive({
    type: "user-joined",
    userId: "bob",
    roomId: "482913",
    participant: participant("bob"),
  });
  const withBob = calls[0]?.others;
  sockets.last.receive({ type: "user-left", roomId: "482913", userId: "bob", reason: "left" });

  assert.deepEqual(withBob, ["bob"]);
  assert.deepEqual(calls[0]?.others, []);
});

Deno.test("[ST1] Meeting tells every change of the own signs once", async () => {
  const { meeting, sockets } = await enteredMeeting();
  const before = sockets.last.sent.length;

  meeting.setHand(true);
  meeting.setHand(true);
  await meeting.media.setMicrophone(false);

  const told = sockets.last.sent.slice(before);
  assert.deepEqual(told.map(({ hand, audio }) => [hand, audio]), [[true, true], [true, false]]);
});

Deno.test("[RE4] a connection that is lost and resumed leaves the call alone", async () => {
  const { meeting, sockets, clock, calls, media } = await enteredResumable();
  const track = media.newest("video");

  sockets.last.lose(1006);
  await meeting.media.setMicrophone(false);
  const during = [meeting.phase.value.name, meeting.connection.value.phase];
  clock.advance(1_000);
  sockets.last.welcome().receive({
    type: "resumed",
    missed: 0,
    lastSeq: 0,
    requestId: sockets.last.sent.at(-1)?.requestId,
  });

  assert.deepEqual(during, ["call", "reconnecting"]);
  assert.equal(calls.length, 1);
  assert.equal(calls[0]?.isClosed, false);
  assert.equal(calls[0]?.networkChanges, 1);
  assert.equal(track.isStopped, false);
  assert.equal(sockets.last.sent.at(-1)?.audio, false, "what changed meanwhile is told");
});

Deno.test("[RE8] a seat that is gone is taken anew, with new links to everybody", async () => {
  const { meeting, sockets, clock, calls } = await enteredMeeting("bob");

  sockets.last.lose(1012);
  clock.advance(1_000);
  sockets.last.welcome().joined("482913", "bob", "ann");

  assert.equal(meeting.phase.value.name, "call");
  assert.deepEqual(calls.map(({ isClosed }) => isClosed), [true, false]);
  assert.deepEqual(calls[1]?.others, ["bob"]);
});

Deno.test("Meeting.leave turns every light off, ends the call and says so", async () => {
  const { meeting, sockets, media, calls, clock } = await enteredMeeting("bob");
  await meeting.media.share();

  meeting.leave();
  meeting.leave();

  assert.deepEqual(meeting.phase.value, { name: "over", ending: { kind: "left", reason: "left" } });
  assert.deepEqual(media.live, []);
  assert.equal(media.watchers, 0);
  assert.equal(calls[0]?.isClosed, true);
  assert.equal(sockets.last.sent.at(-1)?.type, "leave");
  assert.equal(sockets.last.closedWith, 1000);
  assert.equal(clock.pending, 0);
});

Deno.test("Meeting.close ends it as leave does, and nothing follows a signal any more", async () => {
  const { meeting, media, sockets } = await enteredMeeting();

  meeting.close();
  const sent = sockets.last.sent.length;
  meeting.setHand(true);

  assert.deepEqual(media.live, []);
  assert.equal(sockets.last.sent.length, sent);
});

for (const reason of ["kicked", "room-ended", "slow-consumer"] as const) {
  Deno.test(`[LE6] Meeting ends when the server says ${reason}, and the camera with it`, async () => {
    const { meeting, sockets, media } = await enteredMeeting("bob");

    sockets.last.receive({ type: "leaved", roomId: "482913", userId: "ann", reason });

    assert.deepEqual(meeting.phase.value, { name: "over", ending: { kind: "left", reason } });
    assert.deepEqual(media.live, []);
  });
}

Deno.test("[CO9] Meeting ends when another tab takes the seat", async () => {
  const { meeting, sockets, media } = await enteredMeeting();

  sockets.last.lose(4001, "resumed");

  assert.deepEqual(meeting.phase.value, {
    name: "over",
    ending: { kind: "closed", code: 4001, reason: "resumed" },
  });
  assert.deepEqual(media.live, []);
});

Deno.test("Meeting.again opens the devices for another try", async () => {
  const { meeting, media } = await enteredMeeting();
  meeting.leave();

  meeting.again();
  await settle();

  assert.deepEqual(meeting.phase.value, { name: "before", refusal: undefined });
  assert.equal(media.live.length, 2);
});

for (const code of ["bad-passcode", "room-locked", "user-id-taken", "not-allowed"] as const) {
  Deno.test(`a join that is refused with ${code} leads back to the fields`, async () => {
    const { meeting, sockets, media } = await preparedMeeting();
    meeting.enter(request);

    refuse(sockets.last.welcome(), code);

    const phase = meeting.phase.value;
    assert.equal(phase.name === "before" && phase.refusal?.code, code);
    assert.equal(media.live.length, 2, "the picture stays for another try");
  });
}

Deno.test("[LI1] a full room is tried again by itself until there is a seat", async () => {
  const { meeting, sockets, clock } = await preparedMeeting();
  meeting.enter(request);
  refuse(sockets.last.welcome(), "room-full");
  const first = meeting.phase.value;

  clock.advance(RETRY_MS);
  refuse(sockets.last, "room-full");
  sockets.last.receive({ type: "pong", at: -1 });
  clock.advance(RETRY_MS);
  sockets.last.joined("482913", "bob", "ann");

  assert.equal(first.name === "retrying" && first.refusal.code, "room-full");
  assert.equal(meeting.phase.value.name, "call");
});

Deno.test("Meeting.cancel gives up a try that would come by itself", async () => {
  const { meeting, sockets, clock } = await preparedMeeting();
  meeting.enter(request);
  refuse(sockets.last.welcome(), "room-full");

  meeting.cancel();
  const joins = sockets.last.sent.filter(({ type }) => type === "join").length;
  clock.advance(RETRY_MS);

  assert.equal(meeting.phase.value.name, "before");
  assert.equal(sockets.last.sent.filter(({ type }) => type === "join").length, joins);
});

Deno.test("[CR5] a host key that opens nothing is forgotten, and the join tried without", async () => {
  const { meeting, sockets, hostKeys } = await preparedMeeting();
  hostKeys.keep("482913", "old");
  meeting.enter({ ...request, hostKey: "old" });

  refuse(sockets.last.welcome(), "not-allowed");

  const joins = sockets.last.sent.filter(({ type }) => type === "join");
  assert.deepEqual(joins.map(({ hostKey }) => hostKey), ["old", undefined]);
  assert.equal(hostKeys.read("482913"), undefined);
  assert.equal(meeting.phase.value.name, "entering");
});

Deno.test("[LB2, LB4] Meeting waits in the lobby until it is admitted", async () => {
  const { meeting, sockets } = await preparedMeeting();
  meeting.enter(request);
  sockets.last.welcome().receive({ type: "waiting", roomId: "482913", userId: "ann" });
  const waiting = meeting.phase.value.name;

  sockets.last.joined("482913", "bob", "ann");

  assert.equal(waiting, "waiting");
  assert.equal(meeting.phase.value.name, "call");
});

Deno.test("[LB5] Meeting ends where the host denies", async () => {
  const { meeting, sockets } = await preparedMeeting();
  meeting.enter(request);
  sockets.last.welcome().receive({ type: "waiting", roomId: "482913", userId: "ann" });

  sockets.last.receive({ type: "leaved", roomId: "482913", userId: "ann", reason: "denied" });

  assert.deepEqual(meeting.phase.value, {
    name: "over",
    ending: { kind: "left", reason: "denied" },
  });
});

Deno.test("[MU1] a host's request to mute holds at once for the microphone, with word of it", async () => {
  const { meeting, sockets } = await enteredMeeting("bob");

  sockets.last.receive({ type: "mute", from: "bob", kind: "audio" });

  assert.equal(meeting.ownState.value.audio, false);
  assert.deepEqual(told(meeting), [{
    kind: "asked-to-mute",
    by: "bob",
    what: "audio",
    isDone: true,
  }]);
});

Deno.test("[MU1] a host's request to turn the camera off is for the person to do", async () => {
  const { meeting, sockets } = await enteredMeeting("bob");

  sockets.last.receive({ type: "mute", from: "bob", kind: "video" });
  sockets.last.receive({ type: "mute", from: "bob", kind: "screen" });

  assert.equal(meeting.ownState.value.video, true);
  assert.deepEqual(told(meeting), [
    { kind: "asked-to-mute", by: "bob", what: "video", isDone: false },
  ]);
});

Deno.test("[DA1] a reaction is shown, other data is not", async () => {
  const { meeting, sockets } = await enteredMeeting("bob");

  meeting.react("🎉");
  const sent = sockets.last.sent.at(-1);
  for (
    const payload of [{ kind: "reaction", emoji: "🎉" }, { kind: "reaction", emoji: "<b>" }, 7]
  ) {
    sockets.last.receive({ type: "data", from: "bob", payload, at: 1, messageId: "1" });
  }

  assert.deepEqual(sent, { type: "data", payload: { kind: "reaction", emoji: "🎉" } });
  assert.deepEqual(meeting.reactions.list.value.map(({ from, sign }) => [from, sign]), [
    ["bob", "🎉"],
  ]);
});

Deno.test("[SS1] Meeting reports what it measures every few seconds", async () => {
  const { sockets, clock, calls } = await enteredMeeting("bob");
  calls[0]?.reports.set(bob, report({ kbpsUp: 321.4, path: "turn" }));

  for (let second = 0; second < 7; second++) {
    clock.advance(1_000);
    sockets.last.receive({ type: "pong", at: -1 });
    await settle();
    clock.advance(0);
    await settle();
  }

  const sent = sockets.last.sent.filter(({ type }) => type === "stats");
  assert.deepEqual(sent[0], { type: "stats", bitrateKbps: 321, path: "turn" });
  assert.ok(sent.length <= 2, `${sent.length} reports in 7 s`);
});

Deno.test("Meeting shows the picture of one whose camera is on, and of no other", async () => {
  const { meeting, sockets, calls } = await enteredMeeting("bob");
  const camera = new FakeTrack("video", "").asTrack;
  calls[0]?.become(bob, { state: "connected", tracks: { camera } });
  const before = personOf(meeting, "bob")?.tracks.camera;

  sockets.last.receive({ type: "participant-updated", userId: "bob", state: { video: true } });

  assert.equal(before, undefined);
  assert.equal(personOf(meeting, "bob")?.tracks.camera, camera);
});

Deno.test("Meeting closes a channel that nobody here takes", async () => {
  const { meeting, calls } = await enteredMeeting("bob");
  const closed: string[] = [];
  const taken: string[] = [];
  const channel = (label: string) =>
    // Closing it and reading its label is all that is done to it.
    ({ label, close: () => closed.push(label) }) as unknown as RTCDataChannel;

  calls[0]?.options.events.channelOpened(bob, channel("one"));
  meeting.takeChannels((from, { label }) => taken.push(`${from}:${label}`));
  calls[0]?.options.events.channelOpened(bob, channel("two"));

  assert.deepEqual([closed, taken], [["one"], ["bob:two"]]);
});

function told(meeting: Meeting): unknown[] {
  return meeting.notices.list.value.map(({ notice }) => notice);
}

function personOf(meeting: Meeting, userId: string) {
  return meeting.people.value.find((person) => person.userId === userId);
}

function refuse(
  socket: { sent: Record<string, unknown>[]; receive(message: unknown): unknown },
  code: string,
): void {
  const { requestId } = socket.sent.findLast(({ type }) => type === "join") ?? {};
  socket.receive({ type: "error", code, message: "Cannot join", requestId });
}

/** A seat that can be resumed: `joined` carries a token. */
async function enteredResumable() {
  const fixture = await preparedMeeting();
  fixture.meeting.enter(request);
  const socket = fixture.sockets.last.welcome();
  socket.receive({
    type: "joined",
    roomId: "482913",
    userId: "ann",
    users: ["bob", "ann"],
    participants: [participant("bob"), participant("ann")],
    room: { roomId: "482913", kind: "meeting", topology: "mesh", createdAt: 0 },
    requestId: socket.sent.at(-1)?.requestId,
    resumeToken: "token",
    resumeGraceMs: 30_000,
  });
  await settle();
  return fixture;
}

/** What the owner of a meeting may have it do otherwise: live rooms are meetings with such rules. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import type { Meeting } from "../../../static/state/meeting.ts";
import type { FrameSocket } from "../../../static/call/relay/frame_sink.ts";
import { participant } from "../../support/page_sockets.ts";
import { FakeCall } from "../support/fake_call.ts";
import { settle } from "../support/fake_media.ts";
import { type MeetingFixture, preparedMeeting, request } from "../support/meeting_fixture.ts";

const bob = parseUserId("bob")!;
const eve = parseUserId("eve")!;

Deno.test("Meeting exchanges media with its partners alone, also with those who come later", async () => {
  const fixture = await entered({
    partnersIn: ({ participants }) =>
      participants.map(({ userId }) => userId).filter((userId) => userId !== eve),
  });
  const before = fixture.calls[0]!.others;

  for (const userId of ["dan", "eve"]) {
    fixture.sockets.last.receive({
      ...{ type: "user-joined", roomId: "482913", userId, participant: participant(userId) },
    });
  }

  assert.deepEqual(before, ["bob"]);
  assert.deepEqual(fixture.calls[0]!.others.filter((userId) => userId !== "ann"), ["bob", "dan"]);
});

for (const canRelay of [true, false]) {
  Deno.test(`[FR1] Meeting joins as one that ${canRelay ? "can" : "cannot"} send over the socket`, async () => {
    const { sockets } = await entered({ canRelay });

    const join = sockets.last.sent.find(({ type }) => type === "join");
    assert.equal(join?.relay, canRelay || undefined);
  });
}

Deno.test("[CH1] Meeting leaves out the lines of those who are silenced", async () => {
  const { meeting, sockets } = await entered({ isSilenced: (userId) => userId === eve });

  for (const from of ["eve", "bob"]) {
    sockets.last.receive({ type: "chat", from, text: from, at: 1, messageId: from });
  }

  assert.deepEqual(meeting.chat.lines.value.map(({ text }) => text), ["bob"]);
});

Deno.test("[DA1] Meeting.tell says something to everyone or to one, and hears what is said", async () => {
  const heard: ServerMessage["type"][] = [];
  const { meeting, sockets } = await entered({ heard: ({ type }) => heard.push(type) });

  meeting.tell({ kind: "a" });
  meeting.tell({ kind: "b" }, bob);
  sockets.last.receive({ type: "data", from: "bob", payload: {} });

  assert.deepEqual(sockets.last.sent.slice(-2), [
    { type: "data", payload: { kind: "a" } },
    { type: "data", payload: { kind: "b" }, to: "bob" },
  ]);
  assert.equal(heard.at(-1), "data");
});

Deno.test("[FR6] Meeting gives its call a socket for frames, and hands on those that come", async () => {
  const frames: Uint8Array[] = [];
  let socket: FrameSocket | undefined;
  const fixture = await entered({
    createCall: (options, frames) => {
      socket = frames;
      return new FakeCall(options);
    },
    receivedFrame: (frame) => frames.push(frame),
  });

  socket?.sendFrame(new Uint8Array([7]));
  fixture.sockets.last.receiveBytes(new Uint8Array([8]));

  assert.deepEqual(fixture.sockets.last.bytes, [new Uint8Array([7])]);
  assert.deepEqual(frames, [new Uint8Array([8])]);
});

/** A meeting by such rules that ann has entered, where bob and eve were before her. */
async function entered(
  rules: Partial<ConstructorParameters<typeof Meeting>[0]>,
): Promise<MeetingFixture> {
  const fixture = await preparedMeeting(rules);
  fixture.meeting.enter(request);
  fixture.sockets.last.welcome().joined("482913", "bob", "eve", "ann");
  await settle();
  return fixture;
}

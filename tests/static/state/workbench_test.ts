/** The model of the test page: what it shows after what the server said. */
import assert from "node:assert/strict";
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import { LOG_PERIOD_MS } from "../../../static/state/log_view.ts";
import { OWN_LABEL, Workbench } from "../../../static/state/workbench.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PageSockets, participant } from "../../support/page_sockets.ts";

const request = { roomId: parseRoomId("test")!, userId: parseUserId("ann")! };

Deno.test("[JO2] Workbench shows the room at once when it has joined", () => {
  const { bench } = joined("bob", "ann");

  assert.equal(bench.state.value.phase, "joined");
  assert.deepEqual(bench.roster.value.participants.map(({ userId }) => userId), ["bob", "ann"]);
});

Deno.test("[JO3, LE3] Workbench tells comings and goings of a moment together", () => {
  const { bench, sockets, clock } = joined("ann");

  sockets.last.receive({
    type: "user-joined",
    roomId: "test",
    userId: "bob",
    participant: participant("bob"),
  });
  clock.advance(100);
  sockets.last.receive({ type: "user-left", roomId: "test", userId: "bob", reason: "left" });
  clock.advance(800);

  assert.deepEqual(bench.announcement.value, {
    kind: "few",
    events: [{ kind: "joined", who: "bob" }, { kind: "left", who: "bob", reason: "left" }],
  });
});

Deno.test("[CH1] Workbench.say sends a line and shows it when it comes back", () => {
  const { bench, sockets, clock } = joined("ann");

  const isSent = bench.say("hello");
  const early = bench.chat.value.length;
  sockets.last.receive({ type: "chat", from: "ann", text: "hello", at: 1, messageId: "1" });
  clock.advance(50);

  assert.equal(isSent, true);
  assert.deepEqual(sockets.last.sent.at(-1), { type: "chat", text: "hello" });
  assert.equal(early, 0);
  assert.deepEqual(bench.chat.value.map(({ text }) => text), ["hello"]);
});

Deno.test("[ST1] Workbench.toggle shows a state when the server has confirmed it", () => {
  const { bench, sockets, clock } = joined("ann");

  bench.toggle("hand");
  const early = bench.ownState.value;
  const { type, hand, requestId } = sockets.last.sent.at(-1) ?? {};
  sockets.last.receive({ type: "ok", requestId });
  clock.advance(50);

  assert.deepEqual([type, hand], ["state", true]);
  assert.deepEqual(early, {});
  assert.deepEqual(bench.ownState.value, { hand: true });
  assert.deepEqual(bench.roster.value.participants[0]?.state, { hand: true });
});

Deno.test("Workbench keeps the state that the server refused to change", () => {
  const { bench, sockets } = joined("ann");
  bench.toggle("hand");
  const { requestId } = sockets.last.sent.at(-1) ?? {};

  sockets.last.receive({ type: "error", code: "rate-limited", message: "Cannot", requestId });
  sockets.last.receive({ type: "ok", requestId });

  assert.deepEqual(bench.ownState.value, {});
});

Deno.test("Workbench shows its state again to the room it comes back to", () => {
  const { bench, sockets, clock } = joined("ann");
  bench.toggle("audio");
  sockets.last.receive({ type: "ok", requestId: sockets.last.sent.at(-1)?.requestId });

  sockets.last.lose(1006);
  clock.advance(500);
  sockets.last.welcome().joined("test", "ann");

  const { requestId: _, ...last } = sockets.last.sent.at(-1) ?? {};
  assert.deepEqual(last, { type: "state", audio: true });
});

Deno.test("[LE2] Workbench forgets the room and its own state when it has left", () => {
  const { bench, sockets } = joined("bob", "ann");
  bench.toggle("hand");
  sockets.last.receive({ type: "ok", requestId: sockets.last.sent.at(-1)?.requestId });

  bench.leave();
  sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann", reason: "left" });

  assert.equal(bench.roster.value.room, undefined);
  assert.deepEqual(bench.ownState.value, {});
});

Deno.test("[ER1] Workbench shows a refused join as such, until the next try", () => {
  const { bench, sockets } = setUp();
  bench.join(request);
  sockets.last.welcome();
  const requestId = sockets.last.sent[0]?.requestId;

  sockets.last.receive({ type: "error", code: "room-full", message: "Cannot join", requestId });
  const fault = bench.fault.value;
  bench.join(request);

  assert.deepEqual([fault?.about, fault?.code, fault?.message], [
    "join",
    "room-full",
    "Cannot join",
  ]);
  assert.equal(bench.fault.value, undefined);
});

Deno.test("[ER1] Workbench shows any other error until it is dismissed", () => {
  const { bench, sockets } = joined("ann");

  bench.sendRaw('{"type":"nonsense"}');
  sockets.last.receive({ type: "error", code: "unknown-type", message: "Cannot read" });
  const fault = bench.fault.value;
  bench.dismissFault();

  assert.deepEqual([fault?.about, fault?.code, fault?.user], ["other", "unknown-type", "ann"]);
  assert.equal(bench.fault.value, undefined);
});

Deno.test("[RE4] Workbench keeps roster and chat while the connection is away", () => {
  const { bench, sockets, clock } = joined("bob", "ann");
  sockets.last.receive({ type: "chat", from: "bob", text: "hi", at: 1, messageId: "1" });

  sockets.last.lose(1006);
  const away = bench.roster.value.participants.length;
  clock.advance(500);
  const roundTripMs = bench.roundTripMs.value;
  sockets.last.welcome().joined("test", "ann");

  assert.equal(away, 2);
  assert.equal(roundTripMs, undefined);
  assert.equal(bench.chat.value.length, 1);
});

Deno.test("Workbench logs every connection under its user", () => {
  const { bench, sockets, clock } = setUp();
  bench.connect();
  sockets.last.welcome();
  bench.join(request);
  sockets.last.joined("test", "ann");

  bench.simulated.add(1, { roomId: request.roomId, base: "ann" });
  sockets.last.welcome();
  clock.advance(LOG_PERIOD_MS);

  assert.deepEqual(
    bench.log.snapshot.value.entries.map(({ user, direction, type }) => [user, direction, type]),
    [
      [OWN_LABEL, "in", "welcome"],
      ["ann", "out", "join"],
      ["ann", "in", "joined"],
      ["ann-1", "in", "welcome"],
      ["ann-1", "out", "join"],
    ],
  );
});

Deno.test("Workbench.disconnect closes for good", () => {
  const { bench, clock } = joined("ann");

  bench.disconnect();
  clock.advance(60_000);

  assert.deepEqual(bench.state.value, { phase: "closed", code: 1000, reason: "" });
  assert.equal(clock.pending, 0);
  assert.equal(bench.say("hello"), false);
});

function setUp() {
  const clock = new FakeClock();
  const sockets = new PageSockets();
  const bench = new Workbench({ clock, connect: sockets.connect, random: () => 0.5 });
  return { bench, sockets, clock };
}

function joined(...userIds: string[]) {
  const parts = setUp();
  parts.bench.join(request);
  parts.sockets.last.welcome().joined("test", ...userIds);
  return parts;
}

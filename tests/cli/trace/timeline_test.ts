/** The timeline: bounded whatever comes, and what a user saw around a finding. */
import assert from "node:assert/strict";
import { Timeline } from "../../../cli/trace/timeline.ts";
import type { FrameTrace } from "../../../cli/trace/frame_trace.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const FINDING = {
  rule: "CH1",
  roomId: "test",
  userId: "ann",
  message: 'chat "three"',
  expected: "exactly one",
  seen: "none",
};

Deno.test("Timeline notes each user's steps and messages with their times", () => {
  const clock = new FakeClock();
  const timeline = new Timeline({ clock, users: 2 });

  walk(timeline.tracer("ann")!, clock);

  const [ann] = timeline.record([]).users;
  assert.deepEqual(ann?.milestones, {
    connecting: 0,
    open: 10,
    welcome: 20,
    joinSent: 30,
    joined: 40,
    firstBroadcast: 50,
    leave: 60,
    end: 70,
  });
  assert.deepEqual(ann.messages.map(({ at, direction, type }) => `${at} ${direction} ${type}`), [
    "0 note (connecting)",
    "10 note (open)",
    "20 received welcome",
    "30 sent join",
    "40 received joined",
    "50 received chat",
    "60 sent leave",
    "70 note (end 1006)",
  ]);
});

Deno.test("Timeline takes leave and end of the last stay, the rest of the first", () => {
  const clock = new FakeClock();
  const timeline = new Timeline({ clock, users: 1 });

  walk(timeline.tracer("ann")!, clock);
  timeline.tracer("ann")!.connecting();
  timeline.tracer("ann")!.frame("received", '{"type":"joined"}');

  const [ann] = timeline.record([]).users;
  assert.deepEqual([ann?.milestones.connecting, ann?.milestones.joined], [0, 40]);
  assert.deepEqual([ann?.milestones.leave, ann?.milestones.end], [undefined, undefined]);
});

Deno.test("Timeline keeps the first and the last messages, and says how many it left out", () => {
  const clock = new FakeClock();
  const timeline = new Timeline({ clock, users: 24 });
  const trace = timeline.tracer("ann")!;

  for (let n = 0; n < 10_000; n++) trace.frame("received", `{"type":"chat","n":${n}}`);

  const [ann] = timeline.record([]).users;
  const texts = ann!.messages.map(({ text }) => text);
  assert.equal(texts[0], '{"type":"chat","n":0}');
  assert.equal(texts.at(-1), '{"type":"chat","n":9999}');
  assert.equal(ann!.leftOut, 10_000 - 250);
  assert.equal(
    ann!.messages.find(({ direction }) => direction === "note")?.type,
    "(9750 left out)",
  );
  assert.equal(texts.length, 251);
});

Deno.test("Timeline follows 24 users and explains findings of 1,000", () => {
  const timeline = new Timeline({ clock: new FakeClock(), users: 2_000 });
  for (let n = 0; n < 2_000; n++) timeline.tracer(`user-${n}`)?.frame("sent", '{"type":"join"}');

  const record = timeline.record([
    { ...FINDING, userId: "user-999", message: "join" },
    { ...FINDING, userId: "user-1000", message: "join" },
  ]);

  assert.equal(record.users.length, 24);
  assert.equal(record.usersLeftOut, 1_976);
  assert.equal(timeline.tracer("user-1500"), undefined);
  assert.deepEqual(record.contexts.map((context) => context.length), [0, 0]);
  const marked = { ...FINDING, userId: "user-999", message: "x" };
  timeline.mark(marked);
  assert.deepEqual(timeline.record([marked]).contexts[0]?.map(({ type }) => type), ["join"]);
});

Deno.test("Timeline shows what came before and after the message of a finding", () => {
  const clock = new FakeClock();
  const timeline = new Timeline({ clock, users: 1 });
  const trace = timeline.tracer("ann")!;

  for (let n = 0; n < 20; n++) trace.frame("received", `{"type":"chat","text":"t${n}"}`);
  const finding = { ...FINDING, message: 'chat "t19"' };
  timeline.mark(finding);
  for (let n = 20; n < 40; n++) trace.frame("received", `{"type":"chat","text":"t${n}"}`);

  const [context] = timeline.record([finding]).contexts;
  assert.deepEqual(
    context?.map(({ text }) => JSON.parse(text).text),
    ["t14", "t15", "t16", "t17", "t18", "t19", "t20", "t21", "t22"],
  );
});

Deno.test("Timeline shows a message that never came by when others got it", () => {
  const clock = new FakeClock();
  const timeline = new Timeline({ clock, users: 2 });
  const [ann, bob] = [timeline.tracer("ann")!, timeline.tracer("bob")!];
  for (const text of ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]) {
    const frame = JSON.stringify({ type: "chat", text });
    bob.frame("received", frame);
    if (text !== "three") ann.frame("received", frame);
    clock.advance(100);
  }

  timeline.mark(FINDING);
  const [context] = timeline.record([FINDING]).contexts;

  assert.deepEqual(context?.map(({ text }) => JSON.parse(text).text), [
    ...["one", "two", "four", "five", "six", "seven", "eight"],
  ]);
});

Deno.test("Timeline knows nothing of a user that was not there", () => {
  const timeline = new Timeline({ clock: new FakeClock(), users: 1 });

  timeline.mark({ ...FINDING, userId: "(nobody)" });

  assert.deepEqual(timeline.record([{ ...FINDING, userId: "(nobody)" }]).contexts, [[]]);
});

Deno.test("Timeline keeps a part of a frame that is endless", () => {
  const timeline = new Timeline({ clock: new FakeClock(), users: 1 });
  timeline.tracer("ann")!.frame("received", `{"type":"chat","text":"${"x".repeat(1e6)}"}`);
  const finding = { ...FINDING, message: "nothing of this kind" };

  timeline.mark(finding);

  const { users, contexts } = timeline.record([finding]);
  assert.ok(users[0]!.messages[0]!.text.length < 1_000);
  assert.ok(contexts[0]![0]!.text.length < 1_000);
});

/** A whole stay, a step every 10 ms. */
function walk(trace: FrameTrace, clock: FakeClock): void {
  const steps = [
    () => trace.connecting(),
    () => trace.opened(),
    () => trace.frame("received", '{"type":"welcome"}'),
    () => trace.frame("sent", '{"type":"join"}'),
    () => trace.frame("received", '{"type":"joined"}'),
    () => trace.frame("received", '{"type":"chat"}'),
    () => trace.frame("sent", '{"type":"leave"}'),
    () => trace.ended(1006, ""),
  ];
  for (const step of steps) {
    step();
    clock.advance(10);
  }
}

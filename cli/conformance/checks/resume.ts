/**
 * Checks of the section Resume. The numbers of all messages are watched by every actor that may resume;
 * here they are put to the test.
 */
import type { ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { NotApplicable } from "../verdict.ts";

/** Rule RE6. */
const KEPT_MESSAGES = 1_023;
const KEPT_LENGTH = 512 * 1_024;
/** What a loaded machine may add to a grace time. */
const SLACK_MS = 4_000;

/** RE1 to RE9. */
export const resumeChecks = [
  check("RE1", {
    title: "who asks to be resumable gets a secret of its own, and how long it is good for",
    does: "joins with and without asking, and through a lobby",
  }, async (scene) => {
    const ann = await resumable(scene, "ann");
    demand(ann.graceMs > 0, "a resumeGraceMs", ann.graceMs);
    const bob = await resumable(scene, "bob");
    await ann.actor.hear("user-joined", { userId: "bob" });
    demand(ann.resumeToken !== bob.resumeToken, "a token of its own", bob.resumeToken);
    demand(ann.resumeToken.length >= 16, "a token that cannot be guessed", ann.resumeToken);
    const cat = await scene.connect("cat");
    const plain = await cat.join(scene.room);
    same("the token of who did not ask", plain.resumeToken, undefined);
    demand(!JSON.stringify(plain).includes(ann.resumeToken), "no token of another", plain);
    await everyone([ann.actor, bob.actor], (one) => one.hear("user-joined"));
    await ann.actor.ask({ type: "lobby", enabled: true }, "ok");
    await everyone([bob.actor, cat], (one) => one.hear("room-updated"));
    const dan = await scene.connect("dan");
    const join = { type: "join", roomId: scene.room, userId: "dan", resumable: true };
    await dan.ask(join, "waiting");
    await ann.actor.hear("knock");
    ann.actor.say({ type: "admit", userId: "dan", requestId: "admit" });
    await ann.actor.hearAll(["ok", { requestId: "admit" }], ["user-joined", {}]);
    const joined = await dan.hear("joined");
    demand((joined.resumeToken ?? "").length >= 16, "a token with the admission", joined);
    await everyone([bob.actor, cat], (one) => one.hear("user-joined"));
  }),

  check("RE2", {
    title: "every message after joined is numbered 1, 2, 3, ...",
    does: "hears messages of every kind, and compares their numbers; who cannot resume hears none",
  }, async (scene) => {
    const { actor: ann } = await resumable(scene, "ann");
    const bob = await scene.join("bob");
    const seqs = [(await ann.hear("user-joined")).seq];
    seqs.push((await ann.ask({ type: "chat", text: "x" }, "chat")).seq);
    same("the number of who cannot resume", (await bob.hear("chat")).seq, undefined);
    seqs.push((await ann.ask({ type: "ping", at: 1 }, "pong")).seq);
    seqs.push((await ann.beRefused({ type: "dance" }, "unknown-type")).seq);
    seqs.push((await ann.ask({ type: "state", audio: true }, "ok")).seq);
    await bob.hear("participant-updated");
    await bob.ask({ type: "state", hand: true }, "ok");
    seqs.push((await ann.hear("participant-updated")).seq);
    await bob.ask({ type: "data", payload: 1, to: "ann" }, "data");
    seqs.push((await ann.hear("data")).seq);
    await bob.ask({ type: "offer", to: "ann", description: { type: "offer", sdp: "" } }, "ok");
    seqs.push((await ann.hear("offer")).seq);
    await bob.ask({ type: "leave" }, "leaved");
    seqs.push((await ann.hear("user-left")).seq);
    same("numbers", seqs, seqs.map((_, n) => n + 1));
  }),

  check("RE3", {
    title: "a lost connection keeps its seat, and the others are told",
    does: "drops, and closes with 4000; a bound that is broken, or 1000, is a departure at once",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const { graceMs } = await probe(scene);
    demand(graceMs > 0, "a resumeGraceMs", graceMs);
    const ways: [(one: Actor) => Promise<void>][] = [
      [(one) => one.drop()],
      [(one) => one.close(4000)],
    ];
    for (const [n, [go]] of ways.entries()) {
      const bob = await resumable(scene, `bob-${n}`);
      await ann.hear("user-joined");
      await go(bob.actor);
      await ann.hear("participant-updated", { userId: bob.actor.name, connected: false });
      await ann.hearNothing();
      const second = await scene.connect("second");
      const join = { type: "join", roomId: scene.room, userId: bob.actor.name };
      await second.beRefused(join, "user-id-taken");
      const { participants } = await second.join(scene.room);
      const shown = participants.map(({ userId, connected }) => [userId, connected]);
      same("who is lost", shown.find(([userId]) => userId === bob.actor.name), [
        bob.actor.name,
        false,
      ]);
      same("who is there", shown[0], ["ann", undefined]);
      await ann.hear("user-joined", { userId: "second" });
      await second.ask({ type: "leave" }, "leaved");
      await ann.hear("user-left", { userId: "second" });
      await leaveBack(scene, bob, ann);
    }
    const broken = await resumable(scene, "broken");
    await ann.hear("user-joined");
    for (let n = 0; n < 10; n++) broken.actor.sayText("no JSON");
    await ann.hear("user-left", { userId: "broken", reason: "disconnected" });
    await broken.actor.untilEnd("the end of who broke a bound");
    const clean = await resumable(scene, "clean");
    await ann.hear("user-joined");
    await clean.actor.close();
    await ann.hear("user-left", { userId: "clean", reason: "disconnected" });
  }),

  check("RE4", {
    title: "resume gets exactly the messages after lastSeq, in order, numbered as they were",
    does:
      "misses chat, an offer and a join, and comes back after the first, and again from the start",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    const ann = await scene.join("ann");
    await bob.actor.hear("user-joined", { seq: 1 });
    await bob.actor.drop();
    await ann.hear("participant-updated", { userId: "bob", connected: false });
    const one = await ann.ask({ type: "chat", text: "one" }, "chat");
    await ann.ask({ type: "offer", to: "bob", description: { type: "offer", sdp: "two" } }, "ok");
    await ann.ask({ type: "chat", text: "three", to: "bob" }, "chat");
    const cat = await scene.join("cat");
    await ann.hear("user-joined");
    const back = await scene.connect("bob");
    const resumed = { missed: 4, lastSeq: 5, snapshot: undefined };
    await back.ask(resume(bob, 1), "resumed", resumed);
    await back.hear("chat", { seq: 2, text: "one", messageId: one.messageId, at: one.at });
    await back.hear("offer", { seq: 3, from: "ann" });
    await back.hear("chat", { seq: 4, text: "three", to: "bob" });
    await back.hear("user-joined", { seq: 5, userId: "cat" });
    await everyone(
      [ann, cat],
      (other) => other.hear("participant-updated", { userId: "bob", connected: true }),
    );
    await back.hearNothing();
    await ann.ask({ type: "chat", text: "live" }, "chat");
    await back.hear("chat", { text: "live", seq: 7 });
    await cat.hear("chat");
    await back.drop();
    await everyone([ann, cat], (other) => other.hear("participant-updated", { connected: false }));
    const again = await scene.connect("bob");
    await again.ask(resume(bob, 0), "resumed", { missed: 7, lastSeq: 7 });
    const types = [];
    for (let seq = 1; seq <= 7; seq++) types.push((await again.next(`message ${seq}`)).type);
    same("what comes again", types, [
      ...["user-joined", "chat", "offer", "chat", "user-joined", "pong", "chat"],
    ]);
    await everyone([ann, cat], (other) => other.hear("participant-updated", { connected: true }));
    await again.ask({ type: "chat", text: "back" }, "chat", { seq: 8, from: "bob" });
    await everyone([ann, cat], (other) => other.hear("chat", { from: "bob" }));
  }),

  check("RE5", {
    title: "where not all is kept, resume gives the room as it is instead",
    does: "misses more than half a million characters, a join and a state, and reads the snapshot",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    const ann = await scene.join("ann");
    await bob.actor.hear("user-joined");
    await bob.actor.drop();
    await ann.hear("participant-updated");
    const sent = await flood(ann, KEPT_LENGTH + 100_000);
    const cat = await scene.join("cat");
    await ann.hear("user-joined");
    await cat.ask({ type: "state", hand: true }, "ok");
    await ann.hear("participant-updated");
    const back = await scene.connect("bob");
    const lastSeq = 1 + sent + 2;
    const { snapshot } = await back.ask(resume(bob, 1), "resumed", { missed: 0, lastSeq });
    same("users", snapshot?.users, ["bob", "ann", "cat"]);
    same("states", snapshot?.participants.map(({ state }) => state), [{}, {}, { hand: true }]);
    same("the room", snapshot?.room.roomId, scene.room);
    await everyone([ann, cat], (one) => one.hear("participant-updated", { connected: true }));
    await ann.ask({ type: "chat", text: "live" }, "chat");
    await back.hear("chat", { text: "live", seq: lastSeq + 1 });
    await cat.hear("chat");
  }),

  slowCheck("RE6", {
    title: "the last 1,023 messages are kept, as far as they have 512 Ki characters",
    does: "misses 1,023, comes back, and misses one more; then misses nine tenths of the length",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    const senders: Actor[] = [];
    const { limits } = bob.actor.welcome;
    const share = Math.floor(limits.messageBurst * 0.8);
    const count = Math.ceil((KEPT_MESSAGES + 1) / share);
    if (count > Math.min(20, limits.maxParticipants - 1)) {
      throw new NotApplicable(`it takes ${count} senders in one room`);
    }
    for (let n = 0; n < count; n++) {
      const sender = await scene.join(`sender-${n}`);
      await everyone([bob.actor, ...senders], (one) => one.hear("user-joined"));
      senders.push(sender);
    }
    await bob.actor.drop();
    await everyone(senders, (one) => one.hear("participant-updated", { connected: false }));
    let left = KEPT_MESSAGES;
    for (const sender of senders) {
      const mine = Math.min(share, left);
      left -= mine;
      for (let n = 0; n < mine; n++) sender.say({ type: "data", payload: n, to: "bob" });
      for (let n = 0; n < mine; n++) await sender.hear("data", { payload: n });
    }
    const lastSeq = count + KEPT_MESSAGES;
    const back = await scene.connect("bob");
    await back.ask(resume(bob, count), "resumed", { missed: KEPT_MESSAGES, lastSeq });
    for (let n = 0; n < KEPT_MESSAGES; n++) await back.hear("data", { seq: count + 1 + n });
    await everyone(senders, (one) => one.hear("participant-updated", { connected: true }));
    await back.drop();
    await everyone(senders, (one) => one.hear("participant-updated", { connected: false }));
    const again = await scene.connect("bob");
    const { snapshot } = await again.ask(resume(bob, count - 1), "resumed", {
      missed: 0,
      lastSeq,
    });
    demand(snapshot !== undefined, "a snapshot one message beyond", snapshot);
    await everyone(senders, (one) => one.hear("participant-updated", { connected: true }));
    await again.drop();
    await everyone(senders, (one) => one.hear("participant-updated", { connected: false }));
    const sent = await flood(senders.at(-1)!, KEPT_LENGTH * 0.9);
    const third = await scene.connect("bob");
    await third.ask(resume(bob, lastSeq), "resumed", { missed: sent, snapshot: undefined });
    for (let n = 0; n < sent; n++) await third.hear("data");
    await everyone(senders, (one) => one.hear("participant-updated", { connected: true }));
  }),

  check("RE7", {
    title: "a resume takes an open connection's seat over, as often as it likes; nobody else hears",
    does: "resumes three times without a loss, each from the connection before",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    const ann = await scene.join("ann");
    await bob.actor.hear("user-joined");
    let before = bob.actor;
    for (let n = 1; n <= 3; n++) {
      const next = await scene.connect("bob");
      await next.ask(resume(bob, before.lastSeq), "resumed", { missed: 0 });
      await before.hearEnd({ code: 4001 });
      await ann.hearNothing();
      await ann.ask({ type: "chat", text: `${n}` }, "chat");
      await next.hear("chat", { text: `${n}` });
      await next.ask({ type: "chat", text: "here" }, "chat", { from: "bob" });
      await ann.hear("chat", { from: "bob" });
      before = next;
    }
  }),

  slowCheck("RE8", {
    title: "after the grace time the participant has left, and its token is worth nothing",
    does:
      "waits the grace time out, and tries tokens that are over, unknown, and of who left or was kicked",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    scene.afford(bob.graceMs, "the grace time");
    const ann = await scene.join("ann");
    await bob.actor.hear("user-joined");
    const cat = await scene.connect("cat");
    for (const token of ["unknown", "x".repeat(64), bob.resumeToken.slice(1)]) {
      await cat.beRefused({ type: "resume", resumeToken: token, lastSeq: 0 }, "resume-expired");
    }
    const left = await resumable(scene, "left");
    await everyone([bob.actor, ann], (one) => one.hear("user-joined"));
    await left.actor.ask({ type: "leave" }, "leaved");
    await everyone([bob.actor, ann], (one) => one.hear("user-left"));
    await cat.beRefused(resume(left, 0), "resume-expired");
    const kicked = await resumable(scene, "kicked");
    await everyone([bob.actor, ann], (one) => one.hear("user-joined"));
    await bob.actor.ask({ type: "kick", userId: "kicked" }, "ok");
    await everyone([bob.actor, ann], (one) => one.hear("user-left", { reason: "kicked" }));
    await kicked.actor.hear("leaved");
    await cat.beRefused(resume(kicked, 0), "resume-expired");
    const startedAt = scene.clock.elapsed();
    await bob.actor.drop();
    await ann.hear("participant-updated", { userId: "bob", connected: false });
    await scene.pause(bob.graceMs / 2);
    await ann.hearNothing();
    await scene.pause(Math.max(0, bob.graceMs - (scene.clock.elapsed() - startedAt)));
    await ann.hear("user-left", { userId: "bob", reason: "timeout" });
    const tookMs = scene.clock.elapsed() - startedAt;
    demand(tookMs < bob.graceMs + SLACK_MS, `${bob.graceMs} ms`, `${Math.round(tookMs)} ms`);
    await ann.hear("host-changed", { userId: "ann" });
    await cat.beRefused(resume(bob, 1), "resume-expired");
    await cat.ask({ type: "join", roomId: scene.room, userId: "bob" }, "joined");
    await ann.hear("user-joined", { userId: "bob" });
  }),

  check("RE9", {
    title: "a lastSeq beyond the last message, or a resume within a room, changes nothing",
    does: "tries both, and then resumes as it should",
  }, async (scene) => {
    const bob = await resumable(scene, "bob");
    const ann = await scene.join("ann");
    await bob.actor.hear("user-joined");
    await bob.actor.beRefused(resume(bob, 1), "already-joined");
    await ann.beRefused(resume(bob, 1), "already-joined");
    const seq = bob.actor.lastSeq;
    await bob.actor.drop();
    await ann.hear("participant-updated", { connected: false });
    const back = await scene.connect("bob");
    await back.beRefused(resume(bob, seq + 1), "bad-message");
    await back.beRefused(resume(bob, 1_000_000), "bad-message");
    await ann.hearNothing();
    await back.ask(resume(bob, seq), "resumed", { missed: 0, lastSeq: seq });
    await ann.hear("participant-updated", { connected: true });
    const other = await scene.join("cat", { room: scene.otherRoom });
    await other.beRefused(resume(bob, seq), "already-joined");
    await back.hearNothing();
  }),
];

/** One who may resume, and what it takes. */
type Resumable = {
  readonly actor: Actor;
  readonly resumeToken: string;
  readonly graceMs: number;
};

/** Joins so that it may resume. Throws NotApplicable where the server grants none. */
async function resumable(scene: Scene, name: string): Promise<Resumable> {
  const actor = await scene.connect(name);
  const joined = await actor.join(scene.room, { resumable: true });
  return { actor, ...granted(joined) };
}

/** What the server grants, without a trace in the room of the check. */
async function probe(scene: Scene): Promise<{ graceMs: number }> {
  const actor = await scene.connect("probe");
  const joined = await actor.join(scene.otherRoom, { resumable: true });
  await actor.ask({ type: "leave" }, "leaved");
  return granted(joined);
}

function granted(
  { resumeToken, resumeGraceMs }: ServerMessageOf<"joined">,
): { resumeToken: string; graceMs: number } {
  if (resumeToken === undefined && resumeGraceMs === undefined) {
    throw new NotApplicable("the server grants no resume");
  }
  demand(resumeToken !== undefined, "a resumeToken beside resumeGraceMs", resumeGraceMs);
  demand(resumeGraceMs !== undefined, "resumeGraceMs beside a resumeToken", "none");
  return { resumeToken, graceMs: resumeGraceMs };
}

function resume({ resumeToken }: { resumeToken: string }, lastSeq: number) {
  return { type: "resume", resumeToken, lastSeq };
}

/** Comes back, and leaves for good. */
async function leaveBack(scene: Scene, lost: Resumable, watcher: Actor): Promise<void> {
  const back = await scene.connect(lost.actor.name);
  back.say(resume(lost, lost.actor.lastSeq));
  const { missed } = await back.hear("resumed");
  for (let n = 0; n < missed; n++) await back.next("a missed message");
  await watcher.hear("participant-updated", { userId: lost.actor.name, connected: true });
  await back.ask({ type: "leave" }, "leaved");
  await watcher.hear("user-left", { userId: lost.actor.name });
}

/** Sends `bob` long data until they have about `length` characters; returns how many. */
async function flood(sender: Actor, length: number): Promise<number> {
  const payload = "x".repeat(Math.min(50_000, sender.welcome.limits.maxMessageBytes - 200));
  const count = Math.ceil(length / payload.length);
  for (let n = 0; n < count; n++) await sender.ask({ type: "data", payload, to: "bob" }, "data");
  return count;
}

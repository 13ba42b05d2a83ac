/**
 * Checks of the section Slow readers: a client stops reading while others send it more than the buffers
 * of both kernels hold.
 */
import { type ServerMessage, SLOW_CONSUMER_MS } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { greeted } from "./transport.ts";
import { everyone, type Scene } from "../scene.ts";
import { readMessages } from "../frames.ts";
import type { Place } from "../place.ts";
import { Finding, NotApplicable } from "../verdict.ts";

/** Beyond what the kernels of this machine buffer for a connection that is not read. */
const STALL_BYTES = 16_000_000;
/** What is sent on top, so that a server's budget of a megabyte is used up. */
const OVERFLOW_BYTES = 4_000_000;
/** A budget that all of it fits. */
const ROOMY = 64_000_000;
const SLACK_MS = 6_000;
/** In this part of the time that a stalled one is given, it must still be there. */
const SURELY_BEFORE = 0.75;

/** BP1 to BP4. */
export const slowReaderChecks = [
  slowCheck("BP1", {
    title: "who does not read waits alone",
    does: `stops reading before ${STALL_BYTES / 1e6} MB, while two others chat, and reads again`,
  }, async (scene) => {
    const { slow, ann, bob, flood } = await stalled(scene, "--max-buffered-bytes", `${ROOMY}`);
    const sent = await flood(STALL_BYTES);
    await ann.ask({ type: "chat", text: "meanwhile" }, "chat");
    await bob.hear("chat", { text: "meanwhile" });
    await everyone([ann, bob], (one) => one.hearNothing());
    slow.readAgain();
    const heard = await untilCaughtUp(slow);
    await everyone([ann, bob], (one) => one.hearNothing());
    if (heard.some(({ type }) => type === "lagged")) {
      return scene.note(
        "that nothing is lost: the budget of the server is too small for the check",
      );
    }
    const ids = heard.flatMap((one) => one.type === "data" ? [Number(one.messageId)] : []);
    same("messages that waited", ids.length, sent);
    same("their order", ids, ids.toSorted((a, b) => a - b));
    same("the last", heard.at(-1)?.type, "chat");
  }),

  slowCheck("BP2", {
    title: "beyond the budget all that waits is dropped: lagged, then a snapshot",
    does: "stops reading, is sent too much, misses a join and a state, and reads again",
  }, async (scene) => {
    const { slow, ann, bob, at, flood } = await stalled(scene);
    const sent = await flood(STALL_BYTES + OVERFLOW_BYTES);
    const cat = await scene.join("cat", { at });
    await everyone([ann, bob], (one) => one.hear("user-joined"));
    await ann.ask({ type: "state", hand: true }, "ok");
    await everyone([bob, cat], (one) => one.hear("participant-updated"));
    slow.readAgain();
    const heard = await slow.hearUntil("lagged");
    const lagged = heard.at(-1)!;
    const received = heard.filter(({ type }) => type === "data").length;
    demand(lagged.type === "lagged" && lagged.dropped > 0, "lagged with what was dropped", lagged);
    const told = heard.filter(({ type }) => type !== "lagged").length;
    same("messages, heard or dropped", told + lagged.dropped, sent + 2);
    demand(received < sent, "less than all", received);
    const ids = heard.flatMap((one) => one.type === "data" ? [Number(one.messageId)] : []);
    same("what came before the gap", ids, ids.toSorted((a, b) => a - b));
    const snapshot = await slow.hear("snapshot", { roomId: scene.room, userId: "slow" });
    same("users", snapshot.users, ["slow", "ann", "bob", "cat"]);
    same("states", snapshot.participants.map(({ state }) => state), [{}, { hand: true }, {}, {}]);
    await slow.hearNothing();
    await ann.ask({ type: "chat", text: "after" }, "chat");
    await everyone([slow, bob, cat], (one) => one.hear("chat", { text: "after" }));
  }),

  slowCheck("BP3", {
    title: "while messages wait, a newer state takes the place of the one before",
    does: "stops reading, lets one change its state 41 times, and counts what arrives",
  }, async (scene) => {
    const { slow, ann, bob, flood } = await stalled(scene, "--max-buffered-bytes", `${ROOMY}`);
    await flood(STALL_BYTES);
    for (let n = 0; n < 41; n++) {
      await ann.ask({ type: "state", hand: n % 2 === 0 }, "ok");
      await bob.hear("participant-updated");
    }
    await ann.ask({ type: "chat", text: "last" }, "chat");
    await bob.hear("chat");
    slow.readAgain();
    const heard = await untilCaughtUp(slow);
    if (heard.some(({ type }) => type === "lagged")) {
      return scene.note("newer states: the budget of the server is too small for the check");
    }
    const states = heard.filter((one) => one.type === "participant-updated");
    demand(states.length <= 3, "the newest state alone", `${states.length} states`);
    same("the newest state", states.at(-1)?.state, { hand: true });
    const types = heard.map(({ type }) => type);
    demand(
      types.lastIndexOf("participant-updated") < types.lastIndexOf("chat"),
      "the state before the chat that came after it",
      types.slice(-3),
    );
  }),

  slowCheck("BP4", {
    title: "who takes nothing for 10 s is closed, and leaves at once",
    does: "stops reading for good, also as one who may resume",
  }, async (scene) => {
    const at = await patientPlace(scene);
    const raw = await greeted(scene, await scene.raw({ at }));
    const join = { type: "join", roomId: scene.room, userId: "slow", resumable: true };
    await raw.say(join);
    await scene.inTime(readMessages(raw), "joined");
    const [ann, bob] = [await scene.join("ann", { at }), await scene.join("bob", { at })];
    await ann.hear("user-joined");
    const floodedAt = scene.clock.elapsed();
    await flooder(scene, [ann, bob])(STALL_BYTES);
    const startedAt = scene.clock.elapsed();
    await everyone([ann, bob], (one) => one.hearNothing());
    await scene.pause(SLOW_CONSUMER_MS / 2);
    // The server counts from some moment of the flood, which takes a busy machine seconds.
    if (scene.clock.elapsed() - floodedAt < SLOW_CONSUMER_MS * SURELY_BEFORE) {
      await everyone([ann, bob], (one) => one.hearNothing());
      // What keeps the server looking is a message for who does not read.
      await ann.ask({ type: "chat", text: "x", to: "slow" }, "chat");
    } else scene.note("that it stays for 10 s: the flood took too long");
    await scene.pause(SLOW_CONSUMER_MS / 2);
    const gone = { userId: "slow", reason: "slow-consumer" };
    for (const one of [ann, bob]) one.bePatient(SLACK_MS);
    await everyone([ann, bob], (one) => one.hear("user-left", gone));
    await ann.hear("host-changed", { userId: "ann" });
    await bob.hear("host-changed", { userId: "ann" });
    const tookMs = scene.clock.elapsed() - startedAt;
    const isInTime = tookMs < SLOW_CONSUMER_MS + SLACK_MS;
    demand(isInTime, `about ${SLOW_CONSUMER_MS} ms`, `${Math.round(tookMs)} ms`);
    const close = await scene.inTime(raw.readClose().catch(() => undefined), "the end");
    if (close === undefined) scene.note("the close frame: it was lost behind what was not read");
    else same("the close", close, { code: 1008, reason: "slow-consumer" });
  }),
];

type Stalled = {
  readonly slow: Actor;
  readonly ann: Actor;
  readonly bob: Actor;
  readonly at: Place;
  /** Sends that much to the one who does not read; returns how many messages that was. */
  readonly flood: (bytes: number) => Promise<number>;
};

/** Three members, of whom the first does not read. */
async function stalled(scene: Scene, ...flags: readonly string[]): Promise<Stalled> {
  const at = await patientPlace(scene, ...flags);
  const [slow, ann, bob] = await scene.gather(["slow", "ann", "bob"], { at });
  slow!.stopReading();
  slow!.bePatient(SLACK_MS);
  return { slow: slow!, ann: ann!, bob: bob!, at, flood: flooder(scene, [ann!, bob!]) };
}

/** A server whose heartbeat does not end who does not read before the rules of this section do. */
export async function patientPlace(scene: Scene, ...flags: readonly string[]): Promise<Place> {
  if (scene.isOwn) {
    return await scene.ownServer("--heartbeat-ms", `${3 * SLOW_CONSUMER_MS}`, ...flags);
  }
  const { heartbeatMs } = (await scene.connect("probe")).welcome;
  if (heartbeatMs > SLOW_CONSUMER_MS) return scene.place;
  throw new NotApplicable(`who does not read for ${heartbeatMs} ms answers no ping (CO8)`);
}

/** Sends long data to `slow`, by turns and no faster than the rate of each sender. */
function flooder(scene: Scene, senders: readonly Actor[]): Stalled["flood"] {
  return async (bytes) => {
    const { maxMessageBytes } = senders[0]!.welcome.limits;
    const payload = "x".repeat(Math.min(60_000, maxMessageBytes - 200));
    const count = Math.ceil(bytes / payload.length);
    for (let n = 0; n < count; n++) await sendData(scene, senders[n % senders.length]!, payload);
    return count;
  };
}

/** Sends one; waits where the rate binds the sender, as a client does that means well. */
async function sendData(scene: Scene, sender: Actor, payload: string): Promise<void> {
  for (;;) {
    sender.say({ type: "data", payload, to: "slow", requestId: "flood" });
    const answer = await sender.next("data, or word to wait");
    if (answer.type === "data") return;
    const isToWait = answer.type === "error" && answer.code === "rate-limited";
    if (!isToWait) throw new Finding("data", JSON.stringify(answer));
    await scene.pause(answer.retryAfterMs ?? 10);
  }
}

/** Everything until the server has caught up: a ping is answered, again where one was dropped. */
async function untilCaughtUp(slow: Actor): Promise<ServerMessage[]> {
  const heard: ServerMessage[] = [];
  let requestId = 0;
  const ping = () => slow.say({ type: "ping", at: 0, requestId: ++requestId });
  ping();
  for (;;) {
    const message = await slow.next("what waited");
    if (message.type === "pong" && message.requestId === requestId) return heard;
    heard.push(message);
    if (message.type === "lagged") ping();
  }
}

/**
 * Checks of the section Limits.
 */
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { NotApplicable } from "../verdict.ts";

/** A room or a burst of more than this is not filled without --slow. */
const MAX_PARTICIPANTS = 50;
const MAX_BURST = 2_000;
/** Rule LI4. */
const MAX_REFUSED = 1_000;
/** A loaded machine takes so much longer to answer a flood than to answer a message. */
const FLOOD_MS = 5_000;
/** Settings of a server on which shared buckets are small. */
const SMALL = ["--message-rate", "1", "--message-burst", "20"] as const;

/** LI1 to LI8. */
export const limitChecks = [
  check("LI1", {
    title: "a room holds limits.maxParticipants, and no more",
    does: "fills a room, knocks once more in each role, and again when one has left",
  }, async (scene) => {
    const at = scene.isOwn ? await scene.ownServer("--max-participants", "4") : scene.place;
    const first = await scene.connect("user-0", { at });
    const { maxParticipants } = first.welcome.limits;
    if (scene.isOwn) same("limits.maxParticipants", maxParticipants, 4);
    if (maxParticipants > MAX_PARTICIPANTS && !scene.isSlow) {
      throw new NotApplicable(`a room holds ${maxParticipants}; --slow fills one`);
    }
    await first.join(scene.room);
    const present = [first];
    for (let n = 1; n < maxParticipants; n++) {
      const one = await scene.join(`user-${n}`, { at });
      await everyone(present, (other) => other.hear("user-joined", { userId: one.name }));
      present.push(one);
    }
    const late = await scene.connect("late", { at });
    const join = { type: "join", roomId: scene.room, userId: "late" };
    for (const role of ["participant", "broadcaster", "viewer"]) {
      await late.beRefused({ ...join, role }, "room-full");
    }
    await everyone(present, (one) => one.hearNothing());
    const leaver = present.pop()!;
    await leaver.ask({ type: "leave" }, "leaved");
    await everyone(present, (one) => one.hear("user-left"));
    await late.ask(join, "joined");
    await everyone(present, (one) => one.hear("user-joined", { userId: "late" }));
    scene.note("too-many-rooms: see CR4; too-many-connections: see CO1 and CO10");
  }),

  slowCheck("LI2", {
    title:
      "a connection has a burst and a rate; beyond them messages are dropped with rate-limited",
    does:
      "sends pings without a pause until some are refused, counts them, and waits as it is told",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { burst, rate } = bucketOf(scene, ann);
    const startedAt = scene.clock.elapsed();
    const count = burst + Math.ceil(rate) + 20;
    for (let at = 0; at < count; at++) ann.say({ type: "ping", at, requestId: at });
    const answers: ServerMessage[] = [];
    for (let n = 0; n < count; n++) answers.push(await ann.next(`answer ${n}`));
    const tookMs = scene.clock.elapsed() - startedAt;
    const passed = answers.filter(({ type }) => type === "pong").length;
    const most = burst + Math.ceil(rate * tookMs / 1_000) + 1;
    same("ids of the answers", answers.map(({ requestId }) => requestId), range(count));
    demand(passed >= burst, `${burst} pongs at least`, passed);
    demand(passed <= most, `${most} pongs at most in ${Math.round(tookMs)} ms`, passed);
    const refused = answers.find(({ type }) => type !== "pong");
    demand(refused?.type === "error", "an error for a message beyond the rate", refused);
    same("the code of a message beyond the rate", refused.code, "rate-limited");
    const { retryAfterMs = 0 } = answers.findLast((one) => one.type === "error") ?? {};
    demand(retryAfterMs > 0, "a retryAfterMs", retryAfterMs);
    await scene.pause(retryAfterMs + 50);
    await ann.ask({ type: "ping", at: 1 }, "pong");
  }),

  slowCheck("LI3", {
    title: "malformed frames cost a token too",
    does: "sends nine bad frames to each good one until some are refused, and counts them",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { burst, rate } = bucketOf(scene, ann);
    const startedAt = scene.clock.elapsed();
    const count = burst + Math.ceil(rate) + 20;
    // The last are good: a refused frame does not end a row of bad ones (ER3).
    for (let n = 0; n < count; n++) {
      if (n % 10 === 9 || n >= burst - 10) ann.say({ type: "ping", at: n });
      else ann.sayText("{}");
    }
    const answers: ServerMessage[] = [];
    for (let n = 0; n < count; n++) answers.push(await ann.next(`answer ${n}`));
    const tookMs = scene.clock.elapsed() - startedAt;
    const taken = answers.filter((one) => !isRateLimited(one)).length;
    const most = burst + Math.ceil(rate * tookMs / 1_000) + 1;
    demand(taken >= burst, `${burst} messages at least`, taken);
    demand(taken <= most, `${most} messages at most, bad ones counted`, taken);
    await ann.drop();
  }),

  slowCheck("LI4", {
    title: "1,000 messages refused in one go close the connection, 1008 rate-limited",
    does: "sends without a pause until the end, and counts the refusals",
  }, async (scene) => {
    const [ann, bob] = [await scene.connect("ann"), await scene.join("bob")];
    const { burst, rate } = bucketOf(scene, ann);
    bob.bePatient(FLOOD_MS);
    await ann.join(scene.room);
    await bob.hear("user-joined");
    const count = burst + MAX_REFUSED + Math.ceil(rate * 5);
    for (let at = 0; at < count; at++) ann.say({ type: "ping", at });
    const end = await ann.untilEnd("the end of who floods");
    same("the end", end, { code: 1008, reason: "rate-limited" });
    same("refusals before the end", ann.unheard.filter(isRateLimited).length, MAX_REFUSED);
    await bob.hear("user-left", { userId: "ann", reason: "disconnected" });
  }),

  check("LI5", {
    title: "the messages of a user count together over all its connections",
    does: "uses up a user's bucket on one connection, and comes back under the same id on another",
  }, async (scene) => {
    const at = await scene.ownServer(...SMALL);
    const bob = await scene.join("bob", { at });
    const ann = await scene.join("ann", { at });
    await bob.hear("user-joined");
    const spent = await spend(ann, 30);
    demand(spent.length > 0, "refusals on the first connection", "none");
    await ann.close();
    await bob.hear("user-left");
    const again = await scene.join("ann", { at });
    await bob.hear("user-joined");
    const rest = await spend(again, 12);
    demand(rest.length > 0, "refusals on the second connection too", "none");
    await again.drop();
    await bob.hear("user-left");
  }),

  check("LI6", {
    title: "the messages of a network count together over all its connections",
    does: "sends from many connections of one proxied network, and from another",
  }, async (scene) => {
    const flags = ["--trusted-proxy", "127.0.0.1", "--address-message-rate", "10"];
    const at = await scene.ownServer(...flags);
    const from = (address: string) => ({ at, headers: { "X-Forwarded-For": address } });
    const names = ["ann", "bob", "cat", "dan"];
    const actors = await Promise.all(
      names.map((name) => scene.connect(name, from("198.51.100.1"))),
    );
    const refused = await everyone(actors, (one) => spend(one, 15));
    demand(refused.flat().length > 0, "refusals among 60 messages of a network", "none");
    const other = await scene.connect("eve", from("198.51.100.2"));
    same("refusals of another network", (await spend(other, 15)).length, 0);
    await everyone(actors, (one) => one.drop());
  }),

  check("LI7", {
    title: "what goes to everybody in one room counts together",
    does: "has many members of one room chat, then one address another, and chats in another room",
  }, async (scene) => {
    const at = await scene.ownServer("--room-message-rate", "10");
    const members = await scene.gather(["ann", "bob", "cat", "dan"], { at });
    for (const one of members) {
      for (let n = 0; n < 15; n++) one.say({ type: "chat", text: "x", requestId: n });
    }
    const first = await everyone(members, (one) => one.hearRest());
    const rest = await everyone(members, (one) => one.hearRest());
    const refused = [...first, ...rest].flat().filter(isRateLimited);
    demand(refused.length > 0, "refusals among 60 chats of a room", "none");
    const [ann, bob] = members;
    await ann!.ask({ type: "data", payload: 1, to: "bob" }, "data");
    await bob!.hear("data", { from: "ann" });
    const other = await scene.join("eve", { at, room: scene.otherRoom });
    await other.ask({ type: "chat", text: "x" }, "chat");
  }),

  check("LI8", {
    title:
      "this machine's network is not counted, and what a shared bucket refuses costs nothing else",
    does:
      "sends from this machine beyond an address's rate, and finds the own bucket of who was refused",
  }, async (scene) => {
    const flags = ["--address-message-rate", "10", "--room-message-rate", "5"];
    const at = await scene.ownServer(...flags, "--message-rate", "1", "--message-burst", "60");
    const actors = await Promise.all(
      ["ann", "bob", "cat"].map((one) => scene.connect(one, { at })),
    );
    const refused = await everyone(actors, (one) => spend(one, 20));
    same("refusals of this machine's messages", refused.flat().length, 0);
    const dan = await scene.join("dan", { at });
    for (let n = 0; n < 50; n++) dan.say({ type: "chat", text: "x", requestId: n });
    const errors = (await dan.hearRest()).filter((one) => one.type === "error");
    demand(errors.length > 20, "refusals of most of 50 chats in a room", errors.length);
    same("codes", errors.every(isRateLimited), true);
    const waits = errors.map(({ retryAfterMs }) => retryAfterMs ?? 0);
    demand(waits.every((ms) => ms > 0), "a retryAfterMs with each", waits);
    // On a new connection the user's own bucket has what the refused chats have not cost it.
    await dan.ask({ type: "leave" }, "leaved");
    const again = await scene.join("dan", { at });
    same("refusals of what goes to one alone", (await spend(again, 35)).length, 0);
  }),
];

/** Sends pings at once; returns the refusals. */
async function spend(actor: Actor, count: number): Promise<ServerMessage[]> {
  for (let at = 0; at < count; at++) actor.say({ type: "ping", at });
  const answers: ServerMessage[] = [];
  for (let n = 0; n < count; n++) answers.push(await actor.next(`answer ${n}`));
  return answers.filter(isRateLimited);
}

function isRateLimited(message: ServerMessage): boolean {
  return message.type === "error" && message.code === "rate-limited";
}

function bucketOf(scene: Scene, actor: Actor): { burst: number; rate: number } {
  const { welcome } = actor;
  const { messageBurst: burst, messagesPerSecond: rate } = welcome.limits;
  actor.bePatient(FLOOD_MS);
  if (burst + rate <= MAX_BURST || scene.isSlow) return { burst, rate };
  throw new NotApplicable(`a burst has ${burst} messages; --slow sends them`);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

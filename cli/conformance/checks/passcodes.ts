/**
 * Checks of the section Passcodes. Wrong passcodes cost guesses of this network (TH1), so there are few
 * of them; a server that is out of patience with us cannot be checked for now.
 */
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check } from "../check.ts";
import { demand, demandMessage, same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { NotApplicable } from "../verdict.ts";

const PASSCODE = "open sesame";
const LONGEST = "𝒜".repeat(128);

/** PC1 to PC4. */
export const passcodeChecks = [
  check("PC1", {
    title: "create-room or the join that makes a room gives it its passcode, for good",
    does: "makes rooms both ways, reads what they show, and tries to change one",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { room } = await ann.join(scene.room, { passcode: PASSCODE });
    same("what the room shows", room.passcode, true);
    const bob = await scene.connect("bob");
    await enter(scene, bob, { roomId: scene.room, passcode: PASSCODE });
    await ann.hear("user-joined", { userId: "bob" });
    const create = { type: "create-room", kind: "meeting", passcode: PASSCODE };
    const { roomId } = await bob.ask(create, "room-created");
    const cat = await scene.connect("cat");
    await refuses(scene, cat, { roomId, passcode: undefined });
    const joined = await enter(scene, cat, { roomId, passcode: PASSCODE });
    demand(!JSON.stringify(joined).includes(PASSCODE), "no passcode in joined", joined);
  }),

  check("PC2", {
    title:
      "a join without the passcode or with another gets bad-passcode, unless it has the host key",
    does: "joins without, with a wrong, the right one, the key, and a passcode where there is none",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const create = { type: "create-room", kind: "meeting", passcode: PASSCODE };
    const { roomId, hostKey } = await ann.ask(create, "room-created");
    await refuses(scene, ann, { roomId, passcode: undefined });
    await refuses(scene, ann, { roomId, passcode: "Open sesame" });
    await enter(scene, ann, { roomId, passcode: PASSCODE });
    const bob = await scene.connect("bob");
    await refuses(scene, bob, { roomId, passcode: `${PASSCODE} ` });
    await refuses(scene, bob, { roomId, passcode: "" });
    await ann.hearNothing();
    await bob.join(roomId, { hostKey });
    await ann.hear("user-joined", { userId: "bob" });
    const [cat] = await scene.gather(["cat"]);
    const dan = await scene.connect("dan");
    const { room } = await dan.join(scene.room, { passcode: "of another room" });
    await cat!.hear("user-joined", { userId: "dan" });
    same("the passcode of a room made without", room.passcode, undefined);
  }),

  check("PC3", {
    title: "while a passcode is checked, the connection's later messages wait their turn",
    does:
      "sends a join with a passcode and a chat in one breath, and asks for another room meanwhile",
  }, async (scene) => {
    const ann = await scene.join("ann", { fields: { passcode: PASSCODE } });
    const bob = await scene.connect("bob");
    const join = { type: "join", roomId: scene.room, userId: "bob", passcode: PASSCODE };
    bob.say({ ...join, requestId: 1 });
    bob.say({ type: "chat", text: "first", requestId: 2 });
    bob.say({ type: "ping", at: 3, requestId: 3 });
    bob.say({ ...join, roomId: scene.otherRoom, requestId: 4 });
    bob.say({ type: "leave", requestId: 5 });
    demandEntered(await bob.next("joined"), { requestId: 1 });
    await bob.hear("chat", { requestId: 2, text: "first" });
    await bob.hear("pong", { requestId: 3 });
    await bob.hear("error", { requestId: 4, code: "already-joined" });
    await bob.hear("leaved", { requestId: 5 });
    await ann.hear("user-joined", { userId: "bob" });
    await ann.hear("chat", { text: "first" });
    await ann.hear("user-left", { userId: "bob" });
    scene.note("how a passcode is kept cannot be seen from outside");
  }),

  check("PC4", {
    title: "a passcode has 1 to 128 code points, and is compared in Unicode's form C",
    does:
      "makes rooms with the longest, with none, with one too long, and joins by another spelling",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const create = { type: "create-room", kind: "meeting" };
    await ann.beRefused({ ...create, passcode: "" }, "bad-message");
    await ann.beRefused({ ...create, passcode: "x".repeat(129) }, "bad-message");
    const { roomId } = await ann.ask({ ...create, passcode: LONGEST }, "room-created");
    await enter(scene, ann, { roomId, passcode: LONGEST });
    const spelled = await ann.ask({ ...create, passcode: "Zoe\u0301" }, "room-created");
    const bob = await scene.connect("bob");
    await refuses(scene, bob, { roomId, passcode: `${LONGEST}x` });
    const cat = await scene.connect("cat");
    await enter(scene, cat, { roomId: spelled.roomId, passcode: "Zo\u00e9" });
    await everyone([ann, bob, cat], (one) => one.hearNothing());
  }),
];

type Attempt = { readonly roomId: string; readonly passcode: string | undefined };

/** Joins with a passcode that is right. */
async function enter(scene: Scene, actor: Actor, attempt: Attempt): Promise<ServerMessage> {
  const answer = await answerTo(scene, actor, attempt);
  demandEntered(answer, { requestId: answer.requestId });
  return answer;
}

/** Joins with a passcode that will not do. */
async function refuses(scene: Scene, actor: Actor, attempt: Attempt): Promise<void> {
  const answer = await answerTo(scene, actor, attempt);
  demandMessage(answer, "error", { code: "bad-passcode", requestId: answer.requestId });
}

async function answerTo(scene: Scene, actor: Actor, attempt: Attempt): Promise<ServerMessage> {
  const { roomId, passcode } = attempt;
  const requestId = `${actor.name} ${roomId}`;
  const join = { type: "join", roomId, userId: actor.name, requestId };
  actor.say(passcode === undefined ? join : { ...join, passcode });
  const answer = await actor.next("an answer to the join");
  const isThrottled = answer.type === "error" && answer.code === "rate-limited";
  if (isThrottled && !scene.isOwn) {
    const waitS = Math.ceil((answer.retryAfterMs ?? 0) / 1_000);
    throw new NotApplicable(
      `this network is out of guesses (TH1), from an earlier run perhaps: one more in ${waitS} s`,
    );
  }
  same("the id of the answer", answer.requestId, requestId);
  return answer;
}

function demandEntered(message: ServerMessage, where: { requestId: unknown }): void {
  demandMessage(message, "joined", where);
}

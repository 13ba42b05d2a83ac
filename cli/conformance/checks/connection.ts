/**
 * Checks of the section Connection: the handshake, the greeting, frames. What takes a broken or silent
 * client is in `transport.ts`.
 */
import { SUBPROTOCOL } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check } from "../check.ts";
import { demand, same, someText } from "../expectation.ts";
import { MAX_FRAME_LENGTH, readMessages } from "../frames.ts";
import { everyone, type Scene } from "../scene.ts";

const FOREIGN_ORIGIN = "https://elsewhere.invalid";

/** CO1 to CO7. */
export const connectionChecks = [
  check("CO1", {
    title: "a handshake is upgraded, or refused with its status",
    does:
      "asks with the server's own origin, a foreign one, none, without an upgrade, and beyond " +
      "the capacity of a server for one connection",
  }, async (scene) => {
    const { host } = new URL(scene.place.socketUrl);
    const own = scene.place.address.startsWith("https") ? `https://${host}` : `http://${host}`;
    for (const headers of [{}, { Origin: own }]) {
      same("the status of an upgrade", await handshake(scene, { headers }), 101);
    }
    same(
      "the status without an upgrade",
      await handshake(scene, { asksForUpgrade: false }),
      426,
    );
    const foreign = await handshake(scene, { headers: { Origin: FOREIGN_ORIGIN } });
    if (foreign === 101 && !scene.isOwn) {
      scene.note("403: the server allows every origin, it seems");
    } else same("the status of a foreign origin", foreign, 403);
    if (!scene.isOwn) return scene.note("503: it takes a server of a known capacity");
    const at = await scene.ownServer("--max-connections", "1");
    const ann = await scene.connect("ann", { at });
    same("the status beyond the capacity", await handshake(scene, { at }), 503);
    await ann.close();
    await untilStatus(scene, () => handshake(scene, { at }), 101);
  }),

  check("CO2", {
    title: "the server speaks first, once: welcome",
    does: "connects twice and says nothing but a ping, then joins",
  }, async (scene) => {
    const ann = await scene.open("ann");
    const welcome = await ann.hear("welcome", { protocol: SUBPROTOCOL, connectionId: someText });
    await ann.hearNothing();
    const bob = await scene.connect("bob");
    demand(
      bob.welcome.connectionId !== welcome.connectionId,
      "another connectionId for each connection",
      bob.welcome.connectionId,
    );
    const { maxMessageBytes, messagesPerSecond, messageBurst, maxParticipants } = welcome.limits;
    const bounds = [maxMessageBytes, messagesPerSecond, messageBurst, maxParticipants];
    demand(bounds.every((one) => one > 0), "limits above 0", welcome.limits);
    demand(welcome.heartbeatMs > 0, "a heartbeatMs above 0", welcome.heartbeatMs);
    await ann.join(scene.room);
  }),

  check("CO3", {
    title: "signalbox.v1 is selected where it is offered, and nothing otherwise",
    does: "offers it alone, among others, not at all, and only others; each is welcomed",
  }, async (scene) => {
    const cases: [offered: string | undefined, selected: string | undefined][] = [
      [SUBPROTOCOL, SUBPROTOCOL],
      [`chat.v9, ${SUBPROTOCOL}`, SUBPROTOCOL],
      [undefined, undefined],
      ["chat.v9, soap", undefined],
    ];
    for (const [offered, selected] of cases) {
      const headers = offered === undefined ? {} : { "Sec-WebSocket-Protocol": offered };
      const raw = await scene.raw({ headers });
      const answer = await scene.inTime(raw.readAnswer(), "the answer to a handshake");
      same(`the status of an offer of ${offered ?? "nothing"}`, answer.status, 101);
      same(
        `the subprotocol for an offer of ${offered ?? "nothing"}`,
        answer.headers["sec-websocket-protocol"],
        selected,
      );
      const [first] = await scene.inTime(readMessages(raw), "welcome");
      same("the type of the first message", first?.type, "welcome");
      raw.drop();
    }
  }),

  check("CO4", {
    title: "a client sends one JSON object in a text frame",
    does: "sends an array of two messages, and one message in three fragments",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    ann.sayText('[{"type":"ping","at":1},{"type":"ping","at":2}]');
    await ann.hear("error", { code: "bad-message" });
    await ann.hearNothing();
    const raw = await scene.raw();
    await scene.inTime(raw.readAnswer(), "the answer to a handshake");
    await scene.inTime(readMessages(raw), "welcome");
    const parts = ['{"type":', '"ping","at"', ":7}"].map((part) => new TextEncoder().encode(part));
    await raw.writeFrame(parts[0]!, { opcode: 1, isFinal: false });
    await raw.writeFrame(parts[1]!, { opcode: 0, isFinal: false });
    await raw.writeFrame(parts[2]!, { opcode: 0, isFinal: true });
    same("the answer", await scene.inTime(readMessages(raw), "pong"), [{ type: "pong", at: 7 }]);
  }),

  check("CO5", {
    title: "what comes about together goes out together, in its order",
    does: "has a host leave: user-left and host-changed stand in one frame, in this order",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const plain = await scene.connect("cat", { protocols: [] });
    await plain.join(scene.room);
    await bob!.hear("user-joined", { userId: "cat" });
    await ann!.hear("user-joined", { userId: "cat" });
    await ann!.ask({ type: "leave" }, "leaved");
    await bob!.hear("user-left", { userId: "ann" });
    await bob!.hear("host-changed", { userId: "bob" });
    await plain.hear("user-left", { userId: "ann" });
    await plain.hear("host-changed", { userId: "bob" });
    const last: unknown = JSON.parse(bob!.frames.at(-1) ?? "null");
    demand(
      Array.isArray(last) && last.length === 2,
      "user-left and host-changed in one frame",
      bob!.frames.slice(-2).join("\n"),
    );
  }),

  check("CO6", {
    title: "without the subprotocol a message is a frame; with it frames are packed, within bounds",
    does: "sends a client without it several messages at once, and has a lost one resume half a " +
      "million characters",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const plain = await scene.join("bob", { protocols: [] });
    await ann.hear("user-joined", { userId: "bob" });
    const cat = await scene.connect("cat");
    const { resumeToken } = await cat.join(scene.room, { resumable: true });
    await everyone([ann, plain], (one) => one.hear("user-joined", { userId: "cat" }));
    await cat.drop();
    const lost = { userId: "cat", connected: false };
    if (resumeToken === undefined) {
      scene.note("the bound on frames: no resume is granted");
      await everyone([ann, plain], (one) => one.hear("user-left", { userId: "cat" }));
    } else {
      await everyone([ann, plain], (one) => one.hear("participant-updated", lost));
      const back = await checkBound(scene, { ann, resumeToken });
      const found = { userId: "cat", connected: true };
      await everyone([ann, plain], (one) => one.hear("participant-updated", found));
      await back.ask({ type: "leave" }, "leaved");
      await everyone([ann, plain], (one) => one.hear("user-left", { userId: "cat" }));
    }
    await ann.ask({ type: "leave" }, "leaved");
    await plain.hear("user-left", { userId: "ann" });
    await plain.hear("host-changed", { userId: "bob" });
    demand(
      plain.frames.every((frame) => frame.startsWith("{")),
      "an object in each frame of a client without the subprotocol",
      plain.frames.find((frame) => !frame.startsWith("{")),
    );
  }),

  check("CO7", {
    title: "a binary frame gets bad-message, and the connection goes on",
    does: "sends one outside a room and one inside",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const cat = await scene.connect("cat");
    for (const one of [ann!, cat]) {
      one.sayBytes(new TextEncoder().encode('{"type":"ping","at":1}'));
      await one.hear("error", { code: "bad-message" });
    }
    await ann!.ask({ type: "chat", text: "still here" }, "chat");
    await bob!.hear("chat", { from: "ann", text: "still here" });
  }),
];

type Handshake = Parameters<Scene["raw"]>[0];

/** The status of one handshake. */
export async function handshake(scene: Scene, options: Handshake = {}): Promise<number> {
  const raw = await scene.raw(options);
  const { status } = await scene.inTime(raw.readAnswer(), "the answer to a handshake");
  raw.drop();
  return status;
}

/** Asks until the status is `wanted`: the server hears of an end when it does. */
export async function untilStatus(
  scene: Scene,
  ask: () => Promise<number>,
  wanted: number,
): Promise<void> {
  const endAt = scene.clock.elapsed() + scene.timeoutMs;
  for (;;) {
    const status = await ask();
    if (status === wanted || scene.clock.elapsed() > endAt) return same("status", status, wanted);
    await scene.pause(20);
  }
}

/** Who comes back to many long messages gets them in frames that are not packed beyond the bound. */
async function checkBound(
  scene: Scene,
  { ann, resumeToken }: { ann: Actor; resumeToken: string },
): Promise<Actor> {
  const payload = "x".repeat(50_000);
  const count = ann.welcome.limits.maxMessageBytes < 60_000 ? 0 : 9;
  if (count === 0) scene.note("the bound on frames: the server takes no long messages");
  for (let n = 0; n < count; n++) await ann.ask({ type: "data", payload, to: "cat" }, "data");
  const back = await scene.connect("cat");
  await back.ask({ type: "resume", resumeToken, lastSeq: 0 }, "resumed", { missed: count });
  for (let n = 0; n < count; n++) await back.hear("data", { payload });
  const longest = Math.max(...back.frames.map(({ length }) => length));
  demand(longest <= MAX_FRAME_LENGTH, `frames of at most ${MAX_FRAME_LENGTH} characters`, longest);
  await back.hearNothing();
  return back;
}

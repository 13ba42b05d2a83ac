/**
 * Checks of the sections leave and end-room.
 */
import type { Actor } from "../actor.ts";
import { check } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { Finding } from "../verdict.ts";

/** LE1 to LE7. */
export const leavingChecks = [
  check("LE1", {
    title: "leave takes no other's id, and needs a room",
    does: "leaves in no room, as another, from another room, and then as itself",
  }, async (scene) => {
    const stranger = await scene.connect("stranger");
    await stranger.beRefused({ type: "leave" }, "not-joined");
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    await ann!.beRefused({ type: "leave", userId: "bob" }, "not-allowed");
    await ann!.beRefused({ type: "leave", roomId: scene.otherRoom }, "not-allowed");
    await ann!.beRefused({ type: "leave", roomId: scene.room, userId: "bob" }, "not-allowed");
    await ann!.ask({ type: "chat", text: "still here" }, "chat");
    await bob!.hear("chat", { from: "ann" });
    await bob!.ask({ type: "leave", roomId: scene.room, userId: "bob" }, "leaved");
    await ann!.hear("user-left", { userId: "bob", reason: "left" });
    await bob!.beRefused({ type: "leave" }, "not-joined");
  }),

  check("LE2", {
    title: "leave is answered with leaved, and its sender may join again",
    does: "leaves, is in no room, joins the same room and another one over the same connection",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const gone = { roomId: scene.room, userId: "bob", reason: "left" };
    await bob!.ask({ type: "leave" }, "leaved", gone);
    await ann!.hear("user-left", gone);
    await bob!.beRefused({ type: "chat", text: "x" }, "not-joined");
    same("users", (await bob!.join(scene.room)).users, ["ann", "bob"]);
    await ann!.hear("user-joined", { userId: "bob" });
    await bob!.ask({ type: "leave" }, "leaved", gone);
    await ann!.hear("user-left", gone);
    same("users", (await bob!.join(scene.otherRoom)).users, ["bob"]);
    await ann!.hearNothing();
    bob!.say({ type: "leave" });
    await bob!.hear("leaved", { roomId: scene.otherRoom });
  }),

  check("LE3", {
    title: "everyone who stays gets exactly one user-left, the leaver none",
    does: "has five leave one after the other in different ways",
  }, async (scene) => {
    const present = await scene.gather(["ann", "bob", "cat", "dan", "eve"]);
    const ways: [name: string, reason: string, go: (one: Actor) => Promise<unknown>][] = [
      ["cat", "left", (one) => one.ask({ type: "leave" }, "leaved")],
      ["eve", "disconnected", (one) => one.drop()],
      ["bob", "disconnected", (one) => one.close()],
      ["dan", "left", (one) => one.ask({ type: "leave" }, "leaved")],
    ];
    for (const [name, reason, go] of ways) {
      const at = present.findIndex((one) => one.name === name);
      const [leaver] = present.splice(at, 1);
      await go(leaver!);
      const gone = { roomId: scene.room, userId: name, reason };
      await everyone(present, (one) => one.hear("user-left", gone));
      await everyone(present, (one) => one.hearNothing());
      if (leaver!.isOpen) await leaver!.hearNothing();
    }
  }),

  check("LE4", {
    title: "user-left tells the true reason",
    does:
      "leaves by each way that another check does not wait for (RE8: timeout, BP4: slow-consumer)",
  }, async (scene) => {
    const [ann, bob, cat, dan, eve] = await scene.gather(["ann", "bob", "cat", "dan", "eve"]);
    const told = async (userId: string, reason: string, ...who: Actor[]) =>
      void await everyone(who, (one) => one.hear("user-left", { userId, reason }));
    await bob!.ask({ type: "leave" }, "leaved", { reason: "left" });
    await told("bob", "left", ann!, cat!, dan!, eve!);
    await cat!.drop();
    await told("cat", "disconnected", ann!, dan!, eve!);
    await dan!.close();
    await told("dan", "disconnected", ann!, eve!);
    await ann!.ask({ type: "kick", userId: "eve" }, "ok");
    await told("eve", "kicked", ann!);
    await eve!.hear("leaved", { userId: "eve", reason: "kicked" });
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    const fay = await scene.connect("fay");
    await fay.ask({ type: "join", roomId: scene.room, userId: "fay" }, "waiting");
    await ann!.hear("knock", { userId: "fay" });
    await ann!.ask({ type: "deny", userId: "fay" }, "ok");
    await ann!.hear("knock-ended", { userId: "fay", reason: "denied" });
    await fay.hear("leaved", { reason: "denied" });
    await ann!.ask({ type: "end-room" }, "leaved", { reason: "room-ended" });
  }),

  check("LE5", {
    title: "the last leave destroys the room, and nothing of it stays",
    does:
      "locks and fills a room, empties it by leave, close and drop, and makes it anew each time",
  }, async (scene) => {
    const ways: [string, (one: Actor) => Promise<unknown>][] = [
      ["leave", (one) => one.ask({ type: "leave" }, "leaved")],
      ["close", (one) => one.close()],
      ["drop", (one) => one.drop()],
    ];
    for (const [way, go] of ways) {
      const ann = await scene.join("ann", { fields: { role: "broadcaster" } });
      const bob = await scene.join("bob");
      await ann.hear("user-joined", { userId: "bob" });
      await ann.ask({ type: "state", audio: true }, "ok");
      await bob.hear("participant-updated");
      await ann.ask({ type: "chat", text: "x" }, "chat");
      await bob.hear("chat");
      await ann.ask({ type: "lock", locked: true }, "ok");
      await bob.hear("room-updated");
      await go(ann);
      await bob.hear("user-left", { userId: "ann" });
      await bob.hear("host-changed", { userId: "bob" });
      await go(bob);
      await comesFresh(scene, way);
    }
  }),

  check("LE6", {
    title: "when the server ends a stay, the participant is told, unasked, and may go on",
    does: "kicks one and ends the room for two, who then join another",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    await ann!.ask({ type: "kick", userId: "bob" }, "ok");
    await everyone([ann!, cat!], (one) => one.hear("user-left", { userId: "bob" }));
    const { room: roomId } = scene;
    await bob!.hear("leaved", { roomId, userId: "bob", reason: "kicked", requestId: undefined });
    await ann!.ask({ type: "end-room" }, "leaved", { reason: "room-ended" });
    await cat!.hear("leaved", { roomId, userId: "cat", reason: "room-ended" });
    for (const one of [bob!, cat!]) {
      await one.hearNothing();
      await one.beRefused({ type: "chat", text: "x" }, "not-joined");
    }
    await bob!.join(scene.otherRoom);
    await cat!.join(scene.otherRoom);
    await bob!.hear("user-joined", { userId: "cat" });
  }),

  check("LE7", {
    title: "a connection that ends without leave has left at once",
    does: "closes with 1000, 1001 and no code, and drops, also one that may resume but means to go",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const ways: [(one: Actor) => Promise<void>, resumable: boolean][] = [
      [(one) => one.drop(), false],
      [(one) => one.close(), false],
      [(one) => one.close("none"), false],
      [(one) => one.close(4000), false],
      [(one) => one.close(), true],
      [(one) => one.close(1001), true],
      [(one) => one.close("none"), true],
    ];
    for (const [go, resumable] of ways) {
      const bob = await scene.join("bob", { fields: { resumable } });
      await ann.hear("user-joined", { userId: "bob" });
      await go(bob);
      await ann.hear("user-left", { userId: "bob", reason: "disconnected" });
      await ann.hearNothing();
    }
  }),
];

/** EN1. */
export const endingChecks = [
  check("EN1", {
    title: "end-room ends it for everyone, those who wait too, and the id is free",
    does: "ends a room of two with one in its lobby, and makes it anew",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    await bob!.hear("room-updated");
    const cat = await scene.connect("cat");
    await cat.ask({ type: "join", roomId: scene.room, userId: "cat" }, "waiting");
    await ann!.hear("knock", { userId: "cat" });
    await bob!.beRefused({ type: "end-room" }, "not-allowed");
    const ended = { roomId: scene.room, reason: "room-ended" };
    await ann!.ask({ type: "end-room" }, "leaved", { ...ended, userId: "ann" });
    await bob!.hear("leaved", { ...ended, userId: "bob" });
    await cat.hear("leaved", { ...ended, userId: "cat" });
    await everyone([ann!, bob!, cat], (one) => one.hearNothing());
    const { users, room, participants } = await cat.join(scene.room);
    same("users of the room made anew", users, ["cat"]);
    same("its lobby", room.lobby, undefined);
    same("its host", participants[0]?.host, true);
  }),
];

/** Joins the emptied room under an id that was in use, as soon as that is free, and looks around. */
async function comesFresh(scene: Scene, way: string): Promise<void> {
  const cat = await scene.connect("bob");
  const join = { type: "join", roomId: scene.room, userId: "bob" };
  const endAt = scene.clock.elapsed() + scene.timeoutMs;
  for (let n = 0;; n++) {
    const requestId = `again ${n}`;
    cat.say({ ...join, requestId });
    const answer = await cat.next("an answer to the join");
    if (answer.type === "joined") {
      same(`users after the last ${way}`, answer.users, ["bob"]);
      same("its lock", answer.room.locked, undefined);
      same("the kind", answer.room.kind, "meeting");
      same("states and hosts", [answer.participants[0]?.state, answer.participants[0]?.host], [
        {},
        true,
      ]);
      await cat.ask({ type: "leave" }, "leaved");
      return;
    }
    // The end of a connection reaches the server when it does; a reply to leave is its word.
    if (way === "leave" || scene.clock.elapsed() > endAt) {
      throw new Finding(`an empty room after the last ${way}`, JSON.stringify(answer));
    }
    demand(answer.type === "error", "an error until the room is gone", answer);
    await scene.pause(20);
  }
}

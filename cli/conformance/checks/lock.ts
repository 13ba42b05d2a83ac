/**
 * Checks of the section lock.
 */
import { check } from "../check.ts";
import { hostedRoom } from "../hosted_room.ts";
import { same, that } from "../expectation.ts";
import { everyone } from "../scene.ts";

const room = (says: string, holds: (room: Record<string, unknown>) => boolean) =>
  that(says, (value) => holds(value as Record<string, unknown>)); // Its schema says it is one.

/** A room that shows it is locked, and one that does not. */
const LOCKED = room("a locked room", ({ locked }) => locked === true);
const OPEN = room("a room that is not locked", ({ locked }) => locked === undefined);

/** LK1, LK2. */
export const lockChecks = [
  check("LK1", {
    title: "a locked room lets nobody in but with the host key; who is in it stays",
    does:
      "joins a locked room in every role and with a passcode, with the key, and once it is open",
  }, async (scene) => {
    const { ann, bob, roomId, hostKey } = await hostedRoom(scene);
    await ann.ask({ type: "lock", locked: true }, "ok");
    await bob.hear("room-updated", { room: LOCKED });
    const cat = await scene.connect("cat");
    const join = { type: "join", roomId, userId: "cat" };
    for (const more of [{}, { role: "broadcaster" }, { role: "viewer" }, { passcode: "x" }]) {
      await cat.beRefused({ ...join, ...more }, "room-locked");
    }
    await everyone([ann, bob], (one) => one.hearNothing());
    await bob.ask({ type: "chat", text: "still here" }, "chat");
    await ann.hear("chat");
    const key = await scene.connect("key");
    same("the lock", (await key.join(roomId, { hostKey })).room.locked, true);
    await everyone([ann, bob], (one) => one.hear("user-joined", { userId: "key" }));
    await key.ask({ type: "lock", locked: false }, "ok");
    await everyone([ann, bob], (one) => one.hear("room-updated", { room: OPEN }));
    same("the lock", (await cat.join(roomId)).room.locked, undefined);
    await everyone([ann, bob, key], (one) => one.hear("user-joined", { userId: "cat" }));
  }),

  check("LK2", {
    title: "a change of the lock is told to the others, no change to nobody",
    does: "locks and opens twice each among three",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    for (const locked of [false, true, true, false, false, true]) {
      await ann!.ask({ type: "lock", locked }, "ok");
    }
    for (const one of [bob!, cat!]) {
      await one.hear("room-updated", { room: LOCKED });
      await one.hear("room-updated", { room: OPEN });
      await one.hear("room-updated", { room: LOCKED });
    }
    await everyone([ann!, bob!, cat!], (one) => one.hearNothing());
  }),
];

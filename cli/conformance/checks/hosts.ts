/**
 * Checks of the section Host.
 */
import { check } from "../check.ts";
import { same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";

/** Each request of a host, about somebody who need not exist. */
const REQUESTS = [
  { type: "kick", userId: "bob" },
  { type: "kick", userId: "nobody" },
  { type: "mute", userId: "ann", kind: "audio" },
  { type: "mute", userId: "nobody", kind: "video" },
  { type: "lock", locked: true },
  { type: "lock", locked: false },
  { type: "lobby", enabled: true },
  { type: "admit", userId: "nobody" },
  { type: "deny", userId: "nobody" },
  { type: "end-room" },
] as const;

/** HO1 to HO4. */
export const hostChecks = [
  check("HO1", {
    title: "hosts are shown as such; who has the room's key becomes one",
    does: "joins a room first without and then with its host key, and lets both moderate",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const create = { type: "create-room", kind: "meeting" };
    const { roomId, hostKey } = await ann.ask(create, "room-created");
    same("hosts", hostsOf(await ann.join(roomId)), ["ann"]);
    const bob = await scene.connect("bob");
    same("hosts", hostsOf(await bob.join(roomId)), ["ann"]);
    await ann.hear("user-joined");
    const cat = await scene.connect("cat");
    same("hosts", hostsOf(await cat.join(roomId, { hostKey })), ["ann", "cat"]);
    await everyone([ann, bob], (one) => one.hear("user-joined", { userId: "cat" }));
    for (const one of [ann, cat]) {
      await one.ask({ type: "mute", userId: "bob", kind: "audio" }, "ok");
      await bob.hear("mute", { from: one.name });
    }
    await bob.beRefused({ type: "mute", userId: "ann", kind: "audio" }, "not-allowed");
  }),

  check("HO2", {
    title: "where there is no host, the next who enters and is not a viewer becomes it",
    does: "joins a new room, and one in which only a viewer has stayed",
  }, async (scene) => {
    const [ann] = await scene.gather(["ann"]);
    const viewer = await scene.connect("viewer");
    const joined = await viewer.join(scene.room, { role: "viewer" });
    same("hosts", hostsOf(joined), ["ann"]);
    await ann!.hear("user-joined", { userId: "viewer" });
    await ann!.ask({ type: "leave" }, "leaved");
    await viewer.hear("user-left", { userId: "ann" });
    await viewer.hearNothing();
    const second = await scene.connect("second");
    same("hosts", hostsOf(await second.join(scene.room, { role: "viewer" })), []);
    await viewer.hear("user-joined");
    const bob = await scene.connect("bob");
    same("hosts", hostsOf(await bob.join(scene.room)), ["bob"]);
    await everyone([viewer, second], (one) => one.hear("user-joined", { userId: "bob" }));
    const cat = await scene.connect("cat");
    same("hosts", hostsOf(await cat.join(scene.room)), ["bob"]);
    await everyone([viewer, second, bob], (one) => one.hear("user-joined", { userId: "cat" }));
    await bob.ask({ type: "lock", locked: false }, "ok");
  }),

  check("HO3", {
    title:
      "when the last host leaves, the longest present who is no viewer becomes it, and all hear so",
    does: "lets hosts leave and drop before a viewer, two participants, and a second host",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { roomId, hostKey } = await ann.ask(
      { type: "create-room", kind: "meeting" },
      "room-created",
    );
    await ann.join(roomId);
    const viewer = await scene.connect("viewer");
    await viewer.join(roomId, { role: "viewer" });
    await ann.hear("user-joined");
    const [bob, cat, key] = [
      await scene.connect("bob"),
      await scene.connect("cat"),
      await scene.connect("key"),
    ];
    const present = [ann, viewer];
    for (const one of [bob, cat, key]) {
      await one.join(roomId, one === key ? { hostKey } : {});
      await everyone(present, (other) => other.hear("user-joined", { userId: one.name }));
      present.push(one);
    }
    await key.ask({ type: "leave" }, "leaved");
    const afterKey = [ann, viewer, bob, cat];
    await everyone(afterKey, (one) => one.hear("user-left", { userId: "key" }));
    await everyone(afterKey, (one) => one.hearNothing());
    await ann.drop();
    const stay = [viewer, bob, cat];
    await everyone(stay, (one) => one.hear("user-left", { userId: "ann" }));
    await everyone(stay, (one) => one.hear("host-changed", { userId: "bob" }));
    await bob.ask({ type: "mute", userId: "cat", kind: "audio" }, "ok");
    await cat.hear("mute", { from: "bob" });
    await cat.ask({ type: "leave" }, "leaved");
    await everyone([viewer, bob], (one) => one.hear("user-left", { userId: "cat" }));
    await bob.ask({ type: "leave" }, "leaved");
    await viewer.hear("user-left", { userId: "bob" });
    await viewer.hearNothing();
  }),

  check("HO4", {
    title: "who is not host gets not-allowed, and from outside a room not-joined",
    does: "sends every request of a host as a member, as one who waits, and as a stranger",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    for (const request of REQUESTS) await bob!.beRefused(request, "not-allowed");
    await everyone([ann!, bob!], (one) => one.hearNothing());
    const stranger = await scene.connect("stranger");
    await refusesStranger(stranger);
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    await bob!.hear("room-updated");
    const waits = await scene.connect("waits");
    await waits.ask({ type: "join", roomId: scene.room, userId: "waits" }, "waiting");
    await ann!.hear("knock");
    await refusesStranger(waits);
    await bob!.beRefused({ type: "admit", userId: "waits" }, "not-allowed");
    await bob!.beRefused({ type: "deny", userId: "waits" }, "not-allowed");
    await everyone([ann!, bob!, waits], (one) => one.hearNothing());
  }),
];

/** The user ids that a `joined` shows as hosts. */
export function hostsOf(
  { participants }: { participants: readonly { userId: string; host?: true }[] },
): string[] {
  return participants.filter(({ host }) => host === true).map(({ userId }) => userId);
}

async function refusesStranger(stranger: Awaited<ReturnType<Scene["connect"]>>): Promise<void> {
  for (const request of REQUESTS) await stranger.beRefused(request, "not-joined");
}

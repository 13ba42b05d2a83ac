/**
 * Checks of the section Lobby.
 */
import type { Actor } from "../actor.ts";
import { check } from "../check.ts";
import { hostedRoom } from "../hosted_room.ts";
import { demand, same, that } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { hostsOf } from "./hosts.ts";

const WITH_LOBBY = that(
  "a room with a lobby",
  (room) => (room as { lobby?: boolean }).lobby === true,
);
const WITHOUT = that(
  "a room without a lobby",
  (room) => (room as { lobby?: boolean }).lobby === undefined,
);

/** LB1 to LB8. */
export const lobbyChecks = [
  check("LB1", {
    title: "switching the lobby is told to the others, and changes nothing for who is in or waits",
    does: "switches it on and off, twice each, with one who waits meanwhile",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    await ann!.ask({ type: "lobby", enabled: false }, "ok");
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    await bob!.hear("room-updated", { room: WITH_LOBBY });
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    const cat = await knock(scene, "cat");
    await ann!.hear("knock", { userId: "cat" });
    await ann!.ask({ type: "lobby", enabled: false }, "ok");
    await bob!.hear("room-updated", { room: WITHOUT });
    await everyone([ann!, bob!, cat], (one) => one.hearNothing());
    const dan = await scene.join("dan");
    await everyone([ann!, bob!], (one) => one.hear("user-joined", { userId: "dan" }));
    await cat.beRefused({ type: "chat", text: "x" }, "not-joined");
    await ann!.ask({ type: "admit", userId: "cat" }, "ok");
    await cat.hear("joined", { users: ["ann", "bob", "dan", "cat"] });
    await everyone([ann!, bob!, dan], (one) => one.hear("user-joined", { userId: "cat" }));
  }),

  check("LB2", {
    title: "with the lobby on a join waits, hears nothing and says nothing",
    does: "waits while the room talks, tries to talk and to join, and comes in with the host key",
  }, async (scene) => {
    const { ann, bob, roomId, hostKey } = await hostedRoom(scene);
    await ann.ask({ type: "lobby", enabled: true }, "ok");
    await bob.hear("room-updated");
    const cat = await scene.connect("cat");
    const join = { type: "join", roomId, userId: "cat" };
    await cat.ask(join, "waiting", { roomId, userId: "cat" });
    await ann.hear("knock", { userId: "cat" });
    await bob.ask({ type: "chat", text: "secret" }, "chat");
    await ann.hear("chat");
    await bob.ask({ type: "state", hand: true }, "ok");
    await ann.hear("participant-updated");
    await ann.beRefused({ type: "chat", text: "x", to: "cat" }, "no-such-participant");
    await cat.hearNothing();
    for (const request of [{ type: "chat", text: "x" }, { type: "state", audio: true }]) {
      await cat.beRefused(request, "not-joined");
    }
    for (const target of [roomId, scene.otherRoom]) {
      await cat.beRefused({ ...join, roomId: target }, "already-joined");
    }
    await everyone([ann, bob], (one) => one.hearNothing());
    const key = await scene.connect("key");
    same("users", (await key.join(roomId, { hostKey })).users, ["ann", "bob", "key"]);
    await everyone([ann, bob], (one) => one.hear("user-joined", { userId: "key" }));
    await key.hear("knock", { userId: "cat" });
  }),

  check("LB3", {
    title: "every host hears each who waits, and a new host those who wait already",
    does: "knocks at a room with two hosts and a member, then lets the hosts go",
  }, async (scene) => {
    const { ann, bob, roomId, hostKey } = await hostedRoom(scene);
    const key = await scene.connect("key");
    await key.join(roomId, { hostKey });
    await everyone([ann, bob], (one) => one.hear("user-joined"));
    await ann.ask({ type: "lobby", enabled: true }, "ok");
    await everyone([bob, key], (one) => one.hear("room-updated"));
    const cat = await knock(scene, "cat", { roomId, name: "Cat", role: "viewer" });
    const first = { userId: "cat", name: "Cat", role: "viewer" };
    await everyone([ann, key], (one) => one.hear("knock", first));
    const dan = await knock(scene, "dan", { roomId });
    const second = { userId: "dan", name: undefined, role: "participant" };
    await everyone([ann, key], (one) => one.hear("knock", second));
    await everyone([ann, bob, key, cat, dan], (one) => one.hearNothing());
    await key.ask({ type: "leave" }, "leaved");
    await everyone([ann, bob], (one) => one.hear("user-left", { userId: "key" }));
    await ann.ask({ type: "leave" }, "leaved");
    await bob.hear("user-left", { userId: "ann" });
    await bob.hear("host-changed", { userId: "bob" });
    await bob.hearAll(["knock", first], ["knock", second]);
  }),

  check("LB4", {
    title: "admit lets one in, unasked and once; who cannot enter goes on waiting",
    does: "admits one, nobody, and one whose user id a member has",
  }, async (scene) => {
    const [ann, bob] = await withLobby(scene);
    const cat = await knock(scene, "cat", { name: "Cat" });
    await ann!.hear("knock", { userId: "cat" });
    ann!.say({ type: "admit", userId: "cat", requestId: "admit" });
    const entered = { roomId: scene.room, userId: "cat" };
    await ann!.hearAll(["ok", { requestId: "admit" }], ["user-joined", entered]);
    await bob!.hear("user-joined", entered);
    const users = ["ann", "bob", "cat"];
    const { participants } = await cat.hear("joined", { ...entered, users, requestId: undefined });
    same("its name", participants.at(-1)?.name, "Cat");
    await cat.ask({ type: "chat", text: "Hello" }, "chat");
    await everyone([ann!, bob!], (one) => one.hear("chat", { from: "cat" }));
    await ann!.beRefused({ type: "admit", userId: "nobody" }, "no-such-participant");
    await ann!.beRefused({ type: "admit", userId: "cat" }, "no-such-participant");
    const double = await knock(scene, "bob");
    await ann!.hear("knock", { userId: "bob" });
    await ann!.beRefused({ type: "admit", userId: "bob" }, "user-id-taken");
    await everyone([ann!, bob!, cat, double], (one) => one.hearNothing());
    await bob!.ask({ type: "leave" }, "leaved");
    await everyone([ann!, cat], (one) => one.hear("user-left", { userId: "bob" }));
    ann!.say({ type: "admit", userId: "bob", requestId: "again" });
    await ann!.hearAll(["ok", { requestId: "again" }], ["user-joined", { userId: "bob" }]);
    await double.hear("joined", { users: ["ann", "cat", "bob"] });
    await cat.hear("user-joined", { userId: "bob" });
  }),

  check("LB5", {
    title: "deny sends one away, who may knock again",
    does: "denies one twice, and then nobody",
  }, async (scene) => {
    const [ann, bob] = await withLobby(scene);
    const cat = await scene.connect("cat");
    for (const requestId of ["first", "second"]) {
      await cat.ask({ type: "join", roomId: scene.room, userId: "cat" }, "waiting");
      await ann!.hear("knock", { userId: "cat" });
      ann!.say({ type: "deny", userId: "cat", requestId });
      const ended = { userId: "cat", reason: "denied" };
      await ann!.hearAll(["ok", { requestId }], ["knock-ended", ended]);
      await cat.hear("leaved", { roomId: scene.room, ...ended });
    }
    await ann!.beRefused({ type: "deny", userId: "cat" }, "no-such-participant");
    await ann!.beRefused({ type: "deny", userId: "bob" }, "no-such-participant");
    await everyone([bob!, cat], (one) => one.hearNothing());
  }),

  check("LB6", {
    title: "the hosts hear who stops waiting, and why; nobody else does",
    does: "lets those who wait leave, close and drop",
  }, async (scene) => {
    const [ann, bob] = await withLobby(scene);
    const ways: [reason: string, go: (one: Actor) => Promise<unknown>][] = [
      ["left", (one) => one.ask({ type: "leave" }, "leaved", { reason: "left" })],
      ["disconnected", (one) => one.close()],
      ["disconnected", (one) => one.drop()],
    ];
    for (const [reason, go] of ways) {
      const cat = await knock(scene, "cat");
      await ann!.hear("knock", { userId: "cat" });
      await go(cat);
      await ann!.hear("knock-ended", { userId: "cat", reason });
    }
    await everyone([ann!, bob!], (one) => one.hearNothing());
  }),

  check("LB7", {
    title: "when the last participant leaves, the room ends for those who wait",
    does: "empties a room before two who wait, who may then make it anew",
  }, async (scene) => {
    const [ann, bob] = await withLobby(scene);
    const [cat, dan] = [await knock(scene, "cat"), await knock(scene, "dan")];
    await ann!.hear("knock", { userId: "cat" });
    await ann!.hear("knock", { userId: "dan" });
    await bob!.ask({ type: "leave" }, "leaved");
    await ann!.hear("user-left", { userId: "bob" });
    await everyone([cat, dan], (one) => one.hearNothing());
    await ann!.ask({ type: "leave" }, "leaved");
    const ended = { roomId: scene.room, reason: "room-ended" };
    await everyone([cat, dan], (one) => one.hear("leaved", { ...ended, userId: one.name }));
    same("users", (await cat.join(scene.room)).users, ["cat"]);
  }),

  check("LB8", {
    title: "where create-room asked for the lobby, all wait for who has the host key",
    does: "comes early, looks for the room, goes, and comes again after the host",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const create = { type: "create-room", kind: "live", lobby: true };
    const { roomId, hostKey } = await ann.ask(create, "room-created");
    const early = await knock(scene, "early", { roomId });
    const viewer = await scene.connect("viewer");
    const view = { type: "join", roomId, userId: "viewer", role: "viewer" };
    await viewer.beRefused(view, "room-not-found");
    if (await scene.hasApi()) {
      same("the room over HTTP", (await scene.http(`/api/rooms/${roomId}`)).status, 404);
      const list = JSON.stringify((await scene.http("/api/rooms")).body);
      demand(!list.includes(roomId), "no such room in the list", list);
    } else scene.note("the list over HTTP: the server has none");
    await early.ask({ type: "leave" }, "leaved");
    const bob = await knock(scene, "bob", { roomId });
    const joined = await ann.join(roomId, { hostKey });
    same("users", joined.users, ["ann"]);
    same("host, kind, lobby", [hostsOf(joined), joined.room.kind, joined.room.lobby], [
      ["ann"],
      "live",
      true,
    ]);
    await ann.hear("knock", { userId: "bob" });
    await bob.hearNothing();
    const late = await knock(scene, "late", { roomId });
    await ann.hear("knock", { userId: "late" });
    await late.hearNothing();
  }),
];

/** Two members, the first host, and the lobby on. */
async function withLobby(scene: Scene): Promise<Actor[]> {
  const [ann, bob] = await scene.gather(["ann", "bob"]);
  await ann!.ask({ type: "lobby", enabled: true }, "ok");
  await bob!.hear("room-updated", { room: WITH_LOBBY });
  return [ann!, bob!];
}

/** Somebody who waits. */
async function knock(
  scene: Scene,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Actor> {
  const actor = await scene.connect(name);
  const join = { type: "join", roomId: scene.room, userId: name, ...fields };
  await actor.ask(join, "waiting", { roomId: join.roomId, userId: name });
  return actor;
}

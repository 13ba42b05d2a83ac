/**
 * Checks of the sections kick and mute.
 */
import { check } from "../check.ts";
import { hostedRoom } from "../hosted_room.ts";
import { same } from "../expectation.ts";
import { everyone } from "../scene.ts";

const ADMIN_TOKEN = "the administrator of the conformance run";

/** KI1 to KI5. */
export const kickChecks = [
  check("KI1", {
    title: "a kick ends a stay for its participant and for all who stay, in the lobby too",
    does: "kicks a member and one who waits, nobody, and itself",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    await ann!.beRefused({ type: "kick", userId: "nobody" }, "no-such-participant");
    await ann!.beRefused({ type: "kick", userId: "ann" }, "not-allowed");
    await everyone([bob!, cat!], (one) => one.hearNothing());
    const kicked = { roomId: scene.room, userId: "bob", reason: "kicked" };
    ann!.say({ type: "kick", userId: "bob", requestId: "kick" });
    await ann!.hearAll(["ok", { requestId: "kick" }], ["user-left", kicked]);
    await bob!.hear("leaved", kicked);
    await cat!.hear("user-left", kicked);
    await everyone([ann!, bob!, cat!], (one) => one.hearNothing());
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    await cat!.hear("room-updated");
    const dan = await scene.connect("dan");
    await dan.ask({ type: "join", roomId: scene.room, userId: "dan" }, "waiting");
    await ann!.hear("knock", { userId: "dan" });
    ann!.say({ type: "kick", userId: "dan", requestId: "kick" });
    const ended = { userId: "dan", reason: "kicked" };
    await ann!.hearAll(["ok", { requestId: "kick" }], ["knock-ended", ended]);
    await dan.hear("leaved", { ...ended, roomId: scene.room });
    await dan.beRefused({ type: "join", roomId: scene.room, userId: "dan" }, "not-allowed");
  }),

  check("KI2", {
    title: "who was kicked stays out: by user id, by connection, by network, with every key",
    does: "comes back each way, as proxied clients too, and joins another room",
  }, async (scene) => {
    const { ann, bob, roomId, hostKey } = await hostedRoom(scene);
    ann.say({ type: "kick", userId: "bob", requestId: "kick" });
    await ann.hearAll(["ok", { requestId: "kick" }], ["user-left", { userId: "bob" }]);
    await bob.hear("leaved", { reason: "kicked" });
    const join = { type: "join", roomId };
    const again = await scene.connect("bob again");
    for (const fields of [{}, { hostKey }, { role: "viewer" }]) {
      await again.beRefused({ ...join, ...fields, userId: "bob" }, "not-allowed");
      await bob.beRefused({ ...join, ...fields, userId: "bob" }, "not-allowed");
      await bob.beRefused({ ...join, ...fields, userId: "other" }, "not-allowed");
    }
    await bob.beRefused(join, "not-allowed");
    await ann.hearNothing();
    await bob.join(scene.otherRoom);
    if (!scene.isOwn) return scene.note("by network: it takes a server that trusts us as a proxy");
    const at = await scene.ownServer("--trusted-proxy", "127.0.0.1");
    const from = (address: string) => ({ at, headers: { "X-Forwarded-For": address } });
    const host = await scene.join("host", from("203.0.113.1"));
    for (
      const [address, neighbour, elsewhere] of [
        ["198.51.100.1", "198.51.100.1", "198.51.100.2"],
        ["2001:db8:1:2::1", "2001:db8:1:2:aaaa::9", "2001:db8:1:3::1"],
      ] as const
    ) {
      const cat = await scene.join(`cat-${address.length}`, from(address));
      await host.hear("user-joined");
      host.say({ type: "kick", userId: cat.name, requestId: "kick" });
      await host.hearAll(["ok", { requestId: "kick" }], ["user-left", { userId: cat.name }]);
      await cat.hear("leaved", { reason: "kicked" });
      const other = await scene.connect("dan", from(neighbour));
      const request = { type: "join", roomId: scene.room, userId: "dan" };
      await other.beRefused(request, "not-allowed");
      const free = await scene.connect("dan", from(elsewhere));
      await free.ask(request, "joined");
      await host.hear("user-joined", { userId: "dan" });
      await free.ask({ type: "leave" }, "leaved");
      await host.hear("user-left", { userId: "dan" });
    }
  }),

  check("KI3", {
    title: "a network counts only where it is public, not the host's, and no token vouches",
    does: "comes back under another id from a private address, the host's own, and with a token",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    if (!scene.isOwn) {
      scene.note("by address: it takes a server that trusts us as a proxy");
      return await ann!.beRefused({ type: "kick", userId: "nobody" }, "no-such-participant")
        .then(() => bob!.hearNothing());
    }
    const at = await scene.ownServer("--trusted-proxy", "127.0.0.1");
    const from = (address: string) => ({ at, headers: { "X-Forwarded-For": address } });
    const cases = [["10.1.2.3", "198.51.100.9"], ["192.168.0.7", "198.51.100.9"], [
      "198.51.100.9",
      "198.51.100.9",
    ]] as const;
    for (const [n, [address, hostAddress]] of cases.entries()) {
      const room = `${scene.room}-${n}`;
      const [host, cat] = [
        await scene.join("host", { ...from(hostAddress), room }),
        await scene.join("cat", { ...from(address), room }),
      ];
      await host.hear("user-joined");
      host.say({ type: "kick", userId: "cat", requestId: "kick" });
      await host.hearAll(["ok", { requestId: "kick" }], ["user-left", { userId: "cat" }]);
      await cat.hear("leaved", { reason: "kicked" });
      const dan = await scene.connect("dan", from(address));
      await dan.join(room);
      await host.hear("user-joined", { userId: "dan" });
    }
    const { at: vouching, tokens } = await scene.tokenServer("--trusted-proxy", "127.0.0.1");
    const join = async (sub: string, address: string) => {
      const accessToken = await tokens.sign({ room: scene.room, sub });
      return await scene.join(sub, { ...from(address), at: vouching, accessToken });
    };
    const host = await join("host", "203.0.113.1");
    const cat = await join("cat", "198.51.100.1");
    await host.hear("user-joined");
    host.say({ type: "kick", userId: "cat", requestId: "kick" });
    await host.hearAll(["ok", { requestId: "kick" }], ["user-left", { userId: "cat" }]);
    await cat.hear("leaved", { reason: "kicked" });
    await join("dan", "198.51.100.1");
    await host.hear("user-joined", { userId: "dan" });
  }),

  check("KI4", {
    title: "a room of the same id that is made later knows nothing of it",
    does: "kicks one, ends the room, and lets that one make it anew",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    ann!.say({ type: "kick", userId: "bob", requestId: "kick" });
    await ann!.hearAll(["ok", { requestId: "kick" }], ["user-left", { userId: "bob" }]);
    await bob!.hear("leaved", { reason: "kicked" });
    await ann!.ask({ type: "leave" }, "leaved");
    same("users", (await bob!.join(scene.room)).users, ["bob"]);
    await ann!.join(scene.room);
    await bob!.hear("user-joined", { userId: "ann" });
  }),

  check("KI5", {
    title: "the administrator kicks over HTTP, hosts too, and who is kicked so stays out",
    does: "kicks a host and a member with the administrator's token, and tries without it",
  }, async (scene) => {
    const at = await scene.ownServer("--admin-token", ADMIN_TOKEN);
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"], { at });
    const kick = async (userId: string, token: string, roomId = scene.room) => {
      const headers = { authorization: `Bearer ${token}` };
      const path = `/api/rooms/${roomId}/participants/${userId}`;
      return (await scene.http(path, { at, method: "DELETE", headers })).status;
    };
    same("the status of another's token", await kick("ann", "not the administrator's"), 401);
    same("the status of nobody", await kick("nobody", ADMIN_TOKEN), 404);
    same("the status in no room", await kick("ann", ADMIN_TOKEN, scene.otherRoom), 404);
    await everyone([ann!, bob!, cat!], (one) => one.hearNothing());
    same("the status of a host", await kick("ann", ADMIN_TOKEN), 204);
    await ann!.hear("leaved", { roomId: scene.room, userId: "ann", reason: "kicked" });
    await everyone(
      [bob!, cat!],
      (one) => one.hear("user-left", { userId: "ann", reason: "kicked" }),
    );
    await everyone([bob!, cat!], (one) => one.hear("host-changed", { userId: "bob" }));
    same("the status of a member", await kick("cat", ADMIN_TOKEN), 204);
    await cat!.hear("leaved", { userId: "cat", reason: "kicked" });
    await bob!.hear("user-left", { userId: "cat", reason: "kicked" });
    const join = { type: "join", roomId: scene.room };
    await ann!.beRefused({ ...join, userId: "other" }, "not-allowed");
    const again = await scene.connect("ann", { at });
    await again.beRefused({ ...join, userId: "ann" }, "not-allowed");
  }),
];

/** MU1. */
export const muteChecks = [
  check("MU1", {
    title: "mute asks one participant alone, who decides",
    does: "mutes each kind, nobody, itself, and what cannot be muted, among three",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    await bob!.ask({ type: "state", audio: true }, "ok");
    await everyone([ann!, cat!], (one) => one.hear("participant-updated"));
    for (const kind of ["audio", "video", "screen"]) {
      await ann!.ask({ type: "mute", userId: "bob", kind }, "ok");
      await bob!.hear("mute", { from: "ann", kind });
      await everyone([ann!, cat!], (one) => one.hearNothing());
    }
    await ann!.beRefused({ type: "mute", userId: "nobody", kind: "audio" }, "no-such-participant");
    await ann!.beRefused({ type: "mute", userId: "ann", kind: "audio" }, "not-allowed");
    await ann!.beRefused({ type: "mute", userId: "bob", kind: "hand" }, "bad-message");
    await everyone([bob!, cat!], (one) => one.hearNothing());
    const dan = await scene.connect("dan");
    const { participants } = await dan.join(scene.room);
    await everyone([ann!, bob!, cat!], (one) => one.hear("user-joined"));
    same("the state of who was asked", participants[1]?.state, { audio: true });
  }),
];

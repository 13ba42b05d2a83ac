/**
 * Checks of the section join.
 */
import { ID_PATTERN } from "../../../src/protocol/mod.ts";
import { check } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** JO1 to JO8. */
export const joiningChecks = [
  check("JO1", {
    title: "a join enters a room, the first makes it, and a user id is made where none is given",
    does: "joins an empty room with and without a user id, and looks for the room before and after",
  }, async (scene) => {
    const viewer = await scene.connect("viewer");
    const view = { type: "join", roomId: scene.room, role: "viewer" };
    await viewer.beRefused(view, "room-not-found");
    const ann = await scene.join("ann", { fields: { name: "Ann", role: "participant" } });
    const nameless = await scene.connect("nameless");
    const join = { type: "join", roomId: scene.room };
    const { userId, users } = await nameless.ask(join, "joined", { roomId: scene.room });
    demand(RegExp(ID_PATTERN, "u").test(userId), "a user id of the server's making", userId);
    same("users", users, ["ann", userId]);
    await ann.hear("user-joined", { userId });
    const second = await scene.connect("second");
    const joined = await second.ask(join, "joined", { roomId: scene.room });
    demand(!users.includes(joined.userId), "a user id that nobody has", joined.userId);
    await everyone([ann, nameless], (one) => one.hear("user-joined", { userId: joined.userId }));
  }),

  check("JO2", {
    title: "joined tells who is there, in join order",
    does: "has five join, the second leave and come back, and compares each roster",
  }, async (scene) => {
    const names = ["eve", "ann", "dan", "bob", "cat"];
    const actors = await scene.gather(names);
    const [, ann] = actors;
    const others = actors.filter((one) => one !== ann);
    await ann!.ask({ type: "leave" }, "leaved", { userId: "ann" });
    await everyone(others, (one) => one.hear("user-left", { userId: "ann" }));
    const { userId, users, participants, room } = await ann!.join(scene.room, { name: "Ann" });
    await everyone(others, (one) => one.hear("user-joined", { userId: "ann" }));
    same("the user id", userId, "ann");
    same("users in join order", users, ["eve", "dan", "bob", "cat", "ann"]);
    same("participants in join order", participants.map((one) => one.userId), users);
    const own = participants.at(-1);
    same("its own entry", [own?.name, own?.role, own?.state], ["Ann", "participant", {}]);
    same("the room", [room.roomId, room.kind], [scene.room, "meeting"]);
    const times = participants.map(({ joinedAt }) => joinedAt);
    same("joinedAt in join order", times, times.toSorted((a, b) => a - b));
  }),

  check("JO3", {
    title: "everyone who was there gets exactly one user-joined, the joiner none",
    does: "has four join, and each after that hear nothing but those who came later",
  }, async (scene) => {
    const present = await scene.gather(["ann", "bob", "cat"]);
    const fields = { name: "Dan", role: "viewer" };
    const dan = await scene.connect("dan");
    const { participants } = await dan.join(scene.room, fields);
    const own = participants.find(({ userId }) => userId === "dan");
    await everyone(
      present,
      (one) => one.hear("user-joined", { roomId: scene.room, userId: "dan", participant: own }),
    );
    await everyone([...present, dan], (one) => one.hearNothing());
  }),

  check("JO4", {
    title: "a connection that is in a room gets already-joined",
    does: "joins the same room again, another one, and one that exists, and goes on in its own",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const other = await scene.join("cat", { room: scene.otherRoom });
    const third = `${scene.room}-third`;
    for (const roomId of [scene.room, scene.otherRoom, third]) {
      for (const userId of ["ann", "dan"]) {
        await ann!.beRefused({ type: "join", roomId, userId }, "already-joined");
      }
    }
    await ann!.ask({ type: "chat", text: "still here" }, "chat");
    await bob!.hear("chat", { from: "ann" });
    await other.hearNothing();
    const viewer = await scene.connect("viewer");
    await viewer.beRefused({ type: "join", roomId: third, role: "viewer" }, "room-not-found");
  }),

  check("JO5", {
    title: "a user id in use in the room gets user-id-taken; elsewhere it is another participant",
    does: "joins under an id in use, as several roles, then in another room, and once it is free",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const second = await scene.connect("ann");
    for (const role of ["participant", "broadcaster", "viewer"]) {
      const join = { type: "join", roomId: scene.room, userId: "ann", role };
      await second.beRefused(join, "user-id-taken");
    }
    await everyone([ann!, bob!], (one) => one.hearNothing());
    await second.join(scene.otherRoom);
    await second.ask({ type: "chat", text: "elsewhere" }, "chat", { from: "ann" });
    await everyone([ann!, bob!], (one) => one.hearNothing());
    await second.ask({ type: "leave" }, "leaved", { roomId: scene.otherRoom });
    await ann!.ask({ type: "leave" }, "leaved");
    await bob!.hear("user-left", { userId: "ann", roomId: scene.room });
    await bob!.hear("host-changed", { userId: "bob" });
    await second.join(scene.room);
    await bob!.hear("user-joined", { userId: "ann" });
  }),

  check("JO6", {
    title: "participant unless stated; a viewer makes no room; one broadcaster at most",
    does: "joins in each role, a second broadcaster before and after the first one left",
  }, async (scene) => {
    const viewer = await scene.connect("viewer");
    const view = { type: "join", roomId: scene.room, userId: "viewer", role: "viewer" };
    await viewer.beRefused(view, "room-not-found");
    const ann = await scene.join("ann");
    const broadcaster = await scene.join("bob", { fields: { role: "broadcaster" } });
    await ann.hear("user-joined", { userId: "bob" });
    const { participants } = await viewer.join(scene.room, { role: "viewer" });
    await everyone([ann, broadcaster], (one) => one.hear("user-joined", { userId: "viewer" }));
    same("roles", participants.map((one) => one.role), ["participant", "broadcaster", "viewer"]);
    const second = await scene.connect("cat");
    const join = { type: "join", roomId: scene.room, userId: "cat", role: "broadcaster" };
    await second.beRefused(join, "broadcaster-taken");
    await everyone([ann, broadcaster, viewer], (one) => one.hearNothing());
    await broadcaster.ask({ type: "leave" }, "leaved");
    await everyone([ann, viewer], (one) => one.hear("user-left", { userId: "bob" }));
    await second.ask(join, "joined");
    await everyone([ann, viewer], (one) => one.hear("user-joined", { userId: "cat" }));
  }),

  check("JO7", {
    title: "a room is what it was asked for, or live where a broadcaster made it",
    does: "makes rooms by a join of each kind and from reserved codes, and reads their kind",
  }, async (scene) => {
    const kindOf = async (name: string, roomId: string, role: string) => {
      const actor = await scene.connect(name);
      const { room } = await actor.join(roomId, { role });
      return room.kind;
    };
    same("made by a participant", await kindOf("ann", scene.room, "participant"), "meeting");
    same("made by a broadcaster", await kindOf("bob", scene.otherRoom, "broadcaster"), "live");
    const cat = await scene.connect("cat");
    for (const kind of ["live", "meeting"]) {
      const { roomId } = await cat.ask({ type: "create-room", kind }, "room-created");
      const role = kind === "live" ? "participant" : "broadcaster";
      same(`asked for as ${kind}`, await kindOf(`dan-${kind}`, roomId, role), kind);
    }
  }),

  check("JO8", {
    title:
      "a refused join changes nothing; no token without resume, tokens ignored where not demanded",
    does: "is refused, then joins over the same connection with an access token of nonsense",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const cat = await scene.connect("cat");
    await cat.beRefused({ type: "join", roomId: scene.room, userId: "ann" }, "user-id-taken");
    await everyone([ann!, bob!], (one) => one.hearNothing());
    await cat.beRefused({ type: "chat", text: "x" }, "not-joined");
    const { users, resumeToken } = await cat.join(scene.room, { token: "nonsense" });
    same("users", users, ["ann", "bob", "cat"]);
    same("the resume token of who asked for none", resumeToken, undefined);
    await everyone([ann!, bob!], (one) => one.hear("user-joined", { userId: "cat" }));
    if (!scene.isOwn) return scene.note("no resume at all: it takes a server that grants none");
    const at = await scene.ownServer("--resume-grace-ms", "0");
    const dan = await scene.connect("dan", { at });
    const joined = await dan.join(scene.room, { resumable: true });
    same("the resume token of a server without resume", joined.resumeToken, undefined);
    same("its grace time", joined.resumeGraceMs, undefined);
  }),
];

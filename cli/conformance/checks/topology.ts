/**
 * Checks of which way media travel. They send none: who is in a room, and what it says of itself,
 * decides.
 */
import type { ServerMessageType } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";
import { gatherMoved, publishing } from "../sfu_room.ts";
import { NotApplicable } from "../verdict.ts";

/** Rules TO3 and TO4. */
const LATER_MS = 10_000;
/** What a loaded machine may add. */
const SLACK_MS = 1_500;

/** TO1 to TO5. */
export const topologyChecks = [
  check("TO1", {
    title: "a room is a mesh unless the server wants otherwise; who cannot is offered nothing",
    does: "joins as one who says nothing of sfu and as one who can, and compares what both find",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { room: { topology } } = await ann.join(scene.room);
    const bob = await scene.connect("bob");
    const { room } = await bob.join(scene.room, { sfu: true });
    await ann.hear("user-joined");
    same("the topology that the second finds", room.topology, topology);
    await ann.beRefused(publishing(), "not-allowed");
    if (topology === "sfu") return scene.note("the server has media travel through itself alone");
    await bob.beRefused(publishing(), "not-allowed");
  }),

  check("TO2", {
    title: "a room moves to the SFU when all of four can, not while one cannot",
    does: "has one join who cannot and four who can, lets some report limits, and the one leave",
  }, async (scene) => {
    const old = await scene.connect("old");
    const { room } = await old.join(scene.room);
    if (room.topology === "sfu") {
      throw new NotApplicable("the server has media travel through itself alone");
    }
    const able = [];
    for (const name of ["ann", "bob", "cat", "dan"]) {
      const actor = await scene.connect(name);
      const joined = await actor.join(scene.room, { sfu: true });
      same("the topology beside one who cannot", joined.room.topology, "mesh");
      await everyone([old, ...able], (one) => one.hear("user-joined", { userId: name }));
      able.push(actor);
    }
    for (let n = 0; n < 3; n++) await able[0]!.ask({ type: "stats", limitedBy: "cpu" }, "ok");
    await old.ask({ type: "leave" }, "leaved");
    const moves = await everyone(able, async (one) => {
      await one.hear("user-left", { userId: "old" });
      await one.hear("host-changed");
      const rest = await one.hearRest();
      return rest.filter(({ type }) => type !== "stats-summary").map((message) =>
        message.type === "topology" ? message.topology : message.type
      );
    });
    const [first] = moves;
    if (first?.length === 0) scene.note("the server carries no media: the room stays a mesh");
    else same("what came after the leave", first, ["sfu"]);
    for (const other of moves) same("what the others heard", other, first);
  }),

  slowCheck("TO3", {
    title: "a room goes back 10 s after it came down to three, at once when one enters who cannot",
    does: "lets one in who cannot, lets it go again, and one more, and waits",
  }, async (scene) => {
    const [ann, bob, cat, dan] = await gatherMoved(scene);
    const old = await scene.connect("old");
    same("the topology for who cannot", (await old.join(scene.room)).room.topology, "mesh");
    await everyone([ann!, bob!, cat!, dan!], async (one) => {
      await one.hear("user-joined", { userId: "old" });
      await one.hear("topology", { topology: "mesh" });
    });
    await old.ask({ type: "leave" }, "leaved");
    await everyone([ann!, bob!, cat!, dan!], async (one) => {
      await one.hear("user-left", { userId: "old" });
      await one.hear("topology", { topology: "sfu" });
    });
    const startedAt = scene.clock.elapsed();
    await dan!.ask({ type: "leave" }, "leaved");
    await everyone([ann!, bob!, cat!], async (one) => {
      await one.hear("user-left", { userId: "dan" });
      await one.hearNothing();
      one.bePatient(LATER_MS + SLACK_MS);
      await one.hear("topology", { topology: "mesh" });
      one.bePatient(0);
    });
    const tookMs = scene.clock.elapsed() - startedAt;
    demand(tookMs >= LATER_MS - SLACK_MS, `${LATER_MS} ms`, `${Math.round(tookMs)} ms`);
  }),

  check("TO4", {
    title: "a move stands in one order with everything else; who enters finds it in joined",
    does: "has one enter who cannot while others chat, and compares the order that each hears",
  }, async (scene) => {
    const members = await gatherMoved(scene);
    const old = await scene.connect("old");
    for (const [n, one] of members.entries()) one.say({ type: "chat", text: `before ${n}` });
    const { room } = await old.join(scene.room);
    same("the topology for who enters", room.topology, "mesh");
    for (const [n, one] of members.entries()) one.say({ type: "chat", text: `after ${n}` });
    const said = 2 * members.length;
    const orders = await everyone(members, async (one) => {
      const heard = [];
      while (heard.length < said + 2) {
        const message = await one.next("chat, user-joined or topology");
        heard.push(message.type === "chat" ? message.text : message.type);
      }
      return heard;
    });
    const [order = []] = orders;
    for (const other of orders) same("the order", other, order);
    same("what follows user-joined", order[order.indexOf("user-joined") + 1], "topology");
    const rest = await old.hearRest();
    demand(rest.every(({ type }) => type === "chat"), "nothing but chat for who cannot", rest);
  }),

  slowCheck("TO5", {
    title: "a live room moves with its sixth member, and any room while a member wants it",
    does:
      "fills a live room, wishes in a room of two and takes it back, and asks as one who cannot",
  }, async (scene) => {
    const old = await scene.join("old", { room: scene.otherRoom });
    await old.beRefused({ type: "request-forwarding", wanted: true }, "not-allowed");
    const ann = await scene.connect("ann");
    const fields = { sfu: true };
    const { room: { topology } } = await ann.join(scene.room, { ...fields, role: "broadcaster" });
    if (topology === "sfu") {
      await ann.ask({ type: "request-forwarding", wanted: false }, "ok");
      return scene.note("the server has media travel through itself alone");
    }
    const viewers: Actor[] = [];
    const tell = (types: readonly ServerMessageType[]) =>
      everyone([ann, ...viewers], async (one) => {
        for (const type of types) await one.hear(type);
      });
    const enter = async (name: string) => {
      const viewer = await scene.connect(name);
      const joined = await viewer.join(scene.room, { ...fields, role: "viewer" });
      viewers.push(viewer);
      return joined.room.topology;
    };
    await enter("bob");
    await ann.hear("user-joined");
    const wish = (wanted: boolean) => {
      viewers[0]!.say({ type: "request-forwarding", wanted, requestId: `${wanted}` });
      return viewers[0]!.next("the answer to a wish");
    };
    const answer = await wish(true);
    if (answer.type === "error") {
      same("the error where rooms are meshes", answer.code, "not-allowed");
      return scene.note("the server carries no media: the room stays a mesh");
    }
    same("the answer to a wish", answer.type, "ok");
    await tell(["topology"]);
    const startedAt = scene.clock.elapsed();
    same("the answer where the wish is taken back", (await wish(false)).type, "ok");
    for (const one of [ann, ...viewers]) one.bePatient(LATER_MS + SLACK_MS);
    await tell(["topology"]);
    for (const one of [ann, ...viewers]) one.bePatient(0);
    const tookMs = scene.clock.elapsed() - startedAt;
    demand(tookMs >= LATER_MS - SLACK_MS, `${LATER_MS} ms`, `${Math.round(tookMs)} ms`);
    for (const name of ["cat", "dan", "eve"]) {
      same("the topology of a live room of five or less", await enter(name), "mesh");
      await everyone([ann, ...viewers.slice(0, -1)], (one) => one.hear("user-joined"));
    }
    same("the topology with the sixth", await enter("fay"), "sfu");
    await everyone([ann, ...viewers.slice(0, -1)], async (one) => {
      await one.hear("user-joined");
      await one.hear("topology", { topology: "sfu" });
    });
  }),
];

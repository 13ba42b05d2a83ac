/**
 * The neutral checks: what any signaling server owes its clients, whatever its messages are called.
 * They run for every dialect, ours included.
 */
import { check, loneCheck, type Section } from "../conformance/check.ts";
import { demand, same } from "../conformance/expectation.ts";
import type { DialectClient } from "./dialect.ts";
import type { DialectScene } from "./scene.ts";

/** Messages that one sends without a pause. */
const BURST = 50;
/** Frames that no client of any of the dialects would send. */
const MALFORMED = [
  ...["", "no JSON", "{", "null", "7", '"x"', "[]", "{}", '{"type":7}', '{"type":"dance"}'],
  ...["42[", "42{}", '42["join"]', '42["message",null]', "\u0000"],
];
/** The header of a masked text frame. */
const FRAME_START = [0x81, 0xff];

/** N1 to N15. */
export const neutralSection: Section<DialectScene> = {
  name: "Any dialect",
  checks: [
    check("N1", {
      title: "who enters is told who is there",
      does: "has three enter, and compares what each is told",
    }, async (scene) => {
      scene.needs("rooms");
      const expected: string[] = [];
      const present: DialectClient[] = [];
      for (const name of ["ann", "bob", "cat"]) {
        const client = await scene.open(name);
        const outcome = await client.enter(scene.room);
        expected.push(client.id);
        demand(outcome.ok && outcome.members !== undefined, "a list of members", outcome);
        same("members", outcome.members.toSorted(), expected.toSorted());
        for (const one of present) await scene.hear(one, { kind: "entered", who: client.id });
        present.push(client);
      }
    }),

    check("N2", {
      title: "each join is told to everyone there exactly once",
      does: "has four enter one after the other",
    }, async (scene) => {
      scene.needs("rooms");
      const all = await scene.gather(["ann", "bob", "cat", "dan"]);
      for (const one of all) await scene.hearNothing(one);
    }),

    check("N3", {
      title: "each leave is told to everyone who stays exactly once",
      does: "has two of four leave",
    }, async (scene) => {
      scene.needs("rooms", "departures");
      const [ann, bob, cat, dan] = await scene.gather(["ann", "bob", "cat", "dan"]);
      demand((await dan!.leave()).ok, "an answer to leave", "none");
      for (const one of [ann!, bob!, cat!]) await scene.hear(one, { kind: "gone", who: dan!.id });
      demand((await ann!.leave()).ok, "an answer to leave", "none");
      for (const one of [bob!, cat!]) await scene.hear(one, { kind: "gone", who: ann!.id });
      for (const one of [ann!, bob!, cat!, dan!]) await scene.hearNothing(one);
    }),

    check("N4", {
      title: "a dropped client is told to the others in time, exactly once",
      does: "cuts one of three, and waits no longer than --timeout",
    }, async (scene) => {
      scene.needs("departures");
      const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
      await cat!.drop();
      for (const one of [ann!, bob!]) await scene.hear(one, { kind: "gone", who: cat!.id });
      for (const one of [ann!, bob!]) await scene.hearNothing(one);
    }),

    check("N5", {
      title: "an id in use is refused, and its owner goes on",
      does: "enters twice under one id",
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      const second = await scene.open("ann");
      const outcome = await second.enter(scene.room);
      demand(!outcome.ok, "a refusal", outcome);
      demand(outcome.why !== "no answer", "an answer to the second", "none");
      await second.drop();
      await says(scene, { from: ann!, to: bob! });
      await says(scene, { from: bob!, to: ann! });
    }),

    check("N6", {
      title: "the same id may return after a drop",
      does: "cuts one, who comes back within --timeout and is heard",
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      await bob!.drop();
      if (scene.dialect.lacks.departures === undefined) {
        await scene.hear(ann!, { kind: "gone", who: bob!.id });
      }
      const again = await scene.untilEntered("bob");
      if (scene.dialect.lacks.rooms === undefined) {
        await scene.hear(ann!, { kind: "entered", who: again.id });
      }
      await says(scene, { from: again, to: ann! });
      await says(scene, { from: ann!, to: again });
    }),

    check("N7", {
      title: "the same id may return after a leave",
      does: "leaves and enters again on another connection",
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      demand((await bob!.leave()).ok, "an answer to leave", "none");
      await bob!.drop();
      if (scene.dialect.lacks.departures === undefined) {
        await scene.hear(ann!, { kind: "gone", who: bob!.id });
      }
      const again = await scene.untilEntered("bob");
      if (scene.dialect.lacks.rooms === undefined) {
        await scene.hear(ann!, { kind: "entered", who: again.id });
      }
      await says(scene, { from: ann!, to: again });
    }),

    check("N8", {
      title: "a message to one reaches that one alone, once",
      does: "sends both ways between two of three",
    }, async (scene) => {
      const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
      await says(scene, { from: ann!, to: bob! });
      await says(scene, { from: bob!, to: ann! });
      for (const one of [ann!, bob!, cat!]) await scene.hearNothing(one);
    }),

    check("N9", {
      title: "a message to the room reaches everyone else in it, once",
      does: "has each of three speak",
    }, async (scene) => {
      scene.needs("rooms");
      const all = await scene.gather(["ann", "bob", "cat"]);
      for (const speaker of all) {
        demand((await speaker.sayToRoom("Hello")).ok, "an answer to a message", "none");
        const message = { kind: "message", from: speaker.id, text: "Hello" } as const;
        for (const one of all) if (one !== speaker) await scene.hear(one, message);
      }
      for (const one of all) await scene.hearNothing(one);
    }),

    loneCheck("N10", {
      title: "nothing reaches another room",
      does: "speaks to a room, and to one who is in another",
    }, async (scene) => {
      scene.needs("rooms");
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      const others = await scene.gather(["cat", "dan"], scene.otherRoom);
      demand((await ann!.sayToRoom("secret")).ok, "an answer to a message", "none");
      await scene.hear(bob!, { kind: "message", from: ann!.id, text: "secret" });
      await ann!.sayTo(others[0]!.id, "secret");
      await bob!.drop();
      await scene.hear(ann!, { kind: "gone", who: bob!.id });
      for (const one of others) await scene.hearNothing(one);
    }),

    check("N11", {
      title: "the messages of one sender keep their order",
      does: `sends ${BURST} to one without a pause`,
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      const sent = Array.from({ length: BURST }, (_, n) => ann!.sayTo(bob!.id, `${n}`));
      await Promise.all(sent);
      for (let n = 0; n < BURST; n++) {
        await scene.hear(bob!, { kind: "message", from: ann!.id, text: `${n}` });
      }
    }),

    check("N12", {
      title: "the sender cannot be forged",
      does: "sends to one as another who is there",
    }, async (scene) => {
      const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
      const outcome = await ann!.sayAs(cat!.id, bob!.id, "forged");
      await bob!.barrier();
      const [event] = bob!.heard.splice(0);
      // Refused is as good as corrected; what may not happen is that it is believed.
      if (outcome.ok) {
        same("what arrives", event, { kind: "message", from: ann!.id, text: "forged" });
      } else {
        same("what arrives", event, undefined);
      }
    }),

    check("N13", {
      title: "a malformed frame does not end the server",
      does: `sends ${MALFORMED.length} kinds, each on a connection of its own, beside two who talk`,
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      for (const [n, frame] of MALFORMED.entries()) {
        const eve = await scene.open(`eve${n}`);
        eve.sendText(frame);
        await eve.barrier();
        await eve.drop();
        await says(scene, { from: ann!, to: bob! });
      }
      await scene.enter("late", scene.otherRoom);
    }),

    check("N14", {
      title: "an oversized frame does not end the server",
      does: "sends the header of one and its first kilobytes, beside two who talk",
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      const raw = await scene.raw("eve");
      const header = new Uint8Array(14 + 65_536).fill(0x61);
      header.set([...FRAME_START, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
      new DataView(header.buffer).setBigUint64(2, BigInt(scene.dialect.oversizedBytes));
      // The server may be gone from the connection before all of it is written.
      await raw.write(header).catch(() => {});
      await says(scene, { from: ann!, to: bob! });
      raw.drop();
      await says(scene, { from: bob!, to: ann! });
      await scene.enter("late", scene.otherRoom);
    }),

    check("N15", {
      title: "a message to nobody reaches nobody, and its sender goes on",
      does: "addresses an id that is not there, then one that is",
    }, async (scene) => {
      const [ann, bob] = await scene.gather(["ann", "bob"]);
      await ann!.sayTo("nobody-at-all", "lost");
      for (const one of [ann!, bob!]) await scene.hearNothing(one);
      await says(scene, { from: ann!, to: bob! });
    }),
  ],
};

/** One says something to another, who hears it. */
async function says(
  scene: DialectScene,
  { from, to }: { from: DialectClient; to: DialectClient },
): Promise<void> {
  const outcome = await from.sayTo(to.id, "Hello");
  demand(outcome.ok, "an answer to a message", outcome);
  await scene.hear(to, { kind: "message", from: from.id, text: "Hello" });
}

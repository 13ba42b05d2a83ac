/**
 * Checks of the section Between participants, as far as one participant is addressed.
 */
import { check } from "../check.ts";
import { same } from "../expectation.ts";
import { everyone } from "../scene.ts";
import { publishing } from "../sfu_room.ts";

const OFFER = { description: { type: "offer", sdp: "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n" } };
const CANDIDATE = { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0" };

/** One message of each type that needs a room. */
const REQUESTS = [
  { type: "offer", to: "bob", ...OFFER },
  { type: "answer", to: "bob", description: { type: "answer", sdp: "x" } },
  { type: "ice-candidate", to: "bob", candidate: CANDIDATE },
  { type: "chat", text: "x", to: "bob" },
  { type: "data", payload: 1, to: "bob" },
] as const;

/** RL1 to RL5, PI1. */
export const relayingChecks = [
  check("RL1", {
    title: "offers, answers and candidates reach their addressee alone, unchanged but for from",
    does: "sends each kind with fields of its own and compares what arrives to the letter",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    const more = { appField: { deep: [1, "é", null] }, count: 0 };
    const relayed = [
      { type: "offer", ...OFFER, ...more },
      { type: "answer", description: { type: "answer", sdp: "x", extra: 1 }, ...more },
      { type: "answer", description: { type: "pranswer", sdp: "" } },
      { type: "ice-candidate", candidate: { ...CANDIDATE, sdpMLineIndex: 0, foo: "x" }, ...more },
      { type: "ice-candidate", candidate: { candidate: "" } },
      { type: "ice-candidate", candidate: null },
    ] as const;
    for (const message of relayed) {
      await ann!.ask({ ...message, to: "bob" }, "ok");
      same("the relayed message", { ...await bob!.next(message.type) }, {
        ...message,
        from: "ann",
      });
    }
    await bob!.ask({ ...relayed[0], to: "cat", from: "bob" }, "ok");
    same("the relayed message", { ...await cat!.next("offer") }, { ...relayed[0], from: "bob" });
    await everyone([ann!, bob!, cat!], (one) => one.hearNothing());
  }),

  check("RL2", {
    title: "an addressee who is not in the room gets nothing: no-such-participant",
    does: "addresses nobody, somebody in another room, and somebody who has left",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const [cat] = await scene.gather(["cat"], { room: scene.otherRoom });
    await bob!.ask({ type: "leave" }, "leaved");
    await ann!.hear("user-left", { userId: "bob" });
    for (const to of ["nobody", "cat", "bob", "Ann"]) {
      for (const request of REQUESTS) {
        await ann!.beRefused({ ...request, to }, "no-such-participant");
      }
    }
    await everyone([bob!, cat!], (one) => one.hearNothing());
  }),

  check("RL3", {
    title: "nobody addresses itself: not-allowed",
    does: "sends each kind to its own user id",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    for (const request of REQUESTS) await ann!.beRefused({ ...request, to: "ann" }, "not-allowed");
    await bob!.hearNothing();
  }),

  check("RL4", {
    title: "the sender is what the connection is; claiming another is not-allowed",
    does: "sends each kind, to one and to all, as another member, as nobody, and as itself",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    const toAll = [{ type: "chat", text: "x" }, { type: "data", payload: 1 }];
    for (const from of ["cat", "bob", "nobody", ""]) {
      for (const request of [...REQUESTS, ...toAll]) {
        await ann!.beRefused({ ...request, from }, "not-allowed");
      }
    }
    await everyone([bob!, cat!], (one) => one.hearNothing());
    for (const request of REQUESTS) {
      const answer = request.type === "chat" || request.type === "data" ? request.type : "ok";
      await ann!.ask({ ...request, from: "ann" }, answer);
      await bob!.hear(request.type, { from: "ann" });
    }
    await ann!.ask({ type: "chat", text: "x", userId: "cat", sender: "cat" }, "chat", {
      from: "ann",
    });
    await everyone([bob!, cat!], (one) => one.hear("chat", { from: "ann" }));
  }),

  check("RL5", {
    title: "in no room all but a ping gets not-joined",
    does: "sends one of each before a join and after a leave",
  }, async (scene) => {
    const more = [
      ...REQUESTS,
      publishing(),
      { type: "media-stats" },
      { type: "subscription-answer", connection: 1, description: { type: "answer", sdp: "" } },
      { type: "subscribe", trackId: "1" },
      { type: "restart-subscription" },
      { type: "ice-candidate", channel: "publisher", candidate: null },
      { type: "chat", text: "x" },
      { type: "data", payload: 1 },
      { type: "state", audio: true },
      { type: "stats", path: "p2p" },
    ];
    const ann = await scene.connect("ann");
    for (const request of more) await ann.beRefused(request, "not-joined");
    await ann.hearNothing();
    await ann.join(scene.room);
    await ann.ask({ type: "leave" }, "leaved");
    for (const request of more) await ann.beRefused(request, "not-joined");
  }),
];

/** PI1. */
export const pingChecks = [
  check("PI1", {
    title: "ping gets pong with the same number, in a room or out of one",
    does:
      "pings with whole, negative and broken numbers, alone and beside a member who hears nothing",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const cat = await scene.connect("cat");
    for (const at of [0, -1, 1.5, 1e300, 1_767_225_600_000]) {
      for (const one of [ann!, cat]) await one.ask({ type: "ping", at }, "pong", { at });
      ann!.say({ type: "ping", at });
      await ann!.hear("pong", { at });
    }
    await bob!.hearNothing();
  }),
];

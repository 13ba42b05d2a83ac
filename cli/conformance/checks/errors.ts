/**
 * Checks of the section Errors.
 */
import { ERROR_CODES } from "../../../src/protocol/mod.ts";
import { check } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** ER1 to ER4. */
export const errorChecks = [
  check("ER1", {
    title: "an error has a code for programs, a message for people, and the id of its request",
    does: "makes a dozen different errors, with and without an id",
  }, async (scene) => {
    const [ann] = await scene.gather(["ann", "bob"]);
    await ann!.hearNothing();
    const bad: [request: Record<string, unknown>, code: string][] = [
      [{ type: "ping" }, "bad-message"],
      [{ type: "dance" }, "unknown-type"],
      [{ type: "join", roomId: scene.room }, "already-joined"],
      [{ type: "chat", text: "x", to: "a b" }, "invalid-user-id"],
      [{ type: "leave", roomId: "a b" }, "invalid-room-id"],
      [{ type: "chat", text: "x", to: "nobody" }, "no-such-participant"],
      [{ type: "chat", text: "x", from: "bob" }, "not-allowed"],
      [{ type: "resume", resumeToken: "x", lastSeq: 0 }, "already-joined"],
    ];
    const sentences = new Set<string>();
    for (const [request, code] of bad) {
      for (const requestId of [undefined, "x"]) {
        ann!.say(requestId === undefined ? request : { ...request, requestId });
        const error = await ann!.hear("error", { code, requestId });
        demand(error.code in ERROR_CODES, "a code of the protocol", error);
        demand(/^\p{Lu}.{9,}[^.]$/u.test(error.message), "a sentence for people", error);
        sentences.add(error.message);
      }
      await ann!.hearNothing();
    }
    demand(sentences.size > 5, "sentences of their own", [...sentences]);
  }),

  check("ER2", {
    title: "an error changes nothing: the connection, the room and the others go on",
    does: "makes errors of each kind, one after the other, with talk between two others meanwhile",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    const bad = [
      { type: "dance" },
      { type: "join", roomId: scene.otherRoom },
      { type: "kick", userId: "nobody" },
      { type: "admit", userId: "nobody" },
      { type: "chat", text: "" },
      { type: "state", audio: "yes" },
      { type: "offer", to: "nobody", description: { type: "offer", sdp: "" } },
      { type: "leave", userId: "bob" },
      { type: "lock", locked: 1 },
      { type: "resume", resumeToken: "x", lastSeq: 0 },
    ];
    for (const request of bad) {
      await ann!.ask(request, "error");
      await bob!.ask({ type: "chat", text: "x" }, "chat");
      await everyone([ann!, cat!], (one) => one.hear("chat", { from: "bob" }));
    }
    const dan = await scene.connect("dan");
    const { users, participants, room } = await dan.join(scene.room);
    await everyone([ann!, bob!, cat!], (one) => one.hear("user-joined"));
    same("users", users, ["ann", "bob", "cat", "dan"]);
    same("states and hosts", participants.map(({ state, host }) => [state, host]), [
      [{}, true],
      ...Array.from({ length: 3 }, () => [{}, undefined]),
    ]);
    same("the lock", room.locked, undefined);
  }),

  check("ER3", {
    title: "ten malformed frames in a row close the connection with the last code",
    does: "sends nine and a good one, twice, and then ten of all kinds, in a room",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const { maxMessageBytes } = ann!.welcome.limits;
    const kinds: [frame: string, code: string][] = [
      ["no JSON", "bad-message"],
      ['{"type":"dance"}', "unknown-type"],
      ['{"type":"join","roomId":"a b"}', "invalid-room-id"],
      ['{"type":"chat","text":"x","to":"a b"}', "invalid-user-id"],
    ];
    if (maxMessageBytes < 1_000_000) {
      const pad = "x".repeat(maxMessageBytes);
      kinds.push([JSON.stringify({ type: "ping", at: 1, pad }), "message-too-large"]);
    }
    const send = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const [frame, code] = kinds[n % kinds.length]!;
        bob!.sayText(frame);
        await bob!.hear("error", { code });
      }
    };
    for (let n = 0; n < 2; n++) {
      await send(9);
      await bob!.hearNothing();
    }
    await ann!.hearNothing();
    await send(10);
    await bob!.hearEnd({ code: 1008, reason: kinds[9 % kinds.length]![1] });
    await ann!.hear("user-left", { userId: "bob", reason: "disconnected" });
  }),

  check("ER4", {
    title: "a server that stops says so, each at its own time to return, and closes with 1012",
    does: "stops a server under members of a room and a stranger",
  }, async (scene) => {
    const at = await scene.ownServer();
    const members = await scene.gather(["ann", "bob", "cat"], { at });
    const all = [...members, await scene.connect("dan", { at })];
    const stopping = at.stop?.();
    const errors = await everyone(
      all,
      (one) => one.hear("error", { code: "server-shutting-down" }),
    );
    for (const { reconnectAfterMs = 0 } of errors) {
      demand(reconnectAfterMs > 0, "a reconnectAfterMs", reconnectAfterMs);
    }
    await everyone(all, (one) => one.hearEnd({ code: 1012 }));
    await stopping;
    scene.note("joins while it stops: that time is too short to be met from outside");
  }),
];

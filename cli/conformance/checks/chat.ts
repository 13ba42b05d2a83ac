/**
 * Checks of chat and data.
 */
import { MAX_TEXT_LENGTH, type ServerMessageOf } from "../../../src/protocol/mod.ts";
import { check } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** CH1 to CH3. */
export const chatChecks = [
  check("CH1", {
    title: "chat reaches everyone, or the one addressed, and its sender, each once",
    does: "sends to all and to one among four, and compares every copy",
  }, async (scene) => {
    const members = await scene.gather(["ann", "bob", "cat", "dan"]);
    const [ann, bob, ...others] = members;
    const { messageId, at } = await ann!.ask({ type: "chat", text: "Hello" }, "chat", {
      from: "ann",
      text: "Hello",
      to: undefined,
    });
    const copy = { from: "ann", text: "Hello", to: undefined, messageId, at };
    await everyone([bob!, ...others], (one) => one.hear("chat", copy));
    await everyone(members, (one) => one.hearNothing());
    const psst = await ann!.ask({ type: "chat", text: "Psst", to: "bob" }, "chat", { to: "bob" });
    const { requestId: _own, ...rest } = psst;
    await bob!.hear("chat", { ...rest });
    await everyone(others, (one) => one.hearNothing());
    ann!.say({ type: "chat", text: "without an id" });
    await everyone(members, (one) => one.hear("chat", { from: "ann", text: "without an id" }));
    await everyone(members, (one) => one.hearNothing());
  }),

  check("CH2", {
    title: "text is 1 to 4,000 code points, passed on as it is",
    does: "sends markup, control characters, all planes and the longest text, and one too long",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const texts = [
      ...["x", '<b>&amp;</b>\u0000\n\t"\\', " ", "\u202eright to left", "e\u0301 é 👩‍👩‍👧 \uffff"],
      ...["𝒜".repeat(MAX_TEXT_LENGTH), "__proto__", "null"],
    ];
    for (const text of texts) {
      await ann!.ask({ type: "chat", text }, "chat", { text });
      await bob!.hear("chat", { text, from: "ann" });
    }
    for (const text of ["", "x".repeat(MAX_TEXT_LENGTH + 1), "𝒜".repeat(MAX_TEXT_LENGTH + 1), 7]) {
      await ann!.beRefused({ type: "chat", text }, "bad-message");
    }
  }),

  check("CH3", {
    title: "messageId is unique in the room and grows with the order; at is the server's clock",
    does: "has three send chat and data, to all and to one, and compares ids and times",
  }, async (scene) => {
    const members = await scene.gather(["ann", "bob", "cat"]);
    const said: ServerMessageOf<"chat" | "data">[] = [];
    for (let n = 0; n < 12; n++) {
      const sender = members[n % 3]!;
      const others = members.filter((one) => one !== sender);
      const to = n % 4 === 0 ? others[0]!.name : undefined;
      const type = n % 2 === 0 ? "chat" : "data";
      const request = { type, text: "x", payload: n, ...(to === undefined ? {} : { to }) };
      const own = await sender.ask(request, type, { to });
      const copy = { messageId: own.messageId, at: own.at };
      const hearing = to === undefined ? others : [others[0]!];
      await everyone(hearing, (one) => one.hear(type, copy));
      said.push(own);
    }
    const ids = said.map(({ messageId }) => messageId);
    same("different ids", new Set(ids).size, ids.length);
    for (const [n, id] of ids.entries()) {
      if (n > 0) demand(isGreater(id, ids[n - 1]!), `an id above "${ids[n - 1]}"`, id);
    }
    const times = said.map(({ at }) => at);
    same("times that do not go back", times, times.toSorted((a, b) => a - b));
    const late = await scene.connect("dan");
    const { participants } = await late.join(scene.room);
    await everyone(members, (one) => one.hear("user-joined"));
    const joinedAt = participants.at(-1)?.joinedAt ?? 0;
    demand(joinedAt >= times.at(-1)!, "a join after the chat, by the same clock", joinedAt);
    demand(times[0]! >= participants[0]!.joinedAt, "chat after the first join", times[0]);
  }),
];

/** DA1. */
export const dataChecks = [
  check("DA1", {
    title: "data is delivered as chat is, whatever its payload",
    does: "sends JSON of every kind to all and to one, and leaves the payload out",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    const payloads = [null, 0, false, "", "x", [], [1, [2]], {}, { a: { b: null }, type: "chat" }];
    for (const payload of payloads) {
      const own = await ann!.ask({ type: "data", payload }, "data", { from: "ann", payload });
      const copy = { from: "ann", payload, to: undefined, at: own.at, messageId: own.messageId };
      await everyone([bob!, cat!], (one) => one.hear("data", copy));
    }
    const to = await ann!.ask({ type: "data", payload: 1, to: "cat" }, "data", { to: "cat" });
    await cat!.hear("data", { from: "ann", to: "cat", messageId: to.messageId });
    await bob!.hearNothing();
    await ann!.beRefused({ type: "data" }, "bad-message");
  }),
];

/** Ids of digits are compared as numbers, others by their code units. */
function isGreater(one: string, other: string): boolean {
  const digits = /^\d+$/;
  return digits.test(one) && digits.test(other) ? BigInt(one) > BigInt(other) : one > other;
}

/**
 * Checks of the section Order.
 */
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, loneCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** Chats that each of the members sends at once. */
const CHATS = 25;
const BURST = 80;

/** OR1 to OR3. */
export const orderingChecks = [
  check("OR1", {
    title: "all members see one order of joins, departures, chat, data and updates",
    does: "has four members send chat, data and states at once while two others come and go",
  }, async (scene) => {
    const members = await scene.gather(["ann", "bob", "cat", "dan"]);
    // Nothing but chat first: a server that sorts by kind, or by turns, may mix up what is alike.
    for (let n = 0; n < CHATS; n++) {
      for (const one of members) one.say({ type: "chat", text: `${n}` });
    }
    // The barrier comes later, or it would stand in one turn of the server with all the chat.
    const first = await everyone(
      members,
      (one) => one.hearUntil("chat", { from: one.name, text: `${CHATS - 1}` }),
    );
    const chats = (await heardBy(members)).map((rest, n) => [...first[n]!, ...rest]);
    for (const [n, messages] of chats.entries()) {
      for (const { name } of members) {
        const texts = messages.flatMap((one) =>
          one.type === "chat" && one.from === name ? [one.text] : []
        );
        const sent = Array.from({ length: CHATS }, (_, text) => `${text}`);
        same(`what ${members[n]!.name} hears of ${name}`, texts, sent);
      }
      const order = messages.flatMap(eventOf);
      compareOrders(members[0]!, chats[0]!.flatMap(eventOf), { who: members[n]!, order });
    }
    const guests = [await scene.connect("eve"), await scene.connect("fay")];
    for (let n = 0; n < CHATS; n++) {
      for (const one of members) {
        one.say({ type: "chat", text: `${one.name} ${n}` });
        if (n % 3 === 0) one.say({ type: "data", payload: n });
        if (n % 5 === 0) one.say({ type: "state", hand: n % 2 === 0 });
      }
      if (n % 4 !== 0) continue;
      for (const one of guests) {
        one.say({ type: "join", roomId: scene.room, userId: one.name });
        one.say({ type: "leave" });
      }
    }
    await everyone(guests, (one) => one.hearRest());
    const heard = await heardBy(members);
    const orders = heard.map((messages) => messages.flatMap(eventOf));
    for (const [n, order] of orders.entries()) {
      const chats = order.filter((event) => event.startsWith("chat"));
      same(`chats that ${members[n]!.name} hears`, chats.length, CHATS * members.length);
      compareOrders(members[0]!, orders[0]!, { who: members[n]!, order });
    }
  }),

  loneCheck("OR2", {
    title: "nothing of a room reaches a connection outside it",
    does: "lets all happen in a room beside one with the same user ids, one that left, one that " +
      "was refused, one that waits, and one in no room",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const outside = await scene.gather(["ann", "bob"], { room: scene.otherRoom });
    const left = await scene.join("cat");
    await everyone([ann!, bob!], (one) => one.hear("user-joined", { userId: "cat" }));
    await left.ask({ type: "leave" }, "leaved");
    await everyone([ann!, bob!], (one) => one.hear("user-left", { userId: "cat" }));
    const refused = await scene.connect("ann");
    await refused.beRefused({ type: "join", roomId: scene.room, userId: "ann" }, "user-id-taken");
    await ann!.ask({ type: "lobby", enabled: true }, "ok");
    await bob!.hear("room-updated");
    const waits = await scene.connect("dan");
    await waits.ask({ type: "join", roomId: scene.room, userId: "dan" }, "waiting");
    await ann!.hear("knock", { userId: "dan" });
    await ann!.ask({ type: "lobby", enabled: false }, "ok");
    await bob!.hear("room-updated");
    const strangers = [...outside, left, refused, waits, await scene.connect("eve")];
    const offer = { to: "bob", description: { type: "offer", sdp: "x" } };
    await ann!.ask({ type: "chat", text: "secret" }, "chat");
    await bob!.hear("chat");
    await ann!.ask({ type: "chat", text: "secret", to: "bob" }, "chat");
    await bob!.hear("chat");
    await ann!.ask({ type: "data", payload: "secret" }, "data");
    await bob!.hear("data");
    await ann!.ask({ type: "state", audio: true }, "ok");
    await bob!.hear("participant-updated");
    await ann!.ask({ type: "offer", ...offer }, "ok");
    await bob!.hear("offer");
    await ann!.ask({ type: "ice-candidate", to: "bob", candidate: null }, "ok");
    await bob!.hear("ice-candidate");
    await ann!.ask({ type: "mute", userId: "bob", kind: "audio" }, "ok");
    await bob!.hear("mute");
    await ann!.ask({ type: "lock", locked: true }, "ok");
    await bob!.hear("room-updated");
    await ann!.ask({ type: "lock", locked: false }, "ok");
    await bob!.hear("room-updated");
    const late = await scene.join("fay");
    await everyone([ann!, bob!], (one) => one.hear("user-joined", { userId: "fay" }));
    await late.drop();
    await everyone([ann!, bob!], (one) => one.hear("user-left", { userId: "fay" }));
    await bob!.ask({ type: "leave" }, "leaved");
    await ann!.hear("user-left", { userId: "bob" });
    await everyone(strangers, (one) => one.hearNothing());
    // Those in the other room are not what they are by being deaf.
    await outside[0]!.ask({ type: "chat", text: "here" }, "chat");
    await outside[1]!.hear("chat", { from: "ann", text: "here" });
  }),

  check("OR3", {
    title: "what one sends to another arrives in the order sent",
    does: `sends ${BURST} messages of each kind to one participant without a pause`,
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const burst = Math.min(BURST, Math.floor(ann!.welcome.limits.messageBurst / 2));
    const kinds = ["offer", "ice-candidate", "chat", "data", "chat"];
    for (let n = 0; n < burst; n++) {
      const type = kinds[n % kinds.length]!;
      ann!.say({
        ...{ type, to: "bob", text: `${n}`, payload: n },
        description: { type: "offer", sdp: `${n}` },
        candidate: { candidate: `${n}` },
      });
    }
    for (let n = 0; n < burst; n++) {
      const type = kinds[n % kinds.length];
      const message = await bob!.next(`${type} ${n}`);
      same(`message ${n}`, [message.type, markOf(message)], [type, `${n}`]);
    }
    await ann!.hearRest();
  }),
];

/** What each hears of all that the members have said. */
async function heardBy(members: readonly Actor[]): Promise<ServerMessage[][]> {
  // Whoever has its own barrier has had all of its own taken in: then comes everybody's.
  const first = await everyone(members, (one) => one.hearRest());
  const rest = await everyone(members, (one) => one.hearRest());
  return first.map((messages, n) => [...messages, ...rest[n]!]);
}

/** What a message of OR3 carries. */
function markOf(message: ServerMessage): string {
  switch (message.type) {
    case "offer":
      return message.description.sdp;
    case "ice-candidate":
      return message.candidate?.candidate ?? "";
    case "chat":
      return message.text;
    case "data":
      return `${message.payload}`;
    default:
      return "";
  }
}

/** Names an event of the room that all members hear; nothing for what is told to one alone. */
function eventOf(message: ServerMessage): string[] {
  switch (message.type) {
    case "chat":
    case "data":
      return [`${message.type} ${message.messageId}`];
    case "user-joined":
      return [`joined ${message.userId} ${message.participant.joinedAt}`];
    case "user-left":
      return [`left ${message.userId}`];
    case "participant-updated":
      return [`updated ${message.userId} ${JSON.stringify(message.state)}`];
    default:
      return [];
  }
}

/** Demands that two members saw what both saw in one order. Events that repeat are counted. */
function compareOrders(
  one: Actor,
  order: readonly string[],
  other: { who: Actor; order: readonly string[] },
): void {
  const [some, others] = [numbered(order), numbered(other.order)];
  // Who changes its own state hears nothing of it: that event is no common one.
  const common = new Set(some.filter((event) => others.includes(event)));
  const seen = others.filter((event) => common.has(event));
  const expected = some.filter((event) => common.has(event));
  const at = expected.findIndex((event, n) => seen[n] !== event);
  demand(
    at < 0,
    `"${expected[at]}" for ${other.who.name} as for ${one.name}`,
    `"${seen[at]}" at this place`,
  );
  demand(
    seen.length === expected.length,
    "each event once",
    `${seen.length} of ${expected.length}`,
  );
}

/** The second of two equal events has another name. */
function numbered(events: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    return `${event} #${count}`;
  });
}

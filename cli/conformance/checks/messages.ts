/**
 * Checks of the section Messages: what a frame may hold, and what is answered. The bounds of the
 * listener for the open internet (ME7) are in `broken_frames.ts`.
 */
import { check } from "../check.ts";
import { demand, same, shown } from "../expectation.ts";
import { NotApplicable } from "../verdict.ts";
import { everyone } from "../scene.ts";

/** Longer messages than this are not worth their traffic. */
const MAX_AFFORDABLE_BYTES = 1_000_000;
/** Levels of nesting that a message may have (rule ME6). */
const MAX_LEVELS = 32;

/** ME1 to ME6. */
export const messageChecks = [
  check("ME1", {
    title: "a frame that is no message of its type gets bad-message; the connection goes on",
    does:
      "sends what is no JSON, no object, without a type, or of another shape, with pings between",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const frames = [
      ...["no JSON", "", "[]", "null", "7", '"ping"', "{}", '{"type":7}', '{"type":null}'],
      ...['{"type":"ping"}', '{"type":"ping","at":"1"}', '{"type":"chat"}'],
      ...['{"type":"chat","text":7}', '{"type":"state","audio":"yes"}'],
      ...['{"type":"join","roomId":"test","role":"king"}', '{"type":"lock","locked":"yes"}'],
      ...['{"type":"create-room"}', '{"type":"create-room","kind":"party"}', '{"type":"data"}'],
      '{"type":"offer","to":"bob","description":{"type":"answer","sdp":""}}',
      '{"type":"ice-candidate","to":"bob","candidate":"x"}',
      ...['{"type":"resume","resumeToken":"x","lastSeq":-1}', '{"type":"stats","path":"pigeon"}'],
    ];
    for (const frame of frames) {
      ann.sayText(frame);
      await ann.hear("error", { code: "bad-message" });
      await ann.hearNothing();
    }
    await ann.ask({ type: "chat", text: "still here" }, "chat");
  }),

  check("ME2", {
    title: "a type that does not exist gets unknown-type",
    does: "sends made-up types, those of the server, and names that objects have by nature",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const types = [
      "dance",
      "joined",
      "Join",
      "",
      "constructor",
      "toString",
      "__proto__",
      "welcome",
    ];
    for (const type of types) {
      await ann.beRefused({ type }, "unknown-type");
      await ann.hearNothing();
    }
  }),

  check("ME3", {
    title: "a message of more than limits.maxMessageBytes in UTF-8 gets message-too-large",
    does: "sends pings of exactly that length, of one byte more, and with characters of two bytes",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { maxMessageBytes } = ann.welcome.limits;
    if (maxMessageBytes > MAX_AFFORDABLE_BYTES && !scene.isSlow) {
      throw new NotApplicable(`messages may have ${maxMessageBytes} bytes; --slow sends them`);
    }
    const padded = (pad: string) => JSON.stringify({ type: "ping", at: 1, pad });
    const free = maxMessageBytes - padded("").length;
    ann.sayText(padded("x".repeat(free)));
    await ann.hear("pong", { at: 1 });
    ann.sayText(padded("x".repeat(free + 1)));
    await ann.hear("error", { code: "message-too-large" });
    ann.sayText(padded("é".repeat(Math.floor(free / 2))));
    await ann.hear("pong", { at: 1 });
    ann.sayText(padded("é".repeat(Math.floor(free / 2) + 1)));
    await ann.hear("error", { code: "message-too-large" });
  }),

  check("ME4", {
    title: "every request with an id is answered exactly once, with that id",
    does: "sends one of each type that needs a room, good and refused, with ids of every kind",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    for (const requestId of ["x", "é".repeat(64), 0, Number.MAX_SAFE_INTEGER]) {
      ann!.say({ type: "ping", at: 1, requestId });
      await ann!.hear("pong", { requestId });
    }
    for (const requestId of ["", "x".repeat(65), -1, 1.5, true, null]) {
      ann!.say({ type: "ping", at: 1, requestId });
      await ann!.hear("error", { code: "bad-message", requestId: undefined });
      await ann!.hearNothing();
    }
    const offer = { to: "bob", description: { type: "offer", sdp: "x" } };
    await ann!.ask({ type: "offer", ...offer }, "ok");
    await bob!.hear("offer", { from: "ann", requestId: undefined });
    await ann!.ask({ type: "chat", text: "Hello" }, "chat");
    await bob!.hear("chat", { from: "ann", requestId: undefined });
    await ann!.ask({ type: "data", payload: 1 }, "data");
    await bob!.hear("data", { from: "ann", requestId: undefined });
    await ann!.ask({ type: "state", audio: true }, "ok");
    await bob!.hear("participant-updated", { userId: "ann", requestId: undefined });
    await ann!.ask({ type: "state", audio: true }, "ok");
    await ann!.ask({ type: "mute", userId: "bob", kind: "audio" }, "ok");
    await bob!.hear("mute", { from: "ann", requestId: undefined });
    await ann!.ask({ type: "lock", locked: false }, "ok");
    await ann!.ask({ type: "lobby", enabled: false }, "ok");
    await ann!.beRefused({ type: "chat", text: "" }, "bad-message");
    await ann!.beRefused({ type: "join", roomId: scene.room }, "already-joined");
    await ann!.beRefused({ type: "chat", text: "x", to: "nobody" }, "no-such-participant");
    await ann!.beRefused({ type: "admit", userId: "nobody" }, "no-such-participant");
    await everyone([ann!, bob!], (one) => one.hearNothing());
    await ann!.ask({ type: "leave" }, "leaved");
    await bob!.hear("user-left", { userId: "ann", requestId: undefined });
    await bob!.hear("host-changed", { userId: "bob", requestId: undefined });
  }),

  check("ME5", {
    title: "fields that a message does not define are ignored",
    does: "joins, chats and pings with a field of the future",
  }, async (scene) => {
    const ann = await scene.join("ann", { fields: { future: { a: 1 } } });
    const bob = await scene.join("bob", { fields: { future: [1] } });
    const { participant } = await ann.hear("user-joined", { userId: "bob" });
    demand(!("future" in participant), "a participant without the field", participant);
    const own = await ann.ask({ type: "chat", text: "Hello", future: 1 }, "chat");
    const heard = await bob.hear("chat", { from: "ann", text: "Hello" });
    for (const one of [own, heard]) demand(!("future" in one), "a chat without the field", one);
    await ann.ask({ type: "ping", at: 1, future: null }, "pong", { at: 1 });
  }),

  check("ME6", {
    title: "more than 32 levels, or the key __proto__, is bad-message",
    does: "sends data of 32 and of 33 levels, and the key at the top, inside and in a list",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    // The message is a level itself.
    const nested = (levels: number) => `${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}`;
    const data = (payload: string) => ann!.sayText(`{"type":"data","payload":${payload}}`);
    data(nested(MAX_LEVELS));
    const { payload } = await ann!.hear("data", { from: "ann" });
    same("the payload", shown(payload), nested(MAX_LEVELS));
    await bob!.hear("data", { from: "ann", payload });
    const bad = [nested(MAX_LEVELS + 1), '{"__proto__":{}}', '{"a":[{"__proto__":1}]}'];
    for (const one of bad) {
      data(one);
      await ann!.hear("error", { code: "bad-message" });
      await ann!.hearNothing();
    }
    ann!.sayText('{"type":"ping","at":1,"__proto__":{"at":2}}');
    await ann!.hear("error", { code: "bad-message" });
  }),
];

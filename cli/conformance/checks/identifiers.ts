/**
 * Checks of the section Identifiers: room ids, user ids, names.
 */
import { check } from "../check.ts";
import { same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** ID1 to ID3. */
export const identifierChecks = [
  check("ID1", {
    title: "ids are 1 to 64 letters, digits, _, -, . of any script, and compared as they are",
    does:
      "joins under ids of several scripts and of 64 code points, and under two that differ in case",
  }, async (scene) => {
    const { room } = scene;
    const pad = (text: string) => text + "x".repeat(64 - [...text].length);
    const ids = ["a", "Ünï_cödé-名前.١", "_", ".", "-", pad("long"), "𝒜".repeat(64), "０"];
    for (const userId of ids) {
      const one = await scene.join(userId, { room: `${room}.ids` });
      await one.ask({ type: "leave" }, "leaved", { userId });
    }
    const long = await scene.join("ann", { room: pad(`${room}-名`) });
    const script = await scene.join("ann", { room: `${room}-комната` });
    const lower = await scene.join("ann", { room: `${room}-case` });
    const upper = await scene.join("ann", { room: `${room}-CASE` });
    const second = await scene.join("ANN", { room: `${room}-case` });
    await lower.hear("user-joined", { userId: "ANN" });
    for (const one of [long, script, upper, second]) await one.hearNothing();
  }),

  check("ID2", {
    title: "a bad room id gets invalid-room-id, a bad user id invalid-user-id",
    does: "joins with bad ids, addresses bad ids, and leaves out those that are demanded",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const bad = ["", "no spaces", "x".repeat(65), "a/b", "a\u0301", "😀", "a\n", "a:b", "a@b"];
    for (const roomId of bad) {
      await ann.beRefused({ type: "join", roomId }, "invalid-room-id");
      await ann.hearNothing();
    }
    for (const userId of bad) {
      await ann.beRefused({ type: "join", roomId: scene.room, userId }, "invalid-user-id");
      await ann.hearNothing();
    }
    await ann.beRefused({ type: "join" }, "bad-message");
    await ann.join(scene.room);
    for (const to of bad) {
      await ann.beRefused({ type: "chat", text: "x", to }, "invalid-user-id");
      await ann.hearNothing();
    }
    const description = { type: "offer", sdp: "x" };
    await ann.beRefused({ type: "offer", to: "a b", description }, "invalid-user-id");
    await ann.beRefused({ type: "offer", description }, "bad-message");
    await ann.beRefused({ type: "kick", userId: "a b" }, "invalid-user-id");
    await ann.beRefused({ type: "kick" }, "bad-message");
    await ann.hearNothing();
    await ann.beRefused({ type: "leave", roomId: "a b" }, "invalid-room-id");
  }),

  check("ID3", {
    title: "a name is 1 to 64 code points of one line that turns no text around it",
    does: "joins with good names, which the others see, and with names of each bad kind",
  }, async (scene) => {
    const names = ["Ann", "안녕 👋🏽", "𝒜".repeat(64), " <b>Bob</b> ", "Ann"];
    const present = [await scene.join("watcher")];
    for (const [n, name] of names.entries()) {
      const userId = `user-${n}`;
      const joined = await scene.join(userId, { fields: { name } });
      const heard = await everyone(present, (one) => one.hear("user-joined", { userId }));
      for (const { participant } of heard) same("the name", participant.name, name);
      present.push(joined);
    }
    const bad = [
      ...["", "x".repeat(65), "a\nb", "a\u0000", "a\u007f", "a\u2028b", "a\u2029b"],
      ...["\u202eabc", "\u202aabc", "\u2066abc", "abc\u2069", 7],
    ];
    const eve = await scene.connect("eve");
    for (const name of bad) {
      const join = { type: "join", roomId: scene.room, userId: "eve", name };
      await eve.beRefused(join, "bad-message");
      await eve.hearNothing();
    }
    await everyone(present, (one) => one.hearNothing());
  }),
];

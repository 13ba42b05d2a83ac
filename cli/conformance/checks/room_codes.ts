/**
 * Checks of the section create-room.
 */
import { check } from "../check.ts";
import { demand, same, that } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";

/** Codes that are asked for: each stays reserved for ten minutes. */
const CODES = 8;
const SIX_DIGITS = that(
  "six digits",
  (value) => typeof value === "string" && /^\d{6}$/.test(value),
);

/** CR1 to CR7. */
export const roomCodeChecks = [
  check("CR1", {
    title: "create-room gets a code of six random digits that nobody has",
    does: `asks for ${CODES} codes and looks for repeats and for steps between them`,
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const codes: string[] = [];
    for (let n = 0; n < CODES; n++) {
      const request = { type: "create-room", kind: "meeting" };
      const { roomId } = await ann.ask(request, "room-created", { roomId: SIX_DIGITS });
      codes.push(roomId);
    }
    same("different codes", new Set(codes).size, CODES);
    const steps = codes.slice(1).map((code, n) => Number(code) - Number(codes[n]));
    demand(new Set(steps).size > 1, "codes without a fixed step", codes);
    scene.note("that they come from a CSPRNG cannot be seen from outside");
  }),

  check("CR2", {
    title: "create-room enters no room, and works in one or out of one",
    does: "asks outside, where it is then in no room, and inside, where nobody else hears of it",
  }, async (scene) => {
    const cat = await scene.connect("cat");
    const { roomId } = await cat.ask({ type: "create-room", kind: "meeting" }, "room-created");
    await cat.beRefused({ type: "chat", text: "x" }, "not-joined");
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    await ann!.ask({ type: "create-room", kind: "live" }, "room-created");
    await bob!.hearNothing();
    await ann!.ask({ type: "chat", text: "still here" }, "chat");
    await bob!.hear("chat");
    const view = { type: "join", roomId, userId: "cat", role: "viewer" };
    await cat.beRefused(view, "room-not-found");
  }),

  check("CR3", {
    title: "the first join by a participant or broadcaster turns a code into a room of its kind",
    does: "tries a viewer, then a participant for a live room and a broadcaster for a meeting",
  }, async (scene) => {
    for (const [kind, role] of [["live", "participant"], ["meeting", "broadcaster"]] as const) {
      const ann = await scene.connect("ann");
      const { roomId } = await ann.ask({ type: "create-room", kind }, "room-created");
      const view = { type: "join", roomId, userId: "ann", role: "viewer" };
      await ann.beRefused(view, "room-not-found");
      same("the kind", (await ann.join(roomId, { role })).room.kind, kind);
    }
    scene.note("that a code is given back after ten minutes is not waited for");
  }),

  check("CR5", {
    title: "a host key makes host and opens everything; a wrong one is not-allowed",
    does: "joins a room with a passcode and a lobby by its key, locks it, and lets another key in",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const request = { type: "create-room", kind: "meeting", passcode: "open sesame", lobby: true };
    const { roomId, hostKey } = await ann.ask(request, "room-created");
    const wrong = { type: "join", roomId, userId: "ann", hostKey: `${hostKey}x` };
    await ann.beRefused(wrong, "not-allowed");
    const { participants, room } = await ann.join(roomId, { hostKey });
    same("host", participants[0]?.host, true);
    same("passcode and lobby", [room.passcode, room.lobby], [true, true]);
    demand(
      !JSON.stringify({ participants, room }).includes(hostKey),
      "no host key in joined",
      room,
    );
    await ann.ask({ type: "lock", locked: true }, "ok");
    const bob = await scene.connect("bob");
    await bob.beRefused({ type: "join", roomId, userId: "bob" }, "room-locked");
    await bob.join(roomId, { hostKey });
    await ann.hear("user-joined", {
      participant: that("a host", (one) => (one as { host?: boolean }).host === true),
    });
    await everyone([ann, bob], (one) => one.hearNothing());
    const cat = await scene.connect("cat");
    const other = await cat.ask({ type: "create-room", kind: "meeting" }, "room-created");
    const mixed = { type: "join", roomId: other.roomId, userId: "cat", hostKey };
    await cat.beRefused(mixed, "not-allowed");
    await cat.beRefused({ type: "join", roomId: scene.room, hostKey }, "not-allowed");
    const late = await scene.connect("dan");
    const { room: plain } = await late.join(other.roomId);
    same("the lobby of a room that asked for none", plain.lobby, undefined);
    await cat.join(other.roomId, { hostKey: other.hostKey });
    await late.hear("user-joined", { userId: "cat" });
  }),

  check("CR4", {
    title: "rooms and reserved codes together are bounded",
    does: "fills a server for two with a room and a code, and frees a place",
  }, async (scene) => {
    const at = await scene.ownServer("--max-rooms", "2");
    const ann = await scene.join("ann", { at });
    const create = { type: "create-room", kind: "meeting" };
    await ann.ask(create, "room-created");
    await ann.beRefused(create, "too-many-rooms");
    const bob = await scene.connect("bob", { at });
    const join = { type: "join", roomId: scene.otherRoom, userId: "bob" };
    await bob.beRefused(join, "too-many-rooms");
    await ann.ask({ type: "leave" }, "leaved");
    await bob.ask(join, "joined");
  }),

  check("CR6", {
    title: "a network may reserve 60 codes at once",
    does:
      "asks for them as a proxied client, over two connections of one network, and from another",
  }, async (scene) => {
    const at = await scene.ownServer("--trusted-proxy", "127.0.0.1");
    const from = (address: string) => ({ at, headers: { "X-Forwarded-For": address } });
    const ann = await scene.connect("ann", from("198.51.100.1"));
    const bob = await scene.connect("bob", from("198.51.100.1"));
    const create = { type: "create-room", kind: "meeting" };
    for (let n = 0; n < 60; n++) await (n % 2 === 0 ? ann : bob).ask(create, "room-created");
    const { retryAfterMs = 0 } = await ann.beRefused(create, "rate-limited");
    demand(retryAfterMs > 0 && retryAfterMs <= 10_000, "a retryAfterMs up to 10 s", retryAfterMs);
    await bob.beRefused(create, "rate-limited");
    const cat = await scene.connect("cat", from("198.51.100.2"));
    await cat.ask(create, "room-created");
    const here = await scene.connect("dan", { at });
    for (let n = 0; n < 62; n++) await here.ask(create, "room-created");
  }),

  check("CR7", {
    title: "only the host key or a token makes the broadcaster of a live room's code",
    does: "tries without before, beside and after the owner, by a lobby, in rooms without a key",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const eve = await scene.connect("eve");
    const role = "broadcaster";
    const create = { type: "create-room", kind: "live" };
    const { roomId, hostKey } = await ann.ask(create, "room-created");
    const steal = { type: "join", roomId, userId: "eve", role };
    await eve.beRefused(steal, "not-allowed");
    await eve.beRefused({ ...steal, hostKey: `${hostKey}x` }, "not-allowed");
    same("users", (await ann.join(roomId, { role, hostKey })).users, ["ann"]);
    await eve.beRefused(steal, "not-allowed");
    await eve.join(roomId, { role: "viewer" });
    await ann.hear("user-joined", { userId: "eve" });
    await ann.ask({ type: "leave" }, "leaved");
    await eve.hear("user-left", { userId: "ann" });
    const bob = await scene.connect("bob");
    await bob.beRefused({ ...steal, userId: "ann" }, "not-allowed");
    await eve.hearNothing();
    await ann.join(roomId, { role, hostKey });
    await eve.hear("user-joined", { userId: "ann" });

    const closed = await bob.ask({ ...create, lobby: true }, "room-created");
    await bob.beRefused({ ...steal, roomId: closed.roomId }, "not-allowed");
    const meeting = await bob.ask({ ...create, kind: "meeting" }, "room-created");
    await bob.join(meeting.roomId, { role });
    const cat = await scene.join("cat", { fields: { role } });
    const dan = await scene.join("dan");
    await cat.hear("user-joined", { userId: "dan" });
    await cat.ask({ type: "leave" }, "leaved");
    await dan.hear("user-left", { userId: "cat" });
    await dan.hear("host-changed", { userId: "dan" });
    same("the kind", (await cat.join(scene.room, { role })).room.kind, "live");
    await dan.hear("user-joined", { userId: "cat" });
    if (scene.isOwn) await checkTokens(scene);
    else scene.note("access tokens: it takes a server that demands them");
  }),
];

/** A token may stand for the host key, and one without either claim does not. */
async function checkTokens(scene: Scene): Promise<void> {
  const { at, tokens } = await scene.tokenServer();
  const role = "broadcaster";
  const connect = async (sub: string, claims: Readonly<Record<string, unknown>>) => {
    const accessToken = await tokens.sign({ room: scene.room, sub, ...claims });
    return await scene.connect(sub, { at, accessToken });
  };
  const maker = await connect("maker", {});
  for (
    const [sub, claims] of [["host", { host: true }], ["star", { role, host: false }]] as const
  ) {
    const { roomId: room } = await maker.ask({ type: "create-room", kind: "live" }, "room-created");
    const eve = await connect("eve", { room });
    await eve.beRefused({ type: "join", roomId: room, role }, "not-allowed");
    const one = await connect(sub, { room, ...claims });
    same("users", (await one.join(room, { role })).users, [sub]);
    await eve.beRefused({ type: "join", roomId: room, role }, "not-allowed");
  }
}

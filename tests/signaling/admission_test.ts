/** What a join has to show before a room is asked, through the hub, and ways around it. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../src/protocol/mod.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";
import { roomId } from "../support/messages.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";

/** What came, each as its type or its code. */
function wordsOf(messages: ServerMessage[]): string[] {
  return messages.map((one) => one.type === "error" ? one.code : one.type);
}

/** Sends one join and waits for its answer. */
async function join(client: FakeClient, fields: Record<string, unknown>): Promise<string[]> {
  client.heard();
  client.say({ type: "join", roomId: "test", ...fields });
  return wordsOf(await client.untilHeard());
}

/** A room "test" with the passcode "s3cret", and ann in it. */
async function withPasscode(): Promise<{ fixture: HubFixture; ann: FakeClient }> {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  assert.deepEqual(await join(ann, { userId: "ann", passcode: "s3cret" }), ["joined"]);
  return { fixture, ann };
}

Deno.test("[PC1, PC2] Hub lets in who knows the passcode, and nobody who does not", async () => {
  const { fixture } = await withPasscode();
  assert.equal(fixture.hub.registry.get(roomId("test"))?.view.passcode, true);
  const bob = fixture.connect();

  assert.deepEqual(await join(bob, {}), ["bad-passcode"]);
  assert.deepEqual(await join(bob, { passcode: "" }), ["bad-passcode"]);
  assert.deepEqual(await join(bob, { passcode: "S3cret" }), ["bad-passcode"]);
  assert.deepEqual(await join(bob, { role: "viewer", passcode: "x" }), ["bad-passcode"]);
  assert.deepEqual(await join(bob, { passcode: "x".repeat(129) }), ["bad-passcode"]);
  assert.deepEqual(await join(bob, { passcode: "s3cret" }), ["joined"]);
});

Deno.test("[PC1] Hub holds a passcode of create-room from the first join on", async () => {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  ann.heard();
  ann.say({ type: "create-room", kind: "live", passcode: "s3cret" });
  const [created] = await ann.untilHeard() as { roomId: string; hostKey: string }[];
  const { roomId: code, hostKey } = created!;
  const early = fixture.connect();

  // Coming early with a passcode of one's own does not set it.
  assert.deepEqual(await join(early, { roomId: code, passcode: "mine" }), ["bad-passcode"]);
  assert.deepEqual(await join(early, { roomId: code }), ["bad-passcode"]);
  assert.deepEqual(await join(ann, { roomId: code, hostKey }), ["joined"]);
  assert.deepEqual(await join(early, { roomId: code, passcode: "s3cret" }), ["joined"]);
});

Deno.test("[PC2] Hub ignores a passcode where there is none", async () => {
  const fixture = new HubFixture();
  fixture.join("test", "ann");

  assert.deepEqual(await join(fixture.connect(), { passcode: "x" }), ["joined"]);
});

Deno.test("[PC2] Hub lets in who holds the host key, whatever passcode it shows", async () => {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  ann.heard();
  ann.say({ type: "create-room", kind: "meeting", passcode: "s3cret" });
  const [created] = await ann.untilHeard() as { roomId: string; hostKey: string }[];
  const { roomId: code, hostKey } = created!;
  const shown = { roomId: code, passcode: "wrong" };

  assert.deepEqual(await join(ann, { ...shown, hostKey: "another" }), ["bad-passcode"]);
  assert.deepEqual(await join(ann, { ...shown, hostKey }), ["joined"], "a reserved code");
  assert.deepEqual(await join(fixture.connect(), { ...shown, hostKey }), ["joined"], "a room");
  assert.deepEqual(await join(fixture.connect(), shown), ["bad-passcode"]);
});

Deno.test("[CR7] Hub lets broadcast under a code by its host key alone, passcode or not", async () => {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  const eve = fixture.connect();
  ann.heard();
  ann.say({ type: "create-room", kind: "live", passcode: "s3cret" });
  const [created] = await ann.untilHeard() as { roomId: string; hostKey: string }[];
  const { roomId: code, hostKey } = created!;
  const shown = { roomId: code, passcode: "s3cret", role: "broadcaster" };

  assert.deepEqual(await join(eve, shown), ["not-allowed"], "before the owner");
  assert.deepEqual(await join(ann, { roomId: code, role: "broadcaster", hostKey }), ["joined"]);
  assert.deepEqual(await join(eve, shown), ["not-allowed"], "beside the owner");
  assert.deepEqual(await join(eve, { ...shown, hostKey: `${hostKey}x` }), ["not-allowed"]);
  assert.deepEqual(await join(eve, { ...shown, role: "viewer" }), ["joined"]);
  ann.drop();
  assert.deepEqual(await join(fixture.connect(), shown), ["not-allowed"], "after the owner");

  const [room] = fixture.hub.registry.rooms();
  assert.deepEqual(room?.participants.map(({ role }) => role), ["viewer"]);
});

Deno.test("[PC3] Hub keeps a connection's messages in order while a passcode is checked", async () => {
  const { fixture, ann } = await withPasscode();
  const bob = fixture.connect();
  bob.heard();

  bob.say({ type: "join", roomId: "test", userId: "bob", passcode: "s3cret", requestId: 1 });
  bob.say({ type: "chat", text: "first", requestId: 2 });
  bob.say({ type: "leave", requestId: 3 });
  ann.say({ type: "ping", at: 1 });
  assert.deepEqual(wordsOf(ann.heard()), ["pong"], "others do not wait");

  const answers: ServerMessage[] = [];
  while (answers.length < 3) answers.push(...await bob.untilHeard());
  assert.deepEqual(answers.map((one) => [one.type, one.requestId]), [
    ["joined", 1],
    ["chat", 2],
    ["leaved", 3],
  ]);
});

Deno.test("[PC3] Hub seats nobody whose connection ended while its passcode was checked", async () => {
  const { fixture } = await withPasscode();
  const bob = fixture.connect();
  const cat = fixture.connect();

  bob.say({ type: "join", roomId: "test", userId: "bob", passcode: "s3cret" });
  bob.drop();
  assert.deepEqual(await join(cat, { userId: "cat", passcode: "s3cret" }), ["joined"]);

  assert.equal(fixture.hub.registry.participantCount, 2);
});

Deno.test("[PC3] Hub lets nobody into a room that came again while the passcode was checked", async () => {
  const { fixture, ann } = await withPasscode();
  const bob = fixture.connect();
  bob.heard();

  bob.say({ type: "join", roomId: "test", userId: "bob", passcode: "s3cret" });
  ann.say({ type: "leave" });
  // Without an await in between: the room is another one by the time of the answer.
  ann.say({ type: "join", roomId: "test", userId: "ann", passcode: "another" });
  const heard = wordsOf(await bob.untilHeard());

  assert.ok(["bad-passcode", "joined"].includes(heard[0]!));
  const room = fixture.hub.registry.get(roomId("test"));
  const together = room?.participants.map((one) => one.userId) ?? [];
  assert.ok(!(together.includes("ann" as never) && together.includes("bob" as never)));
});

Deno.test("[TH1] Hub throttles wrong passcodes, sent side by side from many connections too", async () => {
  const { fixture } = await withPasscode();
  const clients = Array.from(
    { length: 20 },
    (_, n) => fixture.connect(undefined, { address: `2001:db8::${n}` }),
  );
  for (const client of clients) client.heard();

  clients.forEach((client, n) => client.say({ type: "join", roomId: "test", passcode: `${n}` }));
  const heard = (await Promise.all(clients.map((client) => client.untilHeard()))).flatMap(wordsOf);

  assert.equal(heard.filter((word) => word === "bad-passcode").length, 10);
  assert.equal(heard.filter((word) => word === "rate-limited").length, 10);
  // The right one is refused too, or guessing could go on; from elsewhere it is not.
  assert.deepEqual(await join(clients[0]!, { passcode: "s3cret" }), ["rate-limited"]);
  assert.deepEqual(await join(fixture.connect(), { passcode: "s3cret" }), ["joined"]);
});

Deno.test("[TH1, TH2] Hub throttles wrong codes by every way to ask, the right one too", () => {
  const fixture = new HubFixture({ random: new ScriptedRandom(424_242), maxRooms: 1_000 });
  const owner = fixture.connect();
  owner.heard();
  owner.say({ type: "create-room", kind: "live" });
  owner.say({ type: "join", roomId: "424242", userId: "owner" });
  assert.deepEqual(wordsOf(owner.heard()), ["room-created", "joined"]);
  const address = "192.0.2.7";
  const guess = (n: number, more: Record<string, unknown>) => {
    const client = fixture.connect(undefined, { address });
    client.heard();
    client.say({ type: "join", roomId: `${n}`.padStart(6, "0"), ...more });
    return wordsOf(client.heard())[0];
  };

  const ways = [{ role: "viewer" }, {}, { hostKey: "x" }, { role: "broadcaster" }, { userId: "u" }];
  const heard = Array.from({ length: 10 }, (_, n) => guess(n, ways[n % 5]!));
  const late = [...ways.map((way, n) => guess(100 + n, way)), guess(424_242, { role: "viewer" })];

  assert.deepEqual(heard.slice(0, 5), [
    "room-not-found",
    "joined",
    "not-allowed",
    "joined",
    "joined",
  ]);
  assert.deepEqual(late, Array(6).fill("rate-limited"));
  assert.throws(() => fixture.hub.admission.findRoom(roomId("424242"), address), /too many wrong/);
  assert.equal(fixture.hub.admission.findRoom(roomId("424242"), "192.0.2.8").size, 1);
});

Deno.test("[TH2] Hub says when to try again, and means it", () => {
  const fixture = new HubFixture();
  const eve = fixture.connect(undefined, { address: "192.0.2.7" });
  eve.heard();
  for (let n = 0; n < 11; n++) eve.say({ type: "join", roomId: `00000${n}`, role: "viewer" });
  const last = eve.heard().filter((one) => one.type === "error").at(-1);
  assert.equal(last?.code, "room-not-found", "00000 and 10 is no code of six digits");

  eve.say({ type: "join", roomId: "000099", role: "viewer" });
  const [refused] = eve.heard();
  assert.equal(refused?.type === "error" && refused.retryAfterMs, 10_000);
  fixture.clock.advance(10_000);
  eve.say({ type: "join", roomId: "000099", role: "viewer" });

  assert.deepEqual(wordsOf(eve.heard()), ["room-not-found"]);
});

Deno.test("[TH4] Hub throttles neither right codes nor rooms with names", () => {
  const fixture = new HubFixture({ random: new ScriptedRandom(424_242) });
  const owner = fixture.connect();
  owner.say({ type: "create-room", kind: "live" });
  owner.say({ type: "join", roomId: "424242" });
  const bob = fixture.connect(undefined, { address: "192.0.2.7" });
  bob.heard();

  for (let n = 0; n < 30; n++) {
    bob.say({ type: "join", roomId: `name-${n}`, role: "viewer" });
    bob.say({ type: "join", roomId: "424242" });
    bob.say({ type: "leave" });
  }

  assert.ok(!wordsOf(bob.heard()).includes("rate-limited"));
});

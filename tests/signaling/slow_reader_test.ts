/** Readers who read too slowly, on sockets that are plain objects. */
import assert from "node:assert/strict";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";

/** More than a reader may have unread before it is behind. */
const TEXT = "x".repeat(4_000);

/** Ann chats, Bob does not read until he is behind. */
function seatSlowReader(maxBufferedBytes = 100_000) {
  const fixture = new HubFixture({ limits: { maxBufferedBytes, messageBurst: 100_000 } });
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  bob.socket.isReading = false;
  for (let n = 0; bob.socket.bufferedBytes <= 256 * 1024; n++) {
    ann.say({ type: "chat", text: TEXT });
  }
  ann.heard();
  return { fixture, ann, bob };
}

/** Bob reads what is on its way to him, and goes on reading. */
function read(fixture: HubFixture, bob: FakeClient): void {
  bob.socket.isReading = true;
  bob.socket.bufferedBytes = 0;
  fixture.clock.advance(50);
}

Deno.test("[BP1] Hub holds messages for a reader who is behind, and nobody waits for it", () => {
  const { fixture, ann, bob } = seatSlowReader();
  const { bufferedBytes } = bob.socket;

  ann.say({ type: "chat", text: "held" });
  ann.say({ type: "chat", text: "too" });

  assert.deepEqual(ann.heardTypes(), ["chat", "chat"]);
  assert.equal(bob.socket.bufferedBytes, bufferedBytes);
  read(fixture, bob);
  const texts = bob.heard().map((one) => one.type === "chat" ? one.text : one.type);
  assert.deepEqual(texts, ["held", "too"]);
});

Deno.test("[BP2] Hub replaces what waits beyond the budget by lagged and a snapshot", () => {
  const { fixture, ann, bob } = seatSlowReader(10_000);
  for (let n = 0; n < 5; n++) ann.say({ type: "chat", text: TEXT });
  fixture.join("test", "cat");
  ann.say({ type: "state", hand: true });

  read(fixture, bob);
  ann.say({ type: "chat", text: "after" });

  const [lagged, snapshot, ...rest] = bob.heard();
  assert.deepEqual(lagged, { type: "lagged", dropped: 7 });
  assert.ok(snapshot?.type === "snapshot");
  assert.deepEqual([snapshot.userId, snapshot.users], ["bob", ["ann", "bob", "cat"]]);
  assert.deepEqual(snapshot.participants[0]?.state, { hand: true });
  assert.deepEqual(rest.map((one) => one.type === "chat" && one.text), ["after"]);
});

Deno.test("[BP2] Hub tells a reader in no room that it lagged, without a snapshot", () => {
  const fixture = new HubFixture({ limits: { maxBufferedBytes: 1_000, messageBurst: 100_000 } });
  const client = fixture.connect();
  client.heard();
  client.socket.bufferedBytes = 300_000;
  for (let at = 0; at < 100; at++) client.say({ type: "ping", at });

  read(fixture, client);

  assert.deepEqual(client.heardTypes(), ["lagged"]);
});

Deno.test("[BP3] Hub lets a newer state take the place of the one that waits", () => {
  const { fixture, ann, bob } = seatSlowReader();
  for (let n = 0; n < 99; n++) ann.say({ type: "state", hand: n % 2 === 0 });
  ann.say({ type: "chat", text: "x" });

  read(fixture, bob);

  const heard = bob.heard().map((one) => one.type === "participant-updated" ? one.state : one.type);
  // The first was queued before the reader was found to be behind.
  assert.deepEqual(heard.slice(-2), [{ hand: true }, "chat"]);
  assert.ok(heard.length <= 3, JSON.stringify(heard));
});

Deno.test("[BP4] Hub closes a reader who takes nothing for 10 s, and tells the others once", () => {
  const { fixture, ann, bob } = seatSlowReader();

  ann.say({ type: "chat", text: "x" });
  fixture.clock.advance(9_900);
  assert.equal(bob.socket.closed, undefined);
  fixture.clock.advance(200);

  assert.deepEqual(bob.socket.closed, { code: 1008, reason: "slow-consumer" });
  assert.deepEqual(ann.heard().filter(({ type }) => type === "user-left"), [
    { type: "user-left", roomId: "test", userId: "bob", reason: "slow-consumer" },
  ]);
  assert.equal(fixture.observer.counts["error slow-consumer"], 1);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[BP4] Hub keeps no seat for a slow consumer that could resume", () => {
  const fixture = new HubFixture({ limits: { messageBurst: 100_000 } });
  const bob = fixture.join("test", "bob", { resumable: true });
  bob.socket.bufferedBytes = 300_000;
  bob.say({ type: "ping", at: 1 });

  fixture.clock.advance(10_100);

  assert.equal(fixture.hub.registry.size, 0);
  assert.equal(fixture.clock.pending, 0);
});

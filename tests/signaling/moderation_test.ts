/** Moderation through the hub: who hears what, which connection is free after, and ways around it. */
import assert from "node:assert/strict";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";
import { roomId } from "../support/messages.ts";

/** What came, each as its type, with the code or the reason that says more. */
function heard(client: FakeClient): string[] {
  return client.heard().map((one) => {
    if (one.type === "error") return one.code;
    return "reason" in one ? `${one.type} ${one.reason}` : one.type;
  });
}

Deno.test("[HO1, HO2] Hub shows who is host to those who join", () => {
  const fixture = new HubFixture();
  fixture.join("test", "ann");
  const bob = fixture.connect();
  bob.heard();

  bob.say({ type: "join", roomId: "test", userId: "bob" });

  const [joined] = bob.heard();
  assert.deepEqual(
    joined?.type === "joined" && joined.participants.map((one) => [one.userId, one.host]),
    [["ann", true], ["bob", undefined]],
  );
});

Deno.test("[HO3] Hub announces the heir of a host that drops, once and in one order", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  const cat = fixture.join("test", "cat");
  bob.heard();

  ann.drop();

  assert.deepEqual(heard(bob), ["user-left disconnected", "host-changed"]);
  assert.deepEqual(heard(cat), ["user-left disconnected", "host-changed"]);
  bob.say({ type: "kick", userId: "cat" });
  assert.deepEqual(heard(cat), ["leaved kicked"]);
});

for (const type of ["kick", "mute", "lock", "lobby", "admit", "deny", "end-room"]) {
  const fields = { type, userId: "ann", kind: "audio", locked: true, enabled: true };

  Deno.test(`[HO4] Hub refuses ${type} from a guest, from outside and after leaving`, () => {
    const fixture = new HubFixture();
    const ann = fixture.join("test", "ann");
    const bob = fixture.join("test", "bob");
    const outside = fixture.connect();
    ann.heard();
    outside.heard();

    bob.say(fields);
    outside.say(fields);
    ann.say({ type: "leave" });
    ann.say(fields);

    assert.deepEqual(heard(bob), ["not-allowed", "user-left left", "host-changed"]);
    assert.deepEqual(heard(outside), ["not-joined"]);
    assert.deepEqual(heard(ann), ["leaved left", "not-joined"]);
  });
}

Deno.test("[KI1] Hub frees the connection of the kicked, which hears no more of the room", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.heard();

  ann.say({ type: "kick", userId: "bob", requestId: 1 });
  ann.say({ type: "chat", text: "alone" });
  bob.say({ type: "chat", text: "still here?" });
  bob.say({ type: "join", roomId: "other" });

  assert.deepEqual(heard(ann), ["ok", "user-left kicked", "chat"]);
  assert.deepEqual(heard(bob), ["leaved kicked", "not-joined", "joined"]);
});

Deno.test("[KI2] Hub keeps the kicked out by user id, by connection and by network", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const from = (address?: string) => fixture.connect(undefined, { address });
  const bob = from("2001:db8::1");
  bob.say({ type: "join", roomId: "test", userId: "bob" });
  ann.say({ type: "kick", userId: "bob" });
  bob.heard();
  const attempt = (client: FakeClient, userId: string) => {
    client.heard();
    client.say({ type: "join", roomId: "test", userId });
    return heard(client);
  };

  assert.deepEqual(attempt(bob, "bob"), ["not-allowed"]);
  assert.deepEqual(attempt(bob, "robert"), ["not-allowed"]);
  assert.deepEqual(attempt(from("2001:db8::2"), "roberta"), ["not-allowed"]);
  assert.deepEqual(attempt(from("198.51.100.1"), "bob"), ["not-allowed"]);
  assert.deepEqual(attempt(from("198.51.100.1"), "cat"), ["joined"]);
});

Deno.test("[KI2] Hub keeps the kicked out where they sit now, after a resume from elsewhere", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const from = (address: string) => fixture.connect(undefined, { address });
  const lost = from("198.51.100.1");
  lost.say({ type: "join", roomId: "test", userId: "bob", resumable: true });
  const joined = lost.heard().find((one) => one.type === "joined");
  const resumeToken = joined?.type === "joined" ? joined.resumeToken : undefined;
  lost.drop();
  const bob = from("203.0.113.1");
  bob.say({ type: "resume", resumeToken, lastSeq: 0 });
  ann.say({ type: "kick", userId: "bob" });
  bob.heard();
  const attempt = (client: FakeClient, userId: string) => {
    client.heard();
    client.say({ type: "join", roomId: "test", userId });
    return heard(client);
  };

  assert.deepEqual(attempt(bob, "robert"), ["not-allowed"]);
  assert.deepEqual(attempt(from("203.0.113.1"), "roberta"), ["not-allowed"]);
  assert.deepEqual(attempt(from("198.51.100.1"), "cat"), ["joined"]);
});

Deno.test("[KI3] Hub holds no network against anybody behind a proxy of its own machine", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const proxied = () => fixture.connect(undefined, { address: "127.0.0.1" });
  const bob = proxied();
  bob.say({ type: "join", roomId: "test", userId: "bob" });
  ann.say({ type: "kick", userId: "bob" });
  const cat = proxied();
  cat.heard();

  cat.say({ type: "join", roomId: "test", userId: "cat" });

  assert.deepEqual(heard(cat), ["joined"]);
});

Deno.test("[MU1] Hub passes a request to mute to the one who is meant", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  const cat = fixture.join("test", "cat");
  bob.heard();

  ann.say({ type: "mute", userId: "bob", kind: "video" });

  assert.deepEqual(bob.heard(), [{ type: "mute", from: "ann", kind: "video" }]);
  assert.deepEqual(heard(cat), []);
});

Deno.test("[LK1] Hub keeps a locked room closed to a new id, another connection and a viewer", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.say({ type: "lock", locked: true });
  bob.say({ type: "leave" });
  bob.heard();

  bob.say({ type: "join", roomId: "test", userId: "bob" });
  bob.say({ type: "join", roomId: "test", userId: "new" });
  bob.say({ type: "join", roomId: "test", role: "viewer" });
  bob.say({ type: "join", roomId: "test", hostKey: "" });

  assert.deepEqual(heard(bob), ["room-locked", "room-locked", "room-locked", "not-allowed"]);
});

Deno.test("[LB2] Hub tells one who waits nothing of the room, and takes nothing into it", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const cat = fixture.join("test", "cat");
  ann.say({ type: "lobby", enabled: true });
  ann.heard();
  const bob = fixture.connect();
  bob.heard();

  bob.say({ type: "join", roomId: "test", userId: "bob", requestId: 7 });
  assert.deepEqual(bob.heard(), [
    { type: "waiting", roomId: "test", userId: "bob", requestId: 7 },
  ]);
  ann.say({ type: "chat", text: "about bob" });
  cat.say({ type: "state", hand: true });
  cat.say({ type: "leave" });
  ann.say({ type: "chat", text: "to bob", to: "bob" });
  for (const message of [{ type: "chat", text: "x" }, { type: "data", payload: 1 }]) {
    bob.say(message);
  }
  bob.say({ type: "state", audio: true });
  bob.say({ type: "stats" });
  bob.say({ type: "admit", userId: "bob" });
  bob.say({ type: "join", roomId: "test", userId: "bob2" });

  const refused = Array<string>(5).fill("not-joined");
  assert.deepEqual(heard(bob), [...refused, "already-joined"]);
  assert.deepEqual(heard(ann), [
    "knock",
    "chat",
    "participant-updated",
    "user-left left",
    "no-such-participant",
  ]);
});

Deno.test("[LB4] Hub lets one in who was admitted, as any other member from then on", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  const bob = fixture.join("test", "bob");
  const cat = fixture.join("test", "cat");
  ann.heard();

  ann.say({ type: "admit", userId: "bob" });
  bob.say({ type: "chat", text: "thanks" });

  assert.deepEqual(heard(bob), ["joined", "chat"]);
  assert.deepEqual(heard(ann), ["user-joined", "chat"]);
  assert.deepEqual(heard(cat), []);
  assert.equal(fixture.hub.registry.participantCount, 2);
});

Deno.test("[LB5, LB6] Hub frees who was denied, and tells the host who went away waiting", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  const bob = fixture.join("test", "bob");
  const cat = fixture.join("test", "cat");
  const dan = fixture.join("test", "dan");
  ann.heard();

  ann.say({ type: "deny", userId: "bob" });
  cat.say({ type: "leave" });
  dan.drop();
  bob.say({ type: "join", roomId: "test", userId: "bob" });

  assert.deepEqual(heard(bob), ["leaved denied", "waiting"]);
  assert.deepEqual(heard(cat), ["leaved left"]);
  assert.deepEqual(heard(ann), [
    "knock-ended denied",
    "knock-ended left",
    "knock-ended disconnected",
    "knock",
  ]);
});

Deno.test("[LB8] Hub opens a lobby for nobody who comes early, by whatever they try", () => {
  const fixture = new HubFixture();
  const owner = fixture.connect();
  owner.heard();
  owner.say({ type: "create-room", kind: "meeting", lobby: true });
  const [created] = owner.heard();
  assert.equal(created?.type, "room-created");
  const { roomId: code, hostKey } = created as { roomId: string; hostKey: string };
  const early = fixture.connect();
  early.heard();

  early.say({ type: "join", roomId: code, userId: "early" });
  early.say({ type: "lobby", enabled: false });
  early.say({ type: "leave" });
  early.say({ type: "join", roomId: code, userId: "early", role: "broadcaster" });
  early.say({ type: "leave" });
  early.say({ type: "join", roomId: code, userId: "early", hostKey: "guess" });
  early.say({ type: "join", roomId: code, userId: "early" });
  assert.deepEqual(heard(early), [
    ...["waiting", "not-joined", "leaved left"],
    ...["waiting", "leaved left", "not-allowed", "waiting"],
  ]);

  owner.say({ type: "join", roomId: code, userId: "owner", hostKey });
  owner.say({ type: "admit", userId: "early" });

  assert.deepEqual(heard(owner), ["joined", "knock", "user-joined"]);
  assert.deepEqual(heard(early), ["joined"]);
});

Deno.test("[EN1] Hub ends a room for everyone, and every connection may go on", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.say({ type: "lobby", enabled: true });
  const cat = fixture.join("test", "cat");
  bob.heard();
  ann.heard();

  ann.say({ type: "end-room", requestId: 3 });

  assert.deepEqual(ann.heard(), [
    { type: "leaved", roomId: "test", userId: "ann", reason: "room-ended", requestId: 3 },
  ]);
  assert.deepEqual([heard(bob), heard(cat)], [["leaved room-ended"], ["leaved room-ended"]]);
  assert.equal(fixture.hub.registry.get(roomId("test")), undefined);
  for (const client of [bob, cat, ann]) client.say({ type: "join", roomId: "test" });
  assert.deepEqual(heard(cat), ["joined", "user-joined"]);
});

/** TURN credentials on the wire, connections and rooms together. */
import assert from "node:assert/strict";
import { CredentialIssuer } from "../../src/turn/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";

const urls = ["turn:turn.example.org"];
const stun = { urls: "stun:stun.example.org" };

function fixtureWithTurn(): HubFixture {
  const clock = new FakeClock();
  const secret = "a secret of the test";
  return new HubFixture({ clock, turn: new CredentialIssuer({ urls, secret, ttlS: 60, clock }) });
}

/** For whom the credentials of what was heard are, without the time. */
function holderOf(client: FakeClient, type: "welcome" | "joined"): string | undefined {
  const message = client.heard().find((message) => message.type === type);
  assert.ok(message?.type === "welcome" || message?.type === "joined");
  assert.deepEqual(message.iceServers?.[0], stun);
  return message.iceServers?.[1]?.username?.replace(/^\d+:/, "");
}

Deno.test("[IC1] Hub gives a connection credentials, and a participant its own", () => {
  const fixture = fixtureWithTurn();
  const ann = fixture.connect();
  const connection = holderOf(ann, "welcome");

  ann.say({ type: "join", roomId: "test", userId: "ann" });

  assert.equal(connection, "000000000001");
  assert.equal(holderOf(ann, "joined"), "test/ann");
});

Deno.test("[IC1] Hub gives them also to who is let in from the lobby", () => {
  const fixture = fixtureWithTurn();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  const bob = fixture.connect();
  bob.say({ type: "join", roomId: "test", userId: "bob" });
  bob.heard();

  ann.say({ type: "admit", userId: "bob" });

  assert.equal(holderOf(bob, "joined"), "test/bob");
});

Deno.test("[IC1] Hub leaves joined as it is where no credentials are made", () => {
  const ann = new HubFixture().connect();
  ann.heard();

  ann.say({ type: "join", roomId: "test", userId: "ann" });

  const [joined] = ann.heard();
  assert.ok(joined?.type === "joined");
  assert.equal("iceServers" in joined, false);
});

/** Who is host, who inherits, and who is kept out. */
import assert from "node:assert/strict";
import type { ConnectionId } from "../../src/protocol/mod.ts";
import type { Origin } from "../../src/rooms/mod.ts";
import { userId } from "../support/messages.ts";
import { enter, hasCode, hostsOf, kick, makeRoom, said } from "../support/room_fixture.ts";

Deno.test("[HO2] Hosts.entered makes the first who is not a viewer host, and nobody after", () => {
  const room = makeRoom();

  enter(room, "vic", { role: "viewer" });
  assert.deepEqual(hostsOf(room), []);
  enter(room, "ann");
  enter(room, "bob");

  assert.deepEqual(hostsOf(room), ["ann"]);
});

Deno.test("[HO1] Hosts.entered makes a host by grant beside the first, a viewer too", () => {
  const room = makeRoom();
  enter(room, "ann");

  enter(room, "bob", { role: "viewer", mayHost: true });

  assert.deepEqual(hostsOf(room), ["ann", "bob"]);
});

Deno.test("[HO2] Hosts.entered passes over one that a token forbids to be host", () => {
  const room = makeRoom();

  enter(room, "ann", { mayHost: false });
  enter(room, "bob");

  assert.deepEqual(hostsOf(room), ["bob"]);
});

for (const reason of ["left", "disconnected", "slow-consumer"] as const) {
  Deno.test(`[HO3] Hosts.left hands over to the longest present when the host goes: ${reason}`, () => {
    const room = makeRoom();
    const ann = enter(room, "ann");
    enter(room, "vic", { role: "viewer" });
    enter(room, "mia", { mayHost: false });
    enter(room, "bob");
    enter(room, "cat");

    const outcome = room.leave(ann, reason);

    assert.deepEqual(said(outcome), [
      `vic,mia,bob,cat: user-left ann ${reason}`,
      "vic,mia,bob,cat: host-changed bob",
    ]);
    assert.deepEqual(hostsOf(room), ["bob"]);
  });
}

Deno.test("[HO3] Hosts.left hands nothing over while another host is there", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "bob");
  enter(room, "cat", { mayHost: true });

  assert.deepEqual(said(room.leave(ann, "left")), ["bob,cat: user-left ann left"]);

  assert.deepEqual(hostsOf(room), ["cat"]);
});

Deno.test("[HO3] Hosts.left finds no heir among viewers; the next participant is host", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "vic", { role: "viewer" });

  assert.deepEqual(said(room.leave(ann, "left")), ["vic: user-left ann left"]);
  enter(room, "bob");

  assert.deepEqual(hostsOf(room), ["bob"]);
});

const phone: Origin = { connectionId: "c1" as ConnectionId, network: "192.0.2.7" };
const wayBack: [how: string, user: string, origin: Origin][] = [
  ["the same user id from elsewhere", "bob", { network: "198.51.100.1" }],
  ["another user id on the same connection", "rob", { connectionId: phone.connectionId }],
  ["another user id and connection of the same network", "rob", { network: phone.network }],
];
for (const [how, user, origin] of wayBack) {
  Deno.test(`[KI2] Bans.has keeps a kicked one out who comes back with ${how}`, () => {
    const room = makeRoom();
    const ann = enter(room, "ann");
    enter(room, "bob", { origin: phone });
    room.moderation.kick(ann, kick("bob"));

    assert.throws(() => enter(room, user, { origin }), hasCode("not-allowed"));
    assert.throws(() => enter(room, user, { origin, mayHost: true }), hasCode("not-allowed"));

    enter(room, "rob", { origin: { connectionId: "c2" as ConnectionId, network: "192.0.2.8" } });
  });
}

Deno.test("[KI3] Bans.has holds no network against anybody that is the host's own or unknown", () => {
  const room = makeRoom();
  const ann = enter(room, "ann", { origin: { network: "192.0.2.7" } });
  enter(room, "bob", { origin: phone });
  enter(room, "cat");
  room.moderation.kick(ann, kick("bob"));
  room.moderation.kick(ann, kick("cat"));

  enter(room, "dan", { origin: { network: "192.0.2.7" } });
  enter(room, "eve");

  assert.equal(room.size, 3);
});

Deno.test("[KI5] Bans.has holds a kicked host's network against it, but not that of another", () => {
  const room = makeRoom();
  enter(room, "ann", { origin: { network: "192.0.2.7" } });
  enter(room, "bob", { origin: { network: "198.51.100.1" }, mayHost: true });
  enter(room, "cat", { origin: { network: "198.51.100.1" } });

  room.moderation.kickByAdministrator(userId("cat"));
  room.moderation.kickByAdministrator(userId("ann"));

  assert.throws(
    () => enter(room, "dan", { origin: { network: "192.0.2.7" } }),
    hasCode("not-allowed"),
  );
  enter(room, "dan", { origin: { network: "198.51.100.1" } });
});

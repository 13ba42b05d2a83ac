/** The bodies of webhooks: what really happens in rooms has the shape that is published. */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import type { RoomEvent } from "../../src/rooms/mod.ts";
import { webhookEvents } from "../../src/webhooks/mod.ts";
import { HubFixture } from "../support/hub_fixture.ts";

/** A schema that takes nothing beyond what it names, so that nothing leaks unnoticed. */
function validators() {
  const ajv = new Ajv({ allErrors: true });
  return Object.fromEntries(
    Object.entries(webhookEvents).map(([type, schema]) => [
      type,
      ajv.compile({ ...JSON.parse(JSON.stringify(schema)), additionalProperties: false }),
    ]),
  );
}

Deno.test("webhookEvents describes everything that a listener of rooms hears", () => {
  const heard: RoomEvent[] = [];
  const fixture = new HubFixture({ roomListener: { happened: (event) => void heard.push(event) } });
  const ann = fixture.join("test", "ann", { name: "Ann", role: "broadcaster" });
  const bob = fixture.join("test", "bob");
  fixture.join("test", "vic", { role: "viewer" });
  ann.say({ type: "leave" });
  bob.say({ type: "kick", userId: "vic" });
  bob.say({ type: "end-room" });
  const checks = validators();

  for (const event of heard) {
    const body = JSON.parse(JSON.stringify({ id: "x", at: 1, ...event, dropped: 1 }));
    assert.ok(checks[event.type]?.(body), JSON.stringify([body, checks[event.type]?.errors]));
  }

  assert.deepEqual(new Set(heard.map(({ type }) => type)), new Set(Object.keys(webhookEvents)));
});

Deno.test("webhookEvents refuses a body without what its type promises", () => {
  const checks = validators();
  const room = { id: "x", at: 1, roomId: "test", kind: "live", participants: 0 };
  const member = { ...room, userId: "ann", role: "viewer" };

  assert.ok(checks["room-started"]?.({ type: "room-started", ...room }));
  assert.ok(!checks["room-started"]?.({ type: "room-ended", ...room }));
  assert.ok(!checks["participant-joined"]?.({ type: "participant-joined", ...room }));
  assert.ok(!checks["participant-left"]?.({ type: "participant-left", ...member }));
  assert.ok(checks["participant-left"]?.({ type: "participant-left", ...member, reason: "left" }));
});

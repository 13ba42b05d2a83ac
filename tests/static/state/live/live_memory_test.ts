/** What a tab remembers of its own broadcast. */
import assert from "node:assert/strict";
import { parseRoomId, parseUserId } from "../../../../static/state/ids.ts";
import { LiveMemory, type RememberedBroadcast } from "../../../../static/state/live/live_memory.ts";
import { memory } from "../../support/fake_media.ts";

const broadcast: RememberedBroadcast = {
  roomId: parseRoomId("482913")!,
  userId: parseUserId("ann")!,
  source: "screen",
};

Deno.test("LiveMemory keeps a broadcast until it is forgotten", () => {
  const store = memory();
  new LiveMemory(() => store).keep(broadcast);

  const read = new LiveMemory(() => store).read();
  new LiveMemory(() => store).forget();

  assert.deepEqual(read, broadcast);
  assert.equal(new LiveMemory(() => store).read(), undefined);
});

for (
  const text of [
    ...["", "no json", "null", "[]", "{}"],
    JSON.stringify({ ...broadcast, source: "window" }),
    JSON.stringify({ ...broadcast, roomId: "no room!" }),
    JSON.stringify({ ...broadcast, userId: "" }),
  ]
) {
  Deno.test(`LiveMemory.read takes nothing else for a broadcast: ${text}`, () => {
    const store = memory({ "signalbox.broadcast": text });

    assert.equal(new LiveMemory(() => store).read(), undefined);
  });
}

Deno.test("LiveMemory works without a memory where storage is forbidden", () => {
  const forbidden = new LiveMemory(() => {
    throw new DOMException("forbidden", "SecurityError");
  });

  forbidden.keep(broadcast);
  forbidden.forget();

  assert.equal(forbidden.read(), undefined);
});

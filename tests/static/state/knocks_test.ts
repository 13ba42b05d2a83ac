/** Who waits at the door, as a host hears of it. */
import assert from "node:assert/strict";
import { type Knock, reduceKnocks } from "../../../static/state/knocks.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";
import { participant } from "../../support/page_sockets.ts";

Deno.test("[LB3] reduceKnocks lists who waits, once each, by name where there is one", () => {
  const knocks = after(
    { type: "knock", userId: "bob", role: "participant" },
    { type: "knock", userId: "eve", name: "Eve", role: "participant" },
    { type: "knock", userId: "bob", name: "Bob", role: "participant" },
  );

  assert.deepEqual(knocks, [{ userId: "eve", name: "Eve" }, { userId: "bob", name: "Bob" }]);
});

Deno.test("[LB4, LB6] reduceKnocks forgets who was admitted and who gave up", () => {
  const knocks = after(
    { type: "knock", userId: "bob", role: "participant" },
    { type: "knock", userId: "eve", role: "participant" },
    { type: "knock", userId: "joe", role: "participant" },
    { type: "user-joined", roomId: "r", userId: "bob", participant: participant("bob") },
    { type: "knock-ended", userId: "eve", reason: "left" },
  );

  assert.deepEqual(knocks.map(({ userId }) => userId), ["joe"]);
});

Deno.test("reduceKnocks begins anew when the room does", () => {
  assert.deepEqual(
    after({ type: "knock", userId: "bob", role: "participant" }, {
      type: "leaved",
      roomId: "r",
      userId: "ann",
    }),
    [],
  );
});

Deno.test("reduceKnocks keeps the same array when nothing changes", () => {
  const knocks: readonly Knock[] = [];

  assert.equal(reduceKnocks(knocks, asServerMessage({ type: "ok" })!), knocks);
  assert.equal(
    reduceKnocks(knocks, asServerMessage({ type: "knock-ended", userId: "bob", reason: "left" })!),
    knocks,
  );
});

function after(...messages: unknown[]): readonly Knock[] {
  return messages.reduce<readonly Knock[]>(
    (knocks, message) => reduceKnocks(knocks, asServerMessage(message)!),
    [],
  );
}

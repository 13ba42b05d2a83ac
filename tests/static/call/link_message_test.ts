/** What links read of the relayed messages. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { fieldsOf, type Incoming, isIncoming } from "../../../static/call/link_message.ts";

const types: [type: string, expected: boolean][] = [
  ["offer", true],
  ["answer", true],
  ["ice-candidate", true],
  ["data", false],
  ["chat", false],
];

for (const [type, expected] of types) {
  Deno.test(`[RL1] isIncoming of ${type}: ${expected}`, () => {
    assert.equal(isIncoming({ type } as ServerMessage), expected);
  });
}

const fields: [sent: object, link: string | undefined, number: number | undefined][] = [
  [{ link: "a", number: 3 }, "a", 3],
  [{}, undefined, undefined],
  [{ link: 7, number: "3" }, undefined, undefined],
  [{ link: null, number: null }, undefined, undefined],
  [{ link: "" }, "", undefined],
];

for (const [sent, link, number] of fields) {
  Deno.test(`[RL1] fieldsOf ${JSON.stringify(sent)}`, () => {
    assert.deepEqual(fieldsOf({ type: "offer", ...sent } as unknown as Incoming), { link, number });
  });
}

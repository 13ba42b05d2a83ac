/** Events as numbers: what goes in comes out, however many there are. */
import assert from "node:assert/strict";
import { LEAVE_REASONS } from "../../../src/protocol/mod.ts";
import { indexOf, kindOf, reasonWord } from "../../../cli/verify/event_log.ts";
import { EventKind, EventLog, eventOf, reasonNumber } from "../../../cli/verify/mod.ts";

Deno.test("EventLog keeps kind, index and reason of many events", () => {
  const log = new EventLog();
  const kinds = Object.values(EventKind);

  for (let index = 0; index < 10_000; index++) {
    log.push(eventOf(kinds[index % 3]!, index * 100), reasonNumber("disconnected"));
  }

  assert.equal(log.length, 10_000);
  const event = log.eventAt(9_999);
  assert.equal(kindOf(event), kinds[9_999 % 3]);
  assert.equal(indexOf(event), 999_900);
  assert.equal(reasonWord(log.reasonAt(9_999)), "disconnected");
  assert.equal(log.eventAt(10_000), -1);
});

Deno.test("EventLog.includes looks from a position on", () => {
  const log = new EventLog();
  const event = eventOf(EventKind.chat, 7);
  log.push(event);

  assert.equal(log.includes(event, 0), true);
  assert.equal(log.includes(event, 1), false);
});

for (const reason of [undefined, null, 7, "", "gone", {}, ["left"]]) {
  Deno.test(`[LE4] reasonNumber takes ${JSON.stringify(reason)} for a reason unknown`, () => {
    assert.match(reasonWord(reasonNumber(reason)), /no reason known/);
  });
}

Deno.test("[LE4] reasonNumber has a number of its own for each reason of the wire", () => {
  assert.deepEqual(LEAVE_REASONS.map((reason) => reasonWord(reasonNumber(reason))), LEAVE_REASONS);
});

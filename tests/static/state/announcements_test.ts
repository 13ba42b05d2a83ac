/** What is said aloud about the room. */
import assert from "node:assert/strict";
import { MAX_NAMED, summariseRosterEvents } from "../../../static/state/announcements.ts";
import type { RosterEvent } from "../../../static/state/roster.ts";

const came = (who: string): RosterEvent => ({ kind: "joined", who });
const went = (who: string): RosterEvent => ({ kind: "left", who, reason: "left" });

Deno.test("summariseRosterEvents names a few, in order", () => {
  const events = [came("ann"), went("bob")];

  assert.deepEqual(summariseRosterEvents(events), { kind: "few", events });
});

Deno.test("summariseRosterEvents counts a crowd", () => {
  const events = [...Array.from({ length: MAX_NAMED }, (_, n) => came(`user-${n}`)), went("bob")];

  assert.deepEqual(summariseRosterEvents(events), { kind: "many", joined: MAX_NAMED, left: 1 });
});

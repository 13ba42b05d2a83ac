/** How testers share a run: whole rooms, and nobody twice. */
import assert from "node:assert/strict";
import { planRooms, settingsOf } from "../../../cli/scenarios/part.ts";
import { verifiedReport } from "../../support/simulation_reports.ts";

const SETTINGS = { ...verifiedReport.settings, users: 103, rooms: 10, rate: 100 };

Deno.test("planRooms gives each room to one tester, and each user to one room", () => {
  const parts = [0, 1, 2].map((index) => planRooms(SETTINGS, { index, of: 3 }));

  for (let room = 0; room < 10; room++) {
    assert.equal(parts.filter((rooms) => rooms[room]!.isOwn).length, 1, `room ${room}`);
  }
  const users = parts[0]!.flatMap(({ userIds }) => userIds);
  assert.equal(new Set(users).size, 103);
  assert.deepEqual(parts[1]!.map(({ roomId }) => roomId), parts[2]!.map(({ roomId }) => roomId));
});

Deno.test("settingsOf splits users, rooms and rates, and gives each its seed", () => {
  const arrival = { kind: "poisson", perSecond: 50 } as const;
  const parts = [0, 1, 2].map((index) => settingsOf({ ...SETTINGS, arrival }, { index, of: 3 }));

  const sum = (value: (part: typeof parts[number]) => number) =>
    parts.reduce((total, part) => total + value(part), 0);
  assert.equal(sum(({ users }) => users), 103);
  assert.equal(sum(({ rooms }) => rooms), 10);
  assert.ok(Math.abs(sum(({ rate }) => rate!) - 100) < 1e-9);
  const paces = sum((part) => part.arrival?.kind === "poisson" ? part.arrival.perSecond : NaN);
  assert.ok(Math.abs(paces - 50) < 1e-9);
  assert.equal(new Set(parts.map(({ seed }) => seed)).size, 3);
});

Deno.test("settingsOf leaves a run that is not shared as it is", () => {
  assert.equal(settingsOf(SETTINGS, { index: 0, of: 1 }), SETTINGS);
});

/**
 * The steps and the rules that scenarios share: connect, join, leave, the look whether the rooms are
 * gone. The tables of scenarios are made of them.
 */
import { checkGone, connect, join, leave } from "./phases.ts";
import type { ScenarioStep } from "./scenario.ts";

/** Everybody connects. */
export const CONNECT: ScenarioStep = { name: "connect", run: connect };
/** Everybody joins. */
export const JOIN: ScenarioStep = { name: "join", run: join };
/** Everybody leaves. */
export const LEAVE: ScenarioStep = { name: "leave", run: leave };
/** The rooms are gone, where the server can be asked. */
export const GONE: ScenarioStep = {
  name: "gone",
  run: checkGone,
  isSkipped: (context) => {
    if (context.canSeeRooms) return false;
    context.notes.push("Not checked that rooms end (LE5): the server has no GET /api/rooms/:id");
    return true;
  },
};

/** What every connection puts to the test. */
export const CONNECTION_RULES: readonly string[] = ["CO1", "CO2", "CO3"];
/** What every stay puts to the test, from its join to its end. */
export const STAY_RULES: readonly string[] = [
  ...["JO2", "JO3", "LE2", "LE3", "LE4", "LE5", "OR1", "OR2", "ME4"],
];

/**
 * What a run checks, rule by rule of PROTOCOL.md, in words. The reports show each with how often it
 * was put to the test; a rule that was broken and stands not here gets a row of its own.
 */
import type { Findings, Tally } from "../verify/mod.ts";

/** One check. */
export type Check = {
  /** Rule of PROTOCOL.md. */
  readonly rule: string;
  /** What is promised. */
  readonly title: string;
  readonly state: "passed" | "failed" | "not checked";
  /** How often it was put to the test. */
  readonly checked: number;
  /** How often it was broken. */
  readonly failed: number;
};

/** In the order in which a report lists them. */
const TITLES: Readonly<Record<string, string>> = {
  CO1: "every user gets a connection",
  CO2: "the server greets first, with welcome",
  CO3: "the offered subprotocol is selected",
  JO2: "joined holds the roster so far, in join order",
  JO3: "whoever is present gets each user-joined exactly once",
  CH1: "whoever is present gets each chat exactly once",
  CH3: "message ids are unique and grow",
  LE2: "leave is answered with leaved",
  LE3: "whoever stays gets each user-left exactly once",
  LE4: "user-left tells the true reason",
  LE5: "the last leave ends the room",
  OR1: "all members see one order",
  OR2: "nothing reaches anybody outside the room",
  ME4: "every request is answered exactly once",
  RL1: "what is sent to one participant reaches it exactly once",
  OR3: "what one sends to another arrives in the order sent",
  RE2: "messages to who may resume are numbered without a gap",
  RE3: "the others hear who is away and who is back",
  RE4: "a resumed seat gets what it missed",
  PB1: "publishers are told what their tracks are called",
  PB3: "the others hear of tracks and of their end",
  TO1: "in a mesh everybody gets each frame of all others",
  SB1: "m-lines carry what was told, whole and from a key frame on",
  SB2: "m-lines carry nothing else than what was told",
  SB3: "a paused track is not sent",
  SB4: "another connection takes the place of the one before",
  SB5: "the server keeps media connections",
  TO2: "rooms move their media to the server",
  CO9: "the server keeps connections open",
  CH2: "chat text arrives as it was sent",
  CO6: "frames hold one message or an array of them",
  ER1: "requests succeed",
  ER2: "an error changes nothing but itself",
  ER4: "the server keeps running",
  JO5: "a free user id can be used",
  LE6: "the server ends no stay unasked",
  LI1: "the server has room for the run",
  LI2: "the server allows the rate of the run",
  ME1: "messages are objects with a type",
  RL4: "the sender is who it is",
};

/** The checks of a run whose scenario puts `rules` to the test, and every rule that was broken. */
export function listChecks(
  rules: readonly string[],
  { tally, findings }: { tally: Tally; findings: Findings },
): Check[] {
  const listed = new Set(rules);
  const named = Object.keys(TITLES).filter((rule) => listed.has(rule));
  const others = [...new Set([...rules, ...findings.rules])].filter((rule) =>
    !named.includes(rule)
  );
  const rows = [...named, ...others.sort()];
  return rows.map((rule) => {
    const checked = tally.of(rule);
    const failed = findings.countOf(rule);
    const state = failed > 0 ? "failed" : checked > 0 ? "passed" : "not checked";
    const title = TITLES[rule] ?? "the rule holds";
    return { rule, title, state, checked, failed };
  });
}

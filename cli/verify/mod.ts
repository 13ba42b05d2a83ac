/**
 * The judge of a run: what the users did and saw in, findings out. Pure but for the clock readings
 * that its caller hands in; nothing in here opens a socket.
 *
 * ```ts
 * import { EventKind, eventOf, Findings, RoomHistory, Tally, verifyRoom } from "./mod.ts";
 *
 * const room = new RoomHistory("test");
 * const ann = room.addStay("ann", 1);
 * const bob = room.addStay("bob", 1);
 * ann.roster = [ann.index];
 * bob.roster = [ann.index, bob.index];
 * ann.view.push(eventOf(EventKind.join, bob.index));
 *
 * const verdict = { findings: new Findings(), tally: new Tally() };
 * verifyRoom(room, verdict);
 * if (verdict.findings.total !== 0) throw new Error("two people joined, and that is all");
 * ```
 *
 * @module
 */
export { EventKind, EventLog, eventOf, reasonNumber } from "./event_log.ts";
export { fieldsOf, shown, wordOf } from "./fields.ts";
export { type Finding, Findings, MAX_FINDINGS } from "./finding.ts";
export { type RelayExpectation, RelayLedger, type RelayType } from "./relay_ledger.ts";
export { type Answer, type PendingRequest, type RequestType } from "./requests.ts";
export { type Chat, type Ending, RoomHistory, type Stay } from "./room_history.ts";
export { LATENCY_KINDS, type LatencyKind, type RunContents, RunRecord } from "./run_record.ts";
export { Tally } from "./tally.ts";
export type { Verdict } from "./verdict.ts";
export { verifyRoom } from "./verify_room.ts";
export { Witness } from "./witness.ts";

/**
 * The judge of one room: from what was sent and what each member saw, it says what is wrong. Pure;
 * the runner calls it once a room at the end, the tests feed it histories by hand.
 *
 * Rule OR1 gives every room one order of joins, departures and chat, and each member's view is a
 * slice of it without gaps. The judge walks all views at once, one event of that order at a time:
 * what the views agree on comes next, and a view that has something else there has missed,
 * repeated, invented or swapped it. Where views disagree, the event comes next that makes the
 * fewest of them wrong, so a single bad copy is blamed on the one who got it.
 */
import { Disagreement } from "./disagreement.ts";
import { EventKind, eventOf, indexOf, kindOf } from "./event_log.ts";
import type { RoomHistory, Stay } from "./room_history.ts";
import { RoomOrder } from "./room_order.ts";
import type { Verdict } from "./verdict.ts";
import { View } from "./view.ts";

/** Judges `room`; adds what is wrong to `verdict.findings` and what was checked to `verdict.tally`. */
export function verifyRoom(room: RoomHistory, verdict: Verdict): void {
  new Merge(room, verdict).run();
}

/** Where views disagree this many of their heads are weighed: a fault makes two, rarely three. */
const MAX_CANDIDATES = 4;
/** So many disagreements are weighed with care; in a room that is all wrong the majority rules. */
const MAX_CHOICES = 200;

class Merge {
  readonly #room: RoomHistory;
  readonly #disagreement: Disagreement;
  readonly #order: RoomOrder;
  readonly #views = new Map<number, View>();
  /** Joins that no view shows, by the event that their own view shows first. */
  readonly #unseenByFirstEvent = new Map<number, Stay[]>();
  #unseen: Stay[] = [];
  #choices = 0;

  constructor(room: RoomHistory, verdict: Verdict) {
    this.#room = room;
    this.#disagreement = new Disagreement(room, verdict);
    this.#order = new RoomOrder(room, this.#disagreement);
  }

  run(): void {
    this.#findUnseenJoins();
    for (;;) {
      const event = this.#nextEvent();
      if (event !== undefined) {
        for (const stay of this.#unseenByFirstEvent.get(event) ?? []) this.#takeJoin(stay);
        this.#take(event);
        continue;
      }
      const stay = this.#nextUnseenJoin();
      if (stay === undefined) break;
      this.#takeJoin(stay);
    }
    this.#reportEventsNobodySaw();
  }

  /** The event that comes next by most views, or undefined when every view is at its end. */
  #nextEvent(): number | undefined {
    let first: number | undefined;
    let agree = true;
    for (const view of this.#views.values()) {
      const head = view.head();
      if (head < 0) continue;
      if (first === undefined) first = head;
      else if (first !== head) agree = false;
    }
    return agree || first === undefined ? first : this.#choose();
  }

  /**
   * Among the heads, the event that the fewest views show only later; of equals the one with the
   * most views, of those the one that happened first.
   */
  #choose(): number {
    const votes = new Map<number, number>();
    for (const view of this.#views.values()) {
      const head = view.head();
      if (head >= 0) votes.set(head, (votes.get(head) ?? 0) + 1);
    }
    const most = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MAX_CANDIDATES);
    if (this.#choices++ >= MAX_CHOICES) return most[0]![0];
    const candidates = most.map(([event]) => ({ event, later: this.#countLater(event) }));
    candidates.sort((a, b) => a.later - b.later); // Stable: of equals the most votes stay first.
    return candidates[0]!.event;
  }

  #countLater(event: number): number {
    let later = 0;
    for (const view of this.#views.values()) {
      if (view.head() !== event && view.showsLater(event)) later++;
    }
    return later;
  }

  #take(event: number): void {
    for (const view of this.#views.values()) view.follow(event, this.#disagreement);
    this.#order.take(event);
    const index = indexOf(event);
    if (kindOf(event) === EventKind.join) this.#open(this.#room.stays[index]!);
    if (kindOf(event) === EventKind.left) this.#close(this.#room.stays[index]!);
  }

  #takeJoin(stay: Stay): void {
    this.#unseen = this.#unseen.filter((other) => other !== stay);
    const event = eventOf(EventKind.join, stay.index);
    if (this.#order.has(event)) return;
    this.#take(event);
    this.#disagreement.missedByThosePresent(event);
  }

  #open(stay: Stay): void {
    if (stay.roster !== undefined) this.#views.set(stay.index, new View(stay, this.#order));
  }

  #close(stay: Stay): void {
    this.#views.get(stay.index)?.end(this.#disagreement);
    this.#views.delete(stay.index);
  }

  #findUnseenJoins(): void {
    const seen = seenJoins(this.#room.stays);
    this.#unseen = this.#room.stays.filter(
      (stay) => stay.roster !== undefined && seen[stay.index] === 0,
    );
    for (const stay of this.#unseen) {
      const first = stay.view.eventAt(0);
      if (first < 0) continue;
      const waiting = this.#unseenByFirstEvent.get(first);
      if (waiting === undefined) this.#unseenByFirstEvent.set(first, [stay]);
      else waiting.push(stay);
    }
  }

  /** The next join that nobody could see: one whose roster holds only those who are in already. */
  #nextUnseenJoin(): Stay | undefined {
    const isIn = (index: number) => this.#order.has(eventOf(EventKind.join, index));
    const possible = this.#unseen.find((stay) =>
      stay.roster!.every((index) => index < 0 || index === stay.index || isIn(index))
    );
    // Views that contradict each other may leave nobody to begin with: then the first that is left.
    return possible ?? this.#unseen[0] ??
      this.#room.stays.find((stay) => stay.roster !== undefined && !isIn(stay.index));
  }

  /** Departures and chat that must have happened, of which no view knows. */
  #reportEventsNobodySaw(): void {
    for (const stay of this.#room.stays) {
      const hasEnded = stay.roster !== undefined && stay.ending !== "open";
      const event = eventOf(EventKind.left, stay.index);
      if (hasEnded && !this.#order.has(event)) this.#disagreement.missedByThosePresent(event);
    }
    for (const chat of this.#room.chats) {
      const event = eventOf(EventKind.chat, chat.index);
      if (!chat.isRefused && !this.#order.has(event)) {
        this.#disagreement.missedByThosePresent(event);
      }
    }
  }
}

/** Which joins some view shows; a user-joined of somebody in the viewer's roster proves nothing. */
function seenJoins(stays: readonly Stay[]): Uint8Array {
  const seen = new Uint8Array(stays.length);
  const inRosterOf = new Int32Array(stays.length).fill(-1);
  for (const { index, roster, view } of stays) {
    for (const other of roster ?? []) inRosterOf[other] = index;
    for (let position = 0; position < view.length; position++) {
      const event = view.eventAt(position);
      if (kindOf(event) !== EventKind.join) continue;
      if (inRosterOf[indexOf(event)] !== index) seen[indexOf(event)] = 1;
    }
  }
  return seen;
}

/**
 * One member's view while the judge walks over it: where it stands, what it has shown too early,
 * and what it does when the room's next event is or is not what it shows. Only `verifyRoom` makes
 * these.
 */
import type { Disagreement } from "./disagreement.ts";
import { EventKind, eventOf } from "./event_log.ts";
import type { RoomOrder } from "./room_order.ts";
import type { Stay } from "./room_history.ts";

/** A view that was wrong so often follows no order any more: the rest of it would be noise. */
const MAX_FAULTS = 20;

/** A cursor over what one stay saw. */
export class View {
  readonly stay: Stay;
  readonly #order: RoomOrder;
  #position = 0;
  #faults = 0;
  #head = -1;
  #isHeadKnown = false;
  readonly #shownEarly = new Set<number>();

  constructor(stay: Stay, order: RoomOrder) {
    this.stay = stay;
    this.#order = order;
  }

  /** The next event that the view shows and that the order has not had yet; -1 at the end. */
  head(): number {
    if (!this.#isHeadKnown) this.#head = this.#findHead();
    this.#isHeadKnown = true;
    return this.#head;
  }

  /** Whether the view shows `event` behind its head. */
  showsLater(event: number): boolean {
    return this.stay.view.includes(event, this.#position + 1);
  }

  /** The room's next event is `event`: goes past it, or says how the view differs. */
  follow(event: number, disagreement: Disagreement): void {
    if (this.#faults >= MAX_FAULTS || this.#isOwnDrop(event)) return;
    const head = this.head();
    if (head === event) {
      disagreement.agreed(this.stay, event, this.stay.view.reasonAt(this.#position));
      this.#position++;
    } else if (head >= 0 && this.showsLater(event)) {
      disagreement.swapped(this.stay, event, head);
      this.#shownEarly.add(event);
      this.#faults++;
    } else if (head >= 0 || disagreement.hadToSee(this.stay, event)) {
      disagreement.missed(this.stay, event);
      this.#faults++;
    }
    this.#isHeadKnown = false;
  }

  /** The stay is over in the room's order: what the view shows beyond that reached an outsider. */
  end(disagreement: Disagreement): void {
    for (let head = this.head(); head >= 0; head = this.head()) {
      if (this.#faults++ >= MAX_FAULTS) return;
      disagreement.sawAfterEnd(this.stay, head);
      this.#position++;
      this.#isHeadKnown = false;
    }
  }

  /** The departure of one who dropped its socket is the one event that it cannot see. */
  #isOwnDrop(event: number): boolean {
    return event === eventOf(EventKind.left, this.stay.index) && this.stay.ending !== "left";
  }

  /** Passes over what came before: duplicates are reported, what was swapped is not again. */
  #findHead(): number {
    const { view } = this.stay;
    const order = this.#order;
    while (this.#position < view.length && this.#faults < MAX_FAULTS) {
      const event = view.eventAt(this.#position);
      if (this.#shownEarly.delete(event)) {
        this.#position++;
      } else if (order.has(event)) {
        order.disagreement.repeated(this.stay, event);
        this.#faults++;
        this.#position++;
      } else if (order.isImpossible(event)) {
        order.disagreement.invented(this.stay, event);
        this.#faults++;
        this.#position++;
      } else {
        return event;
      }
    }
    return -1;
  }
}

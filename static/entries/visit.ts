/** What every page is shown with: the address that led to it. */
import type { DeepLink } from "../state/deep_link.ts";

/** A visit of one page. */
export interface Visit {
  /** Where it is drawn. */
  readonly place: HTMLElement;
  /** The path of the address, without a slash at its end. */
  readonly path: string;
  /** What the address says beside. */
  readonly link: DeepLink;
  /** For names and pauses; nothing of it has to be unguessable. */
  readonly random: () => number;
}

/**
 * How fast a workload sends: as fast as the server delivers, or so many messages a second. Both
 * start with a warm-up that is not counted.
 */

/** `saturated` keeps `window` messages on the way; `fixed` sends by the clock. */
export type Pace =
  | { readonly kind: "saturated"; readonly window: number }
  | { readonly kind: "fixed"; readonly perSecond: number };

/** Before the measured part, enough for the server's compiler to have settled. */
export const WARM_UP_MS = 1_000;
/** The measured part. */
export const MEASURED_MS = 2_500;

/** What a live room has its meeting do otherwise; see {@linkcode MeetingOptions}. */
import type { MeetingOptions } from "../meeting.ts";

/** The rules. */
export type MeetingRules = Pick<
  MeetingOptions,
  "partnersIn" | "pictureHeight" | "isSilenced" | "heard"
>;

/** What a live room has its meeting do otherwise; see {@linkcode MeetingOptions}. */
import type { RoomId } from "../../../src/protocol/mod.ts";
import type { MeetingOptions } from "../meeting_options.ts";

/** The rules, and the room that is entered by them. */
export interface MeetingRules extends
  Pick<
    MeetingOptions,
    "partnersIn" | "pictureHeight" | "isSilenced" | "heard"
  > {
  /** Asked when a call begins. */
  readonly roomId: () => RoomId;
}

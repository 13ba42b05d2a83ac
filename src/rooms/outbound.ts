/**
 * What a room wants said: the domain's answer to a request. Rooms return these values and never see
 * a socket; signaling delivers them.
 */
import type { ServerMessage } from "../protocol/mod.ts";
import type { Participant } from "./participant.ts";
import type { RoomEvent } from "./room_event.ts";

/** One message and the participants it is for. */
export type Outbound = {
  readonly to: readonly Participant[];
  readonly message: ServerMessage;
};

/** The outcome of a request: the sender's reply, if there is one, and what others hear. */
export type Outcome = {
  /** Goes to the sender, with its `requestId`; `undefined`: an `ok`, if it wants an answer. */
  readonly reply: ServerMessage | undefined;
  /** Goes to the others. */
  readonly outbound: readonly Outbound[];
  /** Whose place is gone, besides the sender's own: free their connections once all is said. */
  readonly unseated?: readonly Participant[];
  /** What became of the room and its members, for those outside it. */
  readonly events?: readonly RoomEvent[];
};

/** The outcome of a request that nobody but the sender hears of. */
export const SILENT: Outcome = { reply: undefined, outbound: [] };

/** Where an entrant comes from, for bans. Signaling knows it, a participant keeps it. */
import type { ConnectionId } from "../protocol/mod.ts";

/** What tells one client from another besides the user id it chose. */
export type Origin = {
  readonly connectionId?: ConnectionId | undefined;
  /** Its network, where the server knows it and nobody vouches for the user id. */
  readonly network?: string | undefined;
};

/** The roles of rule JO6, in the order in which a choice offers them. */
import type { Role } from "../../src/protocol/mod.ts";

/** Every role; `satisfies` refuses a word that the protocol does not know. */
export const ROLES = ["participant", "broadcaster", "viewer"] as const satisfies readonly Role[];

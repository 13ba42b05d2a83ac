/**
 * What an address such as `/test?room=test&user=ann&join=1` asks for, and the address that asks for
 * it. Values are taken as they are: the fields show them, and the server judges them.
 */
import type { Role } from "../../src/protocol/mod.ts";
import { ROLES } from "./role.ts";

/** What a link fills in. */
export interface DeepLink {
  readonly room?: string;
  readonly user?: string;
  readonly name?: string;
  readonly role?: Role;
  /** Join without waiting for the button. */
  readonly join?: boolean;
  /** How many simulated users to add; a whole number from 1. */
  readonly simulate?: number;
}

/** Reads the query of an address; what it does not say is left out. */
export function parseDeepLink(search: string): DeepLink {
  const query = new URLSearchParams(search);
  const room = query.get("room");
  const user = query.get("user");
  const name = query.get("name");
  const role = ROLES.find((known) => known === query.get("role"));
  const simulate = Number(query.get("simulate"));
  return {
    ...(room ? { room } : {}),
    ...(user ? { user } : {}),
    ...(name ? { name } : {}),
    ...(role === undefined ? {} : { role }),
    ...(query.get("join") === "1" ? { join: true } : {}),
    ...(Number.isInteger(simulate) && simulate > 0 ? { simulate } : {}),
  };
}

/** The path and query that {@linkcode parseDeepLink} reads back. */
export function formatDeepLink(link: DeepLink): string {
  const query = new URLSearchParams();
  if (link.room) query.set("room", link.room);
  if (link.user) query.set("user", link.user);
  if (link.name) query.set("name", link.name);
  if (link.role !== undefined && link.role !== "participant") query.set("role", link.role);
  if (link.join) query.set("join", "1");
  if (link.simulate !== undefined) query.set("simulate", String(link.simulate));
  const text = query.toString();
  return text === "" ? "/test" : `/test?${text}`;
}

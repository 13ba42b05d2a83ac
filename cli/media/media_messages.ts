/**
 * The messages about media, held against their published schemas, so that a user may read their fields
 * by their types. What the witness of the user judges is not judged here again.
 */
import { Compile, type Validator } from "typebox/compile";
import { type ServerMessageOf, serverMessages } from "../../src/protocol/mod.ts";

/** The types that concern media. */
const TYPES = [
  "joined",
  "topology",
  "published",
  "track-published",
  "track-unpublished",
  "subscription-offer",
  "subscription-updated",
  "wanted-layers",
  "media-lost",
] as const;
/** One of them. */
export type MediaMessage = ServerMessageOf<(typeof TYPES)[number]>;

const validators = new Map<unknown, Validator>();

/** A message of one of the types; undefined: of none; a text: of one, and this is wrong with it. */
export function readMediaMessage(message: unknown): MediaMessage | string | undefined {
  const type = typeof message === "object" && message !== null
    ? (message as { type?: unknown }).type
    : undefined;
  const known = TYPES.find((one) => one === type);
  if (known === undefined) return undefined;
  const validator = validators.get(known) ?? Compile(serverMessages[known]);
  validators.set(known, validator);
  if (validator.Check(message)) return message as MediaMessage; // The validator of its type proved it.
  const [first] = validator.Errors(message);
  return `${known}: ${first?.instancePath ?? ""} ${first?.message ?? ""}`.trim();
}

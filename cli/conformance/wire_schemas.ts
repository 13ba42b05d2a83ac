/**
 * Holds what a server sends against the published schemas, so that a check may read the fields of a
 * message by their types. The actors ask for each message.
 */
import { Compile, type Validator } from "typebox/compile";
import { type ServerMessage, serverMessages } from "../../src/protocol/mod.ts";
import { shown } from "./expectation.ts";
import { Finding } from "./verdict.ts";

const validators: ReadonlyMap<unknown, Validator> = new Map(
  Object.entries(serverMessages).map(([type, schema]) => [type, Compile(schema)]),
);

/** The message that `value` is; throws {@linkcode Finding} where it is none of the protocol. */
export function readServerMessage(value: unknown): ServerMessage {
  const type = typeof value === "object" && value !== null
    ? (value as { type?: unknown }).type
    : undefined;
  const validator = validators.get(type);
  if (validator === undefined) throw new Finding("a message of the protocol", shown(value));
  if (validator.Check(value)) return value as ServerMessage; // The validator of its type proved it.
  const [first] = validator.Errors(value);
  const place = `${first?.instancePath ?? ""} ${first?.message ?? ""}`.trim();
  throw new Finding(`a ${type} as its schema has it (${place})`, shown(value));
}

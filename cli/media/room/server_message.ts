/** What a server says, held against the published schemas, so that its fields may be read by their types. */
import { Compile, type Validator } from "typebox/compile";
import {
  type ServerMessage,
  serverMessages,
  type ServerMessageType,
} from "../../../src/protocol/mod.ts";

const validators = new Map<ServerMessageType, Validator>();

/** The message; a text: this is wrong with it; undefined: of a type that a newer server may have. */
export function readServerMessage(message: unknown): ServerMessage | string | undefined {
  if (typeof message !== "object" || message === null || !("type" in message)) {
    return "a message without a type";
  }
  const { type } = message;
  if (typeof type !== "string" || !Object.hasOwn(serverMessages, type)) return undefined;
  const known = type as ServerMessageType; // It is one of its keys.
  const validator = validators.get(known) ?? Compile(serverMessages[known]);
  validators.set(known, validator);
  if (validator.Check(message)) return message as ServerMessage; // The validator of its type proved it.
  const [first] = validator.Errors(message);
  return `${type}: ${first?.instancePath ?? ""} ${first?.message ?? ""}`.trim();
}

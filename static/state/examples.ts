/**
 * The examples of the raw message box, taken from the AsyncAPI document that the server publishes at
 * `/schema`: those of the messages that a client may send.
 */
import { isRecord } from "./server_message.ts";

/** A message to start from. */
export interface Example {
  /** The message's type, numbered where a type has several. */
  readonly label: string;
  /** Indented JSON. */
  readonly text: string;
}

/** The examples in `document`, in its order; what does not look like one is passed over. */
export function examplesIn(document: unknown): Example[] {
  const components = isRecord(document) ? document.components : undefined;
  const messages = isRecord(components) ? components.messages : undefined;
  if (!isRecord(messages)) return [];
  return Object.entries(messages)
    .filter(([key]) => key.startsWith("client."))
    .flatMap(([key, message]) => examplesOf(key.slice("client.".length), message));
}

function examplesOf(type: string, message: unknown): Example[] {
  if (!isRecord(message) || !Array.isArray(message.examples)) return [];
  const payloads = message.examples.filter(isRecord).map((example) => example.payload);
  return payloads.filter((payload) => payload !== undefined).map((payload, index) => ({
    label: index === 0 ? type : `${type} (${index + 1})`,
    text: JSON.stringify(payload, null, 2),
  }));
}

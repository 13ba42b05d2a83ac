/**
 * Messages to text. The hub calls it once a message, however many it is for. A room's members stand in
 * every `joined`, so the text of each is kept with the object: in a join storm of 500 that is the
 * largest part of the server's JSON.
 */
import type { ServerMessage } from "./server_messages.ts";
import type { ParticipantView } from "./shapes.ts";

/** Holds while nobody changes a view in place: a participant makes a new one after each change. */
const encodedViews = new WeakMap<ParticipantView, string>();

/** The JSON text of a message. */
export function encode(message: ServerMessage): string {
  if (message.type !== "joined") return JSON.stringify(message);
  const { participants, ...rest } = message;
  const encoded = participants.map(encodeView).join(",");
  return `${JSON.stringify(rest).slice(0, -1)},"participants":[${encoded}]}`;
}

function encodeView(view: ParticipantView): string {
  const known = encodedViews.get(view);
  if (known !== undefined) return known;
  const encoded = JSON.stringify(view);
  encodedViews.set(view, encoded);
  return encoded;
}

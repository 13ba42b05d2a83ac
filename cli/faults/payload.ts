/**
 * The messages in a payload, and back: one JSON object, or several in an array where the subprotocol
 * packs them (rule CO6). What is no JSON counts as one message without fields. Pure.
 */

/** One message on its way. */
export type CarriedMessage = {
  /** Its `type`; in parentheses what has none: `(text)`, `(binary)`. */
  readonly type: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Its fields, where it is a JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
};

/** Fields with a time of the clock, in milliseconds since the epoch, wherever the server says one. */
const SERVER_TIMES = ["at", "joinedAt", "createdAt", "expiresAt"];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The messages of a payload, in order; at least one. */
export function splitMessages(
  payload: Uint8Array,
  { isText, isPacked }: { isText: boolean; isPacked: boolean },
): CarriedMessage[] {
  if (!isText) return [{ type: "(binary)", bytes: payload, fields: undefined }];
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(payload));
  } catch {
    value = undefined; // Text that is not JSON is a message too, only nothing is known of it.
  }
  const isArray = Array.isArray(value) && value.length > 0;
  if (!isPacked || !isArray) return [messageOf(value, payload)];
  return (value as unknown[]).map((one) => messageOf(one, encoder.encode(JSON.stringify(one))));
}

/** Payloads that hold `messages`: one for all where they may be packed, else one each. */
export function joinMessages(
  messages: readonly CarriedMessage[],
  isPacked: boolean,
): Uint8Array[] {
  const areJson = messages.every(({ fields }) => fields !== undefined);
  if (messages.length < 2 || !isPacked || !areJson) return messages.map(({ bytes }) => bytes);
  return [encoder.encode(`[${messages.map(({ bytes }) => decoder.decode(bytes)).join(",")}]`)];
}

/** The message with every time in it moved by `ms`; itself where it tells none. */
export function shiftClock(message: CarriedMessage, ms: number): CarriedMessage {
  const { fields, type } = message;
  if (fields === undefined || ms === 0) return message;
  const shifted = shiftTimes(fields, ms) as Record<string, unknown>; // An object stays one.
  const text = JSON.stringify(shifted);
  if (text === JSON.stringify(fields)) return message;
  return { type, fields: shifted, bytes: encoder.encode(text) };
}

function shiftTimes(value: unknown, ms: number): unknown {
  if (Array.isArray(value)) return value.map((one) => shiftTimes(one, ms));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      // What an application sends through the room is its own, times and all.
      if (key === "payload" || key === "description" || key === "candidate") return [key, one];
      const isTime = SERVER_TIMES.includes(key) && typeof one === "number";
      return [key, isTime ? one + ms : shiftTimes(one, ms)];
    }),
  );
}

function messageOf(value: unknown, bytes: Uint8Array): CarriedMessage {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { type: "(text)", bytes, fields: undefined };
  }
  const fields = value as Record<string, unknown>; // A non-null object that is no array.
  return { type: typeof fields.type === "string" ? fields.type : "(text)", bytes, fields };
}

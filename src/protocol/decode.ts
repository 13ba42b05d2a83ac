/**
 * The door of the server: a text frame becomes a checked {@linkcode ClientMessage} or an error with
 * a stable code. Pure; the connection calls it once a frame. Rules ME1-ME6, ID1-ID3.
 */
import { Compile, type Validator } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import { type ClientMessage, clientMessages, type ClientMessageType } from "./client_messages.ts";
import type { ErrorCode } from "./errors.ts";
import { MAX_DEPTH } from "./limits.ts";
import { quoted } from "./quoted.ts";
import { type RequestId, RequestIdSchema } from "./shapes.ts";

/** A decoded message, or why there is none. */
export type Decoded =
  | { readonly ok: true; readonly message: ClientMessage }
  | {
    readonly ok: false;
    readonly code: ErrorCode;
    readonly message: string;
    readonly requestId: RequestId | undefined;
  };

const validators: ReadonlyMap<unknown, Validator> = new Map(
  Object.entries(clientMessages).map(([type, schema]) => [type, Compile(schema)]),
);
const requestIds = Compile(RequestIdSchema);
const encoder = new TextEncoder();

/** Decodes one text frame of a client. Never throws, whatever the text. */
export function decode(text: string, maxBytes: number): Decoded {
  if (isLonger(text, maxBytes)) {
    return failed("message-too-large", `Cannot read a message of more than ${maxBytes} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words would repeat the client's text; that it is not JSON says enough.
    return failed("bad-message", "Cannot read the message: it is not JSON");
  }
  return decodeValue(value);
}

/** Checks a value that is parsed already: the rest of {@linkcode decode}. */
export function decodeValue(value: unknown): Decoded {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return failed("bad-message", "Cannot read the message: it is not a JSON object");
  }
  const { type, requestId } = value as { type?: unknown; requestId?: unknown };
  const repeated = requestIds.Check(requestId) ? requestId : undefined;
  const unsafe = findUnsafe(value, MAX_DEPTH);
  if (unsafe !== undefined) {
    return failed("bad-message", `Cannot read the message: ${unsafe}`, repeated);
  }
  if (typeof type !== "string") {
    return failed("bad-message", 'Cannot read the message: "type" is not a string', repeated);
  }
  const validator = validators.get(type);
  if (validator === undefined) {
    return failed("unknown-type", `Cannot read a message of type ${quoted(type)}`, repeated);
  }
  if (validator.Check(value)) {
    return { ok: true, message: value as ClientMessage }; // The validator of its type proved it.
  }
  return explain(type as ClientMessageType, value, repeated);
}

/** Says which field was wrong, with a code of its own where the field is an id. */
function explain(
  type: ClientMessageType,
  value: object,
  requestId: RequestId | undefined,
): Decoded {
  const errors = validators.get(type)!.Errors(value);
  const path = errors[0]?.instancePath ?? "";
  const field = path.split("/")[1] ?? "";
  const found = (value as Record<string, unknown>)[field];
  if (field === "roomId" || field === "userId" || field === "to") {
    const code = field === "roomId" ? "invalid-room-id" : "invalid-user-id";
    const sentence = `Cannot ${type}: ${field} ${
      quoted(found)
    } is not 1 to 64 letters, digits, "_", "-" or "."`;
    return failed(code, sentence, requestId);
  }
  const place = path === "" ? "" : `"${path.slice(1)}" `;
  const ofPlace = errors.filter(({ instancePath }) => instancePath === path);
  const expected = ofPlace.some(({ keyword }) => keyword === "oneOf")
    ? `must have either ${alternativesOf(type)}`
    : expectation(ofPlace);
  return failed("bad-message", `Cannot ${type}: ${place}${expected}`, requestId);
}

/** What one field should have been; where several things would do, all of them. */
function expectation(errors: readonly TLocalizedValidationError[]): string {
  const hasChoice = errors.some(({ keyword }) => keyword === "anyOf");
  const expected = errors.filter(({ keyword }) => keyword !== "anyOf").map((error) =>
    error.keyword === "const"
      ? `must be ${JSON.stringify(error.params.allowedValue)}`
      : error.message
  );
  return (hasChoice ? expected.join(" or ") : expected[0]) ?? "is wrong";
}

/** The fields of a message that exclude each other. */
function alternativesOf(type: ClientMessageType): string {
  // What a schema was made with stands in it, though its type does not tell.
  const { oneOf = [] } = clientMessages[type] as { oneOf?: { required: string[] }[] };
  return oneOf.map(({ required }) => required.join(" and ")).join(" or ");
}

function failed(code: ErrorCode, message: string, requestId?: RequestId): Decoded {
  return { ok: false, code, message, requestId };
}

/** What must not travel on, or `undefined`: nesting beyond `depth`, a key that pollutes prototypes. */
function findUnsafe(value: object, depth: number): string | undefined {
  if (depth === 0) return `it is nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== "object" || item === null) continue;
      const unsafe = findUnsafe(item, depth - 1);
      if (unsafe !== undefined) return unsafe;
    }
    return undefined;
  }
  // JSON.parse makes every key an own property, so `for in` meets `__proto__` as well.
  for (const key in value) {
    if (key === "__proto__") return 'the key "__proto__" is not allowed';
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== "object" || item === null) continue;
    const unsafe = findUnsafe(item, depth - 1);
    if (unsafe !== undefined) return unsafe;
  }
  return undefined;
}

/** Is `text` longer than `maxBytes` in UTF-8? Encodes it only when its length leaves a doubt. */
function isLonger(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && encoder.encode(text).length > maxBytes;
}

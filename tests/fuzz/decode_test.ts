/**
 * The door of the server against everything: valid messages made from the schemas, the same broken
 * in one or several places, and text that was never a message.
 */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import fc, { type Arbitrary } from "fast-check";
import {
  clientMessages,
  decode,
  type Decoded,
  ERROR_CODES,
  serverMessages,
} from "../../src/protocol/mod.ts";
import { asSchema, fromSchema } from "./from_schema.ts";

/** Inputs of each property; together some 80,000 in each run of the tests, within seconds. */
const RUNS = 20_000;
const MAX_BYTES = 65_536;
const MAX_SENTENCE_LENGTH = 300;

type Message = Record<string, unknown>;

const schemas = Object.entries(clientMessages)
  .map(([type, schema]) => [type, asSchema(schema)] as const);
const validMessage = fc.oneof(...schemas.map(([, schema]) => fromSchema(schema))) as Arbitrary<
  Message // Every message of a client is an object.
>;

/** What may stand where it should not. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e300, "", "x", [], {}, [[]]),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("\u202E", "\0", "\uD800", "x".repeat(65), "😀".repeat(70), "__proto__", "join"),
);
const anyKey = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "prototype", "toString", "type", "requestId", "from"),
  fc.constantFrom("to", "roomId", "userId", "name", "text", "payload", "candidate", ""),
  fc.string({ unit: "binary", maxLength: 10 }),
);

/** One way to break a message; `place` picks the object and the key. */
type Mutation = {
  how: "drop" | "rename" | "retype" | "inject";
  place: number;
  key: string;
  value: unknown;
};
const mutation: Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom("drop", "rename", "retype", "inject"),
  place: fc.nat({ max: 50 }),
  key: anyKey,
  value: anything,
});
const mutatedMessage = fc.tuple(validMessage, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([message, mutations]) => mutations.reduce(mutate, message));

/** One way to garble text. */
const garbledText = fc.tuple(
  fc.oneof(validMessage, mutatedMessage),
  fc.nat(),
  fc.constantFrom("cut", "insert", "swap", "twice", "wrap"),
  fc.oneof(fc.constantFrom("{", "}", "[", '"', "\\", ",", "\0", "\uFEFF", "\uD800"), fc.string()),
).map(([message, position, how, text]) => garble(JSON.stringify(message), position, how, text));

const nonsense = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.json(),
  fc.json().map((json) => `{"type":${json}}`),
  fc.constantFrom(...Object.keys(clientMessages)).chain((type) =>
    fc.dictionary(anyKey, anything).map((fields) => JSON.stringify({ ...fields, type }))
  ),
);

Deno.test("[ME1] decode takes every message that the schemas describe, as it was sent", () => {
  forAll(validMessage, (message) => {
    const frame = JSON.stringify(message);
    // The generator knows neither of the two rules that no schema can state.
    fc.pre(!frame.includes('"__proto__"'));

    const decoded = decode(frame, 1 << 20);

    assert.ok(decoded.ok, JSON.stringify(decoded));
    assert.deepEqual(decoded.message, JSON.parse(frame));
  });
});

Deno.test("[ME1] decode agrees with another validator about messages broken in some places", () => {
  const ajv = new Ajv({ strict: false });
  const validators = new Map(schemas.map(([type, schema]) => [type, ajv.compile(schema)]));
  let taken = 0;

  forAll(mutatedMessage, (message) => {
    const frame = JSON.stringify(message);

    const decoded = judge(frame);

    const parsed = JSON.parse(frame);
    const validate = validators.get(parsed.type);
    const isUnsafe = frame.includes('"__proto__":');
    if (!isUnsafe) assert.equal(decoded.ok, validate?.(parsed) ?? false, frame);
    if (!isUnsafe && validate === undefined && typeof parsed.type === "string") {
      assert.equal(decoded.ok ? "" : decoded.code, "unknown-type");
    }
    if (decoded.ok) taken++;
  });

  assert.ok(taken > RUNS / 20 && taken < RUNS * 0.95, `${taken} of ${RUNS} were still valid`);
});

Deno.test("[ME1] decode answers any garbled text with a known code and one fit sentence", () => {
  forAll(garbledText, judge);
});

Deno.test("[ME1] decode answers any text at all with a known code and one fit sentence", () => {
  forAll(nonsense, judge);
});

Deno.test("[ME3] decode answers any limit and any text, and takes nothing longer", () => {
  forAll(fc.tuple(validMessage, fc.nat({ max: 400 })), ([message, maxBytes]) => {
    const frame = JSON.stringify(message);
    const isLonger = new TextEncoder().encode(frame).length > maxBytes;

    const decoded = decode(frame, maxBytes);

    assert.equal(!decoded.ok && decoded.code === "message-too-large", isLonger);
  }, RUNS / 5);
});

Deno.test("fromSchema generates what the server's schemas accept as well", () => {
  const ajv = new Ajv({ strict: false });

  for (const schema of Object.values(serverMessages).map(asSchema)) {
    const validate = ajv.compile(schema);
    forAll(fromSchema(schema), (value) => {
      assert.ok(validate(value), JSON.stringify(validate.errors));
    }, RUNS / 100);
  }
});

Deno.test("fromSchema refuses a word of JSON Schema that it does not know", () => {
  const unknown = [
    { type: "string", format: "uri" },
    { type: "object", properties: {}, additionalProperties: false },
    { type: "string", pattern: "^x$" },
    { type: "tuple" },
    { not: {} },
  ];

  for (const schema of unknown) assert.throws(() => fromSchema(schema), TypeError);
});

Deno.test("[ME2] decode keeps its sentence short when a type is all control characters", () => {
  const decoded = judge(JSON.stringify({ type: "\0".repeat(1_000) }));

  assert.equal(decoded.ok ? "" : decoded.code, "unknown-type");
});

Deno.test("[ID2] decode keeps C1 controls and bidi marks of a bad id out of its sentence", () => {
  for (
    const roomId of ["\x85", "\u202Etset", "\u2028", "\u{E0001}", "x".repeat(79) + "\u{1F600}"]
  ) {
    const decoded = judge(JSON.stringify({ type: "join", roomId }));

    assert.equal(decoded.ok ? "" : decoded.code, "invalid-room-id");
  }
});

/** Decodes `frame` and fails unless the answer is one that a server may give. */
function judge(frame: string): Decoded {
  const decoded = decode(frame, MAX_BYTES);
  assert.deepEqual(decode(frame, MAX_BYTES), decoded, "two answers to one frame");
  if (decoded.ok) {
    assert.ok(Object.hasOwn(clientMessages, decoded.message.type));
    return decoded;
  }
  assert.ok(Object.hasOwn(ERROR_CODES, decoded.code), decoded.code);
  assert.match(decoded.message, /^Cannot \S/);
  assert.doesNotMatch(decoded.message, /[\p{C}\p{Zl}\p{Zp}]/u);
  assert.ok(decoded.message.length < MAX_SENTENCE_LENGTH, decoded.message);
  return decoded;
}

function forAll<T>(arbitrary: Arbitrary<T>, check: (value: T) => void, numRuns = RUNS): void {
  fc.assert(fc.property(arbitrary, (value) => void check(value)), { numRuns });
}

/** A copy of `message`, changed in one place. */
function mutate(message: Message, { how, place, key, value }: Mutation): Message {
  const copy = structuredClone(message);
  const objects = objectsOf(copy);
  const target = objects[place % objects.length]!;
  const keys = Object.keys(target);
  const chosen = keys[place % keys.length];
  if (how === "inject" || chosen === undefined) set(target, key, value);
  else if (how === "retype") set(target, chosen, value);
  else {
    const moved = target[chosen];
    delete target[chosen];
    if (how === "rename") set(target, key, moved);
  }
  return copy;
}

/** As JSON.parse does: even `__proto__` becomes a property of its own. */
function set(target: Message, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function objectsOf(value: unknown): Message[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objectsOf);
  return Array.isArray(value) ? inner : [value as Message, ...inner];
}

function garble(json: string, position: number, how: string, text: string): string {
  const at = position % (json.length + 1);
  if (how === "cut") return json.slice(0, at);
  if (how === "insert") return json.slice(0, at) + text + json.slice(at);
  if (how === "swap") return json.slice(0, at) + text + json.slice(at + text.length);
  if (how === "twice") return json + text + json;
  return `[${json}]`;
}

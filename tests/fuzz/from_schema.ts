/**
 * Values made from JSON Schemas, for property tests: what a schema describes, {@linkcode fromSchema}
 * generates. It knows the words that the wire's schemas use and throws at any other, so that a new
 * word is noticed. Called by the fuzz tests alone.
 */
import fc, { type Arbitrary } from "fast-check";
import { ID_PATTERN } from "../../src/protocol/mod.ts";
import { NameSchema } from "../../src/protocol/shapes.ts";

/** A JSON Schema, as far as the wire uses it. */
export type Schema = Record<string, unknown>;

const idCharacter = fc.constantFrom(
  ..."abzAZ059_.-",
  "é",
  "語",
  "غ",
  "ח",
  "٣",
  "०",
  "½",
  "𠮷",
  "𐐷",
);
const nameCharacter = fc.constantFrom(
  ..."aZ0 .<>&'\"\\",
  "\u0301",
  "語",
  "ח",
  "\u200D",
  "👩",
  "𠮷",
);
/** No generator reads regular expressions; each pattern of the wire has its characters here. */
const characters = new Map<unknown, Arbitrary<string>>([
  [ID_PATTERN, idCharacter],
  [asSchema(NameSchema).pattern, nameCharacter],
]);
const lengths = new Map<unknown, number>([[ID_PATTERN, 64]]);

/** Words that say nothing about which values are valid. */
const ANNOTATIONS = new Set(["$id", "description", "examples"]);
const KNOWN: Record<string, readonly string[]> = {
  object: ["required", "properties", "oneOf"],
  array: ["items", "maxItems"],
  string: ["const", "minLength", "maxLength", "pattern"],
  integer: ["minimum", "maximum"],
  number: ["minimum", "maximum"],
  boolean: ["const"],
  null: [],
};

/** Values that `schema` accepts. */
export function fromSchema(schema: Schema): Arbitrary<unknown> {
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map(fromSchema));
  const type = String(schema.type ?? "any");
  refuseUnknownWords(schema, type);
  switch (type) {
    case "any":
      return fc.jsonValue({ maxDepth: 4 });
    case "object":
      return objectFrom(schema);
    case "array":
      return fc.array(fromSchema(schema.items as Schema), {
        maxLength: Math.min(4, Number(schema.maxItems ?? 4)),
      });
    case "string":
      return stringFrom(schema);
    case "integer":
      return fc.maxSafeInteger().map((value) => clamp(value, schema));
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true })
        .map((value) => clamp(value, schema));
    case "boolean":
      return schema.const === undefined ? fc.boolean() : fc.constant(schema.const);
    case "null":
      return fc.constant(null);
    default:
      throw new TypeError(`Cannot generate a value of type "${type}"`);
  }
}

/** A schema of the wire as plain JSON and without its name, so that it can be compiled by itself. */
export function asSchema(schema: object): Schema {
  const { $id: _id, ...plain } = JSON.parse(JSON.stringify(schema));
  return plain;
}

function objectFrom(schema: Schema): Arbitrary<unknown> {
  const properties = Object.entries(schema.properties as Record<string, Schema>);
  const model = Object.fromEntries(properties.map(([key, value]) => [key, fromSchema(value)]));
  const always = schema.required as string[] ?? [];
  // `oneOf` stands where optional fields exclude each other, and holds nothing but `required`.
  const choices = (schema.oneOf as { required: string[] }[] | undefined)?.map((one) =>
    one.required
  );
  return fc.oneof(...(choices ?? [[]]).map((chosen) => {
    const excluded = new Set(choices?.flat().filter((key) => !chosen.includes(key)));
    const fields = Object.entries(model).filter(([key]) => !excluded.has(key));
    return fc.record(Object.fromEntries(fields), {
      requiredKeys: [...always, ...chosen],
      noNullPrototype: true,
    });
  }));
}

function stringFrom(schema: Schema): Arbitrary<string> {
  if (schema.const !== undefined) return fc.constant(String(schema.const));
  const unit = schema.pattern === undefined
    ? fc.string({ unit: "binary", minLength: 1, maxLength: 1 })
    : characters.get(schema.pattern);
  if (unit === undefined) throw new TypeError(`Cannot generate what matches ${schema.pattern}`);
  const maxLength = Number(schema.maxLength ?? lengths.get(schema.pattern) ?? 200);
  const minLength = Number(schema.minLength ?? (schema.pattern === undefined ? 0 : 1));
  // The longest lengths are rare by nature and where the bounds are: ask for them.
  return fc.oneof(
    { weight: 19, arbitrary: fc.string({ unit, minLength, maxLength }) },
    { weight: 1, arbitrary: unit.map((character) => character.repeat(maxLength)) },
  );
}

function clamp(value: number, { minimum = -Infinity, maximum = Infinity }: Schema): number {
  return Math.min(Math.max(value, Number(minimum)), Number(maximum));
}

function refuseUnknownWords(schema: Schema, type: string): void {
  const known = KNOWN[type] ?? [];
  for (const word of Object.keys(schema)) {
    if (word === "type" || ANNOTATIONS.has(word) || known.includes(word)) continue;
    throw new TypeError(`Cannot generate by the word "${word}" of a schema of type "${type}"`);
  }
}

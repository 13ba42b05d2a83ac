/** The published description of the wire: valid AsyncAPI, true to the schemas, plain JSON. */
import assert from "node:assert/strict";
import specs from "@asyncapi/specs";
import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import {
  asyncApiDocument,
  CLOSE_CODES,
  decode,
  ERROR_CODES,
  RELAY_HEADER_BYTES,
  RELAY_KINDS,
} from "../../src/protocol/mod.ts";
import { clientMessages } from "../../src/protocol/client_messages.ts";
import { serverMessages } from "../../src/protocol/server_messages.ts";

type Message = {
  name: string;
  title: string;
  summary: string;
  payload: Record<string, unknown>;
  examples: { name: string; payload: Record<string, unknown> }[];
};

const everything = { title: "Test", version: "1.2.3", serverUrl: "https://meet.example.org/base" };

Deno.test("asyncApiDocument is valid by the official AsyncAPI 3.0.0 schema", () => {
  const validate = officialValidator();

  for (const options of [everything, { version: "0.0.1" }]) {
    const isValid = validate(asyncApiDocument(options));

    assert.ok(isValid, JSON.stringify(validate.errors));
  }
});

Deno.test("asyncApiDocument would be refused by the official schema with a wrong action", () => {
  const document = structuredClone(asyncApiDocument(everything));
  (document as { operations: { send: { action: string } } }).operations.send.action = "shout";

  assert.equal(officialValidator()(document), false);
});

Deno.test("asyncApiDocument names every message of both sides, with what it is", () => {
  const expected = [
    ...Object.keys(clientMessages).map((type) => `client.${type}`),
    ...Object.keys(serverMessages).map((type) => `server.${type}`),
  ];

  const messages = messagesOf(asyncApiDocument(everything));

  assert.deepEqual([...messages.keys()], expected);
  for (const [key, message] of messages) {
    assert.equal(message.name, key.slice(key.indexOf(".") + 1));
    assert.match(message.title, /^[A-Z][^;(]+[^.]$/, key);
    assert.ok(message.summary.startsWith(message.title), key);
    assert.equal("$id" in message.payload, false, key);
  }
});

Deno.test("[FR6] asyncApiDocument lays out the header of a relayed frame, in all its bytes", () => {
  const { channels } = asyncApiDocument(everything) as {
    channels: { ws: { "x-relayed-frames": { header: { bytes: number }[]; kinds: unknown } } };
  };

  const { header, kinds } = channels.ws["x-relayed-frames"];

  assert.equal(header.reduce((sum, { bytes }) => sum + bytes, 0), RELAY_HEADER_BYTES);
  assert.deepEqual(kinds, RELAY_KINDS);
});

Deno.test("asyncApiDocument resolves every reference it makes", () => {
  const document = asyncApiDocument(everything);

  const references = findReferences(document);

  assert.ok(references.length > 50, `${references.length} references`);
  for (const reference of references) assert.notEqual(resolve(document, reference), undefined);
});

Deno.test("asyncApiDocument gives every message an example that its own schema accepts", () => {
  const ajv = new Ajv({ strict: false });

  for (const [key, { payload, examples }] of messagesOf(asyncApiDocument(everything))) {
    const validate = ajv.compile(payload);

    assert.ok(examples.length > 0, `${key} has no example`);
    for (const example of examples) {
      assert.ok(validate(example.payload), `${key}: ${JSON.stringify(validate.errors)}`);
    }
    assert.equal(validate({ ...examples[0]!.payload, type: "another" }), false, key);
  }
});

Deno.test("[ME1] asyncApiDocument gives every client message an example that decodes", () => {
  const messages = [...messagesOf(asyncApiDocument(everything))]
    .filter(([key]) => key.startsWith("client."));

  for (const [key, { examples }] of messages) {
    for (const { payload } of examples) {
      const decoded = decode(JSON.stringify(payload), 65_536);

      assert.ok(decoded.ok, `${key}: ${JSON.stringify(decoded)}`);
      assert.deepEqual(decoded.message, payload);
    }
  }
});

Deno.test("asyncApiDocument is plain JSON: no undefined, and equal after a round trip", () => {
  const document = asyncApiDocument(everything);

  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

Deno.test("asyncApiDocument is a new value at each call", () => {
  const first = asyncApiDocument(everything);
  const codes = first["x-error-codes"] as Record<string, string>;
  codes["bad-message"] = "changed";

  assert.notDeepEqual(asyncApiDocument(everything), first);
});

Deno.test("asyncApiDocument names the server only when it is told where it is", () => {
  const cases: [string, unknown][] = [
    ["https://a.example", { host: "a.example", protocol: "wss" }],
    ["wss://a.example:8443/", { host: "a.example:8443", protocol: "wss" }],
    ["http://[::1]:8000/base", { host: "[::1]:8000", protocol: "ws", pathname: "/base" }],
  ];

  for (const [serverUrl, expected] of cases) {
    assert.deepEqual(asyncApiDocument({ version: "1", serverUrl }).servers, { this: expected });
  }
  assert.equal("servers" in asyncApiDocument({ version: "1" }), false);
});

Deno.test("asyncApiDocument is called Signalbox unless it is given a title", () => {
  const plain = asyncApiDocument({ version: "1" }).info as Record<string, unknown>;
  const named = asyncApiDocument(everything).info as Record<string, unknown>;

  assert.deepEqual([plain.title, plain.version], ["Signalbox", "1"]);
  assert.deepEqual([named.title, named.version], ["Test", "1.2.3"]);
});

Deno.test("[CO9] asyncApiDocument describes the close codes and the error codes", () => {
  const document = asyncApiDocument(everything);
  const channel = resolve(document, "#/channels/ws") as Record<string, unknown>;

  assert.deepEqual(channel["x-close-codes"], JSON.parse(JSON.stringify(CLOSE_CODES)));
  for (const code of Object.keys(CLOSE_CODES)) assert.match(`${channel.description}`, RegExp(code));
  assert.deepEqual(document["x-error-codes"], ERROR_CODES);
});

function officialValidator(): ValidateFunction {
  const schema: unknown = structuredClone(specs.schemas["3.0.0"]);
  // The schema brings its own copy of draft 07 (`meta`). Formats (uri, email) would need another
  // package, and this document has none.
  const ajv = new Ajv({
    strict: false,
    meta: false,
    validateSchema: false,
    validateFormats: false,
  });
  return ajv.compile(schema as AnySchemaObject); // The two packages type JSON Schema differently.
}

function messagesOf(document: Record<string, unknown>): Map<string, Message> {
  const messages = resolve(document, "#/components/messages");
  return new Map(Object.entries(messages as Record<string, Message>));
}

function findReferences(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "$ref" ? [String(item)] : findReferences(item)
  );
}

function resolve(document: unknown, reference: string): unknown {
  return reference.slice(2).split("/").reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    document,
  );
}

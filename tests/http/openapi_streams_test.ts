/** What the description says of pictures, held against what is read and answered. */
import assert from "node:assert/strict";
import { streamPaths } from "../../src/http/openapi_streams.ts";
import { readStreamRequest } from "../../src/http/stream_request.ts";

type Parameter = { name: string; schema: { minimum: number; maximum: number; default: number } };
type Operation = { parameters: Parameter[]; responses: Record<string, { description: string }> };

const operations = Object.entries(streamPaths() as Record<string, { get: Operation }>)
  .map(([path, { get }]) => ({ path, ...get }));

Deno.test("streamPaths tells the bounds that are held, and what holds where nothing is said", () => {
  const { parameters } = operations.find(({ path }) => path.endsWith(".mjpeg"))!;
  const usual = readStreamRequest({ roomId: "r", file: "u.mjpeg" }, new URLSearchParams());

  for (const [name, field] of [["fps", "framesPerSecond"], ["width", "width"]] as const) {
    const { schema } = parameters.find((one) => one.name === name)!;
    const read = (value: number) =>
      readStreamRequest(
        { roomId: "r", file: "u.mjpeg" },
        new URLSearchParams([[name, `${value}`]]),
      );
    assert.equal(schema.default, usual[field]);
    assert.equal(read(schema.minimum)[field], schema.minimum);
    assert.equal(read(schema.maximum)[field], schema.maximum);
    assert.throws(() => read(schema.maximum + 1));
    assert.throws(() => read(schema.minimum / 2));
  }
});

Deno.test("streamPaths tells the codes of each refusal", () => {
  const codesOf = (path: string) => {
    const { responses } = operations.find((one) => one.path === path)!;
    return Object.entries(responses).slice(1)
      .map(([status, { description }]) => `${status} ${description}`).join("; ");
  };

  for (const form of ["mjpeg", "jpg"]) {
    assert.match(
      codesOf(`/streams/{roomId}/{userId}.${form}`),
      /404 .*no-such-participant.*409 nothing-shown.*media-failed.*504 no-picture/,
    );
  }
  assert.match(codesOf("/api/streams"), /401 bad-token.*403 .*bad-passcode.*404 room-not-found/);
});

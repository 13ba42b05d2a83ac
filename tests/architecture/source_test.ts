/** The scanner finds what it should in a small file, or the other tests would prove nothing. */
import assert from "node:assert/strict";
import { importsOf, placesOf, readSources, withoutComments } from "./source.ts";

const fixture = {
  path: "src/rooms/room.ts",
  text: [
    "/**",
    ' * import { no } from "./in_a_comment.ts";',
    " */",
    'import { systemClock } from "../base/mod.ts";',
    'import type { Socket } from "../signaling/mod.ts";',
    "import {",
    "  type RoomId,",
    "  type UserId,",
    '} from "../protocol/mod.ts";',
    'import { type Outbound, outbound } from "./outbound.ts";',
    'import "node:timers";',
    'import * as hono from "hono";',
    'export * from "./participant.ts";',
    '// import { old } from "./old.ts";',
    "export async function load() {",
    '  const text = "import { quoted } from nowhere"; // import("./commented.ts")',
    '  await import("./lazy.ts");',
    '  new Worker(new URL("../media/child.ts", import.meta.url), { type: "module" });',
    "  setTimeout(load, 10); // setTimeout(never)",
    '  return "https://example.org/*" + Date.now();',
    "}",
  ].join("\n"),
};

Deno.test("importsOf finds every kind of import with its line and its target", () => {
  const found = importsOf(fixture).map((
    { line, target, specifier },
  ) => [line, target ?? specifier]);

  assert.deepEqual(found, [
    [4, "src/base/mod.ts"],
    [5, "src/signaling/mod.ts"],
    [6, "src/protocol/mod.ts"],
    [10, "src/rooms/outbound.ts"],
    [11, "node:timers"],
    [12, "hono"],
    [13, "src/rooms/participant.ts"],
    [17, "src/rooms/lazy.ts"],
    [18, "src/media/child.ts"],
  ]);
});

Deno.test("importsOf tells imports of types alone from the others", () => {
  const types = importsOf(fixture).filter(({ isType }) => isType).map(({ line }) => line);

  assert.deepEqual(types, [5, 6]);
});

Deno.test("placesOf finds words in code, with their lines, and none in comments", () => {
  assert.deepEqual(placesOf(fixture, /setTimeout\(|Date\.now/), [
    "src/rooms/room.ts:19: setTimeout(",
    "src/rooms/room.ts:20: Date.now",
  ]);
});

Deno.test("withoutComments leaves the lines, and what looks like a comment in a string", () => {
  const code = withoutComments(fixture.text);

  assert.equal(code.split("\n").length, fixture.text.split("\n").length);
  assert.match(code, /"https:\/\/example\.org\/\*" \+ Date\.now\(\)/);
});

Deno.test("readSources reads the repository's own files", async () => {
  const paths = new Set((await readSources()).map(({ path }) => path));

  for (const path of ["server.ts", "src/protocol/decode.ts", "tests/architecture/source.ts"]) {
    assert.ok(paths.has(path), path);
  }
});
